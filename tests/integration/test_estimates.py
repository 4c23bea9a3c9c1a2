"""Estimates: what a hydration will do and cost, from the outline, prices, and what past calls really used."""

from __future__ import annotations

from typing import Any

import pytest

from factories import FakeClock, ScriptedModel, cascade, request, settings_for_tests, submit
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration import service
from hydrateall.hydration.schemas import Estimates

SCIENCE_10 = {"grade": "10", "subject_code": "SCIENCE", "question_counts": {"easy": 5, "medium": 3, "hard": 2}}
FULL = {"question_counts": {"easy": 5, "medium": 3, "hard": 2}}


@pytest.fixture
def settings() -> Settings:
    """A provider that costs money; it is never called, for an estimate needs no call."""
    return settings_for_tests(model_provider="openai", openai_model="gpt-4o-mini", openai_api_key="sk-test")


def estimates(runtime: Runtime, **asked: Any) -> Estimates:
    with runtime.database.transaction() as session:
        return service.prospect(session, request(**asked), settings=runtime.settings, now=runtime.now()).estimates


class TestEstimate:
    def test_counts_what_the_outline_holds(self, runtime: Runtime) -> None:
        found = estimates(runtime, **SCIENCE_10)

        assert found.total_chapters == 13
        assert found.estimated_notes == found.estimated_topics
        assert found.estimated_questions == 10 * found.estimated_topics
        assert found.estimated_calls == 1 + 13 + 4 * found.estimated_topics

    def test_counts_the_default_sizes_without_an_outline(self, runtime: Runtime) -> None:
        found = estimates(runtime, **FULL)

        assert (found.total_chapters, found.estimated_topics, found.estimated_questions) == (2, 4, 40)

    def test_costs_and_takes_something(self, runtime: Runtime) -> None:
        found = estimates(runtime, **FULL)

        assert found.estimated_cost_usd > 0
        assert found.estimated_duration_mins > 0

    def test_costs_nothing_offline(self, database: Database, clock: FakeClock) -> None:
        found = estimates(Runtime(settings_for_tests(), database, clock), **FULL)

        assert found.estimated_cost_usd == 0

    def test_leaves_out_what_is_not_asked_for(self, runtime: Runtime) -> None:
        found = estimates(runtime, generate_notes=False, generate_questions=False)

        assert (found.estimated_notes, found.estimated_questions, found.estimated_calls) == (0, 0, 3)

    def test_expects_more_tokens_for_hindi(self, runtime: Runtime) -> None:
        assert estimates(runtime, language="hi").estimated_cost_usd > estimates(runtime).estimated_cost_usd

    def test_takes_less_time_with_more_calls_in_flight(self, database: Database, clock: FakeClock) -> None:
        slow, fast = (
            Runtime(
                settings_for_tests(model_provider="openai", openai_model="gpt-4o-mini", max_in_flight=calls),
                database,
                clock,
            )
            for calls in (1, 32)
        )

        assert estimates(fast, **FULL).estimated_duration_mins < estimates(slow, **FULL).estimated_duration_mins

    def test_says_that_there_is_no_history_yet(self, runtime: Runtime) -> None:
        assert "no history yet" in estimates(runtime).basis

    def test_follows_what_past_calls_really_used(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime, question_counts={"easy": 1, "medium": 1, "hard": 1}))

        found = estimates(runtime, question_counts={"easy": 2, "medium": 2, "hard": 2})

        assert found.basis == "what past calls used, for 100% of the calls"
        assert float(found.estimated_cost_usd) == pytest.approx(12 * float(ScriptedModel.cost_usd))

    def test_of_a_complete_subject_is_nothing(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))

        found = estimates(runtime)

        assert (found.estimated_calls, found.estimated_cost_usd, found.estimated_duration_mins) == (0, 0, 0)

    def test_is_kept_with_the_job(self, runtime: Runtime) -> None:
        expected = estimates(runtime, **FULL)

        root = cascade(runtime, ScriptedModel(), submit(runtime, **FULL))

        assert float(root.estimated_cost_usd) == pytest.approx(float(expected.estimated_cost_usd))
