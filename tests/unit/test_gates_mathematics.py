"""Gates that calculate: values, units, equal options, worked steps, final answers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from factories import answer, choice_question, question
from hydrateall.curriculum.enums import DifficultyLevel, QuestionType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.calculations import correct_arithmetic
from hydrateall.validation.expressions import Unreadable, evaluate
from hydrateall.validation.keys import distinct_as_mathematics
from hydrateall.validation.numericals import final_value
from hydrateall.validation.quantities import canonical
from hydrateall.validation.schemas import Context, QuestionItem
from hydrateall.validation.tokens import tokens
from hydrateall.validation.units import unit


def item(drafted: QuestionDraft) -> QuestionItem:
    return QuestionItem(drafted, Context("en", "10", "SCIENCE"))


def solved(*steps: str, final: str = "4", **changes: Any) -> QuestionItem:
    correct = answer(DifficultyLevel.MEDIUM, solution_steps=list(steps), final_answer=final, **changes)
    return item(question(DifficultyLevel.MEDIUM, kind=QuestionType.NUMERICAL, correct=correct))


def arithmetic(*steps: str) -> list[str]:
    return [finding.code for finding in correct_arithmetic(solved(*steps)) if finding.severity == "error"]


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2 + 3 × 4", 14),
            (r"$\frac{1}{2} \times 8$", 4),
            (r"$2(-2)^2 + 3$", 11),
            (r"$\sqrt{41^2 - 9^2}$", 40),
            (r"$\sin 30^\circ$", 0.5),
            (r"$3 \times 10^{-2}$", 0.03),
            ("1,00,000 ÷ 4", 25000),
            ("5²", 25),
        ],
    )
    def test_are_computed(self, text: str, value: float) -> None:
        assert math.isclose(evaluate(tokens(text)), value)

    @pytest.mark.parametrize(
        "text",
        [
            "__import__('os')",
            "2 3",
            r"$2\frac{1}{2}$",
            "9^999999",
            "9^9^9^9",
            "1/0",
            "(" * 60 + "1" + ")" * 60,
            "+".join("1" * 200),
        ],
    )
    def test_are_refused_when_doubtful_or_too_large(self, text: str) -> None:
        with pytest.raises(Unreadable):
            evaluate(tokens(text))


class TestUnits:
    @pytest.mark.parametrize(("one", "other"), [("m/s²", "m s^-2"), ("N", "kg m/s²"), ("सेमी", "cm"), ("newtons", "N")])
    def test_are_the_same_in_other_spellings(self, one: str, other: str) -> None:
        first, second = unit(one), unit(other)

        assert first
        assert second
        assert (first.dimension, first.factor) == (second.dimension, second.factor)

    @pytest.mark.parametrize("text", ["apples", "", "m/", "m^99"])
    def test_are_not_made_up(self, text: str) -> None:
        assert unit(text) is None


class TestEqualOptions:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("4", "2+2"),
            ("0.5", "1/2"),
            ("0.5", r"$\frac{1}{2}$"),
            ("50%", "0.5"),
            ("$x+x$", "$2x$"),
            ("200 cm", "2 m"),
            (r"$\sqrt{8}$", r"$2\sqrt{2}$"),
            ("$x = 2, y = 3$", "$y = 3, x = 2$"),
            ("2 : 3", "4 : 6"),
        ],
    )
    def test_are_found(self, one: str, other: str) -> None:
        drafted = choice_question(texts=(one, other, "seven", "eight"))

        assert [finding.code for finding in distinct_as_mathematics(item(drafted))] == ["OPTION_EQUAL"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("2, 8, 1", "1, 8, 2"),
            ("2 m", "2 cm"),
            ("$2x$", "$x^2$"),
            ("$AB$", "$BA$"),
            ("−3", "3"),
            ("90°", "90"),
            ("CO", "OC"),
        ],
    )
    def test_are_not_seen_where_they_differ(self, one: str, other: str) -> None:
        assert canonical(one) is None or canonical(one) != canonical(other)

    def test_are_a_matter_for_a_person_where_the_form_is_asked_for(self) -> None:
        drafted = choice_question(texts=(r"$2^3 \times 5^2$", r"$8 \times 25$", "$7$", "$9$"))
        drafted.question_text = "Which of these is the prime factorisation of 200?"

        assert [finding.severity for finding in distinct_as_mathematics(item(drafted))] == ["review"]


class TestArithmetic:
    @pytest.mark.parametrize(
        "step",
        [
            "v = 0 + 0.5 × 5 = 2.5 m/s",
            r"$\frac{240}{3 \times 10} = 8$ m",
            r"$f = \frac{1}{2} = 0.5$ m $= 50$ cm",
            "72 km/h = 72 × 5/18 = 20 m/s",
            "20 m/s × 5 s = 100 m",
            r"$\frac{2}{3} = 0.67$",
            r"$\frac{22}{7} \times 7^2 = 154$ cm²",
            r"$\pi \times 7^2 = 154$",
            "10% of 200 = 20",
            "1 mol = 32 g",
            "37 °C = 310 K",
            "the false statement $0 = 7$",
            "1 crore = 100 lakh",
            r"$a_{15} = 9 + 14 \times 5 = 79$",
            "3/4 × 100 = 75%",
        ],
    )
    def test_is_left_alone_when_right_or_doubtful(self, step: str) -> None:
        assert arithmetic(step) == []

    @pytest.mark.parametrize(
        "step",
        [
            "v = 0 + 0.5 × 5 = 3.5 m/s",
            r"$\frac{240}{3 \times 10} = 9$ m",
            "20 m/s × 5 s = 110 m",
            "2 m + 3 m = 6 m",
            "0.5 m = 5 cm",
        ],
    )
    def test_is_found_when_wrong(self, step: str) -> None:
        assert arithmetic(step) == ["ARITHMETIC"]

    def test_may_not_change_its_unit(self) -> None:
        assert arithmetic("5 m + 3 m = 8 s") == ["UNIT_CHANGED"]

    def test_may_be_wrong_where_a_mistake_is_quoted(self) -> None:
        assert arithmetic("A common slip is to write 2 + 3 = 6.") == []


class TestFinalAnswer:
    @pytest.mark.parametrize(
        ("final", "step"),
        [
            ("8 m", "So the displacement is 8 m."),
            ("8 m", "$s = 2 \\times 4 = 8$ m"),
            ("800 cm", "The height is 8 m."),
            ("$3\\sqrt{7}$", "So the simplest form is $3\\sqrt{7}$."),
            ("(i) 4 cm; (ii) 7 cm", "The sides are 4 cm and 7 cm."),
            ("no real roots", "The discriminant is −4."),
        ],
    )
    def test_is_what_the_steps_end_in(self, final: str, step: str) -> None:
        assert list(final_value(solved("Take two.", step, final=final))) == []

    @pytest.mark.parametrize(
        ("final", "code"),
        [
            ("9 m", "FINAL_MISMATCH"),
            ("8", "UNIT_MISSING"),
            ("8 kg", "UNIT_MISMATCH"),
            ("8 cm", "UNIT_MISMATCH"),
            ("80 m", "FINAL_MISMATCH"),
        ],
    )
    def test_is_refused_when_it_differs(self, final: str, code: str) -> None:
        found = list(final_value(solved("Take two.", "So $s = 2 \\times 4 = 8$ m.", final=final)))

        assert [finding.code for finding in found] == [code]
