"""Fencing and leases: who lost a job cannot write to it, and what a vanished worker held is done by another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import (
    FakeClock,
    ScriptedModel,
    calls,
    cancel,
    chapter_ids,
    claim,
    count,
    deliver,
    draft,
    fail,
    failures,
    job,
    jobs,
    open_root,
    return_leases,
    settings_for_tests,
    tree,
    valid_answer,
    work,
)
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter, TopicNote
from hydrateall.hydration import attempts, repository
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import LeaseLost
from hydrateall.hydration.schemas import ClaimedJob


def lose(runtime: Runtime, clock: FakeClock, held: ClaimedJob) -> ClaimedJob:
    """Let the lease of a job expire, and let another worker claim it."""
    clock.advance(runtime.settings.lease_seconds)
    return_leases(runtime)
    level = Level(held.hierarchy_level)
    taken = claim(runtime, held.root_job_id, level=level, chapter_id=held.chapter_id, worker="other#1")
    return next(each for each in taken if each.id == held.id)


class TestStaleToken:
    def test_cannot_complete_the_job(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        lose(runtime, clock, held)

        with pytest.raises(LeaseLost):
            deliver(runtime, late)

        assert job(runtime, held.id).status is JobStatus.RUNNING

    def test_writes_no_content_and_no_children(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        lose(runtime, clock, held)

        with pytest.raises(LeaseLost):
            deliver(runtime, late)

        assert count(runtime, Chapter) == 0
        assert jobs(runtime, root_id, Level.TOPICS) == []
        assert [call.status for call in calls(runtime)] == ["answered"]  # it was paid, and the next try finds it

    def test_cannot_fail_the_job(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        lose(runtime, clock, held)

        with pytest.raises(LeaseLost):
            fail(runtime, late, "The server was busy.")

        assert job(runtime, held.id).status is JobStatus.RUNNING
        assert failures(runtime, held.id) == []

    def test_cannot_complete_while_the_job_waits_to_be_claimed_again(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        clock.advance(runtime.settings.lease_seconds)
        return_leases(runtime)

        with pytest.raises(LeaseLost):
            deliver(runtime, late)

        assert job(runtime, held.id).status is JobStatus.PENDING

    def test_does_not_hinder_the_new_holder(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        current = draft(runtime, lose(runtime, clock, held))
        with pytest.raises(LeaseLost):
            deliver(runtime, late)

        deliver(runtime, current)

        assert job(runtime, held.id).status is JobStatus.COMPLETED
        assert count(runtime, Chapter) == runtime.settings.default_chapters

    def test_finds_the_job_completed_by_another_and_loses(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        late = draft(runtime, held)
        deliver(runtime, draft(runtime, lose(runtime, clock, held)))

        with pytest.raises(LeaseLost):
            deliver(runtime, late)

        assert len(calls(runtime, status="accepted")) == 1


class TestDeliver:
    def test_is_done_once_when_a_lost_commit_answer_makes_the_worker_repeat_it(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        drafted = draft(runtime, held)
        deliver(runtime, drafted)

        deliver(runtime, drafted)

        assert len(calls(runtime)) == 1
        assert len(jobs(runtime, root_id, Level.TOPICS)) == runtime.settings.default_chapters
        assert job(runtime, held.id).actual_cost_usd == ScriptedModel.cost_usd

    def test_stores_nothing_when_a_part_of_it_fails(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        drafted = draft(runtime, held)

        def interrupt(*_: Any) -> list[dict[str, Any]]:
            raise ConnectionError("the server went away")

        object.__setattr__(drafted.work, "children", interrupt)
        with pytest.raises(ConnectionError):
            deliver(runtime, drafted)

        assert job(runtime, held.id).status is JobStatus.RUNNING
        assert count(runtime, Chapter) == 0
        assert [call.status for call in calls(runtime)] == ["answered"]  # it was paid, and the next try finds it

    def test_says_where_content_comes_from(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        chapter, _ = chapter_ids(runtime, root_id)
        held, *_ = claim(runtime, root_id, level=Level.NOTES, chapter_id=chapter)

        deliver(runtime, draft(runtime, held))

        with runtime.database.transaction() as session:
            note = session.query(TopicNote).one()
        assert note.job_id == held.id
        assert note.details["promptId"] == "curriculum.draft_note"
        assert note.details["sample"] is False

    def test_refuses_a_result_of_a_cancelled_root(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        drafted = draft(runtime, held)
        cancel(runtime, root_id)

        with pytest.raises(LeaseLost):
            deliver(runtime, drafted)

        assert count(runtime, Chapter) == 0


class TestLease:
    def test_is_kept_by_a_heartbeat(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id, worker="run/task#1")
        clock.advance(runtime.settings.lease_seconds - 1)
        until = clock() + timedelta(seconds=runtime.settings.lease_seconds)

        with runtime.database.transaction() as session:
            kept = repository.extend_leases(session, worker="run/task#1", job_ids=[held.id], lease_expires_at=until)
        clock.advance(runtime.settings.lease_seconds - 1)

        assert kept == {held.id: held.fencing_token}
        assert return_leases(runtime) == 0

    def test_expires_when_the_answer_to_the_claim_got_lost_though_the_worker_lives(
        self, runtime: Runtime, clock: FakeClock
    ) -> None:
        root_id = open_root(runtime)
        claim(runtime, root_id, worker="run/task#1")
        clock.advance(runtime.settings.lease_seconds - 1)
        until = clock() + timedelta(seconds=runtime.settings.lease_seconds)

        with runtime.database.transaction() as session:
            repository.extend_leases(session, worker="run/task#1", job_ids=[], lease_expires_at=until)
        clock.advance(1)

        assert return_leases(runtime) == 1

    def test_gives_the_lost_attempt_back(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)

        clock.advance(runtime.settings.lease_seconds)
        return_leases(runtime)

        row = job(runtime, held.id)
        assert (row.status, row.attempts, row.lost_leases) == (JobStatus.PENDING, 0, 1)

    def test_is_not_returned_before_its_time(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        claim(runtime, root_id)

        clock.advance(runtime.settings.lease_seconds - 1)

        assert return_leases(runtime) == 0

    def test_is_taken_over_at_once_by_the_next_try_of_the_same_task(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id, worker="run/task#first-try")

        work(runtime, ScriptedModel(), root_id, owner="run/task")

        row = job(runtime, held.id)
        assert (row.status, row.attempts, row.lost_leases) == (JobStatus.COMPLETED, 1, 1)

    def test_is_left_alone_by_another_task(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        claim(runtime, root_id, worker="run/task#1")

        returned = return_leases(runtime, root_id=root_id, owner="run/other", worker="run/other#1")

        assert returned == 0

    def test_is_lost_only_so_many_times(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(max_lost_leases=2), database, clock)
        root_id = open_root(runtime)

        for _ in range(3):
            [held] = claim(runtime, root_id)
            clock.advance(runtime.settings.lease_seconds)
            return_leases(runtime)

        row = job(runtime, held.id)
        assert row.status is JobStatus.FAILED
        assert "vanished 3 times" in row.error_message

    def test_survives_a_worker_that_dies_in_the_middle_of_its_call(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)

        async def never(_: dict[str, Any]) -> None:
            await asyncio.Event().wait()

        async def die() -> None:
            from factories import gateway
            from hydrateall.hydration.worker import Scope, Worker

            async with gateway(runtime, ScriptedModel(never)) as opened:
                worker = Worker(runtime, opened, Scope(root_id, Level.CHAPTERS), "run/killed")
                running = asyncio.create_task(worker.run())
                while not worker.active:
                    await asyncio.sleep(0.01)
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        asyncio.run(die())
        clock.advance(runtime.settings.lease_seconds)
        return_leases(runtime)
        outcome = work(runtime, ScriptedModel(), root_id, owner="run/next")

        assert outcome.failed == 0
        assert count(runtime, Chapter) == runtime.settings.default_chapters


class TestLateAnswer:
    """What the worker does when its call outlives its lease."""

    def test_is_discarded_and_its_cost_is_logged(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)

        def lose_the_lease(assignment: dict[str, Any]) -> Any:
            clock.advance(runtime.settings.lease_seconds)
            return_leases(runtime)
            return valid_answer(assignment)

        model = ScriptedModel([lose_the_lease])
        work(runtime, model, root_id)

        [level_one] = jobs(runtime, root_id, Level.CHAPTERS)
        assert [call.status for call in calls(runtime)] == ["discarded", "accepted"]
        assert level_one.actual_cost_usd == 2 * ScriptedModel.cost_usd

    def test_keeps_its_cost_when_it_is_discarded(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        draft(runtime, held)
        lose(runtime, clock, held)

        with runtime.database.transaction() as session:
            attempts.discard(session, held)

        assert job(runtime, held.id).actual_cost_usd == Decimal("0.00075")
        assert [call.status for call in calls(runtime)] == ["discarded"]
