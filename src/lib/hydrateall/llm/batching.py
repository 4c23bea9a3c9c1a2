"""Batches and the ledger: their calls are admitted before they are uploaded and settled when they are collected.

They stand in the ledger under a deployment of their own ("host/model (batch)"): what a provider allows its batches has
nothing to do with the calls that it answers at once. The cache is shared: the same question has the same answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from hydrateall.core.database import Database, sql
from hydrateall.core.settings import Settings
from hydrateall.llm import ledger
from hydrateall.llm.answers import json_object
from hydrateall.llm.calls import Answer, Purpose, cache_key, kept_answer, kept_reply
from hydrateall.llm.errors import ModelError
from hydrateall.llm.ledger import Admission, Ask, Settlement
from hydrateall.llm.pricing import STEP, cost_of, price_of
from hydrateall.llm.schemas import BatchLine, ModelReply, ModelRequest, NamedModel, ProviderBatch

SUFFIX = " (batch)"
UNLIMITED = 1_000_000_000  # neither a limit of calls in flight nor a breaker is for batches
STATEMENT = 500  # calls that one statement admits or settles: it locks the budgets for as long as it takes


class BatchServer(NamedModel, Protocol):
    """The provider's batch endpoint; see `openai_batches`."""

    def upload(self, requests: Sequence[tuple[str, ModelRequest]]) -> str: ...
    def create(self, file_id: str, *, mark: uuid.UUID) -> str: ...
    def find(self, mark: uuid.UUID) -> ProviderBatch | None: ...
    def retrieve(self, id: str) -> ProviderBatch | None: ...
    def cancel(self, id: str) -> None: ...
    def lines(self, batch: ProviderBatch) -> Iterator[BatchLine]: ...


@dataclass(frozen=True)
class BatchCall:
    """One request of a batch. Its id is made of the batch and the custom id, so that a repetition is the same call."""

    batch_id: uuid.UUID
    custom_id: str
    request: ModelRequest
    purpose: Purpose

    @property
    def id(self) -> uuid.UUID:
        return call_id(self.batch_id, self.custom_id)


def call_id(batch_id: uuid.UUID, custom_id: str) -> uuid.UUID:
    """The id of a batch's call in the ledger."""
    return uuid.uuid5(batch_id, custom_id)


class BatchDesk:
    """The batch endpoint of one purpose, with its ledger."""

    def __init__(self, server: BatchServer, purpose: str, database: Database, settings: Settings) -> None:
        self.server = server
        self.purpose = purpose
        self.deployment = f"{server.deployment}{SUFFIX}"
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._settings = settings

    def admit(self, calls: Sequence[BatchCall]) -> list[tuple[BatchCall, Admission]]:
        """Reserve what the calls may cost, at the batch price, or answer them from the cache."""
        asks = [self._ask(call) for call in calls]
        with self._engine.connect() as connection:
            admissions = [word for part in _parts(asks) for word in ledger.admit(connection, part)]
        return list(zip(calls, admissions, strict=True))

    def _ask(self, call: BatchCall) -> Ask:
        request, price = call.request, price_of(self.server.name)
        worst = price.of(prompt=request.most_prompt_tokens, completion=request.max_output_tokens) * price.batch
        return Ask(
            id=call.id,
            deployment=self.deployment,
            purpose=self.purpose,
            cache_key=self._key(request),
            prompt_id=request.prompt.id,
            prompt_version=request.prompt.version,
            tokens=request.most_prompt_tokens + request.max_output_tokens,
            worst_usd=worst.quantize(STEP, ROUND_CEILING),
            expires_seconds=3600 * self._settings.batch_lease_hours,
            most_in_flight=UNLIMITED,
            patience=0.0,
            **call.purpose.noted(),
        )

    def cached_answer(self, call: BatchCall, admission: Admission) -> Answer:
        """The answer of an admission that hit the cache; what an earlier try had reserved for it is freed."""
        self._settle([Settlement(call.id, "aborted", UNLIMITED, 0.0)])
        return Answer(kept_reply(admission.answer or {}), Decimal(0), 0, True, self._key(call.request))

    def settle_line(
        self, batch_id: uuid.UUID, line: BatchLine, request: ModelRequest | None, *, latency_ms: int
    ) -> Answer | None:
        """Book what a line cost and keep its answer; return it, or None for a failure. A second time changes nothing.

        Without its request (nobody waits for it any more), an answer is booked, but not kept.
        """
        failure = line.result if isinstance(line.result, Exception) else None
        reply = line.result if isinstance(line.result, ModelReply) else getattr(failure, "reply", None)
        cost = cost_of(reply, self.server.name, batch=True) if reply else Decimal(0)
        outcome = failure.outcome if isinstance(failure, ModelError) else "answered"
        answer = replace(reply, text=json_object(reply.text)) if reply and not failure else None
        key = self._key(request) if request and answer else None
        used = reply or ModelReply(text="", model="", prompt_tokens=0, completion_tokens=0)
        settlement = Settlement(
            id=call_id(batch_id, line.custom_id),
            outcome=outcome,
            breaker_failures=UNLIMITED,
            breaker_seconds=0.0,
            cost_usd=cost,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            cached_tokens=used.cached_tokens,
            latency_ms=latency_ms,
            model_used=used.model or None,
            details={"error": str(failure)} if failure else None,
            cache_key=key,
            answer=kept_answer(answer) if answer and key else None,
            cache_seconds=self._settings.cache_days * 86_400,
        )
        self._settle([settlement])
        return Answer(answer, cost, latency_ms, False, key) if answer else None

    def settle_rest(self, root_id: uuid.UUID, outcome: str, *, uncertain: bool = False) -> None:
        """Free what is still reserved for the root's batch of this purpose; answers that nobody took are discarded."""
        whose = {"root_id": root_id, "purpose": self.purpose, "deployment": self.deployment}
        with self._engine.connect() as connection:
            ids = connection.execute(sql("llm/open_calls"), whose).scalars().all()
        self._settle([Settlement(id, outcome, UNLIMITED, 0.0, uncertain=uncertain) for id in ids])
        with self._engine.connect() as connection:
            connection.execute(sql("llm/discard_calls"), whose)

    def _settle(self, settlements: Sequence[Settlement]) -> None:
        with self._engine.connect() as connection:
            for part in _parts(settlements):
                ledger.settle(connection, part)

    def _key(self, request: ModelRequest) -> str | None:
        return cache_key(self.server, request, self._settings) if self._settings.cache else None


def _parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + STATEMENT] for start in range(0, len(items), STATEMENT))
