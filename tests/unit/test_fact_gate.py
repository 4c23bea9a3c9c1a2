"""The gate of facts: where evidence stands, what a statement must be like, and how often it is right about support."""

from __future__ import annotations

import hashlib

import pytest

from corpus.fact_rates import FIRST, SECOND, Judged, judged
from hydrateall.documents.enums import FactType
from hydrateall.documents.facts import FactDraft, Gate
from hydrateall.documents.facts.evidence import locate, page_at
from hydrateall.documents.facts.gate import merged
from hydrateall.documents.schemas import Chunk, Fact

TEXT = """<!-- page 4 -->
# Indicators

**Acids** turn blue
litmus [red](https://example.org/red_(colour)). The pH is 9.8 in H<sub>2</sub>O,
not 98.
<!-- page 5 -->
> Bases, e.g. NaOH, turn red litmus blue. प्रकाश की चाल
> बहुत अधिक है।
"""
PLAIN = "Acids turn blue litmus red. Water has a pH of 7. Bases turn red litmus blue."


def chunk(text: str = TEXT, *, ordinal: int = 3, page_from: int | None = 3) -> Chunk:
    return Chunk(
        ordinal=ordinal,
        start=0,
        end=len(text),
        overlap_start=0,
        text=text,
        heading_path=["Indicators"],
        page_from=page_from,
        tokens=len(text) // 4,
        checksum=hashlib.sha256(text.encode()).hexdigest(),
    )


def draft(statement: str, evidence: str | None = None, *, of: int = 3) -> FactDraft:
    return FactDraft(chunk=of, type=FactType.PROPERTY, statement=statement, evidence=evidence or statement)


def verdict(statement: str, evidence: str | None = None, text: str = PLAIN, language: str = "en") -> str:
    """What the gate objects, or nothing."""
    found = Gate("Chemistry", language).judge(draft(statement, evidence), chunk(text))
    return "" if isinstance(found, Fact) else found


class TestEvidence:
    @pytest.mark.parametrize(
        ("quotation", "found"),
        [
            ("Acids turn blue litmus red.", "**Acids** turn blue\nlitmus [red]"),
            (
                "**Acids** turn blue\nlitmus [red](https://example.org/red_(colour)).",
                "**Acids** turn blue\nlitmus [red]",
            ),
            ("The pH is 9.8 in H₂O", "The pH is 9.8 in H<sub>2</sub>O,"),
            ("the ph is 9.8 in H2O, not 98", "The pH is 9.8 in H<sub>2</sub>O,\nnot 98."),
            ("Bases, e.g. NaOH, turn red litmus blue.", "Bases, e.g. NaOH, turn red litmus blue."),
            ("प्रकाश की चाल बहुत अधिक है।", "प्रकाश की चाल\n> बहुत अधिक है।"),
        ],
    )
    def test_is_found_through_markup_and_white_space(self, quotation: str, found: str) -> None:
        place = locate(quotation, TEXT)

        assert place
        assert TEXT[place.start : place.end].startswith(found)

    @pytest.mark.parametrize(
        "quotation",
        [
            "Acids turn red litmus blue.",
            "cids turn blue litmus",
            "The pH is 98",
            "The pH is 9",
            "8 in H2O",
            "Acids turn litmus red",
            "",
            " *** ",
            "Bases turn red litmus blue.",
        ],
    )
    def test_is_not_found_where_words_or_numbers_differ(self, quotation: str) -> None:
        assert locate(quotation, TEXT) is None

    @pytest.mark.parametrize("text", ["It is 5 °C.", "The sum is 3 + 5.", "It is 0.5 m.", "It is 15 m."])
    def test_tells_numbers_by_their_signs(self, text: str) -> None:
        assert locate(text, "It is -5 °C. The sum is 3 - 5. It is 5 m. It is 1.5 m.") is None

    def test_is_found_over_the_end_of_a_page(self) -> None:
        text = "Acids turn blue\n<!-- page 2 -->\nlitmus red."

        place = locate("Acids turn blue litmus red.", text)

        assert place
        assert (place.start, text[place.start : place.end]) == (0, text)

    def test_skips_the_beginning_of_a_longer_number(self) -> None:
        text = "The pH is 71. The pH is 7."

        place = locate("The pH is 7", text)

        assert place
        assert place.start == text.rindex("The")

    @pytest.mark.parametrize(("sign", "page"), [("Acids", 4), ("Bases", 5)])
    def test_has_the_page_of_the_last_marker_before_it(self, sign: str, page: int) -> None:
        assert page_at(TEXT, TEXT.index(sign)) == page

    def test_before_any_marker_has_the_page_on_which_its_chunk_begins(self) -> None:
        text = "Acids are sour.\n<!-- page 8 -->\nBases are bitter."

        kept = Gate("Chemistry", "en").sift(
            [draft("Acids are sour."), draft("Bases are bitter.")], [chunk(text, page_from=7)]
        )

        assert [fact.page for fact in kept.facts] == [7, 8]

    def test_is_kept_as_it_stands_in_the_chunk(self) -> None:
        [fact] = Gate("Chemistry", "en").sift([draft("Acids turn blue litmus red.")], [chunk()]).facts

        assert TEXT[fact.start :].startswith(fact.evidence)
        assert fact.evidence.startswith("**Acids** turn blue\nlitmus")
        assert (fact.chunk, fact.chunk_checksum, fact.page) == (3, chunk().checksum, 4)


