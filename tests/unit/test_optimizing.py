"""The optimizer: what a printer added goes, what a page broke is whole again, and everything else stays."""

from __future__ import annotations

from typing import Any

import pytest

from hydrateall.documents.optimizing import optimize

SENTENCES = [
    "Light travels in straight lines.",
    "A mirror reflects nearly all of it.",
    "The image in a plane mirror is as large as the object.",
    "A ray that strikes at right angles returns the way it came.",
    "Rough surfaces scatter light in all directions.",
    "The eye sees an object by the light that comes from it.",
]


def optimized(text: str, language: str = "en") -> str:
    return optimize(text, language=language).markdown


def report_of(text: str, language: str = "en") -> dict[str, Any]:
    return optimize(text, language=language).report


def book(tops: list[str], bottoms: list[str] | None = None) -> str:
    """Pages with these lines at their top and bottom, and a sentence between."""
    feet = bottoms or [""] * len(tops)
    pages = [
        f"<!-- page {page} -->\n\n{top}\n\n{SENTENCES[page % len(SENTENCES)]}\n\n{foot}\n"
        for page, (top, foot) in enumerate(zip(tops, feet, strict=True), 1)
    ]
    return "\n".join(pages)


class TestHeadersAndFooters:
    @pytest.mark.parametrize(
        "line",
        [
            "Science · Class X",
            "Science · Class X {page}",
            "{page} | Science · Class X",
            "Page {page} of 6",
            "– {page} –",
            "{page}",
            "- {page} -",
            "**Chapter 9** Light {page}",
            "पृष्ठ {page}",
            "विज्ञान · कक्षा 10",
        ],
    )
    @pytest.mark.parametrize("place", ["top", "bottom"])
    def test_are_removed_and_reported(self, line: str, place: str) -> None:
        lines, none = [line.format(page=page) for page in range(11, 17)], [""] * 6
        text = book(lines, none) if place == "top" else book(none, lines)

        found = optimize(text, language="en")

        assert found.markdown == optimized(book([""] * 6))
        [removed] = found.report["removed_lines"]
        assert (removed["count"], removed["place"], removed["pages"]) == (6, place, [1, 6])
        assert "Removed 6 × " in found.report["summary"][0]

    def test_may_differ_on_left_and_right_pages(self) -> None:
        text = book([f"Science {page}" if page % 2 else "Light" for page in range(1, 9)])

        counts = {each["text"]: each["count"] for each in report_of(text)["removed_lines"]}

        assert counts == {"Science {page}": 4, "Light": 4}

    def test_may_have_several_lines(self) -> None:
        text = book([f"Science\nClass X\n{page}" for page in range(1, 7)])

        assert optimized(text) == optimized(book([""] * 6))

    @pytest.mark.parametrize(
        "line",
        [
            "Example {page}",
            "## Chapter {page}",
            "प्रश्न {page}",
            "| a | {page} |",
            "{word} is the topic of this page",
            "The answer is {page}.",
            "ends here. This sentence is on page",
        ],
    )
    def test_are_not_what_only_stands_there(self, line: str) -> None:
        words = ["Light", "Sound", "Heat", "Work", "Force", "Motion"]
        text = book([line.format(page=page * page, word=words[page]) for page in range(6)])

        assert report_of(text)["removed_lines"] == []

    def test_are_not_examples_that_run_with_the_pages(self) -> None:
        assert report_of(book([f"Example {page}" for page in range(1, 7)]))["removed_lines"] == []

    def test_are_not_lines_of_two_pages_only(self) -> None:
        assert "Science" in optimized(book(["Science", "Science"]))

    def test_leave_a_heading_where_it_stands_first(self) -> None:
        text = optimized(book(["# Light"] + ["Light"] * 5))

        assert text.count("Light\n") == 1
        assert "# Light" in text

    def test_are_not_headings_that_stand_within_pages_too(self) -> None:
        text = book(["## Key points\n\nLight.\n\n## Key points"] * 6)

        assert optimized(text).count("## Key points") == 12

    def test_are_not_looked_for_without_pages(self) -> None:
        text = "Science\n\n" * 6

        assert report_of(text)["removed_lines"] == []


