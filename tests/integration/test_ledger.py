"""The ledger of calls: what is admitted, what is reserved, and what a call's end teaches."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from factories import FakeClock, all_rows, cancel, claim, open_root
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import service
from hydrateall.llm import ledger
from hydrateall.llm.ledger import Admission, Ask, Settlement
from hydrateall.llm.models import AIContentLog, Budget, ContentCache, Deployment

SCOPE = "job:one"


class Desk:
    """The ledger at one moment of a clock that tests move."""

    def __init__(self, connection: sa.Connection, clock: FakeClock) -> None:
        self.connection = connection
        self.clock = clock

    def ask(self, *asks: Ask) -> list[Admission]:
        return ledger.admit(self.connection, asks or [an_ask()], at=self.clock())

    def verdicts(self, *asks: Ask) -> list[str]:
        return [each.verdict for each in self.ask(*asks)]

    def settle(self, ask: Ask, outcome: str = "answered", **changes: Any) -> list[Any]:
        done = Settlement(id=ask.id, outcome=outcome, breaker_failures=3, breaker_seconds=60.0)
        return ledger.settle(self.connection, [replace(done, **changes)], at=self.clock())

    def fail(self, outcome: str, **changes: Any) -> None:
        asked = an_ask()
        assert self.verdicts(asked) == ["go"]
        self.settle(asked, outcome, details={"error": "It broke."}, **changes)

    def budget(self) -> tuple[Decimal, Decimal]:
        found = self.connection.execute(sa.select(Budget.spent_usd, Budget.reserved_usd).where(Budget.scope == SCOPE))
        return tuple(found.one())

    def concurrency(self) -> float | None:
        return self.connection.execute(sa.select(Deployment.concurrency)).scalar_one()


def an_ask(**changes: Any) -> Ask:
    ask = Ask(
        id=uuid.uuid4(),
        deployment="server/model",
        purpose="notes",
        content_type="NOTE",
        content_ref="a topic",
        prompt_id="a prompt",
        prompt_version=1,
        tokens=1000,
        worst_usd=Decimal("0.10"),
        caps={SCOPE: Decimal(1)},
        expires_seconds=150.0,
        most_in_flight=100,
        patience=0.5,
    )
    return replace(ask, **changes)


@pytest.fixture
def desk(database: Database, clock: FakeClock) -> Iterator[Desk]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield Desk(connection, clock)


class TestBudget:
    def test_is_reserved_at_its_worst_and_settled_at_its_real_cost(self, desk: Desk) -> None:
        asked = an_ask()

        desk.ask(asked)
        reserved = desk.budget()
        desk.settle(asked, cost_usd=Decimal("0.03"))

        assert reserved == (0, Decimal("0.10"))
        assert desk.budget() == (Decimal("0.03"), 0)

    def test_admits_what_fits_and_makes_the_rest_wait_for_it(self, desk: Desk) -> None:
        asks = [an_ask(worst_usd=Decimal("0.40")) for _ in range(3)]

        assert desk.verdicts(*asks) == ["go", "go", "wait"]

    def test_says_what_it_lacks_when_not_even_an_empty_desk_would_do(self, desk: Desk) -> None:
        first = an_ask(worst_usd=Decimal("0.90"))
        desk.ask(first)
        desk.settle(first, cost_usd=Decimal("0.80"))

        [refused] = desk.ask(an_ask(worst_usd=Decimal("0.62")))

        assert (refused.verdict, refused.short_usd, refused.detail) == ("short", Decimal("0.42"), SCOPE)

    def test_names_the_scope_that_lacks_most(self, desk: Desk) -> None:
        caps = {"job:a": Decimal("0.09"), "day:b": Decimal("0.01"), "tenant:c": None}

        [refused] = desk.ask(an_ask(caps=caps))

        assert (refused.detail, refused.short_usd) == ("day:b", Decimal("0.09"))

    def test_is_freed_by_a_call_that_failed(self, desk: Desk) -> None:
        asked = an_ask(worst_usd=Decimal(1))
        desk.ask(asked)

        desk.settle(asked, "overloaded")

        assert desk.budget() == (0, 0)

    def test_is_freed_when_the_reservation_of_a_dead_process_expires(self, desk: Desk, runtime: Runtime) -> None:
        desk.ask(an_ask(worst_usd=Decimal(1)))
        assert desk.verdicts(an_ask()) == ["wait"]

        desk.clock.advance(151)

        assert desk.verdicts(an_ask()) == ["go"]
        [dead, _] = all_rows(runtime, sa.select(AIContentLog).order_by(AIContentLog.created_at))
        assert (dead.status, dead.uncertain_usd) == ("expired", Decimal(1))

    def test_is_freed_though_the_model_was_changed_since(self, desk: Desk) -> None:
        desk.ask(an_ask(deployment="old/model", worst_usd=Decimal(1)))

        desk.clock.advance(151)

        assert desk.verdicts(an_ask(deployment="new/model")) == ["go"]

    def test_books_the_cost_of_an_answer_that_came_after_its_reservation(self, desk: Desk) -> None:
        asked = an_ask()
        desk.ask(asked)
        desk.clock.advance(151)
        other = an_ask()
        desk.ask(other)

        desk.settle(asked, cost_usd=Decimal("0.05"))

        assert desk.budget() == (Decimal("0.05"), Decimal("0.10"))

    def test_of_a_job_is_read_from_the_job_when_it_was_raised_meanwhile(self, desk: Desk, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        with runtime.database.transaction() as session:
            session.execute(sa.text("UPDATE hydration_jobs SET max_cost_usd = 2 WHERE root_job_id IS NULL"))
        caps: dict[str, Decimal | None] = {f"job:{root_id}": Decimal("0.05")}  # what a worker knew when it began

        [admitted] = desk.ask(an_ask(root_job_id=root_id, caps=caps, worst_usd=Decimal("1.50")))
        [refused] = desk.ask(an_ask(root_job_id=root_id, caps=caps, worst_usd=Decimal("2.50")))

        assert (admitted.verdict, refused.verdict) == ("go", "short")


class TestRepetition:
    def test_of_an_admission_whose_call_has_ended_lets_nothing_go(self, desk: Desk) -> None:
        asked = an_ask()
        desk.ask(asked)
        desk.settle(asked, "aborted")

        assert desk.verdicts(asked) == ["wait"]
        assert desk.budget() == (0, 0)

    def test_of_an_admission_reserves_nothing_twice(self, desk: Desk) -> None:
        asked = an_ask()

        assert desk.verdicts(asked) == desk.verdicts(asked) == ["go"]
        assert desk.budget() == (0, Decimal("0.10"))

    def test_of_a_settlement_books_nothing_twice(self, desk: Desk) -> None:
        asked = an_ask()
        desk.ask(asked)

        first = desk.settle(asked, cost_usd=Decimal("0.03"))
        second = desk.settle(asked, cost_usd=Decimal("0.03"))

        assert (first, second) == ([asked.id], [])
        assert desk.budget() == (Decimal("0.03"), 0)


class TestLease:
    def test_that_is_held_admits(self, desk: Desk, runtime: Runtime) -> None:
        [held] = claim(runtime, open_root(runtime))

        assert desk.verdicts(an_ask(job_id=held.id, fencing_token=held.fencing_token)) == ["go"]

    def test_of_a_cancelled_job_does_not(self, desk: Desk, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        cancel(runtime, root_id)

        assert desk.verdicts(an_ask(job_id=held.id, fencing_token=held.fencing_token)) == ["lost"]

    def test_with_an_old_token_does_not(self, desk: Desk, runtime: Runtime) -> None:
        [held] = claim(runtime, open_root(runtime))

        assert desk.verdicts(an_ask(job_id=held.id, fencing_token=held.fencing_token - 1)) == ["lost"]

    def test_that_is_claimed_anew_ends_the_reservation_of_the_dead_holder(self, desk: Desk, runtime: Runtime) -> None:
        [held] = claim(runtime, open_root(runtime))
        desk.ask(an_ask(job_id=held.id, fencing_token=held.fencing_token, worst_usd=Decimal("0.95")))
        bump = "UPDATE hydration_jobs SET fencing_token = fencing_token + 1 WHERE id = :id"
        desk.connection.execute(sa.text(bump), {"id": held.id})

        again = an_ask(job_id=held.id, fencing_token=held.fencing_token + 1)

        assert desk.verdicts(again) == ["go"]
        assert desk.budget() == (0, Decimal("0.10"))

    def test_that_is_claimed_anew_discards_an_answer_that_nobody_stored(self, desk: Desk, runtime: Runtime) -> None:
        [held] = claim(runtime, open_root(runtime))
        first = an_ask(job_id=held.id, fencing_token=held.fencing_token)
        desk.ask(first)
        desk.settle(first, cost_usd=Decimal("0.03"))
        bump = "UPDATE hydration_jobs SET fencing_token = fencing_token + 1 WHERE id = :id"
        desk.connection.execute(sa.text(bump), {"id": held.id})

        again = an_ask(job_id=held.id, fencing_token=held.fencing_token + 1)

        assert desk.verdicts(again) == ["go"]
        statuses = all_rows(runtime, sa.select(AIContentLog.status).order_by(AIContentLog.fencing_token))
        assert statuses == ["discarded", "reserved"]
        assert desk.budget() == (Decimal("0.03"), Decimal("0.10"))


class TestPausedRoot:
    def test_sends_nothing_and_says_why_it_is_paused(self, desk: Desk, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="No credit.", until=None, now=runtime.now())

        [refused] = desk.ask(an_ask(root_job_id=root_id, job_id=held.id, fencing_token=held.fencing_token))

        assert (refused.verdict, refused.detail) == ("paused", "No credit.")


class TestConcurrency:
    def test_is_limited_over_all_that_ask(self, desk: Desk) -> None:
        asks = [an_ask(most_in_flight=2) for _ in range(3)]

        assert desk.verdicts(*asks) == ["go", "go", "wait"]

    def test_is_halved_once_for_all_calls_that_were_in_flight_together(self, desk: Desk) -> None:
        asks = [an_ask(most_in_flight=8) for _ in range(8)]
        desk.ask(*asks)

        desk.clock.advance(1)
        for each in asks[:3]:
            desk.settle(each, "rate_limited", retry_after=2.0)

        assert desk.concurrency() == 4

    def test_grows_again_with_answers_but_never_above_its_limit(self, desk: Desk) -> None:
        asks = [an_ask(most_in_flight=8) for _ in range(8)]
        desk.ask(*asks)
        desk.clock.advance(1)
        desk.settle(asks[0], "rate_limited", retry_after=0.0)
        for each in asks[1:]:
            desk.settle(each)
        after = desk.concurrency()

        for _ in range(60):
            more = an_ask(most_in_flight=8)
            desk.ask(more)
            desk.settle(more)

        assert 4 < after < 6
        assert desk.concurrency() == 8

    def test_rests_for_as_long_as_the_server_asked(self, desk: Desk) -> None:
        desk.fail("rate_limited", retry_after=7.0)

        [held_up] = desk.ask()
        desk.clock.advance(7)

        assert (held_up.verdict, round(held_up.wait_seconds)) == ("wait", 7)
        assert desk.verdicts() == ["go"]


class TestRate:
    def test_of_requests_is_kept_in_any_minute(self, desk: Desk) -> None:
        sent: list[float] = []
        for tick in range(0, 1800):
            [admission] = desk.ask(an_ask(requests_per_minute=60, caps={}, patience=0.0, most_in_flight=999))
            if admission.verdict == "go":
                sent.append(tick / 10)
            desk.clock.advance(0.1)

        most = max(sum(begin <= at < begin + 60 for at in sent) for begin in sent)
        assert most <= 60
        assert len(sent) >= 0.85 * 180

    def test_of_tokens_counts_what_a_call_may_use_and_gives_back_what_it_did_not(self, desk: Desk) -> None:
        first = an_ask(tokens=6000, tokens_per_minute=6000)
        desk.ask(first)
        desk.clock.advance(1)
        held_up = desk.verdicts(an_ask(tokens=100, tokens_per_minute=6000))

        desk.settle(first, prompt_tokens=50, completion_tokens=50)

        assert held_up == ["wait"]
        assert desk.verdicts(an_ask(tokens=100, tokens_per_minute=6000)) == ["go"]


class TestBreaker:
    def test_opens_after_failures_in_a_row_and_says_why(self, desk: Desk) -> None:
        for _ in range(3):
            desk.fail("overloaded")

        [refused] = desk.ask()

        assert (refused.verdict, refused.detail, refused.wait_seconds) == ("open", "It broke.", 60.0)

    def test_stays_closed_while_answers_come_between(self, desk: Desk) -> None:
        for outcome in ("overloaded", "timeout", "answered", "connection", "overloaded"):
            desk.fail(outcome)

        assert desk.verdicts() == ["go"]

    def test_tries_one_call_after_its_pause_and_stays_open_for_longer_if_that_fails(self, desk: Desk) -> None:
        for _ in range(3):
            desk.fail("connection")
        desk.clock.advance(60)
        asks = [an_ask(), an_ask()]
        assert desk.verdicts(*asks) == ["go", "wait"]

        desk.settle(asks[0], "connection")

        [refused] = desk.ask()
        assert (refused.verdict, refused.wait_seconds) == ("open", 120.0)

    def test_is_not_prolonged_by_calls_that_were_in_flight_when_it_opened(self, desk: Desk) -> None:
        asks = [an_ask() for _ in range(8)]
        desk.ask(*asks)

        for asked in asks:
            desk.settle(asked, "overloaded", details={"error": "It broke."})

        [refused] = desk.ask(an_ask())
        assert (refused.verdict, refused.wait_seconds) == ("open", 60)

    def test_lets_a_server_rest_that_says_for_how_long(self, desk: Desk) -> None:
        desk.fail("overloaded", retry_after=7.0)

        [refused] = desk.ask(an_ask())

        assert (refused.verdict, refused.wait_seconds) == ("wait", 7)

    def test_closes_with_the_first_answer(self, desk: Desk) -> None:
        for _ in range(3):
            desk.fail("connection")
        desk.clock.advance(60)
        desk.fail("answered")

        desk.fail("connection")

        assert desk.verdicts() == ["go"]

    def test_does_not_count_what_the_caller_did(self, desk: Desk) -> None:
        for outcome in ("refused", "cut_off", "misconfigured", "aborted"):
            desk.fail(outcome)

        assert desk.verdicts() == ["go"]


class TestCache:
    def test_answers_for_nothing_and_counts_it(self, desk: Desk, runtime: Runtime) -> None:
        paid = an_ask(cache_key="k")
        desk.ask(paid)
        desk.settle(
            paid, cost_usd=Decimal("0.03"), cache_key="k", answer={"text": "{}", "model": "m"}, cache_seconds=60
        )

        [again] = desk.ask(an_ask(cache_key="k"))

        assert (again.verdict, again.answer) == ("hit", {"text": "{}", "model": "m"})
        assert desk.budget() == (Decimal("0.03"), 0)
        [kept] = all_rows(runtime, sa.select(ContentCache))
        assert kept.hit_count == 1
        hit = all_rows(runtime, sa.select(AIContentLog).where(AIContentLog.cached))
        assert [(each.status, each.cost_usd) for each in hit] == [("answered", 0)]

    def test_forgets_after_its_time(self, desk: Desk) -> None:
        paid = an_ask(cache_key="k")
        desk.ask(paid)
        desk.settle(paid, cache_key="k", answer={"text": "{}", "model": "m"}, cache_seconds=60)

        desk.clock.advance(61)

        assert desk.verdicts(an_ask(cache_key="k")) == ["go"]

    def test_answers_even_when_the_budget_is_spent_and_the_breaker_open(self, desk: Desk) -> None:
        paid = an_ask(cache_key="k")
        desk.ask(paid)
        desk.settle(paid, cache_key="k", answer={"text": "{}", "model": "m"}, cache_seconds=3600)
        for _ in range(3):
            desk.fail("connection")

        assert desk.verdicts(an_ask(cache_key="k", caps={SCOPE: Decimal(0)})) == ["hit"]
