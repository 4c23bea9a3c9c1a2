"""The gateway against a real model server: what it does after each class of failure."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from factories import all_rows, settings_for_tests
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.llm.calls import Answer, Purpose
from hydrateall.llm.errors import (
    BreakerOpen,
    BudgetShort,
    CutOff,
    Filtered,
    ModelMisconfigured,
    NotConnected,
    Overloaded,
    Refused,
    ServerBusy,
)
from hydrateall.llm.gateway import firmly
from hydrateall.llm.models import AIContentLog
from hydrateall.llm.service import ModelRequest, open_gateway, price_of, request_for
from mock_server import Mock, running
from offline_assignments import about


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as served:
        yield served


class Office:
    """A database and a model server, and a gateway between them."""

    def __init__(self, database: Database, mock: Mock) -> None:
        self.database = database
        self.mock = mock
        self.settings: dict[str, Any] = {}

    def ask(self, topic: str = "Volcanoes", cap: Decimal | None = None, *, times: int = 1, **changes: Any) -> Answer:
        """Ask through a gateway of its own; with `times`, all at once, and return the last."""
        settings = settings_for_tests(model_provider="mock", mock_url=f"{self.mock.url}/v1", **self.settings, **changes)

        async def run() -> list[Answer]:
            async with open_gateway(settings, self.database) as gateway:
                purpose = Purpose("NOTE", topic, {"job:test": cap})
                return await asyncio.gather(*(gateway.complete(note(topic), purpose) for _ in range(times)))

        return asyncio.run(run())[-1]

    def outcomes(self) -> list[str | None]:
        rows = all_rows(Runtime(settings_for_tests(), self.database), sa.select(AIContentLog).order_by(AIContentLog.id))
        return [row.outcome for row in rows]

    def spent(self) -> Decimal:
        with self.database.transaction() as session:
            return session.scalar(sa.select(sa.func.coalesce(sa.func.sum(AIContentLog.cost_usd), 0)))


def note(topic: str) -> ModelRequest:
    assignment = about(topic, "en", "notes", wordRange=[300, 900])
    return request_for("curriculum/draft_note", NoteDraft, assignment)


@pytest.fixture
def office(database: Database, mock: Mock) -> Office:
    return Office(database, mock)


class TestAnswer:
    def test_costs_what_the_server_bills(self, office: Office) -> None:
        answer = office.ask()

        assert NoteDraft.model_validate_json(answer.reply.text)
        assert answer.cost_usd == office.spent() == office.mock.billed() > 0

    def test_is_paid_once_and_then_kept(self, office: Office) -> None:
        first = office.ask()
        again = office.ask()

        assert (again.cached, again.cost_usd, again.reply.text) == (True, 0, first.reply.text)
        assert office.mock.ledger()["totals"]["requests"] == 1

    def test_is_asked_anew_when_the_cache_is_off(self, office: Office) -> None:
        office.ask(cache=False)
        office.ask(cache=False)

        assert office.mock.ledger()["totals"]["requests"] == 2

    def test_is_asked_anew_at_another_temperature(self, office: Office) -> None:
        office.ask()
        office.ask(temperature=0.0)

        assert office.mock.ledger()["totals"]["requests"] == 2

    def test_is_freed_of_thinking_fences_and_prose(self, office: Office) -> None:
        office.mock.change(faults={"text_around": 1.0})

        answer = office.ask()

        assert NoteDraft.model_validate_json(answer.reply.text)

    def test_comes_without_strict_schema_too(self, office: Office) -> None:
        office.mock.change(strict_schema=False)

        answer = office.ask(strict_schema=False)

        assert NoteDraft.model_validate_json(answer.reply.text)


class TestFailure:
    """Each class ends after as many requests as its rule allows."""

    @pytest.mark.parametrize(
        ("fault", "error", "outcomes"),
        [
            ("server_error", Overloaded, ["overloaded"] * 5),
            ("overloaded", Overloaded, ["overloaded"] * 5),
            ("dropped", NotConnected, ["connection"] * 4),
            ("truncated", CutOff, ["cut_off"] * 2),
            ("refusal", Refused, ["refused"]),
            ("content_filter", Filtered, ["filtered"]),
            ("insufficient_quota", ModelMisconfigured, ["misconfigured"]),
        ],
    )
    def test_that_lasts(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, fault: str, error: type[Exception], outcomes: list[str]
    ) -> None:
        monkeypatch.setattr("hydrateall.llm.gateway.Gateway._pause", lambda *_: 0.0)
        office.mock.change(faults={fault: 1.0})

        with pytest.raises(error):
            office.ask()

        assert office.outcomes() == outcomes
        assert office.spent() == office.mock.billed()

    def test_that_passes_is_not_seen(self, office: Office) -> None:
        office.mock.change(faults={"rate_limited": 0.5, "overloaded": 0.2}, seed=3)

        for number in range(6):
            office.ask(f"Topic {number}")

        assert office.outcomes().count("answered") == 6
        assert len(office.outcomes()) > 6

    def test_of_a_cut_off_answer_asks_for_twice_the_room(self, office: Office, runtime: Runtime) -> None:
        office.mock.change(faults={"truncated": 1.0})

        with pytest.raises(CutOff):
            office.ask()

        rows = all_rows(runtime, sa.select(AIContentLog).order_by(AIContentLog.id))
        output = [row.reserved_usd for row in rows]
        assert output[1] - output[0] == price_of("mock-writer").of(prompt=0, completion=note("").max_output_tokens)

    def test_of_a_timeout_says_that_it_may_have_been_billed(self, office: Office, runtime: Runtime) -> None:
        office.mock.change(latency=0.5)

        with pytest.raises(Exception, match=r"within 0\.1 s"):
            office.ask(openai_timeout_seconds=0.1)

        rows = all_rows(runtime, sa.select(AIContentLog))
        assert [row.outcome for row in rows] == ["timeout", "timeout"]
        assert all(row.uncertain_usd == row.reserved_usd > 0 for row in rows)

    def test_of_a_long_pause_ends_the_waiting_with_the_time_at_which_it_goes_on(self, office: Office) -> None:
        office.mock.change(faults={"rate_limited": 1.0})

        with pytest.raises(ServerBusy, match="goes on by itself after") as busy:
            office.ask(rate_limit_patience_seconds=0.1)

        assert busy.value.until is not None


class TestBudget:
    def test_that_is_too_small_sends_nothing_and_says_what_it_needs(self, office: Office) -> None:
        with pytest.raises(BudgetShort, match=r"needs \$0\.\d+ more"):
            office.ask(cap=Decimal("0.0001"))

        assert office.mock.ledger()["totals"]["requests"] == 0

    def test_is_never_overrun_by_calls_at_the_same_time(self, office: Office) -> None:
        with pytest.raises(BudgetShort):
            office.ask(cap=Decimal("0.06"), times=30, cache=False)

        assert 0 < office.spent() == office.mock.billed() <= Decimal("0.06")


class TestBreaker:
    def test_leaves_a_broken_server_alone(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hydrateall.llm.gateway.Gateway._pause", lambda *_: 0.0)
        office.mock.change(faults={"overloaded": 1.0})

        with pytest.raises(BreakerOpen, match=r"failed again and again.*status 503"):
            office.ask(breaker_failures=3)
        sent = office.mock.ledger()["totals"]["requests"]
        with pytest.raises(BreakerOpen):
            office.ask(breaker_failures=3)

        assert (sent, office.mock.ledger()["totals"]["requests"]) == (3, 3)


class TestCancellation:
    def test_books_an_answer_that_was_on_its_way(self, office: Office, runtime: Runtime) -> None:
        office.mock.change(latency=5)
        settings = settings_for_tests(model_provider="mock", mock_url=f"{office.mock.url}/v1")

        async def give_up() -> None:
            async with open_gateway(settings, office.database) as gateway:
                purpose = Purpose("NOTE", "a topic", {"job:test": None})
                asked = asyncio.create_task(gateway.complete(note("Volcanoes"), purpose))
                while office.mock.ledger()["totals"]["requests"] == 0:
                    await asyncio.sleep(0.01)
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)

        asyncio.run(give_up())

        [row] = all_rows(runtime, sa.select(AIContentLog))
        assert (row.status, row.outcome, row.uncertain_usd) == ("discarded", "aborted", row.reserved_usd)

    def test_finishes_what_must_be_finished(self) -> None:
        done: list[uuid.UUID] = []

        async def finish() -> None:
            await asyncio.sleep(0.02)
            done.append(uuid.uuid4())

        async def run() -> None:
            task = asyncio.create_task(firmly(finish()))
            for _ in range(3):
                await asyncio.sleep(0)
                task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(run())

        assert len(done) == 1
