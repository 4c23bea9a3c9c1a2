"""The ledger of calls: admitted before they are sent, settled after, in one round trip for all that wait.

What one round trip is under way for, others queue behind; the next takes all of them. So a busy task makes few, large
round trips, and a call costs a fraction of one.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
import structlog

from hydrateall.core.database import Database, connection_lost, sql
from hydrateall.core.logs import traced_threads

Item = TypeVar("Item")
Result = TypeVar("Result")
logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ask:
    """What a call needs to be admitted; the names are those that `admit_calls` reads."""

    id: uuid.UUID
    deployment: str
    purpose: str
    content_type: str
    content_ref: str
    prompt_id: str
    prompt_version: int
    tokens: int
    worst_usd: Decimal
    caps: dict[str, Decimal | None]
    expires_seconds: float
    most_in_flight: int
    patience: float
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    cache_key: str | None = None
    root_job_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    fencing_token: int | None = None
    request_no: int = 1
    attempt: int = 1


@dataclass(frozen=True)
class Admission:
    """The ledger's word on a call; the verdicts are described in migrations/sql/0003_admit_calls.sql."""

    call_id: uuid.UUID
    verdict: str
    wait_seconds: float
    short_usd: Decimal | None
    detail: str | None
    answer: dict[str, Any] | None


@dataclass(frozen=True)
class Settlement:
    """How a call ended; the names are those that `settle_calls` reads."""

    id: uuid.UUID
    outcome: str
    breaker_failures: int
    breaker_seconds: float
    cost_usd: Decimal = Decimal(0)
    uncertain: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    latency_ms: int = 0
    model_used: str | None = None
    details: dict[str, Any] | None = None
    retry_after: float | None = None
    cache_key: str | None = None
    answer: dict[str, Any] | None = None
    cache_seconds: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """What became of an answered call; the names are those that `llm/judge_calls` reads."""

    id: uuid.UUID
    status: str
    details: dict[str, Any]
    forgotten_key: str | None = None


def admit(connection: sa.Connection, asks: Sequence[Ask], *, at: datetime | None = None) -> list[Admission]:
    """Admit calls, in their order. A repetition under the same ids reserves nothing twice."""
    found = connection.execute(sql("llm/admit_calls"), {"calls": _json(asks), "at": at}).mappings()
    return [Admission(**row) for row in found]


def settle(connection: sa.Connection, settlements: Sequence[Settlement], *, at: datetime | None = None) -> list[Any]:
    """Settle calls; return the ids settled now. A repetition settles nothing twice."""
    return list(connection.execute(sql("llm/settle_calls"), {"settlements": _json(settlements), "at": at}).scalars())


def judge(connection: sa.Connection, verdicts: Sequence[Verdict]) -> None:
    """Write what became of answered calls. A second word changes nothing."""
    connection.execute(sql("llm/judge_calls"), {"verdicts": _json(verdicts)})


def _json(items: Sequence[Any]) -> str:
    return json.dumps([item.__dict__ for item in items], default=str, ensure_ascii=False)


@dataclass
class Batcher(Generic[Item, Result]):
    """Collects what is asked while one round trip is under way, and sends it with the next."""

    run: Callable[[list[Item]], Sequence[Result]]
    threads: ThreadPoolExecutor
    waiting: list[tuple[Item, asyncio.Future[Result]]] = field(default_factory=list)
    draining: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Return what `run` answers for this item."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self.waiting.append((item, future))
        if self.draining is None or self.draining.done():
            self.draining = loop.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            items = [item for item, _ in batch]
            try:
                results = await asyncio.get_running_loop().run_in_executor(self.threads, self.run, items)
            except Exception as error:  # noqa: BLE001 — each waiter raises it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)


class Ledger:
    """The ledger as an event loop uses it. `outage_seconds`: how long a lost database is waited for."""

    def __init__(self, database: Database, *, outage_seconds: float, now: Callable[[], datetime] | None = None) -> None:
        # One statement is one transaction here, so BEGIN and COMMIT would be two round trips for nothing.
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._outage_seconds = outage_seconds
        self._now = now
        self._threads = traced_threads(1, name="ledger")  # a connection costs a task 20 ms
        self.admit: Batcher[Ask, Admission] = Batcher(self._admit, self._threads)
        self.settle: Batcher[Settlement, None] = Batcher(self._settle, self._threads)
        self.judge: Batcher[Verdict, None] = Batcher(self._judge, self._threads)

    async def aclose(self) -> None:
        """Wait for what is under way, then stop the threads."""
        for batcher in (self.admit, self.settle, self.judge):
            if batcher.draining:
                await asyncio.gather(batcher.draining, return_exceptions=True)
        self._threads.shutdown(wait=False)

    def _admit(self, asks: list[Ask]) -> list[Admission]:
        return self._patiently(lambda connection: admit(connection, asks, at=self._at()))

    def _settle(self, settlements: list[Settlement]) -> list[None]:
        self._patiently(lambda connection: settle(connection, settlements, at=self._at()))
        return [None] * len(settlements)

    def _judge(self, verdicts: list[Verdict]) -> list[None]:
        self._patiently(lambda connection: judge(connection, verdicts))
        return [None] * len(verdicts)

    def _at(self) -> datetime | None:
        """The time of a test; else None, and the database's own clock counts."""
        return self._now() if self._now else None

    def _patiently(self, action: Callable[[sa.Connection], Result]) -> Result:
        deadline = time.monotonic() + self._outage_seconds
        while True:
            try:
                with self._engine.connect() as connection:
                    return action(connection)
            except Exception as error:
                if not connection_lost(error) or time.monotonic() > deadline:
                    raise
                logger.warning("database_away", error=str(error).splitlines()[0])
                time.sleep(0.5)
