"""The chunker: chunks that are the text, within their limits, under the right headings, on the right pages."""

from __future__ import annotations

import random
import re
from hashlib import sha256

import pytest

from hydrateall.documents.chunking import rebuild, searched_text, split, tokens_of
from hydrateall.documents.chunking.graphemes import cut_between_graphemes
from hydrateall.documents.errors import DocumentError
from hydrateall.documents.schemas import Chunk

WORDS = ["light", "mirror", "image", "focus", "ray", "lens", "object", "distance", "angle", "surface"]


def chunks_of(text: str, most: int = 100, overlap: int = 0) -> list[Chunk]:
    return split(text, most_tokens=most, overlap_tokens=overlap).chunks


def prose(words: int, seed: int = 1) -> str:
    """Sentences of eight words."""
    chosen = random.Random(seed)
    sentences = [" ".join(chosen.choices(WORDS, k=8)).capitalize() + "." for _ in range(-(-words // 8))]
    return " ".join(sentences)


class TestTokens:
    def test_are_a_quarter_of_latin_and_a_half_of_devanagari_characters(self) -> None:
        assert tokens_of("a" * 400) == 100
        assert tokens_of("क" * 400) == 200
        assert tokens_of("") == 0
        assert tokens_of("a") == 1


class TestSections:
    def test_become_a_chunk_each(self) -> None:
        first, second = f"# Light\n\n{prose(48)}\n\n", f"# Sound\n\n{prose(48)}\n"

        found = chunks_of(first + second)

        assert [chunk.text for chunk in found] == [first, second]
        assert [chunk.heading_path for chunk in found] == [["Light"], ["Sound"]]

    def test_join_when_they_are_small_and_under_the_same_heading(self) -> None:
        text = "# Light\n\nA.\n\n## Ray\n\nOne line.\n\n## Lens\n\nAnother line.\n\n# Sound\n\nA wave.\n"

        found = chunks_of(text)

        assert [chunk.heading_path for chunk in found] == [["Light"], ["Sound"]]

    def test_do_not_join_over_different_headings(self) -> None:
        found = chunks_of("# Light\n\nA line.\n\n# Sound\n\nA line.\n")

        assert [chunk.heading_path for chunk in found] == [["Light"], ["Sound"]]

    def test_take_along_the_headings_right_above_them(self) -> None:
        [only] = chunks_of(f"# Light\n\n## Mirrors\n\n### Plane mirrors\n\n{prose(20)}\n")

        assert only.heading_path == ["Light", "Mirrors", "Plane mirrors"]

    @pytest.mark.parametrize(("fence", "within"), [("```", "~~~"), ("~~~", "```"), ("````", "```")])
    def test_are_not_begun_by_a_number_sign_in_code(self, fence: str, within: str) -> None:
        code = f"{fence}python\n# not a heading\n{within}\n# nor this\n{fence}\n"
        text = f"# Code\n\n{prose(48)}\n\n{code}\n## Next\n\n{prose(48)}\n"

        paths = {heading for chunk in chunks_of(text) for heading in chunk.heading_path}

        assert paths == {"Code", "Next"}

    @pytest.mark.parametrize(
        ("line", "path"),
        [
            ("# Light", ["Light"]),
            ("### Light ###", ["Light"]),
            ("# C#", ["C#"]),
            ("   ## Light", ["Light"]),
            ("    ## code", []),
            ("#hashtag", []),
            ("####### seven", []),
            ("#", []),
            ("> # quoted", []),
            ("## प्रकाश का परावर्तन", ["प्रकाश का परावर्तन"]),
        ],
    )
    def test_begin_with_atx_headings_only(self, line: str, path: list[str]) -> None:
        [only] = chunks_of(f"{line}\n\nText.\n")

        assert only.heading_path == path

    def test_close_deeper_headings(self) -> None:
        text = "\n".join(f"{line}\n\n{prose(48)}\n" for line in ("# A", "### B", "## C", "# D"))

        assert [chunk.heading_path for chunk in chunks_of(text)] == [["A"], ["A", "B"], ["A", "C"], ["D"]]


class TestLongSections:
    def test_are_cut_between_paragraphs(self) -> None:
        paragraphs = [prose(24, seed) + "\n\n" for seed in range(12)]

        found = chunks_of("".join(paragraphs))

        assert len(found) > 3
        assert all(chunk.text.endswith("\n\n") for chunk in found)

    def test_are_cut_between_sentences_if_a_paragraph_is_too_long(self) -> None:
        found = chunks_of(prose(400))

        assert len(found) > 3
        assert all(chunk.text.rstrip().endswith(".") for chunk in found)

    def test_are_cut_behind_a_danda(self) -> None:
        found = chunks_of("प्रकाश सीधी रेखा में चलता है। " * 60)

        assert len(found) > 3
        assert all(chunk.text.endswith("। ") for chunk in found)

    def test_are_not_cut_at_an_abbreviation(self) -> None:
        found = chunks_of("Look at Fig. 3 by Dr. Rao and C. V. Raman now. " * 60)

        assert all(chunk.text.endswith("now. ") for chunk in found)

    def test_are_cut_between_words_if_there_is_no_sentence(self) -> None:
        found = chunks_of("mirror " * 500)

        assert all(set(chunk.text.split()) == {"mirror"} for chunk in found)

    def test_are_cut_within_a_word_if_it_is_all_there_is(self) -> None:
        found = chunks_of("x" * 5000)

        assert [chunk.tokens for chunk in found[:-1]] == [100] * (len(found) - 1)

    def test_keep_a_heading_with_its_text(self) -> None:
        text = f"# Light\n\n## Mirrors\n\n{prose(600).replace('.', ',')}"

        first = chunks_of(text)[0]

        assert tokens_of(first.text) > 50

    def test_leave_no_empty_space_behind(self) -> None:
        for length in range(380, 420):
            found = chunks_of("x " * (length // 2) + "\n\n")

            assert all(chunk.text.strip() for chunk in found)


class TestBlocks:
    TABLE = "| a | b |\n|---|---|\n" + "| one cell. Two | cells. Three |\n" * 10
    BARE_TABLE = "a | b\n--- | ---\n" + "One cell. Two | cells. Three\n" * 10
    CODE = "```python\n" + "x = 1. Y = 2\n\n" * 20 + "```\n"
    FORMULA = "$$\n" + "F = ma. A = b\n" * 20 + "$$\n"

    @pytest.mark.parametrize(
        "block", [TABLE, BARE_TABLE, CODE, FORMULA], ids=["table", "bare table", "code", "formula"]
    )
    @pytest.mark.parametrize("words", [16, 32, 48, 56, 64, 120])
    def test_stay_whole_if_they_fit(self, block: str, words: int) -> None:
        text = f"# Light\n\n{prose(words)}\n\n{block}\n{prose(80)}\n"

        found = chunks_of(text, overlap=20)

        assert any(block.strip() in chunk.text for chunk in found)

    def test_are_cut_between_their_lines_if_they_do_not_fit(self) -> None:
        found = chunks_of(self.TABLE * 5)

        assert len(found) > 3
        assert all(chunk.text.startswith("|") and chunk.text.endswith("|\n") for chunk in found)

    def test_take_the_room_of_the_overlap(self) -> None:
        code = "```\n" + "x" * 380 + "\n```\n"

        found = chunks_of(f"{prose(80)}\n\n{code}", overlap=40)

        assert found[-1].text == code
        assert found[-1].overlap_start > found[-1].start - 10


class TestOverlap:
    def test_begins_at_a_sentence(self) -> None:
        text = prose(400)

        found = chunks_of(text, most=100, overlap=30)

        for chunk in found[1:]:
            repeated = text[chunk.overlap_start : chunk.start]
            assert re.match(r"[A-Z]", repeated)
            assert text[: chunk.overlap_start].endswith(". ")
            assert tokens_of(repeated) <= 30

    def test_begins_at_a_word_if_no_sentence_fits(self) -> None:
        text = "mirror " * 500

        found = chunks_of(text, most=100, overlap=20)

        assert all(text[chunk.overlap_start :].startswith("mirror ") for chunk in found)
        assert all(chunk.overlap_start < chunk.start for chunk in found[1:])

    def test_does_not_reach_over_a_heading(self) -> None:
        text = f"# A\n\n{prose(48)}\n\n# B\n\n{prose(48)}\n"

        assert all(chunk.overlap_start == chunk.start for chunk in chunks_of(text, overlap=40))

    def test_counts_towards_the_limit(self) -> None:
        text = prose(1000)

        assert all(tokens_of(searched_text(text, chunk)) <= 100 for chunk in chunks_of(text, 100, 40))


class TestPages:
    def test_are_those_of_the_first_and_the_last_word(self) -> None:
        text = f"Before.\n\n<!-- page 7 -->\n\n# A\n\n{prose(48)}\n\n<!-- page 8 -->\n\n# B\n\n{prose(48)}\n"

        assert [(chunk.page_from, chunk.page_to) for chunk in chunks_of(text)] == [(None, None), (7, 7), (8, 8)]

    def test_span_what_a_chunk_holds(self) -> None:
        text = "<!-- page 1 -->\n\n# A\n\nOne line\n\n<!-- page 2 -->\n\nand another.\n\n<!-- page 3 -->\n"

        [only] = chunks_of(text)

        assert (only.page_from, only.page_to) == (1, 2)

    def test_begin_with_their_marker(self) -> None:
        text = "".join(f"<!-- page {page} -->\n\n{prose(48, page)}\n\n" for page in range(1, 20))

        found = chunks_of(text)

        assert not any(re.search(r"-->\s*\Z", chunk.text) for chunk in found)
        assert {chunk.page_from for chunk in found} == set(range(1, 20))

    def test_are_not_in_what_is_searched(self) -> None:
        text = f"{prose(40)}\n\n<!-- page 2 -->\n\n{prose(40)}\n\n<!-- page 3 -->\n\n{prose(200)}\n"

        for chunk in chunks_of(text, 60, 30):
            assert "page" not in searched_text(text, chunk)
            assert "--" not in searched_text(text, chunk)

    def test_are_told_from_what_only_looks_like_a_marker(self) -> None:
        [only] = chunks_of("Write <!-- page 4 --> in a line.\n")

        assert only.page_from is None


class TestSet:
    def test_of_no_text_is_empty(self) -> None:
        found = split("", most_tokens=100, overlap_tokens=0)

        assert found.chunks == []
        assert found.source_checksum == sha256(b"").hexdigest()

    def test_knows_the_checksums(self) -> None:
        text = f"{prose(500)} प्रकाश"

        found = split(text, most_tokens=64, overlap_tokens=8)

        assert found.source_checksum == sha256(text.encode()).hexdigest()
        assert [chunk.checksum for chunk in found.chunks] == [
            sha256(chunk.text.encode()).hexdigest() for chunk in found.chunks
        ]

    def test_is_rebuilt_whatever_the_order(self) -> None:
        text = prose(500)

        assert rebuild(reversed(chunks_of(text))) == text

    @pytest.mark.parametrize(("most", "overlap"), [(15, 0), (100, 51), (100, -1)])
    def test_refuses_limits_that_it_cannot_hold(self, most: int, overlap: int) -> None:
        with pytest.raises(DocumentError, match="cannot be made"):
            split("text", most_tokens=most, overlap_tokens=overlap)

    def test_refuses_half_a_character(self) -> None:
        with pytest.raises(DocumentError, match="character 5"):
            split("text \ud800", most_tokens=100, overlap_tokens=0)


class TestGraphemes:
    @pytest.mark.parametrize(
        "letter",
        [
            "e\u0301",
            "कि",
            "क्ष",
            "क्‍ष",
            "ज़",
            "त्त्व",
            "👩‍🔬",
            "👍🏽",
            "🇮🇳",
            "\u1100\u1161\u11a8",
            "\r\n",
            "❤️",
            "1️⃣",
        ],
    )
    def test_are_not_cut(self, letter: str) -> None:
        text = f"a{letter}b"
        cuts = {cut_between_graphemes(text, low=0, high=high) for high in range(1, len(text))}

        assert cuts == {1, len(text) - 1} - ({len(text) - 1} if len(letter) == 1 else set())

    def test_are_parted_in_a_row_of_flags(self) -> None:
        flags = "🇮🇳🇳🇵🇱🇰"

        assert [cut_between_graphemes(flags, low=0, high=high) for high in (2, 3, 4, 5)] == [2, 2, 4, 4]


class TestALongHeading:
    def test_is_cut_in_the_paths_of_its_chunks_and_kept_in_the_text(self) -> None:
        heading = "word " * 500
        text = f"# {heading}\n\n" + "A sentence about light. " * 200

        made = split(text, most_tokens=100, overlap_tokens=0)

        assert "".join(chunk.text for chunk in made.chunks) == text
        assert all(len(name) <= 200 for chunk in made.chunks for name in chunk.heading_path)
        assert made.chunks[-1].heading_path[0].endswith("…")
