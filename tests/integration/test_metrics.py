"""The metrics: what they count, that they only grow, and who may read them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from factories import (
    FakeClock,
    ScriptedModel,
    cancel,
    cascade,
    claim,
    open_root,
    resume,
    return_leases,
    settings_for_tests,
    submit,
)
from hydrateall.core.database import Database
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import FakeAirflow
from hydrateall.hydration.models import JobExecutionLog
from hydrateall.hydration.reconciliation import reconcile
from hydrateall.hydration.service import pause
from hydrateall.llm.models import Budget, Deployment
from hydrateall.monitoring.metrics import COUNTERS, bring_totals_forward, exposition
from hydrateall.web.access import Access
from hydrateall.web.admin import create_admin_app

HOUR = 3600.0


def read(runtime: Runtime) -> dict[str, float]:
    """Every sample, under its name and labels as they are written."""
    families = text_string_to_metric_families(exposition(runtime).decode())
    return {
        sample.name + "".join(f"[{value}]" for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def counters(runtime: Runtime) -> dict[str, float]:
    names = tuple(f"{family.name}_total" for family in COUNTERS.values())
    return {name: value for name, value in read(runtime).items() if name.startswith(names)}


class TestCounters:
    def test_start_at_zero_so_that_a_rate_sees_the_first_job(self, runtime: Runtime) -> None:
        found = read(runtime)

        assert found["hydrate_jobs_created_total[subject]"] == 0
        assert found["hydrate_jobs_failed_total[question_set]"] == 0
        assert found["hydrate_job_duration_seconds_sum"] == 0

    def test_count_a_submitted_job_as_seed_001_prints_it(self, runtime: Runtime) -> None:
        submit(runtime)

        found = read(runtime)
        assert found["hydrate_jobs_created_total[subject]"] == 1
        assert found["hydrate_jobs_claimed_total[subject]"] == 0
        assert found["hydrate_jobs_completed_total[subject]"] == 0

    def test_count_what_a_completed_job_did(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = submit(runtime)
        clock.advance(90)

        cascade(runtime, ScriptedModel(), root_id)

        found = read(runtime)
        assert found["hydrate_jobs_claimed_total[subject]"] == found["hydrate_jobs_completed_total[subject]"] == 1
        for target in ("chapter", "topic", "note", "question_set"):
            created = found[f"hydrate_jobs_created_total[{target}]"]
            assert created == found[f"hydrate_jobs_completed_total[{target}]"] > 0
        assert found["hydrate_job_duration_seconds_sum"] == 90
        assert (
            found["hydrate_job_duration_seconds_bucket[60.0]"],
            found["hydrate_job_duration_seconds_bucket[120.0]"],
        ) == (0, 1)
        assert sum(value for name, value in found.items() if name.startswith("hydrate_cost_usd_total")) > 0
        assert sum(value for name, value in found.items() if name.startswith("hydrate_tokens_total")) > 0

    def test_count_a_claim_each_time(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        claim(runtime, root_id)
        clock.advance(runtime.settings.lease_seconds + 1)

        return_leases(runtime)
        claim(runtime, root_id)

        found = read(runtime)
        assert found["hydrate_jobs_claimed_total[chapter]"] == 2
        assert found["hydrate_leases_lost_total"] == 1

    def test_never_fall_when_jobs_are_cancelled_and_resumed(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        before = counters(runtime)
        cancel(runtime, root_id)
        cancelled = counters(runtime)

        resume(runtime, root_id)

        after = counters(runtime)
        assert all(before[name] <= cancelled[name] <= after[name] for name in before)
        assert after["hydrate_jobs_cancelled_total[subject]"] == 1

    def test_keep_a_failure_that_was_put_right(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(lambda _: "no JSON"), root_id)
        failed = counters(runtime)

        resume(runtime, root_id)
        cascade(runtime, ScriptedModel(), root_id)

        after = counters(runtime)
        assert failed["hydrate_jobs_failed_total[subject]"] == after["hydrate_jobs_failed_total[subject]"] == 1
        assert after["hydrate_jobs_failed_total[chapter]"] == 1
        assert after["hydrate_jobs_completed_total[subject]"] == 1

    def test_are_the_same_before_and_after_the_totals_are_brought_forward(
        self, runtime: Runtime, clock: FakeClock
    ) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))
        submit(runtime, grade="7")
        backdate_logs(runtime, clock)
        before = counters(runtime)
        clock.advance(2 * HOUR)

        first = bring_totals_forward(runtime)
        second = bring_totals_forward(runtime)

        assert first == second == clock() - timedelta(hours=1)
        assert counters(runtime) == before
        clock.advance(2 * HOUR)
        bring_totals_forward(runtime)
        assert counters(runtime) == before


class TestGauges:
    def test_tell_what_is_open(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        submit(runtime, grade="7")
        clock.advance(60)
        claim(runtime, root_id)
        clock.advance(runtime.settings.lease_seconds + 1)

        found = read(runtime)

        assert found["hydrate_jobs[running][subject]"] == found["hydrate_jobs[pending][subject]"] == 1
        assert found["hydrate_jobs[running][chapter]"] == 1
        assert found["hydrate_leases_expired"] == 1
        assert found["hydrate_oldest_pending_seconds"] > 60
        assert found["hydrate_outbox_undelivered[HYDRATION_JOB]"] == 2

    def test_leave_out_what_waits_below_a_paused_root(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        with runtime.database.transaction() as session:
            pause(session, root_id, reason="no money", until=None, now=runtime.now())

        found = read(runtime)

        assert found["hydrate_jobs[paused][subject]"] == 1
        assert found["hydrate_jobs[pending][chapter]"] == 0

    def test_tell_budgets_and_breakers(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(day_max_cost_usd=Decimal(10)), database, clock)
        with database.transaction() as session:
            session.add(Budget(scope=f"day:{clock():%Y-%m-%d}", spent_usd=Decimal("8.5"), reserved_usd=Decimal(1)))
            session.add(Budget(scope="day:2020-01-01", spent_usd=Decimal(99)))
            session.add(Deployment(name="a@b", open_until=clock() + timedelta(minutes=1)))

        found = read(runtime)

        assert found["hydrate_budget_spent_usd[day]"] == 8.5
        assert found["hydrate_budget_reserved_usd[day]"] == 1
        assert found["hydrate_budget_cap_usd[day]"] == 10
        assert found["hydrate_budget_spent_usd[tenant]"] == 0
        assert (found["hydrate_breaker_open[a@b]"], found["hydrate_rate_limited[a@b]"]) == (1, 0)

    def test_tell_when_the_reconciler_last_ran(self, runtime: Runtime, clock: FakeClock) -> None:
        assert "hydrate_reconciler_last_run_timestamp" not in read(runtime)

        reconcile(runtime, FakeAirflow(), holder="test")

        found = read(runtime)
        assert found["hydrate_reconciler_last_run_timestamp"] == clock().timestamp()
        assert found["hydrate_reconciler_duration_seconds"] == 0


class TestText:
    def test_pleases_promtool(self, runtime: Runtime) -> None:
        if not shutil.which("promtool"):
            pytest.skip("promtool is not on the path; Debian's package `prometheus` has it")
        cascade(runtime, ScriptedModel(), submit(runtime))

        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=exposition(runtime), capture_output=True, check=False
        )

        # The name that seed 001 gives the reconciler's timestamp carries no unit, which promtool would like better.
        assert checked.returncode in (0, 3)
        assert [line for line in checked.stderr.decode().splitlines() if "error" in line.lower()] == []


class TestRoute:
    @pytest.fixture
    def client(self, database: Database, clock: FakeClock) -> Iterator[TestClient]:
        runtime = Runtime(settings_for_tests(metrics_token=SecretStr("scrape")), database, clock)
        app = app_of(runtime, Access(nobody_or_viewer, role_of, str))
        with TestClient(app) as client:
            yield client

    def test_gives_the_metrics_for_the_scrape_token(self, client: TestClient) -> None:
        answer = client.get("/metrics", headers={"Authorization": "Bearer scrape"})

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert "hydrate_jobs_created_total" in answer.text

    def test_gives_them_to_a_signed_in_viewer(self, client: TestClient) -> None:
        assert client.get("/metrics", headers={"Authorization": "Bearer viewer"}).status_code == 200

    @pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer scrape2"}, {"Authorization": "Basic scrape"}])
    def test_gives_them_to_nobody_else(self, client: TestClient, shown: dict[str, str]) -> None:
        assert client.get("/metrics", headers=shown).status_code == 401

    def test_takes_no_empty_token_for_one_that_is_not_configured(self, runtime: Runtime) -> None:
        app = app_of(runtime, Access(nobody_or_viewer, role_of, str))

        with TestClient(app) as client:
            assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def backdate_logs(runtime: Runtime, clock: FakeClock) -> None:
    """The test's clock stands in the past; the database stamps its log with its own."""
    with runtime.database.transaction() as session:
        session.execute(sa.update(JobExecutionLog).values(created_at=clock()))


async def nobody_or_viewer(_request: object, shown: object) -> str:
    if getattr(shown, "credentials", None) != "viewer":
        raise HTTPException(401, "Not signed in")
    return "viewer"


def role_of(_user: object) -> UserRole:
    return UserRole.VIEWER


def no_airflow(_caller: object) -> FakeAirflow:
    return FakeAirflow()


def app_of(runtime: Runtime, access: Access) -> FastAPI:
    unused: Any = None
    return create_admin_app(lambda: runtime, access, no_airflow, unused, max_body_bytes=1024, max_upload_bytes=1024)