class TestWords:
    def test_are_put_together_if_the_whole_word_stands_elsewhere(self) -> None:
        text = "Plants live by photo-\nsynthesis. In photosynthesis, light is used.\n"

        assert optimized(text) == "Plants live by photosynthesis. In photosynthesis, light is used.\n"

    def test_keep_the_hyphen_if_the_compound_stands_elsewhere(self) -> None:
        text = "A well-\nknown law is a well-known law, and wellknown is a slip.\n"

        assert optimized(text).startswith("A well-known law")

    def test_keep_the_hyphen_in_doubt(self) -> None:
        assert optimized("A self-\nmade lens.\n") == "A self-made lens.\n"

    def test_are_put_together_at_a_soft_hyphen(self) -> None:
        assert optimized("The mir\u00ad\nror re\u00adflects.\n") == "The mirror reflects.\n"

    def test_are_not_put_together_where_one_is_left_out(self) -> None:
        assert optimized("In pre-\nand post-war times.\n") == "In pre- and post-war times.\n"

    def test_are_put_together_over_a_page(self) -> None:
        text = "All mirrors reflect. A plane mir-\n\n<!-- page 2 -->\n\nror of glass. It is flat.\n\nA mirror.\n"

        assert "A plane mirror of glass.\n\n<!-- page 2 -->\n\nIt is flat." in optimized(text)

    def test_are_left_alone_before_a_number_or_a_name(self) -> None:
        assert optimized("Carbon-\n14 and anti-\nEuropean.\n") == "Carbon- 14 and anti- European.\n"


class TestParagraphs:
    def test_become_one_line(self) -> None:
        assert optimized("Light travels in\nstraight\nlines.\n") == "Light travels in straight lines.\n"

    def test_are_joined_in_mid_sentence(self) -> None:
        assert optimized("Light that is\n\nreflected returns.\n") == "Light that is reflected returns.\n"

    def test_are_kept_apart_between_sentences(self) -> None:
        text = "Light returns.\n\nsin x is a function.\n\nMirrors\n\nA mirror is flat.\n"

        assert optimized(text) == text

    @pytest.mark.parametrize("count", [1, 2])
    def test_are_joined_over_pages_and_the_marker_moves(self, count: int) -> None:
        markers = "\n\n".join(f"<!-- page {page} -->" for page in range(2, 2 + count))
        text = f"The image is as\n\n{markers}\n\nlarge as the object. It is upright.\n"

        assert optimized(text) == f"The image is as large as the object.\n\n{markers}\n\nIt is upright.\n"

    def test_are_joined_over_pages_below_a_header(self) -> None:
        text = "\n\n".join(
            f"<!-- page {page} -->\n\nScience {page}\n\nends here. This sentence that is on page {page}"
            for page in range(1, 6)
        )

        assert optimized(text).count("is on page") == 5
        assert "on page 3 ends here.\n\n<!-- page 4 -->\n\nThis" in optimized(text)

    def test_are_joined_over_pages_in_hindi(self) -> None:
        first = "समतल दर्पण द्वारा बना प्रतिबिंब सदैव आभासी तथा सीधा होता है और उसका आकार"
        text = f"{first}\n\n<!-- page 2 -->\n\nबिंब के आकार के बराबर होता है। वह पीछे बनता है।\n"

        assert f"{first} बिंब के आकार के बराबर होता है।\n\n<!-- page 2 -->\n\nवह" in optimized(text, "hi")

    @pytest.mark.parametrize("end", ["।", "॥", "?", "!", ":", ".”"])
    def test_are_not_joined_over_pages_after_the_end_of_a_sentence(self, end: str) -> None:
        text = f"{'समतल दर्पण में ' * 6}प्रतिबिंब बनता है{end}\n\n<!-- page 2 -->\n\nवह सीधा होता है।\n"

        assert optimized(text, "hi") == text

    @pytest.mark.parametrize(
        "text",
        [
            "- one\n- two\n  - three\n\n1. first\n2. second\n",
            "(a) one\n(b) two\n(iv) four\nQ1. five\n",
            "क) एक\nख) दो\n१. तीन\n",
            "Given:\nmass 2 kg\n",
            "a line  \nthat breaks on purpose\\\ntwice\n",
            "> a quotation\n> of two lines\n",
            "[^1]: a note\n[^2]: another\n",
            "**Question.** What?\n**Answer.** This.\n",
            "A line\n\n***\n\nAnother line\n",
        ],
    )
    def test_leave_lines_that_begin_something(self, text: str) -> None:
        assert optimized(text) == text


