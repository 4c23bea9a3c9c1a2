"""The gates: what a draft must be before it is stored."""

from __future__ import annotations

from typing import Any

import pytest

from factories import answer, chapter, choice_question, match_question, question, topic
from hydrateall.curriculum.enums import DifficultyLevel, QuestionType
from hydrateall.curriculum.schemas import ChaptersDraft, NoteDraft, QuestionDraft, QuestionSetDraft, TopicsDraft
from hydrateall.validation.service import (
    Context,
    Finding,
    check_chapters,
    check_topics,
    default_rulebook,
    judge_questions,
    read_draft,
    sentences,
)

EASY, MEDIUM, HARD = DifficultyLevel


def codes(*questions: QuestionDraft, difficulty: DifficultyLevel = EASY, **changes: Any) -> list[str]:
    return [finding.code for finding in check(*questions, difficulty=difficulty, **changes)]


def check(*questions: QuestionDraft, difficulty: DifficultyLevel = EASY, **changes: Any) -> list[Finding]:
    given = {"count": len(questions), "avoid": [], "context": Context("en", "8", "SCIENCE"), **changes}
    draft = QuestionSetDraft(questions=list(questions))
    return judge_questions(draft, rules=default_rulebook(), difficulty=difficulty, **given).errors


def answered(difficulty: DifficultyLevel, **changes: Any) -> QuestionDraft:
    return question(difficulty, correct=answer(difficulty, **changes))


class TestAnswerCompleteness:
    @pytest.mark.parametrize("difficulty", DifficultyLevel)
    def test_accepts_the_smallest_complete_answer(self, difficulty: DifficultyLevel) -> None:
        assert codes(answered(difficulty), difficulty=difficulty) == []

    @pytest.mark.parametrize(
        ("difficulty", "field"),
        [
            (EASY, "answer"),
            (EASY, "explanation"),
            (MEDIUM, "solution_steps"),
            (HARD, "direct_answer"),
        ],
    )
    def test_asks_for_what_the_difficulty_needs(self, difficulty: DifficultyLevel, field: str) -> None:
        [finding] = check(answered(difficulty, **{field: None}), difficulty=difficulty)

        assert finding.code == "ANSWER_INCOMPLETE"
        assert field in finding.message

    @pytest.mark.parametrize("difficulty", DifficultyLevel)
    @pytest.mark.parametrize("empty", ["null", "NULL", "None", "n/a", "undefined", "TBD", "-"])
    def test_takes_a_word_for_nothing_as_nothing(self, difficulty: DifficultyLevel, empty: str) -> None:
        assert "ANSWER_INCOMPLETE" in codes(answered(difficulty, final_answer=empty), difficulty=difficulty)

    @pytest.mark.parametrize("steps", [[], ["null"], ["Take two.", ""]])
    def test_takes_a_list_with_nothing_in_it_as_nothing(self, steps: list[str]) -> None:
        drafted = answered(MEDIUM)
        drafted.correct_answer.solution_steps = steps

        assert "ANSWER_INCOMPLETE" in codes(drafted, difficulty=MEDIUM)

    @pytest.mark.parametrize(
        "either",
        [
            {"scientific_explanation": "Addition counts on.", "solution_steps": None},
            {"scientific_explanation": None, "solution_steps": ["Take two.", "Add two."]},
            {"discussion": "A common slip.", "key_takeaway": None},
            {"discussion": None, "key_takeaway": "Addition commutes."},
        ],
    )
    def test_takes_either_field_where_one_of_two_is_enough(self, either: dict[str, Any]) -> None:
        assert codes(answered(HARD, **either), difficulty=HARD) == []

    @pytest.mark.parametrize(
        ("neither", "named"),
        [
            ({"scientific_explanation": None, "solution_steps": None}, "scientific_explanation or solution_steps"),
            ({"discussion": None, "key_takeaway": None}, "discussion or key_takeaway"),
        ],
    )
    def test_asks_for_one_of_two_where_both_are_missing(self, neither: dict[str, Any], named: str) -> None:
        [finding] = check(answered(HARD, **neither), difficulty=HARD)

        assert named in finding.message

    def test_finds_a_needless_field_that_says_null(self) -> None:
        [finding] = check(answered(EASY, discussion="null"))

        assert (finding.code, finding.field) == ("ANSWER_EMPTY", "correctAnswer.discussion")

    def test_accepts_a_numeric_answer_of_zero(self) -> None:
        assert codes(answered(EASY, final_answer="0")) == []


class TestChoices:
    @pytest.mark.parametrize(
        ("kind", "right"),
        [
            (QuestionType.MCQ, ("C",)),
            (QuestionType.MULTI_SELECT, ("A", "C")),
            (QuestionType.MULTI_SELECT, ("A", "B", "D")),
        ],
    )
    def test_are_accepted_when_well_formed(self, kind: QuestionType, right: tuple[str, ...]) -> None:
        assert codes(choice_question(kind=kind, right=right)) == []

    @pytest.mark.parametrize("texts", [("two", "three", "four"), ("two", "three", "four", "five", "six"), ()])
    def test_must_be_four(self, texts: tuple[str, ...]) -> None:
        assert "OPTION_COUNT" in codes(choice_question(texts=texts))

    @pytest.mark.parametrize("twin", ["two", "TWO", " two. ", "two;", "ｔｗｏ"])
    def test_must_differ_in_more_than_spelling(self, twin: str) -> None:
        assert codes(choice_question(texts=("two", twin, "four", "five"))) == ["OPTION_DUPLICATE"]

    def test_must_be_lettered_in_order(self) -> None:
        drafted = choice_question()
        drafted.options.reverse()

        assert "OPTION_COUNT" in codes(drafted)

    @pytest.mark.parametrize("right", [(), ("A", "B"), ("E",)])
    def test_have_exactly_one_key(self, right: tuple[str, ...]) -> None:
        assert codes(choice_question(right=right)) == ["KEY_COUNT"]

    @pytest.mark.parametrize("right", [("A",), ("A", "B", "C", "D"), ("A", "A")])
    def test_of_a_multi_select_have_two_or_three_keys(self, right: tuple[str, ...]) -> None:
        assert codes(choice_question(kind=QuestionType.MULTI_SELECT, right=right)) == ["KEY_COUNT"]

    @pytest.mark.parametrize("final", ["A", "four", "C) four"])
    def test_have_their_key_as_final_answer(self, final: str) -> None:
        assert codes(choice_question(right=("C",), final=final)) == ["KEY_MISMATCH"]

    def test_of_other_types_are_not_looked_at(self) -> None:
        assert codes(question(kind=QuestionType.SHORT_ANSWER)) == []


