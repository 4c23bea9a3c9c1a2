"""The reconciler: puts right what crashes left behind, and nothing else."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from factories import (
    FakeClock,
    ScriptedModel,
    all_rows,
    cancel,
    chapter_ids,
    claim,
    count,
    job,
    jobs,
    log_lines,
    start,
    submit,
    tree,
    work,
    work_level,
)
from hydrateall.core.models import AuditLog
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.hydration import locks, tasks
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.reconciliation import GRACE, LOCK_FOR, ReconcileReport, reconcile
from hydrateall.hydration.views import RECONCILER_LOCK as LOCK

LONG_AFTER = GRACE.total_seconds() + 1


def delivered(runtime: Runtime, airflow: FakeAirflow, **asked: Any) -> uuid.UUID:
    """Submit a job, deliver it and start it, as its DAG run does."""
    root_id = submit(runtime, **asked)
    deliver_due(runtime, airflow)
    start(runtime, root_id)
    return root_id


def run(runtime: Runtime, airflow: FakeAirflow) -> ReconcileReport:
    report = reconcile(runtime, airflow, holder="me")
    assert report is not None
    return report


class TestLeases:
    def test_of_vanished_workers_are_returned(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        [held] = claim(runtime, root_id, worker="run/killed#1")
        clock.advance(runtime.settings.lease_seconds)

        report = run(runtime, airflow)

        assert report.leases_returned == 1
        assert job(runtime, held.id).status is JobStatus.PENDING
        [line] = log_lines(runtime, held.id)
        assert line.message == "Its worker run/killed#1 is gone; the job is pending again."

    def test_that_are_alive_are_left_alone(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        [held] = claim(runtime, root_id)

        report = run(runtime, airflow)

        assert report.leases_returned == 0
        assert job(runtime, held.id).status is JobStatus.RUNNING


class TestDeadRuns:
    def test_are_delivered_again_under_another_name(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        airflow.running.clear()
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert (report.reopened, report.delivered) == (1, 1)
        assert airflow.running == {f"hydrate__{root_id}__2"}
        assert job(runtime, root_id).status is JobStatus.PENDING

    def test_are_left_alone_while_a_worker_still_holds_a_lease(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        airflow.running.clear()
        clock.advance(LONG_AFTER)
        claim(runtime, root_id)

        report = run(runtime, airflow)

        assert report.reopened == 0

    def test_may_be_younger_than_airflow_s_list_of_runs(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        delivered(runtime, airflow)
        airflow.running.clear()
        clock.advance(GRACE.total_seconds() - 1)

        report = run(runtime, airflow)

        assert report.reopened == 0

    def test_are_not_guessed_while_airflow_is_down(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        delivered(runtime, airflow)
        airflow.up = False
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert (report.airflow_answers, report.reopened) == (False, 0)

    def test_are_noticed_before_they_began(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = submit(runtime)
        deliver_due(runtime, airflow)
        airflow.running.clear()
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert report.reopened == 1
        assert airflow.running == {f"hydrate__{root_id}__2"}

    def test_of_jobs_that_a_person_triggered_are_delivered_by_the_outbox(
        self, runtime: Runtime, clock: FakeClock
    ) -> None:
        airflow = FakeAirflow()
        params = {"board": "CBSE", "grade": "8", "subject": "SCIENCE"}
        root_id = tasks.open_job(runtime, params=params, dag_run_id="manual__1", triggered_by="mira")
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert report.reopened == 1
        assert airflow.running == {f"hydrate__{root_id}__1"}

    def test_are_not_seen_where_the_run_is_alive(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        delivered(runtime, airflow)
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert report.reopened == 0
        assert len(airflow.triggered) == 1


class TestRoots:
    def test_that_are_done_are_closed(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow, generate_notes=False, generate_questions=False)
        model = ScriptedModel()
        work(runtime, model, root_id)
        work_level(runtime, model, root_id, Level.TOPICS)

        report = run(runtime, airflow)

        assert report.closed == 1
        assert job(runtime, root_id).status is JobStatus.COMPLETED

    def test_that_have_ended_are_not_visited(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        cancel(runtime, root_id)
        airflow.running.clear()
        clock.advance(LONG_AFTER)

        report = run(runtime, airflow)

        assert (report.roots, report.reopened) == (0, 0)
        assert job(runtime, root_id).status is JobStatus.CANCELLED

    def test_are_delivered_when_direct_delivery_missed_them(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = submit(runtime)

        report = run(runtime, airflow)

        assert report.delivered == 1
        assert airflow.running == {f"hydrate__{root_id}__1"}


class TestRun:
    def test_never_writes_content(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        claim(runtime, root_id)
        clock.advance(runtime.settings.lease_seconds)

        run(runtime, airflow)

        assert count(runtime, Chapter) == 0
        assert len(jobs(runtime, root_id)) == 1

    def test_finds_nothing_to_do_the_second_time(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = delivered(runtime, airflow)
        claim(runtime, root_id)
        airflow.running.clear()
        clock.advance(runtime.settings.lease_seconds)
        run(runtime, airflow)

        second = run(runtime, airflow)

        assert second == ReconcileReport(roots=1)

    def test_writes_one_audit_row_with_what_it_did(self, runtime: Runtime) -> None:
        report = run(runtime, FakeAirflow())

        [row] = all_rows(runtime, sa.select(AuditLog))
        assert row.action == "hydration.reconcile"
        assert row.details == report.model_dump()

    def test_shows_when_it_last_ran_and_what_it_did(self, runtime: Runtime, clock: FakeClock) -> None:
        report = run(runtime, FakeAirflow())

        with runtime.database.transaction() as session:
            state = locks.lock_state(session, LOCK)
        assert (state.last_run_at, state.last_result, state.locked_by) == (clock(), report.model_dump(), None)

    def test_makes_a_killed_job_complete(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        claim(runtime, root_id, level=Level.NOTES, chapter_id=first)
        clock.advance(runtime.settings.lease_seconds)
        run(runtime, airflow)
        start(runtime, root_id)
        model = ScriptedModel()

        for level in (Level.NOTES, Level.QUESTIONS):
            work_level(runtime, model, root_id, level)
        run(runtime, airflow)

        assert job(runtime, root_id).status is JobStatus.COMPLETED


class TestLock:
    def take(self, runtime: Runtime) -> None:
        now = runtime.now()
        with runtime.database.transaction() as session:
            assert locks.take_lock(session, LOCK, holder="other", now=now, until=now + LOCK_FOR)

    def test_held_by_another_makes_the_run_a_no_op(self, runtime: Runtime) -> None:
        self.take(runtime)
        submit(runtime)

        report = reconcile(runtime, FakeAirflow(), holder="me")

        assert report is None
        assert tasks.reconcile(runtime, FakeAirflow(), holder="me") == {}
        assert count(runtime, AuditLog, AuditLog.action == "hydration.reconcile") == 0

    def test_of_a_crashed_holder_expires(self, runtime: Runtime, clock: FakeClock) -> None:
        self.take(runtime)
        clock.advance(LOCK_FOR.total_seconds())

        assert reconcile(runtime, FakeAirflow(), holder="me") is not None

    def test_is_released_when_the_run_fails(self, runtime: Runtime) -> None:
        class BrokenAirflow(FakeAirflow):
            def trigger(self, dag_run_id: str, conf: dict[str, Any], *, dag: str) -> None:
                raise RuntimeError(f"nobody expected {dag}, {dag_run_id}, {conf}")

        submit(runtime)
        with pytest.raises(RuntimeError):
            reconcile(runtime, BrokenAirflow(), holder="me")

        assert reconcile(runtime, FakeAirflow(), holder="other") is not None

    def test_is_not_released_by_somebody_else(self, runtime: Runtime, clock: FakeClock) -> None:
        self.take(runtime)

        with runtime.database.transaction() as session:
            locks.release_lock(session, LOCK, holder="me", now=clock(), result={})
            state = locks.lock_state(session, LOCK)

        assert state.locked_by == "other"
        assert state.locked_until == clock() + timedelta(seconds=LOCK_FOR.total_seconds())
        assert count(runtime, OutboxEntry) == 0
