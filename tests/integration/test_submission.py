"""Submitting: a job, its first child and its outbox entry are there together, or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from factories import ME, all_rows, cancel, count, job, jobs, log_lines, request, submit
from hydrateall.core.errors import NotFound, UsageError
from hydrateall.core.models import AuditLog
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.models import OutboxEntry
from hydrateall.hydration import service, tasks
from hydrateall.hydration.enums import JobStatus, Level, TargetType
from hydrateall.hydration.errors import JobActive
from hydrateall.hydration.models import HydrationJob, JobExecutionLog

PARAMS = {"board": "CBSE", "grade": "8", "subject": "SCIENCE", "language": "en"}


def open_job(runtime: Runtime, dag_run_id: str = "manual__1", **params: Any) -> str | None:
    return tasks.open_job(runtime, params={**PARAMS, **params}, dag_run_id=dag_run_id, triggered_by="mira")


class TestSubmit:
    def test_makes_the_root_its_chapters_job_and_its_outbox_entry(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        root = job(runtime, root_id)
        [child] = jobs(runtime, root_id)
        [entry] = all_rows(runtime, sa.select(OutboxEntry))
        assert (root.status, root.hierarchy_level, root.target_type) == (JobStatus.PENDING, 0, TargetType.SUBJECT)
        assert (child.status, child.hierarchy_level, child.items_expected) == (JobStatus.PENDING, Level.CHAPTERS, 2)
        assert (entry.kind, entry.job_id, entry.sent_at) == (OutboxKind.HYDRATION_JOB, root_id, None)
        assert entry.dag_run_id == f"hydrate__{root_id}__1"

    def test_leaves_nothing_behind_when_its_transaction_fails(self, runtime: Runtime) -> None:
        def submit_and_crash() -> None:
            with runtime.database.transaction() as session:
                service.submit(session, request(), actor=ME, settings=runtime.settings, now=runtime.now())
                raise ConnectionError("the process was killed")

        with pytest.raises(ConnectionError):
            submit_and_crash()

        assert [count(runtime, model) for model in (HydrationJob, OutboxEntry, JobExecutionLog, AuditLog)] == [0] * 4

    def test_keeps_what_was_asked_for(self, runtime: Runtime) -> None:
        root_id = submit(runtime, chapter_limit=1, generate_notes=False, max_cost_usd="1.50")

        root = job(runtime, root_id)
        assert root.input_params["boardCode"] == "CBSE"
        assert root.input_params["options"]["chapterLimit"] == 1
        assert root.input_params["options"]["generateNotes"] is False
        assert float(root.max_cost_usd) == 1.5

    def test_takes_the_default_budget_where_none_is_named(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        assert job(runtime, root_id).max_cost_usd == runtime.settings.max_cost_usd

    def test_is_audited_with_actor_and_trace(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        [row] = all_rows(runtime, sa.select(AuditLog))
        root = job(runtime, root_id)
        assert (row.action, row.entity_id, row.actor_id) == ("hydration.submit", root_id, root.created_by)
        assert row.trace_id == root.trace_id
        assert [line.message for line in log_lines(runtime, root_id)] == ["Submitted: CBSE · grade 8 · Science · en."]

    def test_refuses_a_second_job_while_one_is_open(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        with pytest.raises(JobActive) as refused:
            submit(runtime)

        assert refused.value.job_id == root_id
        assert str(root_id) in str(refused.value)
        assert count(runtime, OutboxEntry) == 1

    def test_takes_another_once_the_first_has_ended(self, runtime: Runtime) -> None:
        cancel(runtime, submit(runtime))

        root_id = submit(runtime)

        assert job(runtime, root_id).status is JobStatus.PENDING

    def test_takes_another_subject_beside_it(self, runtime: Runtime) -> None:
        submit(runtime)

        submit(runtime, language="hi")

        assert count(runtime, OutboxEntry) == 2

    def test_lets_one_of_two_threads_win(self, runtime: Runtime) -> None:
        barrier = threading.Barrier(2)

        def race(_: int) -> str:
            barrier.wait()
            try:
                submit(runtime)
            except JobActive:
                return "refused"
            return "taken"

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(race, range(2)))

        assert sorted(outcomes) == ["refused", "taken"]
        assert count(runtime, HydrationJob) == 2
        assert count(runtime, OutboxEntry) == 1

    @pytest.mark.parametrize(
        ("wrong", "field", "known"),
        [
            ({"board_code": "CBES"}, "boardCode", "CBSE"),
            ({"subject_code": "ALCHEMY"}, "subjectCode", "SCIENCE"),
            ({"grade": "13"}, "grade", "8"),
            ({"board_code": "CISCE", "subject_code": "MATH", "language": "hi"}, "language", "en"),
        ],
    )
    def test_names_the_field_that_is_unknown(
        self, runtime: Runtime, wrong: dict[str, str], field: str, known: str
    ) -> None:
        with pytest.raises(NotFound) as refused:
            submit(runtime, **wrong)

        assert refused.value.field == field
        assert known in refused.value.remedy
        assert refused.value.exit_code == 2
        assert count(runtime, HydrationJob) == 0

    def test_finds_codes_in_any_case(self, runtime: Runtime) -> None:
        root_id = submit(runtime, board_code="cbse", subject_code="science")

        assert job(runtime, root_id).status is JobStatus.PENDING


class TestProspect:
    def test_writes_nothing(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            ahead = service.prospect(session, request(), settings=runtime.settings, now=runtime.now())

        assert ahead.estimates.total_chapters == 2
        assert count(runtime, HydrationJob) == 0


class TestOpenJob:
    def test_creates_the_job_of_a_run_that_a_person_triggered(self, runtime: Runtime) -> None:
        root_id = open_job(runtime)

        [root] = all_rows(runtime, sa.select(HydrationJob).where(HydrationJob.root_job_id.is_(None)))
        assert (str(root.id), root.status, root.dag_run_id) == (root_id, JobStatus.RUNNING, "manual__1")
        assert count(runtime, OutboxEntry) == 0

    def test_opens_the_same_job_when_it_runs_twice(self, runtime: Runtime) -> None:
        first = open_job(runtime)

        second = open_job(runtime)

        assert first == second

    def test_takes_no_budget_that_is_an_admins_to_give(self, runtime: Runtime) -> None:
        with pytest.raises(UsageError, match=r"a budget above \$50.00 is an admin's"):
            open_job(runtime, max_cost_usd=50.01)

        assert count(runtime, HydrationJob) == 0
        assert open_job(runtime, max_cost_usd=50)

    def test_opens_the_job_that_the_outbox_names(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        opened = open_job(runtime, "hydrate__1", job_id=str(root_id))

        assert opened == str(root_id)
        assert job(runtime, root_id).started_at is not None

    def test_writes_nothing_in_a_dry_run(self, runtime: Runtime) -> None:
        opened = open_job(runtime, dry_run=True)

        assert opened == tasks.DRY_RUN
        assert count(runtime, HydrationJob) == 0

    def test_gives_the_later_tasks_of_a_dry_run_nothing_to_do(self, runtime: Runtime) -> None:
        assert tasks.write_chapters(runtime, root_id=tasks.DRY_RUN, owner="run/chapters") == []
        assert tasks.close_job(runtime, root_id=tasks.DRY_RUN)["costUsd"] == 0

    def test_leaves_a_cancelled_job_cancelled(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cancel(runtime, root_id)

        open_job(runtime, "hydrate__1", job_id=str(root_id))

        assert job(runtime, root_id).status is JobStatus.CANCELLED

    @pytest.mark.parametrize("job_id", ["00000000-0000-7000-8000-000000000000", "not an id"])
    def test_says_that_there_is_no_such_job(self, runtime: Runtime, job_id: str) -> None:
        with pytest.raises(UsageError, match=f"no job {job_id}"):
            open_job(runtime, job_id=job_id)
