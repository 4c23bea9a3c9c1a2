"""What a person may ask for: the trigger form, the settings, and the sentences for what cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hydrateall.core.errors import UsageError
from hydrateall.core.settings import load_settings
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.hydration.schemas import HydrateRequest, LevelProgress, QuestionCounts
from hydrateall.hydration.tasks import request_of

PARAMS = {"board": "CBSE", "grade": "10", "subject": "SCIENCE", "language": "en"}
FORM = {
    **PARAMS,
    "notes": True,
    "questions": True,
    "chapter_limit": None,
    "easy_questions": 5,
    "medium_questions": 3,
    "hard_questions": 2,
    "max_cost_usd": None,
    "dry_run": False,
    "second_opinion": False,
    "job_id": None,
}


class TestTriggerForm:
    def test_left_as_it_is_asks_for_the_defaults(self) -> None:
        assert request_of(FORM) == HydrateRequest(board_code="CBSE", grade="10", subject_code="SCIENCE")

    def test_may_leave_everything_out_but_the_subject(self) -> None:
        assert request_of({"board": "CBSE", "grade": "10", "subject": "SCIENCE"}) == request_of(FORM)

    def test_is_read_field_by_field(self) -> None:
        filled = {
            "notes": False,
            "questions": True,
            "chapter_limit": 3,
            "easy_questions": 1,
            "hard_questions": 0,
            "max_cost_usd": 2.5,
            "dry_run": True,
            "second_opinion": True,
        }

        options = request_of({**FORM, **filled}).options

        assert (options.generate_notes, options.generate_questions) == (False, True)
        assert (options.chapter_limit, options.dry_run, options.second_opinion) == (3, True, True)
        assert options.question_counts == QuestionCounts(easy=1, medium=3, hard=0)
        assert options.max_cost_usd == Decimal("2.5")

    def test_takes_a_grade_that_is_a_number(self) -> None:
        assert request_of({**PARAMS, "grade": 10}).grade == "10"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"colour": "red"}, "colour"),
            ({"boardCode": "CBSE"}, "boardCode"),
            ({"easy_questions": -1}, "options.questionCounts.easy"),
            ({"hard_questions": 51}, "options.questionCounts.hard"),
            ({"medium_questions": 2.5}, "options.questionCounts.medium"),
            ({"medium_questions": "many"}, "options.questionCounts.medium"),
            ({"grade": 10.5}, "grade"),
            ({"grade": ""}, "grade"),
            ({"language": "ta"}, "language"),
            ({"board": ""}, "boardCode"),
            ({"chapter_limit": 0}, "options.chapterLimit"),
            ({"chapter_limit": -3}, "options.chapterLimit"),
            ({"max_cost_usd": 0}, "options.maxCostUsd"),
            ({"max_cost_usd": -1}, "options.maxCostUsd"),
            ({"max_cost_usd": "much"}, "options.maxCostUsd"),
            ({"notes": "perhaps"}, "options.generateNotes"),
        ],
    )
    def test_names_the_field_at_fault(self, wrong: dict[str, Any], field: str) -> None:
        with pytest.raises(UsageError) as refused:
            request_of({**PARAMS, **wrong})

        assert refused.value.field == field
        assert str(refused.value).startswith(f"The param {field} is not usable: ")
        assert (refused.value.status, refused.value.exit_code) == (422, 2)

    @pytest.mark.parametrize("missing", ["board", "grade", "subject"])
    def test_asks_for_what_is_missing(self, missing: str) -> None:
        with pytest.raises(UsageError, match="Field required"):
            request_of({key: value for key, value in PARAMS.items() if key != missing})


class TestQuestionCounts:
    def test_want_only_what_is_asked_for(self) -> None:
        counts = QuestionCounts(easy=5, medium=0, hard=2)

        assert counts.wanted() == {DifficultyLevel.EASY: 5, DifficultyLevel.HARD: 2}
        assert counts.total == 7


class TestLevelProgress:
    @pytest.mark.parametrize(
        ("completed", "expected", "percent"), [(0, 0, 100.0), (0, 4, 0.0), (1, 4, 25.0), (4, 4, 100.0), (5, 4, 100.0)]
    )
    def test_is_never_above_a_hundred(self, completed: int, expected: int, percent: float) -> None:
        assert LevelProgress(completed=completed, expected=expected).percent == percent


class TestSettings:
    def test_have_a_default_each(self) -> None:
        assert load_settings().model_provider == "offline"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("MODEL_PROVIDER", "magic"),
            ("MAX_IN_FLIGHT", "0"),
            ("MAX_IN_FLIGHT", "many"),
            ("LEASE_SECONDS", "-1"),
            ("TEMPERATURE", "0.9"),
            ("OFFLINE_FAILURE_RATE", "1.5"),
            ("EASY_QUESTIONS", "-1"),
            ("MAX_COST_USD", "0"),
        ],
    )
    def test_that_are_not_usable_are_named_in_a_sentence(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(f"HYDRATEALL_{name}", value)

        with pytest.raises(UsageError, match=f"^The setting HYDRATEALL_{name} is not usable: ") as refused:
            load_settings()

        assert refused.value.exit_code == 2
        assert refused.value.remedy == f"Correct or unset HYDRATEALL_{name}."

    def test_come_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HYDRATEALL_MAX_COST_USD", "1.25")

        assert load_settings().max_cost_usd == Decimal("1.25")

    def test_never_show_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HYDRATEALL_OPENAI_API_KEY", "sk-secret")
        monkeypatch.setenv("HYDRATEALL_AIRFLOW_PASSWORD", "hunter2")

        shown = f"{load_settings()!r}{load_settings()}"

        assert "sk-secret" not in shown
        assert "hunter2" not in shown
