"""How a root ends: completed, failed with what is missing, cancelled, paused; and how it is taken up again."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from factories import (
    FakeClock,
    ScriptedModel,
    all_rows,
    calls,
    cancel,
    cascade,
    chapter_ids,
    claim,
    close,
    count,
    failures,
    job,
    jobs,
    log_lines,
    open_root,
    resume,
    settings_for_tests,
    start,
    submit,
    tree,
    valid_answer,
    work,
)
from hydrateall.core.database import Database
from hydrateall.core.models import AuditLog
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter, Topic, TopicNote
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow
from hydrateall.hydration import repository, service, tasks
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import (
    ItemsMissing,
    JobActive,
    JobEnded,
    NothingToResume,
    RootEnded,
    StillOpen,
    UnknownJob,
)
from hydrateall.llm.service import ModelError, ModelMisconfigured

NO_KEY = ModelMisconfigured("The model server refused the key.", "Correct HYDRATEALL_OPENAI_API_KEY.")
BUSY = ModelError("The model server answered with status 503.")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(step=0.2)


def fail_for(purpose: str, *, topic: int = 1) -> Any:
    """Answers that fail for one topic of each chapter, and are valid for everything else."""

    def respond(assignment: dict[str, Any]) -> Any:
        asked = assignment["purpose"] == purpose and assignment["topic"]["number"] == topic
        return BUSY if asked else valid_answer(assignment)

    return respond


def statuses(runtime: Runtime, root_id: Any) -> set[JobStatus]:
    return {each.status for each in jobs(runtime, root_id)}


class TestClose:
    def test_completes_a_root_that_has_everything(self, runtime: Runtime) -> None:
        model = ScriptedModel()
        root_id = submit(runtime)

        root = cascade(runtime, model, root_id)

        assert root.status is JobStatus.COMPLETED
        assert root.finished_at is not None
        assert root.actual_cost_usd == model.calls * ScriptedModel.cost_usd

    def test_leaves_a_root_alone_that_has_work_left(self, runtime: Runtime) -> None:
        root_id = tree(runtime)

        root = close(runtime, root_id)

        assert root.status is JobStatus.RUNNING

    def test_tells_the_task_that_work_is_left(self, runtime: Runtime) -> None:
        root_id = tree(runtime)

        with pytest.raises(StillOpen):
            tasks.close_job(runtime, root_id=str(root_id))

    def test_says_which_items_are_missing_and_why(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        root = cascade(runtime, ScriptedModel(fail_for("notes")), root_id)

        assert root.status is JobStatus.FAILED
        assert root.error_message.startswith("2 of 15 jobs failed. the note of 1.1 Chapter 1, topic 1: ")
        assert BUSY.message in root.error_message

    def test_tells_the_task_what_is_missing(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(fail_for("questions")), root_id)

        with pytest.raises(ItemsMissing, match=r"2 easy questions of 1\.1"):
            tasks.close_job(runtime, root_id=str(root_id))

    def test_changes_nothing_the_second_time(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        first = cascade(runtime, ScriptedModel(), root_id)

        second = close(runtime, root_id)

        assert second.finished_at == first.finished_at
        assert len([line for line in log_lines(runtime, root_id) if line.phase == "SUMMARY"]) == 1

    def test_keeps_the_other_items_when_one_fails(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        cascade(runtime, ScriptedModel(fail_for("notes")), root_id)

        assert count(runtime, TopicNote) == 2
        assert count(runtime, Topic) == 4


class TestCancel:
    def test_ends_the_root_and_everything_open_below_it(self, runtime: Runtime) -> None:
        root_id = tree(runtime)

        cancel(runtime, root_id, "the syllabus changed")

        root = job(runtime, root_id)
        assert (root.status, root.cancel_reason) == (JobStatus.CANCELLED, "the syllabus changed")
        assert statuses(runtime, root_id) == {JobStatus.COMPLETED, JobStatus.CANCELLED}

    def test_stops_new_calls_at_once(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        cancel(runtime, root_id)
        model = ScriptedModel()

        outcome = work(runtime, model, root_id, Level.NOTES, first)

        assert model.calls == 0
        assert outcome.root_status is JobStatus.CANCELLED

    def test_discards_an_answer_that_comes_late_but_logs_its_cost(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        def cancel_meanwhile(assignment: dict[str, Any]) -> Any:
            cancel(runtime, root_id)
            return valid_answer(assignment)

        work(runtime, ScriptedModel([cancel_meanwhile]), root_id)

        [call] = calls(runtime)
        assert (call.status, call.cost_usd) == ("discarded", ScriptedModel.cost_usd)
        assert count(runtime, Chapter) == 0
        assert jobs(runtime, root_id)[0].actual_cost_usd == ScriptedModel.cost_usd

    def test_aborts_a_call_in_flight_with_the_next_heartbeat(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        async def never(_: dict[str, Any]) -> None:
            cancel(runtime, root_id)
            await asyncio.Event().wait()

        outcome = work(runtime, ScriptedModel(never), root_id)

        assert outcome.root_status is JobStatus.CANCELLED
        assert [call.status for call in calls(runtime)] == ["discarded"]

    def test_logs_the_cost_of_an_answer_that_a_heartbeat_finds_being_committed(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        held = threading.Event()

        def hold_the_root() -> None:
            with runtime.database.transaction() as session:
                repository.lock_job(session, root_id)
                held.set()
                time.sleep(0.18)  # several heartbeats

        def cancel_and_delay_the_commit(assignment: dict[str, Any]) -> Any:
            cancel(runtime, root_id)
            threading.Thread(target=hold_the_root).start()
            held.wait()
            return valid_answer(assignment)

        work(runtime, ScriptedModel([cancel_and_delay_the_commit]), root_id)

        assert [(call.status, call.cost_usd) for call in calls(runtime)] == [("discarded", ScriptedModel.cost_usd)]

    def test_is_audited_with_its_reason(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        cancel(runtime, root_id, "a mistake")

        *_, row = all_rows(runtime, sa.select(AuditLog).order_by(AuditLog.id))
        assert (row.action, row.entity_id, row.rationale) == ("hydration.cancel", root_id, "a mistake")

    def test_of_an_ended_job_is_refused(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cancel(runtime, root_id)

        with pytest.raises(JobEnded, match="it is cancelled"):
            cancel(runtime, root_id)

    def test_of_a_child_is_refused(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [child] = jobs(runtime, root_id)

        with pytest.raises(UnknownJob):
            cancel(runtime, child.id)

    def test_lets_the_tasks_of_the_run_skip(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        cancel(runtime, root_id)

        with pytest.raises(RootEnded):
            tasks.write_chapters(runtime, root_id=str(root_id), owner="run/chapters")


class TestResume:
    def test_opens_again_only_what_was_cancelled(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        cancel(runtime, root_id)

        reopened = resume(runtime, root_id)

        open_again = [each for each in jobs(runtime, root_id) if each.status is JobStatus.PENDING]
        assert reopened == len(open_again) == 12
        assert {each.hierarchy_level for each in open_again} == {Level.NOTES, Level.QUESTIONS}

    def test_opens_again_only_what_failed_and_does_only_that(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(fail_for("notes")), root_id)
        model = ScriptedModel()

        reopened = resume(runtime, root_id)
        root = cascade(runtime, model, root_id)

        assert reopened == 2
        assert [each["purpose"] for each in model.assignments] == ["notes", "notes"]
        assert root.status is JobStatus.COMPLETED
        assert root.error_message is None

    def test_gives_the_job_all_its_attempts_again(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(fail_for("notes")), root_id)

        resume(runtime, root_id)

        failed = [each for each in jobs(runtime, root_id) if each.status is JobStatus.PENDING]
        assert [(each.attempts, each.finished_at) for each in failed] == [(0, None)] * 2

    def test_never_gives_an_old_token_out_again(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [before] = claim(runtime, root_id)
        cancel(runtime, root_id)
        resume(runtime, root_id)
        start(runtime, root_id)

        [after] = claim(runtime, root_id)

        assert after.fencing_token > before.fencing_token

    def test_is_delivered_as_another_run(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cancel(runtime, root_id)

        resume(runtime, root_id)

        entries = all_rows(runtime, sa.select(OutboxEntry).order_by(OutboxEntry.id))
        runs = [entry.dag_run_id for entry in entries if entry.kind is OutboxKind.HYDRATION_JOB]
        assert runs == [f"hydrate__{root_id}__1", f"hydrate__{root_id}__2"]

    def test_of_a_job_that_neither_failed_nor_was_cancelled_is_refused(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        with pytest.raises(NothingToResume, match="is pending"):
            resume(runtime, root_id)

    def test_is_refused_while_the_subject_has_another_job(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cancel(runtime, root_id)
        other = submit(runtime)

        with pytest.raises(JobActive) as refused:
            resume(runtime, root_id)

        assert refused.value.job_id == other

    def test_keeps_the_reasons_of_the_first_try(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(fail_for("notes")), root_id)
        failed = next(each for each in jobs(runtime, root_id) if each.status is JobStatus.FAILED)

        resume(runtime, root_id)
        cascade(runtime, ScriptedModel(), root_id)

        assert len(failures(runtime, failed.id)) == runtime.settings.max_retries


class TestPause:
    def test_keeps_the_job_with_the_sentence_of_a_misconfigured_model(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        outcome = work(runtime, ScriptedModel([NO_KEY]), root_id)

        root = job(runtime, root_id)
        assert outcome.root_status is JobStatus.PAUSED
        assert (root.error_message, root.paused_until) == (str(NO_KEY), None)
        assert [(each.status, each.attempts) for each in jobs(runtime, root_id)] == [(JobStatus.PENDING, 0)]

    def test_makes_no_further_call(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(max_in_flight=1), database, clock)
        root_id = tree(runtime)
        first, second = chapter_ids(runtime, root_id)
        model = ScriptedModel([NO_KEY])

        work(runtime, model, root_id, Level.NOTES, first)
        work(runtime, model, root_id, Level.NOTES, second)

        assert model.calls == 1

    def test_keeps_what_is_finished(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        work(runtime, ScriptedModel([NO_KEY]), root_id, Level.NOTES, first)

        assert count(runtime, Chapter) == 2
        assert JobStatus.FAILED not in statuses(runtime, root_id)

    def test_stores_the_answer_that_was_in_flight(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        def pause_meanwhile(assignment: dict[str, Any]) -> Any:
            with runtime.database.transaction() as session:
                service.pause(session, root_id, reason="wait", until=None, now=runtime.now())
            return valid_answer(assignment)

        work(runtime, ScriptedModel([pause_meanwhile]), root_id)

        assert job(runtime, root_id).status is JobStatus.PAUSED
        assert [call.status for call in calls(runtime)] == ["accepted"]

    def test_stores_it_even_when_the_job_was_resumed_meanwhile(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        def pause_and_resume(assignment: dict[str, Any]) -> Any:
            with runtime.database.transaction() as session:
                service.pause(session, root_id, reason="wait", until=None, now=runtime.now())
            resume(runtime, root_id)
            return valid_answer(assignment)

        work(runtime, ScriptedModel([pause_and_resume]), root_id)

        assert job(runtime, root_id).status is JobStatus.PENDING
        assert [call.status for call in calls(runtime)] == ["accepted"]

    def test_begins_before_the_call_that_may_not_fit_the_budget(self, runtime: Runtime) -> None:
        root_id = open_root(runtime, max_cost_usd="0.001")
        model = ScriptedModel()

        work(runtime, model, root_id)

        root = job(runtime, root_id)
        assert (model.calls, root.status) == (0, JobStatus.PAUSED)
        assert root.error_message.startswith("The budget of this job needs $0.0")
        assert "jobs resume JOB --max-cost-usd" in root.error_message

    def test_ends_with_a_larger_budget_and_pays_for_nothing_twice(self, runtime: Runtime) -> None:
        root_id = submit(runtime, max_cost_usd="0.012")
        model = ScriptedModel()
        assert cascade(runtime, model, root_id).status is JobStatus.PAUSED
        assert 0 < model.calls < 15

        resume(runtime, root_id, max_cost_usd=Decimal(1))
        root = cascade(runtime, model, root_id)

        assert root.status is JobStatus.COMPLETED
        assert model.calls == 15
        assert root.actual_cost_usd == 15 * ScriptedModel.cost_usd

    def test_ends_by_itself_when_its_time_has_come(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        until = clock() + timedelta(minutes=1)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="the server", until=until, now=runtime.now())
        airflow = FakeAirflow()

        tasks.deliver_outbox(runtime, airflow)
        before = job(runtime, root_id).status
        clock.advance(61)
        tasks.deliver_outbox(runtime, airflow)

        assert (before, job(runtime, root_id).status) == (JobStatus.PAUSED, JobStatus.PENDING)
        assert [run for run, _ in airflow.triggered] == [f"hydrate__{root_id}__1", f"hydrate__{root_id}__2"]

    def test_can_be_cancelled(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        work(runtime, ScriptedModel([NO_KEY]), root_id)

        cancel(runtime, root_id)

        assert job(runtime, root_id).status is JobStatus.CANCELLED
        assert statuses(runtime, root_id) == {JobStatus.CANCELLED}

    def test_keeps_the_subject_for_its_job(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        work(runtime, ScriptedModel([NO_KEY]), root_id)

        with pytest.raises(JobActive):
            submit(runtime)
