"""Whether a second solution agrees with a key: what must not matter (spelling, form, rounding), and what must."""

from __future__ import annotations

from typing import Any

import pytest

from factories import answer, choice_question, match_question, question
from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.service import Finding, Judgement, agrees, compared, disagreement, no_solution, opinions_in


def numerical(final: str) -> QuestionDraft:
    return question(correct=answer(final_answer=final))


def of_kind(kind: QuestionType, final: str) -> QuestionDraft:
    return question(kind=kind, correct=answer(final_answer=final))


class TestChoice:
    @pytest.mark.parametrize(
        "solution",
        ["C", "c", "C.", "(C)", "c)", "C) four", "C. four", "Option C", "Answer: C", "the answer is C", "four"],
    )
    def test_is_known_by_its_letter_or_its_text(self, solution: str) -> None:
        assert agrees(choice_question(right=("C",)), solution)

    @pytest.mark.parametrize("solution", ["B", "three", "B, C", "unknown", "", "none of them", "D) four", "A cat"])
    def test_is_no_other_one(self, solution: str) -> None:
        assert not agrees(choice_question(right=("C",)), solution)

    @pytest.mark.parametrize("solution", ["A, C", "C, A", "A and C", "AC", "(a), (c)", "A) two, C) four", "C और A"])
    def test_of_several_counts_as_a_set(self, solution: str) -> None:
        assert agrees(choice_question(kind=QuestionType.MULTI_SELECT, right=("A", "C")), solution)

    @pytest.mark.parametrize("solution", ["A", "A, B, C", "A, D"])
    def test_of_several_must_be_complete_and_nothing_else(self, solution: str) -> None:
        assert not agrees(choice_question(kind=QuestionType.MULTI_SELECT, right=("A", "C")), solution)


class TestTruth:
    @pytest.mark.parametrize(
        ("key", "solution"),
        [
            ("True", "true"),
            ("True", "True."),
            ("True", "True, because it is."),
            ("सत्य", "सही"),
            ("असत्य", "ग़लत"),
            ("सत्य", "True"),
        ],
    )
    def test_is_the_same_in_any_words(self, key: str, solution: str) -> None:
        assert agrees(of_kind(QuestionType.TRUE_FALSE, key), solution)

    @pytest.mark.parametrize(
        ("key", "solution"),
        [("True", "False"), ("सत्य", "असत्य"), ("True", "unknown"), ("True", ""), ("Perhaps", "Perhaps")],
    )
    def test_is_not_its_opposite_nor_nothing(self, key: str, solution: str) -> None:
        assert not agrees(of_kind(QuestionType.TRUE_FALSE, key), solution)


class TestNumber:
    @pytest.mark.parametrize(
        ("key", "solution"),
        [
            ("0.5", "1/2"),
            ("0.5", r"$\frac{1}{2}$"),
            ("5 m", "500 cm"),
            ("5 m", "5"),
            ("36 km/h", "10 m/s"),
            ("8 m/s²", "8 m s^{-2}"),
            ("154 cm²", r"$154\ \text{cm}^2$"),
            ("1,25,000 J", "125 kJ"),
            ("12 सेमी", "12 cm"),
            ("0.33", "1/3"),
            ("9.8 N", "9.81 N"),
            ("$2\\sqrt{3}$ cm", "3.46 cm"),
            ("50%", "0.5"),
            ("30°", r"$30^\circ$"),
            ("3:4", "6:8"),
            ("x = 2, y = 3", "y = 3, x = 2"),
            ("2 or -3", "-3, 2"),
            ("2 A", "I = V/R = 2 A"),
            ("2 A", "The current is 2 A."),
            ("(i) 4 cm; (ii) 7 cm", "(i) 40 mm (ii) 7 cm"),
            ("$2x + 3$", "$3 + 2x$"),
        ],
    )
    def test_is_the_same_in_any_form(self, key: str, solution: str) -> None:
        assert agrees(numerical(key), solution)
        assert agrees(numerical(solution), key)

    @pytest.mark.parametrize(
        ("key", "solution"),
        [
            ("5 m", "5 cm"),
            ("5 m", "5 s"),
            ("5 m/s", "11 m/s"),
            ("100", "101"),
            ("4 N", "4.2 N"),
            ("18 u", "37 u"),
            ("1.6 × 10⁻¹⁹ C", "3.2 × 10⁻¹⁹ C"),
            ("$2^{3} \\times 5$", "$2^{4} \\times 5$"),
            ("$x = 4,\\ y = -1$", "$x = 5,\\ y = -1$"),
            ("(i) 4 cm; (ii) 7 cm", "(i) 7 cm; (ii) 4 cm"),
            ("(i) $53$; (ii) $39$", "(i) $54$; (ii) $39$"),
            ("$(4, 1)$", "$(1, 4)$"),
            ("x > 2", "x < 2"),
            ("$4x = 12$", "$9x = 12$"),
            ("5", "unknown"),
            ("5 (m)", "6 (m)"),
        ],
    )
    def test_is_another_where_value_unit_or_order_differ(self, key: str, solution: str) -> None:
        assert not agrees(numerical(key), solution)
        assert not agrees(numerical(solution), key)


