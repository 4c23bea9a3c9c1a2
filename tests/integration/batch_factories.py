"""What tests of batch mode are built from: a runtime at a mock server, steps, and what both sides booked."""

from __future__ import annotations

import uuid
from collections import Counter
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from factories import FakeClock, all_rows, calls, close, count, job, jobs, settings_for_tests
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.hydration import tasks
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.models import HydrationJob, LLMBatch
from mock_server import Mock

LEVELS = ("chapters", "topics", "notes", "questions")
POKE_SECONDS = 150  # between two looks; longer than an attempt to create a batch is given time
MOST_POKES = 60
ALL = {"chapters": 2, "topics": 4, "notes": 4, "questions": 12}  # of two chapters of two topics, three questions each
CALLS = 1 + 2 + 4 + 8


class Killed(BaseException):
    """The process ends here."""


def runtime_at(mock: Mock, database: Database, clock: Any, **changes: Any) -> Runtime:
    """A runtime whose model is the mock server."""
    settings = settings_for_tests(model_provider="mock", mock_url=f"{mock.url}/v1", **changes)
    return Runtime(settings, database, clock)


def poke(runtime: Runtime, mock: Mock, root_id: uuid.UUID, level: str = "chapters") -> bool:
    """Take one step; time goes on, though the process may die in it."""
    try:
        return tasks.advance_batch(runtime, level=level, root_id=str(root_id))
    finally:
        mock.clock.now += POKE_SECONDS
        if isinstance(runtime.now, FakeClock):
            runtime.now.advance(POKE_SECONDS)


def run_level(runtime: Runtime, mock: Mock, root_id: uuid.UUID, level: str) -> int:
    """Take steps until the level is done; return how many."""
    for number in range(1, MOST_POKES + 1):
        if poke(runtime, mock, root_id, level):
            return number
    raise AssertionError(f"{level} was not done after {MOST_POKES} steps")


def run_levels(runtime: Runtime, mock: Mock, root_id: uuid.UUID) -> HydrationJob:
    """Do what a DAG run does: every level in its order, then close. Return the root."""
    for level in LEVELS:
        run_level(runtime, mock, root_id, level)
    return close(runtime, root_id)


def batches(runtime: Runtime) -> list[LLMBatch]:
    """All batches, oldest first."""
    return all_rows(runtime, sa.select(LLMBatch).order_by(LLMBatch.created_at, LLMBatch.id))


def provider_batches(mock: Mock) -> list[dict[str, Any]]:
    """The batches that the server knows, newest first."""
    found: list[dict[str, Any]] = mock.http.get("/v1/batches", params={"limit": 100}).json()["data"]
    return found


def items(runtime: Runtime) -> dict[str, int]:
    """What is stored."""
    tables = {"chapters": Chapter, "topics": Topic, "notes": TopicNote, "questions": TopicQuestion}
    return {name: count(runtime, table) for name, table in tables.items()}


def spent(runtime: Runtime) -> Decimal:
    """What our ledger booked."""
    return sum((call.cost_usd or Decimal(0) for call in calls(runtime)), Decimal(0))


def assert_balanced(runtime: Runtime, mock: Mock, root_id: uuid.UUID) -> None:
    """Both ledgers say the same, the job's cost too, and nothing is reserved, open or unjudged."""
    assert spent(runtime) == mock.billed()
    assert sum((each.actual_cost_usd for each in jobs(runtime, root_id)), Decimal(0)) == mock.billed()
    assert job(runtime, root_id).actual_cost_usd == mock.billed()
    with runtime.database.transaction() as session:
        reserved = session.execute(sa.text("SELECT sum(reserved_usd) FROM llm_budgets")).scalar_one()
    assert reserved == 0
    assert {call.status for call in calls(runtime)} <= {"accepted", "rejected", "discarded", "error"}
    assert {batch.status for batch in batches(runtime)} <= {"collected", "failed"}


def assert_complete(runtime: Runtime, mock: Mock, root_id: uuid.UUID, expected: dict[str, int] = ALL) -> None:
    """Everything is there once, and paid once."""
    assert job(runtime, root_id).status is JobStatus.COMPLETED
    assert items(runtime) == expected
    assert {each.status for each in jobs(runtime, root_id)} == {JobStatus.COMPLETED}
    assert_balanced(runtime, mock, root_id)


def answered_once(mock: Mock) -> bool:
    """Whether the server answered no request of a job and attempt twice."""
    answered = Counter(entry["custom_id"] for entry in mock.ledger()["entries"] if entry["status"] == 200)
    return max(answered.values()) == 1
