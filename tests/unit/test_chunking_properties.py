"""What holds for every text and every limit: nothing lost, nothing too long, pages and headings right."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from hashlib import sha256

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from hydrateall.documents.chunking import rebuild, searched_text, split, tokens_of

MARKER = re.compile(r"^<!-- page (\d{1,6}) -->[ \t\r]*(?:\n|\Z)", re.MULTILINE)
NO_TEXT = r"(?:\s+|<!-- page \d{1,6} -->)*"
FENCES = ("```", "~~~~", "```python", "  ```")
LINES = st.sampled_from(
    [
        *("", "", "", " ", "\r", "# Light", "## Mirrors", "### Plane", "#", "#### Very deep ##", "######"),
        *("<!-- page 3 -->", "<!-- page 4 -->", "<!-- page 12 -->", "see <!-- page 5 --> here", *FENCES),
        *("| a | b |", "|---|---|", "a | b", "--- | ---", "$$", "$$x = 1$$", "- entry", "1. entry", "---"),
        *("Light is reflected. It goes on! Does it?", "प्रकाश परावर्तित होता है। वह सीधा चलता है।", "lower case goes on,"),
        *("word " * 30, "x" * 300, "क्षि" * 80, "👩‍🔬🇮🇳" * 40, "e\u0301" * 100, "    # indented", "\u2028", "\u3000"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=60).map("\n".join),
    st.lists(LINES, max_size=25).map(lambda lines: "\n\n".join(lines) * 3),
)
LIMITS = st.integers(16, 120).flatmap(lambda most: st.tuples(st.just(most), st.integers(0, most // 2)))


def marked_pages(text: str) -> tuple[list[int], list[int]]:
    found = list(MARKER.finditer(text))
    return [marker.start() for marker in found], [int(marker[1]) for marker in found]


def ends_of_lines(text: str, place: int) -> list[int]:
    end = text.find("\n", place)
    return [end] if end >= 0 else []


def headings_over(text: str) -> list[tuple[int, list[str]]]:
    """Where the headings over the text change, read line by line."""
    changes: list[tuple[int, list[str]]] = [(0, [])]
    above: list[tuple[int, str]] = []
    fence, place = "", 0
    for line in text.split("\n"):
        opening = re.match(r" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})", line)
        if fence:
            if re.match(rf" {{0,3}}{fence}{fence[0]}*[ \t\r]*\Z", line):
                fence = ""
        elif opening:
            fence = opening[1]
        elif heading := re.match(r" {0,3}(#{1,6})(?:[ \t]+(.*))?\Z", line, re.DOTALL):
            level, title = len(heading[1]), re.sub(r"(?:\A|[ \t]+)#+\Z", "", (heading[2] or "").strip())
            above = [each for each in above if each[0] < level] + [(level, title)]
            changes.append((place, [title for _, title in above if title]))
        place += len(line) + 1
    return changes


class TestEveryText:
    @given(TEXTS, LIMITS)
    @example("", (16, 8))
    @example("\n\n# A", (16, 8))
    @example("x" * 1000 + "\n" * 1000 + "y", (16, 8))
    def test_is_partitioned(self, text: str, limits: tuple[int, int]) -> None:
        chunks = split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks

        assert rebuild(chunks) == text
        assert [chunk.start for chunk in chunks] == [0, *(chunk.end for chunk in chunks)][: len(chunks)]
        assert all(chunk.text == text[chunk.start : chunk.end] != "" for chunk in chunks)
        assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))

    @given(TEXTS, LIMITS)
    @settings(max_examples=300)
    def test_is_split_within_the_limits(self, text: str, limits: tuple[int, int]) -> None:
        most, overlap = limits

        for chunk in split(text, most_tokens=most, overlap_tokens=overlap).chunks:
            repeated = text[chunk.overlap_start : chunk.start]
            assert chunk.tokens == tokens_of(chunk.text) <= most
            assert tokens_of(repeated) <= overlap
            assert tokens_of(repeated + chunk.text) <= most

    @given(TEXTS, LIMITS)
    @settings(max_examples=300)
    def test_repeats_whole_words(self, text: str, limits: tuple[int, int]) -> None:
        for chunk in split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks:
            place = chunk.overlap_start
            if place < chunk.start:
                assert not text[place].isspace()
                assert place == 0 or text[place - 1].isspace()

    @given(TEXTS, LIMITS)
    @settings(max_examples=300)
    def test_knows_its_pages(self, text: str, limits: tuple[int, int]) -> None:
        starts, pages = marked_pages(text)

        for chunk in split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks:
            blanked = MARKER.sub(lambda marker: " " * len(marker[0]), text)[chunk.start : chunk.end]
            if not blanked.strip() or "<!-- page 5" in chunk.text:
                continue
            first = chunk.start + len(blanked) - len(blanked.lstrip())
            last = chunk.start + len(blanked.rstrip()) - 1
            expected = [pages[index - 1] if (index := bisect_right(starts, at)) else None for at in (first, last)]
            assert [chunk.page_from, chunk.page_to] == expected

    @given(TEXTS, LIMITS)
    @settings(max_examples=300)
    def test_knows_its_headings(self, text: str, limits: tuple[int, int]) -> None:
        """The path of a chunk is what the paths of its words have in common. A number sign in a formula is none."""
        assume(not re.search(r"\$\$[^$]*#", text))
        changes = headings_over(text)
        places = [place for place, _ in changes]

        in_headings = {at for place in places[1:] for at in range(place, [*ends_of_lines(text, place), len(text)][0])}
        for chunk in split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks:
            own = {
                tuple(changes[bisect_right(places, chunk.start + word.start()) - 1][1])
                for word in re.finditer(r"\S+", MARKER.sub(lambda marker: " " * len(marker[0]), chunk.text))
                if chunk.start + word.start() not in in_headings
            }
            if own:
                shared = os.path.commonprefix(sorted(own))
                assert tuple(chunk.heading_path) == tuple(shared)

    @given(TEXTS, LIMITS)
    @settings(max_examples=300)
    def test_leaves_no_heading_behind(self, text: str, limits: tuple[int, int]) -> None:
        """Unless they are too long to stand in one chunk with the first letter of their text, or have none."""
        changes = {place for place, _ in headings_over(text)[1:]}
        chunks = split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks

        for chunk in chunks[:-1]:
            last_line = chunk.start + chunk.text.rstrip().rfind("\n") + 1
            follow = {at for at in changes if at >= chunk.end}
            has_text = len(re.findall(r"^\s*\S", MARKER.sub("", text[chunk.end :]), re.MULTILINE)) > len(follow)
            if last_line in changes and text[chunk.end - 1] == "\n" and has_text:
                letter = chunk.end + len(re.match(NO_TEXT, text[chunk.end :])[0]) + 1
                assert tokens_of(text[chunk.start : letter]) >= limits[0] - limits[1]

    @given(TEXTS, LIMITS)
    def test_leaves_empty_space_alone_only_where_there_is_too_much(self, text: str, limits: tuple[int, int]) -> None:
        longest = max((len(space) for space in re.findall(r"\s+", text)), default=0)

        for chunk in split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks:
            assert chunk.text.strip() or longest >= limits[0] or not text.strip()

    @given(TEXTS, LIMITS)
    def test_is_split_the_same_each_time(self, text: str, limits: tuple[int, int]) -> None:
        first, second = (split(text, most_tokens=limits[0], overlap_tokens=limits[1]) for _ in range(2))

        assert first == second
        assert all(chunk.checksum == sha256(chunk.text.encode()).hexdigest() for chunk in first.chunks)

    @given(TEXTS, LIMITS)
    def test_is_searched_without_markers(self, text: str, limits: tuple[int, int]) -> None:
        """A marker in the middle of a line is text, and whatever is cut out of a line is no marker."""
        for chunk in split(text, most_tokens=limits[0], overlap_tokens=limits[1]).chunks:
            searched = searched_text(text, chunk)
            assert not MARKER.search(searched) or "see <!--" in text
            assert "".join(searched.split()) in "".join(MARKER.sub("", text).split())
