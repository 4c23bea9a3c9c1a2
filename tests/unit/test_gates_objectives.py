"""Gates on what a question is for, on markup that no page shows, and on what a topic builds on."""

from __future__ import annotations

import pytest

from factories import question, topic
from hydrateall.curriculum.enums import BloomLevel, DifficultyLevel
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft, QuestionSetDraft, TopicsDraft
from hydrateall.validation.service import (
    Context,
    Finding,
    Judgement,
    check_topics,
    default_rulebook,
    judge_note,
    judge_question,
    judge_questions,
)

RULES = default_rulebook()
GOALS = ("State Ohm's law and use it", "Explain what a fuse does")
ABOUT_OHM = Context("en", "10", "SCIENCE", GOALS)
EASY = DifficultyLevel.EASY


def judged(drafted: QuestionDraft, context: Context = ABOUT_OHM) -> list[str]:
    found = judge_question(drafted, rules=RULES, context=context).findings
    return [f"{finding.code} {finding.severity}" for finding in found]


def aimed(*objectives: str) -> list[list[str]]:
    """The codes of each question of a set whose questions test these objectives."""
    texts = ("Why does a fuse melt?", "What is current?", "Name its unit.", "Define resistance.")
    drafted = [question(text=text, learning_objective=goal) for text, goal in zip(texts, objectives, strict=False)]
    found = judge_questions(
        QuestionSetDraft(questions=drafted),
        rules=RULES,
        context=Context("en", "10", "SCIENCE"),
        count=len(drafted),
        difficulty=EASY,
        avoid=[],
        objectives=GOALS,
    )
    return [[finding.code for finding in each.findings] for each in found.items]


class TestBloomLevel:
    @pytest.mark.parametrize(
        ("difficulty", "level", "fits"),
        [
            ("easy", "REMEMBER", True),
            ("easy", "APPLY", True),
            ("easy", "ANALYZE", False),
            ("medium", "REMEMBER", False),
            ("medium", "APPLY", True),
            ("medium", "CREATE", False),
            ("hard", "UNDERSTAND", False),
            ("hard", "APPLY", True),
            ("hard", "CREATE", True),
        ],
    )
    def test_goes_with_the_difficulty(self, difficulty: str, level: str, fits: bool) -> None:
        drafted = question(DifficultyLevel(difficulty), bloom_taxonomy_level=BloomLevel(level))

        assert judged(drafted, Context("en", "10", "SCIENCE")) == ([] if fits else ["BLOOM_LEVEL review"])


class TestLearningObjective:
    @pytest.mark.parametrize("given", ["State Ohm's law and use it", " state Ohm's  law and use it."])
    def test_is_one_of_the_topic(self, given: str) -> None:
        assert judged(question(learning_objective=given)) == []

    def test_in_other_words_is_advice(self) -> None:
        assert judged(question(learning_objective="Use Ohm's law")) == ["OBJECTIVE_REWORDED advice"]

    @pytest.mark.parametrize("given", ["Draw the structure of a cell", "प्रकाश का परावर्तन समझाना"])
    def test_of_another_topic_is_for_a_person(self, given: str) -> None:
        assert judged(question(learning_objective=given)) == ["OBJECTIVE_FOREIGN review"]

    def test_is_compared_in_hindi_too(self) -> None:
        hindi = Context("hi", "10", "SCIENCE", ("ओम का नियम बताना और उसका उपयोग करना",))
        goal = "ओम के नियम का उपयोग करना"

        found = judge_question(question(learning_objective=goal), rules=RULES, context=hindi).findings

        assert "OBJECTIVE_REWORDED" in [finding.code for finding in found]

    def test_is_not_looked_at_where_the_topic_has_none(self) -> None:
        assert judged(question(learning_objective="Anything"), Context("en", "10", "SCIENCE")) == []


class TestCoverage:
    def test_is_complete_when_each_objective_is_tested(self) -> None:
        assert aimed(GOALS[0], GOALS[1], GOALS[0]) == [[], [], []]

    def test_is_advice_to_those_that_repeat_one_while_another_is_left(self) -> None:
        assert aimed(GOALS[0], GOALS[0], GOALS[0]) == [[], ["OBJECTIVE_UNTESTED"], ["OBJECTIVE_UNTESTED"]]

    def test_cannot_be_asked_of_fewer_questions_than_objectives(self) -> None:
        assert aimed(GOALS[1]) == [[]]


class TestMarkup:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script> What is current?",
            'Look at <img src="x" onerror="alert(1)"> and say what it shows.',
            "Read [this](javascript:alert(1)) first. What is current?",
            "![circuit](https://example.org/circuit.png) What is current?",
        ],
    )
    def test_that_no_page_shows_is_refused(self, text: str) -> None:
        assert "UNSAFE_MARKUP error" in judged(question(text=text), Context("en", "10", "SCIENCE"))

    @pytest.mark.parametrize(
        "text", ["Is 2 < 3 and 5 > 4?", "For $a<b$, which is larger?", "What does `<b>` mean?", "When x<y, what is y?"]
    )
    def test_of_mathematics_and_code_is_none(self, text: str) -> None:
        assert judged(question(text=text), Context("en", "10", "SCIENCE")) == []

    def test_is_found_in_notes(self) -> None:
        lesson = NoteDraft(content="Current flows in a circuit. " * 200 + "<iframe src='//example.org'></iframe>")

        found: Judgement = judge_note(lesson, rules=RULES, context=Context("en", "10", "SCIENCE"))

        assert [finding.rule for finding in found.errors] == ["note_markup"]


class TestPrerequisites:
    def check(self, *prerequisites: list[str], existing: tuple[str, ...] = ()) -> list[Finding]:
        topics = [
            topic(number, title).model_copy(update={"prerequisite_topics": wanted})
            for number, (title, wanted) in enumerate(zip(("Charge", "Current", "Power"), prerequisites, strict=True), 1)
        ]
        return check_topics(TopicsDraft(topics=topics), numbers=[1, 2, 3], titles=None, existing=existing)

    def test_are_earlier_topics(self) -> None:
        assert self.check([], ["charge"], ["Charge", "Current."]) == []

    def test_may_be_topics_that_exist(self) -> None:
        assert self.check(["Static electricity"], [], [], existing=("Static electricity",)) == []

    @pytest.mark.parametrize("wanted", ["Current", "Power"])
    def test_are_not_the_topic_itself_or_a_later_one(self, wanted: str) -> None:
        [finding] = self.check([], [wanted], [])

        assert (finding.code, finding.item) == ("PREREQUISITE_ORDER", 2)
        assert repr(wanted) in finding.message

    def test_form_no_cycle(self) -> None:
        assert [each.item for each in self.check(["Power"], ["Charge"], ["Current"])] == [1]

    def test_are_topics_of_the_chapter(self) -> None:
        [finding] = self.check([], ["Photosynthesis"], [])

        assert (finding.code, finding.severity) == ("PREREQUISITE_UNKNOWN", "error")
