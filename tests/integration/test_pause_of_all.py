"""The pause of all hydrations: it stops exactly what runs, withholds what is delivered, and lets exactly that go on."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from factories import ME, FakeClock, job, open_root, resume, start, submit
from hydrateall.core.errors import UsageError
from hydrateall.core.models import AuditLog
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.service import FakeAirflow, add_entry
from hydrateall.hydration import control, service
from hydrateall.hydration.control import Switched, deliver_jobs
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.reconciliation import deliver_all, reconcile


def pause_all(runtime: Runtime, reason: str = "new prices") -> Switched:
    with runtime.database.transaction() as session:
        return control.pause_all(session, reason=reason, actor=ME, now=runtime.now())


def resume_all(runtime: Runtime) -> Switched:
    with runtime.database.transaction() as session:
        return control.resume_all(session, actor=ME, now=runtime.now())


def pause(runtime: Runtime, root_id: uuid.UUID) -> None:
    with runtime.database.transaction() as session:
        service.pause_by(session, root_id, actor=ME, now=runtime.now())


class TestPauseAll:
    def test_stops_what_runs_and_says_who_and_why(self, runtime: Runtime) -> None:
        running = open_root(runtime)

        switched = pause_all(runtime)

        stopped = job(runtime, running)
        assert (switched.jobs, stopped.status, stopped.paused_by_all) == (1, JobStatus.PAUSED, True)
        assert stopped.error_message == "All hydrations are paused by tester: new prices"

    def test_pauses_at_once_what_a_person_starts_in_airflow(self, runtime: Runtime) -> None:
        pause_all(runtime)

        started = open_root(runtime)

        assert (job(runtime, started).status, job(runtime, started).paused_by_all) == (JobStatus.PAUSED, True)

    def test_delivers_no_hydration_but_all_else(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        with runtime.database.transaction() as session:
            kind = OutboxKind.VALIDATION_JOB
            add_entry(session, kind=kind, dag="validate_content", dag_run_id="v-1", conf={}, trace_id=None)
        pause_all(runtime)
        airflow = FakeAirflow()

        direct = deliver_jobs(runtime, airflow, job_id=root_id)
        deliver_all(runtime, airflow)
        reconcile(runtime, airflow, holder="test")

        assert (direct.sent, direct.error) == (0, "All hydrations are paused by tester: new prices")
        assert [run for run, _ in airflow.triggered] == ["v-1"]

    def test_needs_a_reason(self, runtime: Runtime) -> None:
        with pytest.raises(UsageError, match="needs a reason"):
            pause_all(runtime, "  ")

    def test_twice_changes_the_reason_only(self, runtime: Runtime) -> None:
        open_root(runtime)
        pause_all(runtime)

        again = pause_all(runtime, "still new prices")

        assert (again.jobs, again.reason) == (0, "All hydrations are paused by tester: still new prices")


class TestResumeAll:
    def test_lets_go_on_exactly_what_it_has_stopped(self, runtime: Runtime) -> None:
        by_person, by_all = open_root(runtime, grade="8"), open_root(runtime, grade="7")
        pause(runtime, by_person)
        pause_all(runtime)
        airflow = FakeAirflow()

        switched = resume_all(runtime)
        deliver_jobs(runtime, airflow)

        assert switched.jobs == 1
        assert job(runtime, by_person).status is JobStatus.PAUSED
        assert (job(runtime, by_all).status, job(runtime, by_all).paused_by_all) == (JobStatus.PENDING, False)
        assert f"hydrate__{by_all}__2" in {run for run, _ in airflow.triggered}

    def test_leaves_alone_what_was_cancelled_meanwhile(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        pause_all(runtime)
        with runtime.database.transaction() as session:
            service.cancel(session, root_id, actor=ME, reason="no longer wanted", now=runtime.now())

        switched = resume_all(runtime)

        assert (switched.jobs, job(runtime, root_id).status) == (0, JobStatus.CANCELLED)

    def test_delivers_what_was_resumed_meanwhile_by_hand(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        pause_all(runtime)
        resume(runtime, root_id)
        airflow = FakeAirflow()
        deliver_all(runtime, airflow)
        withheld = list(airflow.triggered)

        resume_all(runtime)
        deliver_all(runtime, airflow)

        assert withheld == []
        assert f"hydrate__{root_id}__2" in {run for run, _ in airflow.triggered}

    def test_is_audited_once(self, runtime: Runtime) -> None:
        pause_all(runtime)
        resume_all(runtime)
        resume_all(runtime)

        with runtime.database.transaction() as session:
            actions = session.scalars(sa.select(AuditLog.action).order_by(AuditLog.id)).all()
        assert [action for action in actions if action.endswith("_all")] == [
            "hydration.pause_all",
            "hydration.resume_all",
        ]

    def test_starts_again_what_was_delivered_before(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = submit(runtime)
        pause_all(runtime)
        start(runtime, root_id)  # its run was on the way already
        clock.advance(60)

        resume_all(runtime)
        start(runtime, root_id)

        assert job(runtime, root_id).status is JobStatus.RUNNING