class TestMatch:
    def test_is_accepted_when_every_entry_has_one_partner(self) -> None:
        assert codes(match_question()) == []

    @pytest.mark.parametrize(
        "pairs",
        [
            (),
            (("A", "1"), ("B", "2")),
            (("A", "1"), ("B", "1"), ("C", "3")),
            (("A", "1"), ("A", "2"), ("C", "3")),
            (("A", "1"), ("B", "2"), ("C", "9")),
            (("A", "1"), ("B", "2"), ("C", "3"), ("C", "3")),
        ],
    )
    def test_is_refused_when_an_entry_has_none_or_two(self, pairs: tuple[tuple[str, str], ...]) -> None:
        assert codes(match_question(pairs)) == ["MATCH_PAIRS"]

    def test_needs_columns(self) -> None:
        drafted = match_question()
        drafted.match_columns = None

        assert codes(drafted) == ["MATCH_COLUMNS"]


class TestSet:
    def test_has_exactly_as_many_as_were_asked_for(self) -> None:
        [finding] = check(question(), count=2)

        assert str(finding) == "questions: must be exactly 2, not 1."

    def test_has_the_difficulty_that_was_asked_for(self) -> None:
        assert codes(question(EASY), difficulty=MEDIUM) == ["DIFFICULTY"]

    def test_repeats_no_question_of_its_own(self) -> None:
        [finding] = check(question(text="What is two?"), question(text=" what is  TWO? "))

        assert (finding.code, finding.item) == ("REPEATED", 2)

    def test_repeats_no_question_that_exists(self) -> None:
        assert codes(question(text="What is two?"), avoid=["What is two?"]) == ["REPEATED"]

    def test_may_ask_the_same_of_another_scenario(self) -> None:
        first, second = (question(text="Why does it rust?", scenario=place) for place in ("At sea.", "In a desert."))

        assert codes(first, second) == []

    @pytest.mark.parametrize("text", ["null", "-", "N/A"])
    def test_has_no_question_without_text(self, text: str) -> None:
        assert codes(question(text=text)) == ["TEXT_EMPTY"]

    def test_numbers_its_findings_by_question(self) -> None:
        found = check(question(text="One?"), answered(EASY, explanation=None))

        assert sentences(found)[0].startswith("item 2, correctAnswer: needs explanation at difficulty easy")


class TestOutlines:
    def test_titles_are_those_of_the_outline(self) -> None:
        draft = TopicsDraft(topics=[topic(1, "Ohm's Law"), topic(2, "Power")])

        [finding] = check_topics(draft, numbers=[1, 2], titles=["Ohm's law", "Electric power"])

        assert (finding.code, finding.item) == ("TITLE_CHANGED", 2)
        assert "'Electric power'" in finding.message

    def test_titles_of_a_proposal_are_free_but_distinct(self) -> None:
        free = ChaptersDraft(chapters=[chapter(1, "Light"), chapter(2, "Sound")])
        twins = ChaptersDraft(chapters=[chapter(1, "Light"), chapter(2, "light.")])

        assert check_chapters(free, numbers=[1, 2], titles=None) == []
        assert [each.code for each in check_chapters(twins, numbers=[1, 2], titles=None)] == ["TITLE_DUPLICATE"]

    @pytest.mark.parametrize("numbers", [[1], [1, 2, 3], [2, 1], [2, 3]])
    def test_numbers_are_exactly_those_asked_for(self, numbers: list[int]) -> None:
        draft = ChaptersDraft(chapters=[chapter(1), chapter(2)])

        assert [each.code for each in check_chapters(draft, numbers=numbers, titles=None)] == ["COUNT"]


class TestReadDraft:
    def test_returns_what_fits_the_schema(self) -> None:
        draft, findings = read_draft(NoteDraft, '{"content": "## Light"}')

        assert draft == NoteDraft(content="## Light")
        assert findings == []

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('{"content": "  "}', "content: String should have at least 1 character"),
            ('{"content": null}', "content: Input should be a valid string"),
            ('{"content": "x", "title": "y"}', "title: Extra inputs are not permitted"),
            ("no JSON", "answer: Invalid JSON"),
            ("", "answer: Invalid JSON"),
            ("[]", "answer: Input should be an object"),
        ],
    )
    def test_says_where_the_answer_leaves_the_schema(self, text: str, said: str) -> None:
        draft, findings = read_draft(NoteDraft, text)

        assert draft is None
        assert sentences(findings)[0].startswith(said)

    def test_numbers_items_from_one(self) -> None:
        _, findings = read_draft(QuestionSetDraft, '{"questions": [{}]}')

        assert findings[0].field.startswith("questions.1.")

    def test_does_not_flood_the_next_prompt(self) -> None:
        _, findings = read_draft(QuestionSetDraft, '{"questions": [' + ",".join(["{}"] * 20) + "]}")

        assert len(findings) == 20
