"""What holds for every text: no word is lost but in the lines that the report names; a second run changes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hydrateall.documents.optimizing import optimize

WORDS = st.sampled_from(
    ["Light", "is", "reflected", "by", "mirror", "photo-", "well-", "known", "प्रकाश", "दर्पण", "होता", "है।"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
LINES = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda text: f"{text}."),
    st.sampled_from(
        [
            *(
                "",
                "",
                "",
                "# Light",
                "### Mirrors",
                "# Other",
                "## Closed ##",
                "Title",
                "=====",
                "-----",
                "***",
                "> quoted",
            ),
            *(
                "- one",
                "* two",
                "• three",
                "1. first",
                "(a) part",
                "    indented",
                "  - nested",
                "  more of it",
                "-",
                "•",
            ),
            *(
                "```",
                "~~~python",
                "| a | b |",
                "|---|---|",
                "a | b",
                "--- | ---",
                "$$",
                "$x =",
                "y$",
                "$a$",
                "`code",
                "code`",
            ),
            *(
                "Science · Class X",
                "Science · Class X",
                "12",
                "Page 3 of 9",
                "– 4 –",
                "ﬁrst oﬃce",
                "e\u0301lan",
                "\u0958लम",
            ),
            *(
                "soft\u00ad",
                "\u00ad",
                "zero\u200bwidth",
                "क\u094d\u200dष",
                "two  spaces",
                "hard break  ",
                "back\\",
                "Given:",
            ),
            *(
                "\u200b# Hidden",
                "\ufeff```",
                "\u00a0- not",
                "\u2028",
                "\x0c",
                "---",
                "title: x",
                "<div>",
                "[^1]: note",
                "\t\tdeep",
            ),
        ]
    ),
    st.integers(1, 9).map(lambda page: f"<!-- page {page} -->"),
    st.text(max_size=20),
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(LINES, max_size=40).map("\n".join))
PAGE = re.compile(r"<!-- page (\d+) -->")


def signs(text: str) -> str:
    """Letters and digits of a text in one form, without what may change: space, hyphens, signs of Markdown."""
    composed = unicodedata.normalize("NFKC", PAGE.sub("", text))
    return "".join(sign for sign in composed if unicodedata.category(sign)[0] in "LNM")


def removed_signs(report: dict[str, Any]) -> Counter[str]:
    """Letters of the removed lines; their page numbers are not told one by one."""
    found: Counter[str] = Counter()
    for line in report["removed_lines"]:
        for sign in re.sub(r"[\d]", "", signs(line["text"].replace("{page}", ""))):
            found[sign] += line["count"]
    return found


def is_within(part: str, whole: str) -> bool:
    """Whether the signs of one text stand in the other in the same order."""
    rest = iter(whole)
    return all(sign in rest for sign in part)


def pages_of(title: str, bodies: list[str], numbered: bool) -> str:
    return "\n\n".join(
        f"<!-- page {page} -->\n\n{title}{f' {page}' if numbered else ''}\n\n{body}"
        for page, body in enumerate(bodies, 1)
    )


class TestEveryText:
    @given(TEXTS)
    @settings(max_examples=400, deadline=None)
    def test_is_done_in_one_run(self, text: str) -> None:
        first = optimize(text, language="en").markdown

        second = optimize(first, language="en")

        assert second.markdown == first
        assert second.report["summary"] == [each for each in second.report["summary"] if "kept" in each.lower()]

    @given(TEXTS)
    @settings(max_examples=400, deadline=None)
    def test_loses_no_word_but_those_of_removed_lines(self, text: str) -> None:
        found = optimize(text, language="en")

        before, after = signs(text), signs(found.markdown)
        lost = Counter(before) - Counter(after)

        assert is_within(after, before)
        assert Counter({sign: n for sign, n in lost.items() if not sign.isdigit()}) == removed_signs(found.report)

    @given(TEXTS)
    @settings(deadline=None)
    def test_keeps_its_pages(self, text: str) -> None:
        assert PAGE.findall(optimize(text, language="hi").markdown) == PAGE.findall(text)


class TestPages:
    @given(st.lists(SENTENCES.map(lambda text: f"{text} ends."), min_size=3, max_size=12), st.booleans())
    @settings(deadline=None)
    def test_lose_their_headers_and_nothing_else(self, bodies: list[str], numbered: bool) -> None:
        text = pages_of("Notes of a school", bodies, numbered)

        found = optimize(text, language="en")

        assert "school" not in found.markdown
        assert signs(found.markdown) == signs("".join(bodies))
        assert [each["count"] for each in found.report["removed_lines"]] == [len(bodies)]

    @given(st.lists(SENTENCES, min_size=4, max_size=10), st.integers(1, 3))
    @settings(deadline=None)
    def test_part_no_sentence(self, parts: list[str], every: int) -> None:
        """A sentence broken by page markers at any place is whole, and the markers stand behind it."""
        sentence = " ".join(
            word for part in parts for word in part.split() if word.isalpha() and word.isascii()
        ).lower()
        words = f"it {sentence} ends".split()
        pieces = [" ".join(words[at : at + every * 3]) for at in range(0, len(words), every * 3)]
        text = "\n\n".join(f"<!-- page {page} -->\n\n{piece}" for page, piece in enumerate(pieces, 1)) + "."

        found = optimize(text, language="en").markdown

        assert " ".join(words) in found
