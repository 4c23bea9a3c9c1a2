"""All hydrations at one look: what waits and for what, the days of the last month, the targets, the machinery."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from factories import ScriptedModel, cascade, claim, open_root, submit
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import FakeAirflow
from hydrateall.hydration import service
from hydrateall.hydration.overview import (
    PATIENCE,
    Waiting,
    WaitsFor,
    last_days,
    machinery,
    target_figures,
    waiting_jobs,
)
from hydrateall.hydration.reconciliation import reconcile


def waiting(runtime: Runtime) -> Waiting:
    with runtime.database.transaction() as session:
        return waiting_jobs(session, now=runtime.now())[0]


def execute(runtime: Runtime, statement: str, **values: Any) -> None:
    with runtime.database.transaction() as session:
        session.execute(sa.text(statement), values)


def delivered(runtime: Runtime) -> None:
    execute(runtime, "UPDATE outbox SET sent_at = :now", now=runtime.now())


def paused(runtime: Runtime, root_id: uuid.UUID, minutes: int | None) -> None:
    until = runtime.now() + timedelta(minutes=minutes) if minutes else None
    with runtime.database.transaction() as session:
        service.pause(session, root_id, reason="The budget is used up.", until=until, now=runtime.now())


class TestWaitingJobs:
    def test_wait_for_airflow_until_it_has_taken_them_and_then_for_its_scheduler(self, runtime: Runtime) -> None:
        submit(runtime)
        first = waiting(runtime).waits_for
        delivered(runtime)

        assert (first, waiting(runtime).waits_for) == (WaitsFor.DELIVERY, WaitsFor.SCHEDULER)

    def test_wait_for_a_worker_while_there_is_work_that_nobody_holds(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        delivered(runtime)
        before = waiting(runtime)
        claim(runtime, root_id)

        assert (before.waits_for, waiting(runtime).waits_for) == (WaitsFor.WORKER, WaitsFor.NOTHING)

    def test_are_overdue_when_the_reconciler_did_not_put_them_right(self, runtime: Runtime) -> None:
        open_root(runtime)
        delivered(runtime)
        execute(
            runtime, "UPDATE hydration_jobs SET updated_at = :at", at=runtime.now() - PATIENCE - timedelta(seconds=1)
        )

        assert waiting(runtime).stuck

    def test_wait_for_the_next_attempt_after_a_failed_one(self, runtime: Runtime) -> None:
        open_root(runtime)
        delivered(runtime)
        soon = runtime.now() + timedelta(seconds=40)
        execute(
            runtime,
            "UPDATE hydration_jobs SET next_attempt_at = :at, error_message = 'The model answered nothing.' "
            "WHERE root_job_id IS NOT NULL",
            at=soon,
        )

        found = waiting(runtime)

        assert (found.waits_for, found.until, found.words) == (
            WaitsFor.NEXT_ATTEMPT,
            soon,
            "The model answered nothing.",
        )

    @pytest.mark.parametrize(("minutes", "wanted"), [(None, WaitsFor.PERSON), (5, WaitsFor.MOMENT)])
    def test_wait_for_a_person_or_a_moment_when_they_are_paused(
        self, runtime: Runtime, minutes: int | None, wanted: WaitsFor
    ) -> None:
        paused(runtime, open_root(runtime), minutes)

        found = waiting(runtime)

        assert (found.waits_for, found.stuck, found.words) == (wanted, minutes is None, "The budget is used up.")


class TestLastDays:
    def test_are_thirty_and_hold_what_ended_today(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))

        with runtime.database.transaction() as session:
            days = last_days(session, now=runtime.now())

        assert len(days) == 30
        assert [day.ended for day in days] == [0] * 29 + [1]
        assert (days[-1].day, days[-1].completed) == (runtime.now().date(), 1)


class TestTargetFigures:
    def test_are_nothing_before_anything_has_ended(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            found = target_figures(session, now=runtime.now())

        assert (found.ended, found.minutes, found.deviation, found.claims) == (0, None, None, 0)

    def test_count_jobs_claims_and_reconciliations(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))
        reconcile(runtime, FakeAirflow(), holder="test")

        with runtime.database.transaction() as session:
            found = target_figures(session, now=runtime.now())

        assert (found.ended, found.completed, found.timed, found.reconciliations, found.lost) == (1, 1, 1, 1, 0)
        assert found.claims > 0


class TestMachinery:
    def test_tells_the_reconcilers_last_run_and_what_is_undelivered(self, runtime: Runtime) -> None:
        reconcile(runtime, FakeAirflow(), holder="test")
        submit(runtime)

        with runtime.database.transaction() as session:
            found = machinery(session)

        assert (found.reconciled_at, found.undelivered, found.paused) == (runtime.now(), 1, False)
        assert found.reconciled is not None