class TestForm:
    @pytest.mark.parametrize(
        ("statement", "fault"),
        [
            ("Acids turn blue litmus red.", ""),
            ("Acids.", "too short"),
            ("Acids turn blue litmus red " * 13, "too long"),
            ("Do acids turn blue litmus red?", "question"),
            ("It turns blue litmus red.", "not self-contained"),
            ("They turn blue litmus red.", "not self-contained"),
            ("Acids turn blue litmus red, as figure 3 shows.", "not self-contained"),
            ("अम्ल नीले लिटमस को लाल कर देते हैं।", "language"),
        ],
    )
    def test_of_a_statement_is_looked_at_first(self, statement: str, fault: str) -> None:
        assert verdict(statement, "Acids turn blue litmus red.") == fault

    @pytest.mark.parametrize(
        ("statement", "fault"),
        [
            ("अम्ल नीले लिटमस को लाल कर देते हैं।", ""),
            ("यह नीले लिटमस को लाल कर देता है।", "not self-contained"),
            ("चित्र 2 में अम्ल नीले लिटमस को लाल कर देते हैं।", "not self-contained"),
            ("Acids turn blue litmus red.", "language"),
        ],
    )
    def test_of_a_hindi_statement_too(self, statement: str, fault: str) -> None:
        text = "अम्ल नीले लिटमस को लाल कर देते हैं।"

        assert verdict(statement, text, text=text, language="hi") == fault

    def test_takes_formulas_for_no_foreign_language(self) -> None:
        text = "सल्फ्यूरिक अम्ल का सूत्र $\\mathrm{H_2SO_4}$ है।"

        assert verdict(text, text=text, language="hi") == ""

    def test_of_evidence_is_a_sentence_not_the_whole_passage(self) -> None:
        text = "Acids turn blue litmus red. " * 60

        assert verdict("Acids turn blue litmus red.", text, text=text) == "evidence not found"

    def test_names_a_passage_that_was_shown(self) -> None:
        sifted = Gate("Chemistry", "en").sift([draft("Acids turn blue litmus red.", of=99)], [chunk(PLAIN)])

        assert (sifted.facts, sifted.dropped) == ([], {"unknown chunk": 1})


