"""The outbox: what is committed reaches Airflow at least once, and counts once."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from factories import FakeClock, all_rows, cancel, resume, settings_for_tests, submit
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import tasks
from hydrateall.hydration.airflow_api import FakeAirflow
from hydrateall.hydration.models import OutboxEntry
from hydrateall.hydration.outbox import deliver_due


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
