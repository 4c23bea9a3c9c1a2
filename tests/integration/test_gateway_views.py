"""What people are told of the gateway and of jobs: deployments, budgets, cache, use by purpose, pauses."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from rich.console import Console

from factories import ME, ScriptedModel, all_rows, cascade, job, log_lines, open_root, resume, start, submit
from hydrateall.cli.live import watch
from hydrateall.cli.llm import _deployments
from hydrateall.cli.pauses import pause_lines
from hydrateall.cli.reading import provenance_lines
from hydrateall.cli.summary import usage_lines
from hydrateall.core.models import AuditLog
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import sample_page
from hydrateall.hydration import service
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.errors import NotRunning
from hydrateall.hydration.views import job_view, subject_of, usage_of
from hydrateall.llm.models import AIContentLog, Deployment
from hydrateall.llm.views import gateway_state, price_lines


def forget_the_last_answer(runtime: Runtime) -> None:
    """As if the connection had broken before the last answer was whole."""
    with runtime.database.transaction() as session:
        last = session.scalars(sa.select(AIContentLog).order_by(AIContentLog.created_at.desc()).limit(1)).one()
        last.status, last.outcome, last.uncertain_usd = "error", "connection", Decimal("0.25")


class TestGatewayState:
    def test_has_nothing_before_the_first_call(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            found = gateway_state(session, runtime.settings)

        assert (found.deployments, found.budgets, found.cache.answers) == ([], [], 0)

    def test_shows_what_a_job_has_spent_of_its_cap(self, runtime: Runtime) -> None:
        model = ScriptedModel()
        root_id = submit(runtime, max_cost_usd=7)
        cascade(runtime, model, root_id)

        with runtime.database.transaction() as session:
            found = gateway_state(session, runtime.settings.model_copy(update={"day_max_cost_usd": Decimal(9)}))

        budgets = {each.scope.partition(":")[0]: each for each in found.budgets}
        assert budgets["job"].scope == f"job:{root_id}"
        assert budgets["job"].spent_usd == model.calls * ScriptedModel.cost_usd
        assert budgets["job"].reserved_usd == 0
        assert [budgets[kind].cap_usd for kind in ("job", "tenant", "day")] == [Decimal(7), None, Decimal(9)]

    def test_shows_a_breaker_that_is_open_and_why(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            moment = session.scalar(sa.select(sa.func.now()))
            hour = timedelta(hours=1)
            troubled = Deployment(name="host/model", concurrency=3, failures=10, last_error="It answered with 503.")
            troubled.open_until, troubled.blocked_until = moment + hour, moment - hour
            session.add(troubled)

        with runtime.database.transaction() as session:
            (found,) = gateway_state(session, runtime.settings).deployments

        assert (found.concurrency, found.failures, found.in_flight, found.blocked_until) == (3, 10, 0, None)
        assert found.open_until is not None
        console = Console(width=160)
        with console.capture() as shown:
            console.print(_deployments([found]))
        assert "breaker open until" in shown.get()

    def test_is_told_in_camel_case_with_numbers(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))

        with runtime.database.transaction() as session:
            told = json.loads(gateway_state(session, runtime.settings).model_dump_json(by_alias=True))

        assert isinstance(told["budgets"][0]["spentUsd"], float)
        assert told["cache"].keys() == {"enabled", "answers", "expired", "hits"}


class TestPrices:
    def test_list_every_model_once(self) -> None:
        names = [line.model for line in price_lines()]

        assert {"mock-writer", "gpt-5-mini"} <= set(names)
        assert len(names) == len(set(names))


class TestUsage:
    def test_of_a_job_is_shown_by_purpose_in_the_order_of_the_cascade(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(), root_id)

        with runtime.database.transaction() as session:
            usage = job_view(session, root_id).usage

        assert [each.purpose for each in usage] == ["chapters", "topics", "notes", "questions"]
        assert all(each.calls == each.accepted for each in usage)

    def test_tells_what_lost_answers_may_have_cost_on_top(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(), root_id)
        forget_the_last_answer(runtime)

        with runtime.database.transaction() as session:
            usage = usage_of(session, root_id)

        assert usage_lines(usage)[-1] == "up to $0.25 more may have been billed for 1 lost answer"
        assert "1 failed and tried again" in usage_lines(usage)[0]


class TestPauseByAPerson:
    def test_keeps_who_did_it_and_is_audited(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        pause(runtime, root_id)

        root = job(runtime, root_id)
        assert (root.status, root.error_message, root.paused_until) == (JobStatus.PAUSED, "Paused by tester.", None)
        assert "Paused by tester." in [line.message for line in log_lines(runtime, root_id)]
        audited = all_rows(runtime, sa.select(AuditLog).where(AuditLog.action == "hydration.pause"))
        assert [each.rationale for each in audited] == ["Paused by tester."]

    def test_ends_when_the_job_is_resumed(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        pause(runtime, root_id)

        resume(runtime, root_id)
        start(runtime, root_id)

        assert job(runtime, root_id).status is JobStatus.RUNNING

    def test_is_refused_for_a_job_that_does_not_run(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        with pytest.raises(NotRunning, match="is pending; only a running job can be paused"):
            pause(runtime, root_id)


class TestPauseLines:
    def test_name_the_command_with_the_jobs_own_id(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        reason = "The budget of this job needs $0.42 more. Resume it: `hydrateall jobs resume JOB --max-cost-usd …`."
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason=reason, until=None, now=runtime.now())
            view = job_view(session, root_id)

        lines = pause_lines(view, "hydrateall")

        assert f"`hydrateall jobs resume {root_id} --max-cost-usd …`" in lines[0]
        assert lines[1] == f"goes on   with `hydrateall jobs resume {root_id}`"

    def test_say_when_the_job_goes_on_by_itself(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        until = runtime.now() + timedelta(minutes=1)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="The server failed.", until=until, now=runtime.now())
            view = job_view(session, root_id)

        assert f"by itself soon after {until.astimezone():%d %b %H:%M:%S}" in pause_lines(view, "hydrateall")[1]


class TestWaiting:
    def test_ends_when_the_job_pauses(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        pause(runtime, root_id)

        assert watch(runtime, root_id, quiet=True).status is JobStatus.PAUSED


class TestProvenance:
    def test_of_an_item_names_writer_prompt_and_parameters(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(), root_id)
        with runtime.database.transaction() as session:
            page = sample_page(session, subject_of(session, root_id))

        assert page is not None
        assert page.note is not None
        (line,) = provenance_lines(page.note.provenance)

        assert line.startswith("written by ")
        assert "prompt curriculum.draft_note version 2 sha256 " in line
        assert "temperature 0.2 · at most " in line

    def test_of_an_item_that_says_nothing_is_nothing(self) -> None:
        assert provenance_lines({}) == []


def pause(runtime: Runtime, root_id: object) -> None:
    with runtime.database.transaction() as session:
        service.pause_by(session, root_id, actor=ME, now=runtime.now())
