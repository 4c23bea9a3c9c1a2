"""The text of documents on pages: sanitised, page by page, with marks that never break what they stand in."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from hydrateall.core.markdown import render
from hydrateall.web.pages.document_text import marked, rendered, sentences, words_of

TAG = re.compile(r"<[^>]*>")


def marks(body: str) -> list[str]:
    """What stands within marks, as a reader sees it."""
    return [html.unescape(TAG.sub("", each)) for each in re.findall("<mark>(.*?)</mark>", body, re.DOTALL)]


class TestMarks:
    def test_stand_around_a_sentence_across_emphasis_and_line_ends(self) -> None:
        text = "Some rays. A *concave* mirror gathers\nrays of light. The end."

        body = marked(render(text), sentences(["A *concave* mirror gathers\nrays of light."]))

        assert " ".join("".join(marks(body)).split()) == "A concave mirror gathers rays of light."
        assert "<mark><em>" not in body

    def test_stand_around_a_whole_formula(self) -> None:
        body = marked(render("The law is $R = 2f$ here."), sentences(["The law is $R = 2f$ here."]))

        assert re.search(r"<mark>The law is <math.*</math> here\.</mark>", body, re.DOTALL)

    def test_do_not_open_a_character_reference(self) -> None:
        body = marked(render("Fish & chips & amp"), words_of("amp"))

        assert body == "<p>Fish &amp; chips &amp; <mark>amp</mark></p>"

    def test_find_words_in_their_other_endings_and_in_hindi(self) -> None:
        assert marks(marked(render("Mirrors reflect."), words_of("a mirror reflected"))) == ["Mirrors", "reflect"]
        assert marks(marked(render("परावर्तन के नियम"), words_of("परावर्तन का नियम"))) == ["परावर्तन", "नियम"]

    @given(st.text("ab <>&*_`$|#-\n![]()\"'", max_size=60), st.text("ab <&*", min_size=1, max_size=12))
    def test_change_nothing_but_themselves(self, text: str, evidence: str) -> None:
        body = render(text)

        both = [marked(body, sentences([evidence])), marked(body, words_of(evidence))]

        for found in both:
            assert found.replace("<mark>", "").replace("</mark>", "") == body
            inside = re.findall("<mark>(.*?)</mark>", re.sub("<math.*?</math>", "", found, flags=re.DOTALL), re.DOTALL)
            assert [each for each in inside if "<" in each] == []


class TestRendered:
    def test_begins_a_piece_with_each_page(self) -> None:
        found = rendered("Before.\n\n<!-- page 2 -->\nSecond.\n\n<!-- page 3 -->\n")

        assert [(piece.page, str(piece.body)) for piece in found] == [
            (None, "<p>Before.</p>"),
            (2, "<p>Second.</p>"),
            (3, ""),
        ]

    def test_keeps_headings_below_those_of_the_page(self) -> None:
        [piece] = rendered("# One\n\n##### Five\n")

        assert re.findall("<(/?h.)>", piece.body) == ["h3", "/h3", "h6", "/h6"]

    def test_lets_a_table_scroll_by_keyboard(self) -> None:
        [piece] = rendered("| a | b |\n|---|---|\n| 1 | 2 |\n")

        assert piece.body.startswith('<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
        assert piece.body.endswith("</table></div>")

    def test_shows_markup_as_text(self) -> None:
        [piece] = rendered("<script>alert(1)</script> <img src=x onerror=alert(1)>", words_of("alert script"))

        assert not re.search("<(?!/?(?:p|mark)>)", piece.body)
