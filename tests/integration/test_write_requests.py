"""Writes over HTTP as the database keeps them: their rate, and the answers to their keys."""

from __future__ import annotations

import json
import uuid

import sqlalchemy as sa
import structlog

from factories import ME, FakeClock, cancel, open_root, request, settings_for_tests, submit
from hydrateall.core.database import Database
from hydrateall.core.logs import traced_threads
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import FakeAirflow
from hydrateall.hydration.requests import Answer, count_write, submit_once
from hydrateall.hydration.tasks import traced


def limited(database: Database, clock: FakeClock, per_minute: int = 3) -> Runtime:
    return Runtime(settings_for_tests(writes_per_minute=per_minute), database, clock)


def send(runtime: Runtime, airflow: FakeAirflow, *, key: str | None = None, trace_id: str = "trace") -> Answer:
    return submit_once(runtime, request(), airflow, actor=ME, trace_id=trace_id, key=key)


class TestTheRateOfWrites:
    def test_admits_a_minutes_worth_at_once_and_then_says_how_long_to_wait(
        self, database: Database, clock: FakeClock
    ) -> None:
        runtime = limited(database, clock)

        waits = [count_write(runtime, "anna") for _ in range(5)]

        assert waits == [0, 0, 0, 20, 20]

    def test_admits_again_after_the_time_that_it_named(self, database: Database, clock: FakeClock) -> None:
        runtime = limited(database, clock)
        wait = [count_write(runtime, "anna") for _ in range(4)][-1]
        clock.advance(wait)

        assert [count_write(runtime, "anna") for _ in range(2)] == [0, 20]

    def test_counts_each_user_alone(self, database: Database, clock: FakeClock) -> None:
        runtime = limited(database, clock, per_minute=1)

        assert [count_write(runtime, name) for name in ("anna", "otto", "anna")] == [0, 0, 60]


class TestAKeptAnswer:
    def test_is_given_until_it_expires(self, runtime: Runtime, clock: FakeClock) -> None:
        first = send(runtime, FakeAirflow(), key="k")
        clock.advance(23 * 3600)

        again = send(runtime, FakeAirflow(), key="k")

        assert json.dumps(again.body) == json.dumps(first.body)
        assert (first.replayed, again.replayed) == (False, True)

    def test_waits_for_nobody_who_takes_an_expired_key_again(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = send(runtime, FakeAirflow(), key="k").body["rootJobId"]
        cancel(runtime, uuid.UUID(root_id))
        clock.advance(25 * 3600)

        with runtime.database.transaction() as other:
            other.execute(sa.text("SELECT FROM idempotency_keys WHERE key = 'k' FOR UPDATE"))
            answer = send(runtime, FakeAirflow(), key="another")

        assert answer.replayed is False

    def test_tells_whether_airflow_took_the_job(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        airflow.up = False
        first = send(runtime, airflow, key="k")

        again = send(runtime, FakeAirflow(), key="k")

        assert first.body["delivered"] is again.body["delivered"] is False
        assert "Airflow does not answer" in first.body["message"]


class TestTheTraceId:
    def test_is_bound_in_what_works_on_the_job_and_in_its_threads(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        with traced(runtime, str(root_id)):
            here = structlog.contextvars.get_contextvars()
            with traced_threads(1, name="test") as threads:
                there = threads.submit(structlog.contextvars.get_contextvars).result()

        assert here == there
        assert here["trace_id"] == f"hydrate-{root_id.hex[-12:]}"
        assert "trace_id" not in structlog.contextvars.get_contextvars()

    def test_of_the_request_is_the_jobs(self, runtime: Runtime) -> None:
        answer = send(runtime, FakeAirflow(), trace_id="from-outside")

        assert answer.body["traceId"] == "from-outside"

    def test_is_made_for_a_job_without_a_request(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        with traced(runtime, str(root_id)):
            assert structlog.contextvars.get_contextvars()["trace_id"]
