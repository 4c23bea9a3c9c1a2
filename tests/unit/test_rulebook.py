"""Rules: read from what is written down, kept in a rulebook, and turned into judgements."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import replace
from typing import Any

import pytest

from factories import choice_question, question
from hydrateall.curriculum.enums import ContentType, DifficultyLevel, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft, QuestionSetDraft
from hydrateall.validation import gates
from hydrateall.validation.definitions import Unfit, default_rulebook, default_rules, read_rule
from hydrateall.validation.gates import GATES, Gate
from hydrateall.validation.rulebook import Rule, Rulebook
from hydrateall.validation.schemas import Context, Finding, Judgement, QuestionItem
from hydrateall.validation.service import judge_note, judge_question, judge_questions, note_words

RULES = default_rulebook()
ENGLISH = Context("en", "10", "SCIENCE")
EASY = DifficultyLevel.EASY


def written(name: str = "note_length_secondary", **changes: Any) -> dict[str, Any]:
    """A default rule with changes; those of the definition by their own name."""
    rule = copy.deepcopy(next(each for each in default_rules() if each["name"] == name))
    definition = {key: value for key, value in changes.items() if key in ("gate", "parameters", "weight", "severity")}
    rule["rule_definition"] |= definition
    return rule | {key: value for key, value in changes.items() if key not in definition}


def problems(**changes: Any) -> list[str]:
    with pytest.raises(Unfit) as refused:
        read_rule(written(**changes))
    return [f"{field}: {sentence}" for field, sentence in refused.value.problems]


def book(*rules: Rule) -> Rulebook:
    """The default rules with some of them replaced."""
    named = {rule.name: rule for rule in (*RULES.rules, *rules)}
    return Rulebook(tuple(named.values()))


def rule(name: str) -> Rule:
    return next(rule for rule in RULES.rules if rule.name == name)


def judge(*questions: QuestionDraft, rules: Rulebook = RULES, count: int | None = None) -> Any:
    draft = QuestionSetDraft.model_construct(questions=list(questions))
    return judge_questions(
        draft, rules=rules, context=ENGLISH, count=count or len(questions), difficulty=EASY, avoid=[]
    )


class TestGates:
    def test_have_each_a_rule_by_default(self) -> None:
        assert {rule.gate for rule in RULES.rules} == set(GATES)

    def test_are_explained_in_a_sentence(self) -> None:
        assert all(gate.explanation.split("\n")[0].endswith(".") for gate in GATES.values())

    def test_keep_their_thresholds_in_their_signature(self) -> None:
        for gate in GATES.values():
            defaults = gate.parameters().model_dump()
            signature = inspect.signature(gate.find).parameters

            assert defaults == {name: each.default for name, each in signature.items() if name in defaults}
            assert len(defaults) == len(signature) - 1

    def test_have_a_rule_for_each_kind_of_content_that_they_judge(self) -> None:
        ruled = {(rule.gate, rule.content_type) for rule in RULES.rules}

        assert ruled == {(gate.name, gates.CONTENT[judged]) for gate in GATES.values() for judged in gate.judges}


class TestRule:
    def test_takes_what_is_not_written_from_its_gate(self) -> None:
        found = read_rule(written(parameters={"most": 1600}))

        assert found.parameters == {"fewest": 800, "most": 1600, "far_below": 0.6, "far_above": 1.25}

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"parameters": {"most": 0}}, "parameters.most: Input should be greater than or equal to 1"),
            ({"parameters": {"most": "many"}}, "parameters.most: Input should be a valid integer"),
            ({"parameters": {"furthest": 1}}, "parameters.furthest: there is no such threshold"),
            ({"parameters": {"fewest": 2000}}, "parameters: fewest (2000) must not be above most (1500)"),
            ({"parameters": []}, "parameters: Input should be a valid"),
            ({"gate": "note_width"}, "gate: there is no gate 'note_width'"),
            ({"severity": "fatal"}, "severity: Input should be 'error', 'review' or 'advice'"),
            ({"weight": 2}, "weight: Input should be less than or equal to 1"),
            ({"grade_range": "5-1"}, "grade_range: '5-1' is no range of grades"),
            ({"grade_range": "9-13"}, "grade_range: '9-13' is no range of grades"),
            ({"grade_range": "high"}, "grade_range: 'high' is no range of grades"),
            ({"difficulty_level": "hardest"}, "difficulty_level: Input should be 'easy', 'medium' or 'hard'"),
            ({"rule_definition": "note_length"}, "rule_definition: Input should be a valid dictionary"),
            ({"colour": "red"}, "colour: there is no such field"),
            (
                {"content_type": ContentType.QUESTION},
                "content_type: note_length judges a note, not a question",
            ),
        ],
    )
    def test_that_does_not_fit_is_refused_with_the_field(self, changes: dict[str, Any], named: str) -> None:
        [problem] = problems(**changes)

        assert problem.startswith(named)

    def test_names_every_field_at_fault(self) -> None:
        assert len(problems(parameters={"most": 0, "furthest": 1}, weight=2, grade_range="x")) == 4

    def test_holds_bands_in_order(self) -> None:
        [problem] = problems(name="marks_and_minutes", parameters={"easy_marks": [3, 1]})

        assert problem.startswith("parameters.easy_marks: the first number must be")

    def test_counts_the_entries_of_a_list_from_one(self) -> None:
        [problem] = problems(name="bloom_level", parameters={"easy": ["REMEMBER", "GUESS"]})

        assert problem.startswith("parameters.easy.2: ")


class TestRulebook:
    def test_survives_pickling(self) -> None:
        RULES.checks("question", grade="10", difficulty=EASY)

        copied = pickle.loads(pickle.dumps(RULES))

        assert copied == RULES
        assert copied.fingerprint == RULES.fingerprint

    @pytest.mark.parametrize(
        ("grade", "words"),
        [
            ("1", (400, 800)),
            ("5", (400, 800)),
            ("6", (600, 1200)),
            ("8", (600, 1200)),
            ("9", (800, 1500)),
            ("12", (800, 1500)),
            ("Foundation", (800, 1500)),
        ],
    )
    def test_knows_the_length_of_a_note(self, grade: str, words: tuple[int, int]) -> None:
        assert note_words(RULES, grade) == words

    def test_knows_a_length_even_where_no_rule_asks_for_one(self) -> None:
        assert note_words(Rulebook(()), "7") == (600, 1200)

    def test_applies_a_rule_to_its_grades_and_difficulty_only(self) -> None:
        hard = replace(rule("way_out"), difficulty=DifficultyLevel.HARD, grades=(9, 10))

        chosen = {
            (grade, difficulty)
            for grade in ("8", "9", "10", "11")
            for difficulty in DifficultyLevel
            if Rulebook((hard,)).checks("question", grade=grade, difficulty=difficulty)
        }

        assert chosen == {("9", "hard"), ("10", "hard")}

    @pytest.mark.parametrize(
        "change", [{"version": 2}, {"weight": 0.9}, {"severity": "advice"}, {"parameters": {"key_letters": 9}}]
    )
    def test_has_another_fingerprint_when_a_rule_changes(self, change: dict[str, Any]) -> None:
        changed = book(replace(rule("giveaway"), **change))

        assert changed.fingerprint != RULES.fingerprint
        assert len(changed.fingerprint) == 12

    def test_has_the_same_fingerprint_in_whatever_order(self) -> None:
        assert Rulebook(tuple(reversed(RULES.rules))).fingerprint == RULES.fingerprint


class TestJudgement:
    def test_of_a_clean_question_is_full_marks(self) -> None:
        found = judge_question(question(), rules=RULES, context=ENGLISH)

        assert (found.findings, found.score, found.status) == ((), 1.0, ValidationStatus.VALIDATED)

    def test_names_the_rule_and_its_version(self) -> None:
        rules = book(replace(rule("way_out"), version=3))

        [finding] = judge_question(
            choice_question(texts=("two", "three", "four", "All of these")), rules=rules, context=ENGLISH
        ).findings

        assert (finding.code, finding.rule, finding.rule_version) == ("WAY_OUT", "way_out", 3)

    def test_takes_the_weight_of_each_rule_from_the_score_once(self) -> None:
        twice = choice_question(texts=("two", "None of these", "four", "All of these"))

        found = judge_question(twice, rules=RULES, context=ENGLISH)

        assert len(found.findings) == 2
        assert found.score == round(1 - rule("way_out").weight, 3)

    def test_never_scores_below_nothing(self) -> None:
        heavy = Rulebook(tuple(replace(rule, weight=1.0) for rule in RULES.rules))
        wrong = choice_question(texts=("two", "TODO", "two"), right=("A", "B"))

        assert judge_question(wrong, rules=heavy, context=ENGLISH).score == 0

    @pytest.mark.parametrize("severity", ["error", "review", "advice"])
    def test_counts_a_finding_as_its_rule_says(self, severity: Any) -> None:
        rules = book(replace(rule("way_out"), severity=severity))

        found = judge_question(
            choice_question(texts=("two", "three", "four", "All of these")), rules=rules, context=ENGLISH
        )

        assert [finding.severity for finding in found.findings] == [severity]
        assert bool(found.errors) is (severity == "error")
        assert found.reasons == (["WAY_OUT"] if severity == "review" else [])
        assert (found.status is ValidationStatus.PENDING) is (severity == "review")

    def test_asks_no_rule_that_is_not_in_the_book(self) -> None:
        rules = Rulebook(tuple(each for each in RULES.rules if each.name != "way_out"))

        found = judge_question(
            choice_question(texts=("two", "three", "four", "All of these")), rules=rules, context=ENGLISH
        )

        assert found.findings == ()

    def test_is_reported_in_plain_json(self) -> None:
        found = judge_question(
            choice_question(texts=("two", "three", "four", "All of these")), rules=RULES, context=ENGLISH
        )

        assert found.report() == {
            "rulebook": RULES.fingerprint,
            "score": 0.7,
            "findings": [
                {
                    "code": "WAY_OUT",
                    "field": "options.D",
                    "severity": "error",
                    "message": "(All of these) is no choice of its own; write a real one.",
                    "rule": "way_out",
                    "ruleVersion": 1,
                }
            ],
        }

    def test_takes_in_what_was_found_elsewhere(self) -> None:
        twin = Finding("DUPLICATE", "questionText", "repeats question 3.", severity="review")

        found = Judgement((), 1.0, RULES.fingerprint).adding([twin])

        assert (found.doubts, found.reasons, found.score) == ((twin,), ["DUPLICATE"], 0.8)

    def test_of_a_note_takes_in_what_is_near(self) -> None:
        near = Finding("DUPLICATE", "content", "repeats another note.", severity="review")
        lesson = NoteDraft(content="Plants make food. " * 300)

        found = judge_note(lesson, rules=RULES, context=ENGLISH, near=[near])

        assert found.reasons == ["DUPLICATE"]

    def test_of_one_question_asks_for_its_difficulty_only_if_told(self) -> None:
        assert judge_question(question(), rules=RULES, context=ENGLISH).errors == ()
        [error] = judge_question(question(), rules=RULES, context=ENGLISH, difficulty=DifficultyLevel.HARD).errors
        assert error.code == "DIFFICULTY"


class TestSetJudgement:
    @pytest.mark.parametrize(("count", "said"), [(3, "must be exactly 3, not 2."), (1, "must be exactly 1, not 2.")])
    def test_says_how_many_were_expected(self, count: int, said: str) -> None:
        found = judge(question(text="One?"), question(text="Two?"), count=count)

        assert [(each.code, each.message) for each in found.whole] == [("COUNT", said)]
        assert len(found.items) == 2

    def test_judges_each_item_by_itself(self) -> None:
        found = judge(question(text="One?"), question(text="null"), question(text="Three?"))

        assert [bool(each.errors) for each in found.items] == [False, True, False]
        assert [each.item for each in found.errors] == [2]

    def test_gives_advice_to_the_items_that_share_the_place_of_the_key(self) -> None:
        same = [choice_question(right=("C",), texts=(f"{n}", "three", "four", "five")) for n in (6, 7, 8, 9)]
        for number, each in enumerate([*same, other := choice_question(right=("A",))], 1):
            each.question_text = f"What is question {'ABCDE'[number - 1]}?"

        found = judge(*same, other)

        codes = [[finding.code for finding in each.findings] for each in found.items]
        assert ["KEY_POSITION" in each for each in codes] == [True] * 4 + [False]
        assert all(each.doubts == () for each in found.items)

    def test_of_an_empty_set_is_empty(self) -> None:
        draft = QuestionSetDraft.model_construct(questions=[])

        found = judge_questions(draft, rules=RULES, context=ENGLISH, count=0, difficulty=EASY, avoid=[])

        assert (found.items, found.whole) == ((), ())


class TestBrokenGate:
    def test_is_named_for_a_person_and_blocks_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_way_out(_: QuestionItem) -> list[Finding]:
            raise RuntimeError("no such table")

        monkeypatch.setitem(GATES, "no_way_out", Gate(no_way_out, ("question",)))

        found = judge_question(question(text="null"), rules=Rulebook(RULES.rules), context=ENGLISH)

        assert sorted((finding.code, finding.severity) for finding in found.findings) == [
            ("GATE_BROKEN", "review"),
            ("TEXT_EMPTY", "error"),
        ]
        [broken] = found.doubts
        assert "the gate no_way_out of the rule way_out broke (RuntimeError: no such table)" in broken.message
        assert found.score == 0.3