class TestHeadings:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("1 3 3 5", "1 2 2 3"),
            ("1 1 2 1", "1 2 3 2"),
            ("1 2 1 2", "1 2 2 3"),
            ("3 4 3", "2 3 2"),
            ("2 1 2", "2 1 2"),
            ("2 1 1", "2 2 2"),
            ("1 2 3 4 5 6", "1 2 3 4 5 6"),
            ("6 1", "2 1"),
        ],
    )
    def test_leave_no_level_out(self, written: str, meant: str) -> None:
        text = "\n\n".join(f"{'#' * int(level)} Title {at}" for at, level in enumerate(written.split()))

        found = [str(line.count("#")) for line in optimized(text).split("\n\n")]

        assert " ".join(found) == meant

    def test_are_written_alike(self) -> None:
        text = "Light\n=====\n\nMirrors\n-------\n\n##   Lenses  ##\nText.\n"

        assert optimized(text) == "# Light\n\n## Mirrors\n\n## Lenses\n\nText.\n"


class TestCharacters:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("reﬂection oﬃce ﬁrst", "reflection office first"),
            ("e\u0301lan", "élan"),
            ("\u0958लम", "क\u093cलम"),
            ("क\u094d\u200dष", "क\u094d\u200dष"),
            ("light\u200b and\ufeff heat\u200d", "light and heat"),
            ("👩\u200d🔬", "👩\u200d🔬"),
            ("two  spaces\u00a0and\tmore", "two spaces and more"),
            ("• one\n● two\n\uf0b7 three", "- one\n- two\n- three"),
            ("One\n\n\n\n\nTwo", "One\n\nTwo"),
            ("One\r\n\r\nTwo\r\n", "One\n\nTwo"),
        ],
    )
    def test_are_tidied(self, written: str, meant: str) -> None:
        assert optimized(written) == f"{meant}\n"

    @pytest.mark.parametrize(
        "kept",
        [
            "```python\nx  =  'ﬁ'\n\n\n# no heading\nword-\nword\n```",
            "| ﬁ  |  b |\n|---|---|\n| e\u0301 |  c |",
            "ﬁ  | b\n--- | ---\n1  | 2",
            "$$\nx  = ﬁ\n-\ny\n$$",
            "    indented  code\n    of two lines",
            "---\ntitle: ﬁ  x\n---",
        ],
        ids=["code", "table", "table without bars", "formula", "indented", "front matter"],
    )
    def test_stay_in_what_is_kept(self, kept: str) -> None:
        assert optimized(f"{kept}\n\nA  line.\n") == f"{kept}\n\nA line.\n"

    def test_stay_in_formulas_and_code_within_a_line(self) -> None:
        text = "The  value $a  ﬁ$ and `x  ﬁ` cost $5 or  $6.\n"

        assert optimized(text) == "The value $a  ﬁ$ and `x  ﬁ` cost $5 or $6.\n"


class TestReport:
    def test_tells_what_was_changed_with_examples(self) -> None:
        found = report_of("The mir-\nror, the ﬁrst mirror.\n")

        assert found["summary"] == [
            "Broken lines joined: 1.",
            "Words put together that were hyphenated at the end of a line: 1.",
            "Ligatures resolved: 1.",
        ]
        assert found["changes"][1]["examples"] == ["mir- ror → mirror"]

    def test_is_empty_if_there_was_nothing_to_do(self) -> None:
        assert report_of("# Light\n\nA line.\n") == {"summary": [], "removed_lines": [], "changes": []}

    def test_of_no_text_is_empty(self) -> None:
        assert optimize(" \n\n", language="en").markdown == ""