class TestSupport:
    def test_may_take_the_name_of_a_thing_from_the_headings(self) -> None:
        text = "The compound turns blue litmus red."

        assert verdict("Indicators: the compound turns blue litmus red.", text, text=text) == ""

    @pytest.mark.parametrize(
        ("evidence", "objection"),
        [("It has no unit, because it is a ratio.", ""), ("Purity has no unit.", "unsupported")],
    )
    def test_may_name_what_its_evidence_points_to_but_nothing_else(self, evidence: str, objection: str) -> None:
        text = f"The refractive index of water is 1.33. {evidence}"

        assert verdict("The refractive index has no unit.", evidence, text=text) == objection

    def test_demands_more_words_where_it_is_told_to(self) -> None:
        text = "Dilute acids slowly turn moist blue litmus paper bright red."
        said = draft("Dilute mineral acids slowly turn moist blue litmus paper bright red.", text)

        lenient, strict = (Gate("C", "en", least_support=share).judge(said, chunk(text)) for share in (0.8, 1.0))

        assert isinstance(lenient, Fact)
        assert strict == "unsupported"

    def test_knows_not_only_as_no_negation(self) -> None:
        text = "The reaction gives not only heat but also light."

        assert verdict("The reaction gives heat and also light.", text, text=text) == ""


class TestDuplicates:
    def test_are_dropped_whatever_their_case_and_markup(self) -> None:
        gate = Gate("Chemistry", "en")
        said = "Acids turn blue litmus red."
        parts = [
            gate.sift([draft(said), draft(said.upper()), draft("*Acids* turn blue litmus **red**")], [chunk(PLAIN)]),
            gate.sift([draft(said, of=4)], [chunk(PLAIN, ordinal=4)]),
        ]

        whole = merged(parts)

        assert [fact.chunk for fact in whole.facts] == [3]
        assert whole.dropped == {"duplicate": 3}

    def test_leaves_facts_in_the_order_of_the_document(self) -> None:
        gate = Gate("Chemistry", "en")
        said = [draft("Bases turn red litmus blue."), draft("Acids turn blue litmus red.")]

        whole = merged([gate.sift(said, [chunk(PLAIN)])])

        assert [fact.statement[:5] for fact in whole.facts] == ["Acids", "Bases"]


def kept(cases: list[Judged]) -> float:
    return sum(not case.objection for case in cases) / len(cases)


@pytest.fixture(scope="module", params=[FIRST, SECOND])
def cases(request: pytest.FixtureRequest) -> list[Judged]:
    return list(judged(request.param))


class TestRates:
    """Measured: of the first set 96 % of the right statements are kept and 1 % of the wrong ones; of the second, which
    the gate was not made with, 89 % and 10 %. A change that makes it worse must be meant.
    """

    @pytest.mark.parametrize("language", ["en", "hi"])
    def test_keeps_most_of_what_is_supported(self, cases: list[Judged], language: str) -> None:
        right = [case for case in cases if case.language == language and not case.wrong]

        assert len(right) >= 15
        assert kept(right) >= 0.85, [case for case in right if case.objection]

    @pytest.mark.parametrize("language", ["en", "hi"])
    def test_stops_most_of_what_is_not(self, cases: list[Judged], language: str) -> None:
        wrong = [case for case in cases if case.language == language and case.wrong]

        assert len(wrong) >= 15
        assert kept(wrong) <= 0.14, [case for case in wrong if not case.objection]

    @pytest.mark.parametrize("kind", ["number", "unit", "formula", "negation", "overstated", "knowledge", "evidence"])
    def test_lets_pass_nothing_of_the_kinds_that_words_tell(self, cases: list[Judged], kind: str) -> None:
        wrong = [case for case in cases if case.wrong == kind]

        assert [case for case in wrong if not case.objection] == []

    def test_rest_on_enough_statements(self) -> None:
        all_cases = [case for name in (FIRST, SECOND) for case in judged(name)]

        for language in ("en", "hi"):
            of_language = [case for case in all_cases if case.language == language]
            assert sum(not case.wrong for case in of_language) >= 40
            assert sum(bool(case.wrong) for case in of_language) >= 40
