"""Attempts: how often a job is tried, what is kept of each failure, what the next try is told."""

from __future__ import annotations

from typing import Any

import pytest

from factories import (
    FakeClock,
    ScriptedModel,
    answer,
    calls,
    chapter,
    chapter_ids,
    claim,
    count,
    failures,
    job,
    jobs,
    open_root,
    question,
    settings_for_tests,
    tree,
    work,
)
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter, TopicQuestion
from hydrateall.curriculum.schemas import ChaptersDraft, QuestionSetDraft
from hydrateall.hydration.enums import ExecutionPhase, JobStatus, Level, LogSeverity
from hydrateall.llm.errors import Refused
from hydrateall.llm.service import ModelError

TOO_FEW = ChaptersDraft(chapters=[chapter(1)])
BUSY = ModelError("The model server answered with status 503.")


@pytest.fixture
def clock() -> FakeClock:
    """The pause before the next attempt passes while the worker looks at the clock."""
    return FakeClock(step=0.2)


class TestRejectedAnswer:
    def test_is_asked_for_again_with_the_issues(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        model = ScriptedModel([TOO_FEW])

        work(runtime, model, root_id)

        first, second = model.assignments
        assert first["issues"] == []
        assert second["issues"] == ["chapters: must be numbered [1, 2], not [1]."]
        assert second["attempt"] == 2

    def test_is_not_stored(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        model = ScriptedModel([TOO_FEW] * 3)

        work(runtime, model, root_id)

        assert count(runtime, Chapter) == 0

    def test_tells_the_next_attempt_about_its_own_issues_only(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        model = ScriptedModel([TOO_FEW, "{}"])

        work(runtime, model, root_id)

        assert [len(each["issues"]) for each in model.assignments] == [0, 1, 1]
        assert model.assignments[2]["issues"] == ["chapters: Field required"]

    def test_may_be_no_json_at_all(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        model = ScriptedModel(["Sure! Here are the chapters:"])

        outcome = work(runtime, model, root_id)

        assert outcome.failed == 0
        assert "Invalid JSON" in model.assignments[1]["issues"][0]

    def test_costs_money(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        work(runtime, ScriptedModel([TOO_FEW]), root_id)

        [level_one] = jobs(runtime, root_id)[:1]
        assert level_one.actual_cost_usd == 2 * ScriptedModel.cost_usd
        assert [call.status for call in calls(runtime)] == ["rejected", "accepted"]

    def test_of_incomplete_questions_only_stores_none(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        def without_answers(assignment: dict[str, Any]) -> QuestionSetDraft:
            texts = ["What is one?", "What is two?"][: assignment["count"]]
            return QuestionSetDraft(
                questions=[question(text=text, correct=answer(final_answer="null")) for text in texts]
            )

        outcome = work(runtime, ScriptedModel(without_answers), root_id, Level.QUESTIONS, first)

        assert outcome.failed == 4
        assert count(runtime, TopicQuestion) == 0


class TestFailedAttempt:
    def test_keeps_its_reason_in_the_execution_log(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        work(runtime, ScriptedModel([BUSY, TOO_FEW]), root_id)

        [level_one] = jobs(runtime, root_id, Level.CHAPTERS)
        first, second = failures(runtime, level_one.id)
        assert first.message == "Attempt 1 failed: The model server answered with status 503."
        assert first.phase is ExecutionPhase.ERROR
        assert second.message.startswith("Attempt 2 failed: The answer was rejected: chapters: must be numbered")
        assert second.phase is ExecutionPhase.VALIDATION
        assert second.payload == {"issues": ["chapters: must be numbered [1, 2], not [1]."]}

    def test_is_logged_as_a_call_without_an_answer(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        work(runtime, ScriptedModel([BUSY]), root_id)

        failed, accepted = calls(runtime)
        assert (failed.status, failed.attempt, failed.model_used) == ("error", 1, None)
        assert (accepted.status, accepted.attempt, accepted.tokens_used) == ("accepted", 2, 2000)
        assert (accepted.prompt_id, accepted.prompt_version) == ("curriculum.draft_chapters", 1)

    def test_of_a_refusal_is_tried_again(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        outcome = work(runtime, ScriptedModel([Refused("The model refused: no.")]), root_id)

        assert outcome.failed == 0

    def test_waits_longer_each_time_the_provider_fails(self, runtime: Runtime, clock: FakeClock) -> None:
        clock.step = 0
        root_id = open_root(runtime)
        pauses = []

        for _ in range(2):
            claim_and_fail(runtime, root_id)
            [waiting] = jobs(runtime, root_id, Level.CHAPTERS)
            pauses.append((waiting.next_attempt_at - clock()).total_seconds())
            clock.advance(10)

        assert pauses == [1.0, 2.0]

    def test_leaves_the_job_failed_after_the_last(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        model = ScriptedModel([BUSY] * 10)

        outcome = work(runtime, model, root_id)

        [level_one] = jobs(runtime, root_id, Level.CHAPTERS)
        assert model.calls == runtime.settings.max_retries
        assert level_one.attempts == level_one.max_retries
        assert level_one.status is JobStatus.FAILED
        assert level_one.error_message == BUSY.message
        assert outcome.failed == 1

    def test_is_an_error_in_the_log_only_when_it_was_the_last(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        work(runtime, ScriptedModel([BUSY] * 3), root_id)

        [level_one] = jobs(runtime, root_id, Level.CHAPTERS)
        severities = [line.severity for line in failures(runtime, level_one.id)]
        assert severities == [LogSeverity.WARNING, LogSeverity.WARNING, LogSeverity.ERROR]

    def test_may_be_the_only_one(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(max_retries=1), database, clock)
        root_id = open_root(runtime)
        model = ScriptedModel([BUSY])

        work(runtime, model, root_id)

        assert model.calls == 1

    def test_of_one_item_lets_the_others_of_its_batch_finish(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        def first_topic_fails(assignment: dict[str, Any]) -> Any:
            from factories import valid_answer

            return BUSY if assignment["topic"]["number"] == 1 else valid_answer(assignment)

        outcome = work(runtime, ScriptedModel(first_topic_fails), root_id, Level.NOTES, first)

        done = [each.status for each in jobs(runtime, root_id, Level.NOTES) if each.chapter_id == first]
        assert sorted(done) == [JobStatus.COMPLETED, JobStatus.FAILED]
        assert outcome.failed == 1


def claim_and_fail(runtime: Runtime, root_id: Any) -> None:
    from factories import draft, fail

    [held] = claim(runtime, root_id)
    fail(runtime, draft(runtime, held), BUSY.message)


class TestCallsInFlight:
    def test_overlap_up_to_the_limit(self, database: Database, clock: FakeClock) -> None:
        import asyncio

        from factories import valid_answer

        runtime = Runtime(settings_for_tests(default_chapters=1, default_topics=8, max_in_flight=4), database, clock)
        root_id = tree(runtime)
        [only] = chapter_ids(runtime, root_id)

        async def slow(assignment: dict[str, Any]) -> Any:
            await asyncio.sleep(0.1)
            return valid_answer(assignment)

        model = ScriptedModel(slow)
        work(runtime, model, root_id, Level.NOTES, only)

        assert model.most_in_flight == 4
        assert all(each.status is JobStatus.COMPLETED for each in jobs(runtime, root_id, Level.NOTES))
        assert job(runtime, root_id).status is JobStatus.RUNNING
