"""The outbox: what is committed reaches Airflow at least once, and counts once."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from factories import FakeClock, all_rows, cancel, resume, settings_for_tests, submit
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow, add_entry, deliver_due
from hydrateall.hydration import tasks


class CrashingAirflow(FakeAirflow):
    """An Airflow that takes the run, while the dispatcher dies before it can note that."""

    def trigger(self, dag_run_id: str, conf: dict[str, Any], **dag: str) -> None:
        super().trigger(dag_run_id, conf, **dag)
        raise KeyboardInterrupt


class MeetingAirflow(FakeAirflow):
    """An Airflow that answers when two dispatchers have called."""

    def __init__(self) -> None:
        super().__init__()
        self.together = threading.Barrier(2, timeout=10)

    def trigger(self, dag_run_id: str, conf: dict[str, Any], **dag: str) -> None:
        self.together.wait()
        super().trigger(dag_run_id, conf, **dag)


def entry(runtime: Runtime, root_id: uuid.UUID) -> OutboxEntry:
    [found] = all_rows(runtime, sa.select(OutboxEntry).where(OutboxEntry.job_id == root_id))
    return found


def add(runtime: Runtime, kind: OutboxKind, dag_run_id: str) -> uuid.UUID:
    """Add an entry that no hydration job stands behind."""
    with runtime.database.transaction() as session:
        return add_entry(
            session,
            kind=kind,
            dag="validate_content",
            dag_run_id=dag_run_id,
            conf={"run_id": dag_run_id[-1]},
            trace_id=None,
        )


class TestDelivery:
    def test_triggers_a_run_named_after_the_job(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = submit(runtime)

        delivery = deliver_due(runtime, airflow)

        assert airflow.triggered == [(f"hydrate__{root_id}__1", {"job_id": str(root_id)})]
        assert (delivery.sent, delivery.waiting) == (1, 0)
        assert entry(runtime, root_id).sent_at is not None

    def test_delivers_an_entry_once(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        submit(runtime)
        deliver_due(runtime, airflow)

        again = deliver_due(runtime, airflow)

        assert (again.sent, again.waiting) == (0, 0)
        assert len(airflow.triggered) == 1

    def test_keeps_the_entry_and_the_reason_while_airflow_is_down(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        airflow.up = False
        root_id = submit(runtime)

        delivery = deliver_due(runtime, airflow)

        kept = entry(runtime, root_id)
        assert (delivery.sent, delivery.waiting, delivery.error) == (0, 1, "Airflow does not answer.")
        assert (kept.sent_at, kept.last_error, kept.attempts) == (None, "Airflow does not answer.", 1)

    def test_delivers_it_as_soon_as_airflow_is_up_again(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        airflow.up = False
        root_id = submit(runtime)
        deliver_due(runtime, airflow)

        airflow.up = True
        report = tasks.deliver_outbox(runtime, airflow)

        assert report == {"sent": 1, "waiting": 0}
        assert entry(runtime, root_id).last_error is None

    def test_of_one_job_leaves_the_others_waiting(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        submit(runtime, grade="7")
        root_id = submit(runtime, grade="8")

        deliver_due(runtime, airflow, job_id=root_id)

        assert [conf["job_id"] for _, conf in airflow.triggered] == [str(root_id)]

    def test_goes_by_age(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        ids = [submit(runtime, grade=grade) for grade in ("8", "6", "7")]

        deliver_due(runtime, airflow)

        assert [conf["job_id"] for _, conf in airflow.triggered] == [str(root_id) for root_id in ids]

    def test_is_not_held_up_by_entries_that_nobody_takes(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(outbox_batch=2), database, clock)
        refusing, airflow = FakeAirflow(), FakeAirflow()
        refusing.up = False
        for grade in ("6", "7"):
            submit(runtime, grade=grade)
        deliver_due(runtime, refusing)
        later = submit(runtime, grade="8")

        deliver_due(runtime, airflow)

        assert str(later) in [conf["job_id"] for _, conf in airflow.triggered]

    def test_takes_no_more_than_a_batch(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(outbox_batch=2), database, clock)
        for grade in ("6", "7", "8"):
            submit(runtime, grade=grade)

        delivered = [deliver_due(runtime, FakeAirflow()).sent for _ in range(3)]

        assert delivered == [2, 1, 0]

    def test_delivers_a_resumed_job_under_another_name(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = submit(runtime)
        deliver_due(runtime, airflow)
        cancel(runtime, root_id)
        resume(runtime, root_id)

        deliver_due(runtime, airflow)

        assert [run for run, _ in airflow.triggered] == [f"hydrate__{root_id}__1", f"hydrate__{root_id}__2"]


class TestEntries:
    def test_of_any_kind_of_run_carry_their_dag_and_its_conf(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        add(runtime, OutboxKind.VALIDATION_JOB, "validate__1")

        deliver_due(runtime, airflow)

        assert airflow.triggered == [("validate__1", {"run_id": "1"})]
        assert airflow.dags == {"validate__1": "validate_content"}

    def test_that_start_no_run_are_left_to_others(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        add(runtime, OutboxKind.NOTIFICATION, "notify__1")

        delivery = deliver_due(runtime, airflow)

        assert (delivery.sent, delivery.waiting, airflow.triggered) == (0, 0, [])

    def test_can_be_delivered_one_by_one(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        _, second = (add(runtime, OutboxKind.VALIDATION_JOB, f"validate__{number}") for number in (1, 2))

        deliver_due(runtime, airflow, entry_ids=[second])

        assert [run for run, _ in airflow.triggered] == ["validate__2"]

    def test_from_before_conf_was_written_still_start_their_job(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        root_id = submit(runtime)
        with runtime.database.transaction() as session:
            session.execute(sa.update(OutboxEntry).values(payload={"jobId": str(root_id), "traceId": None}))

        deliver_due(runtime, airflow)

        assert airflow.triggered == [(f"hydrate__{root_id}__1", {"job_id": str(root_id)})]
        assert airflow.dags == {f"hydrate__{root_id}__1": "hydrate_subject"}

    def test_under_a_name_that_is_taken_are_refused(self, runtime: Runtime) -> None:
        add(runtime, OutboxKind.VALIDATION_JOB, "validate__1")

        with pytest.raises(IntegrityError):
            add(runtime, OutboxKind.VALIDATION_JOB, "validate__1")


class TestCrash:
    """The dispatcher dies after the trigger and before the mark."""

    def test_makes_the_entry_due_again_after_its_claim(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = CrashingAirflow()
        root_id = submit(runtime)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(runtime, airflow)

        at_once = deliver_due(runtime, FakeAirflow())
        clock.advance(runtime.settings.outbox_lease_seconds)
        later = deliver_due(runtime, FakeAirflow())

        assert (at_once.sent, later.sent) == (0, 1)
        assert entry(runtime, root_id).attempts == 2

    def test_leads_to_one_run(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = CrashingAirflow()
        root_id = submit(runtime)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(runtime, airflow)
        survivor = FakeAirflow()
        survivor.triggered, survivor.running = airflow.triggered, airflow.running

        clock.advance(runtime.settings.outbox_lease_seconds)
        deliver_due(runtime, survivor)

        assert [run for run, _ in survivor.triggered] == [f"hydrate__{root_id}__1"]


class TestTwoDispatchers:
    def test_share_the_entries(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(outbox_batch=1), database, clock)
        for grade in ("7", "8"):
            submit(runtime, grade=grade)
        airflow = MeetingAirflow()

        with ThreadPoolExecutor(2) as pool:
            reports = list(pool.map(lambda _: deliver_due(runtime, airflow), range(2)))

        assert [report.sent for report in reports] == [1, 1]
        assert len({conf["job_id"] for _, conf in airflow.triggered}) == 2