class TestGap:
    @pytest.mark.parametrize(
        ("key", "solution"),
        [
            ("the cell", "Cells"),
            ("lens", "lenses"),
            ("gas", "gases"),
            ("mitochondria", "mitochondrion"),
            ("bodies", "body"),
            ("self-induction", "Self induction"),
            ("anode (positive electrode)", "Anode"),
            ("किरणें", "किरण"),
            ("$CO_2$", "CO2"),
            ("22/7", "3.14"),
        ],
    )
    def test_takes_the_same_word_in_any_form(self, key: str, solution: str) -> None:
        assert agrees(of_kind(QuestionType.FILL_BLANK, key), solution)

    @pytest.mark.parametrize(
        ("key", "solution"),
        [("photosynthesis", "respiration"), ("anode", "cathode"), ("CO2", "CO"), ("acid", "acidic")],
    )
    def test_doubts_another_word(self, key: str, solution: str) -> None:
        assert not agrees(of_kind(QuestionType.FILL_BLANK, key), solution)


class TestMatch:
    @pytest.mark.parametrize("solution", ["A-2, B-3, C-1", "C → 1; A → 2; B → 3", "A: 2\nB: 3\nC: 1"])
    def test_counts_as_pairs(self, solution: str) -> None:
        assert agrees(match_question(), solution)

    @pytest.mark.parametrize("solution", ["A-1, B-3, C-2", "A-2, B-3", "2, 3, 1", "unknown"])
    def test_needs_every_pair(self, solution: str) -> None:
        assert not agrees(match_question(), solution)


class TestFinding:
    @pytest.mark.parametrize(
        ("solved", "key"),
        [
            (choice_question(kind=QuestionType.MULTI_SELECT, right=("C", "A")), "A, C"),
            (match_question(), "A-2, B-3, C-1"),
            (numerical("8 m"), "8 m"),
        ],
    )
    def test_names_both_answers(self, solved: QuestionDraft, key: str) -> None:
        found = disagreement(solved, "unknown", "A length is missing.")

        assert found.message == f"the key says {key}, a second solution says unknown: A length is missing."
        assert found.severity == "review"

    def test_is_found_again_in_a_stored_report_and_no_other(self) -> None:
        others = [Finding("MARKS", "marks", "must be 1."), no_solution("The server was down.")]
        mine = disagreement(numerical("8 m"), "9 m", "It is so.")
        report = Judgement((), 1.0, "").adding([*others, mine]).report()

        assert opinions_in(report) == [others[1], mine]

    @pytest.mark.parametrize("report", [None, {}, {"findings": []}])
    def test_stands_in_no_empty_report(self, report: dict[str, Any] | None) -> None:
        assert opinions_in(report) == []


class TestEssay:
    @pytest.mark.parametrize("kind", [QuestionType.SHORT_ANSWER, QuestionType.LONG_ANSWER, QuestionType.CASE_STUDY])
    def test_is_not_compared(self, kind: QuestionType) -> None:
        assert not compared(of_kind(kind, "Because."))
