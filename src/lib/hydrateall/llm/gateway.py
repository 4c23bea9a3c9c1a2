"""The gateway that every model call passes: cache, budget, rate and breaker before, the real cost after.

One `complete` is one attempt of a job. It may send several requests, each admitted and settled by itself, so that
the ledger holds at every moment what was spent and what may still be.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import structlog

from hydrateall.core.clock import new_id
from hydrateall.core.settings import Settings
from hydrateall.llm.answers import json_object, storable
from hydrateall.llm.calls import Answer, Purpose, cache_key, kept_answer, kept_reply
from hydrateall.llm.errors import (
    BreakerOpen,
    BudgetShort,
    CallLost,
    JobOnHold,
    ModelError,
    ModelMisconfigured,
    RateLimited,
    ServerBusy,
    TimedOut,
)
from hydrateall.llm.ledger import Admission, Ask, Ledger, Settlement, Verdict
from hydrateall.llm.pricing import cost_of, price_of
from hydrateall.llm.rules import LARGER, RULES, UNCERTAIN
from hydrateall.llm.schemas import LanguageModel, ModelReply, ModelRequest

LONGEST_SLOT = 0.5  # seconds that a call may wait with its reservation; a cancellation must stop it within one
LONGEST_PAUSE = 5.0  # seconds after which a waiting call asks again, whatever it was told
RESERVED_BEYOND_TIMEOUT = 30.0
TRICKLE = 10.0  # seconds that a whole answer may take beyond the client's patience with one read

Result = TypeVar("Result")
logger = structlog.get_logger(__name__)


class Gateway:
    """The gateway of one task. `route` gives the model for a purpose."""

    def __init__(
        self, route: Callable[[str], LanguageModel], ledger: Ledger, settings: Settings, *, seed: int | None = None
    ) -> None:
        self.model = route
        self._ledger = ledger
        self._settings = settings
        self._random = random.Random(seed)

    async def complete(self, request: ModelRequest, purpose: Purpose) -> Answer:
        """Answer one request.

        Raise ModelError when its rule allows no further request, ModelMisconfigured when a setting must change,
        CallDenied when the job should pause, CallLost when its lease is gone.
        """
        model = self.model(request.prompt.purpose)
        spent, number, tries = Decimal(0), purpose.first_request - 1, dict.fromkeys(RULES, 0)
        key = cache_key(model, request, self._settings) if model.cacheable and self._settings.cache else None
        started = time.monotonic()
        while True:
            number += 1
            call_id, admission = await self._admitted(model, request, purpose, number, key)
            if admission.answer is not None:
                return Answer(kept_reply(admission.answer), spent, _since(started), True, key, call_id)
            try:
                reply, cost = await self._send(model, request, call_id, key)
            except ModelError as error:
                spent += _billed(error, model.name)
                tries[error.outcome] += 1
                if self._too_late(error, started):
                    raise ServerBusy(self._later(self._settings.breaker_seconds)) from None
                if tries[error.outcome] >= RULES[error.outcome].tries:
                    raise
                await asyncio.sleep(self._pause(error.outcome, tries[error.outcome]))
                request = _larger(request) if error.outcome == "cut_off" else request
                continue
            return Answer(reply, spent + cost, _since(started), False, key, call_id)

    async def judge(
        self, answer: Answer, status: str, *, details: dict[str, Any] | None = None, forget: bool = False
    ) -> None:
        """Write what became of an answer: accepted, rejected or discarded. A second word changes nothing.

        For calls without a job, whose content is not stored in a transaction with the verdict. With `forget`, the
        answer leaves the cache, so that it is not given again.
        """
        if answer.call_id is not None:
            key = answer.cache_key if forget else None
            await firmly(self._ledger.judge(Verdict(answer.call_id, status, details or {}, key)))

    async def _admitted(
        self, model: LanguageModel, request: ModelRequest, purpose: Purpose, number: int, key: str | None
    ) -> tuple[uuid.UUID, Admission]:
        """Wait until the ledger lets the call go or answers it from the cache."""
        price = price_of(model.name)
        ask = Ask(
            id=new_id(),
            deployment=model.deployment,
            purpose=request.prompt.purpose,
            cache_key=key,
            prompt_id=request.prompt.id,
            prompt_version=request.prompt.version,
            tokens=request.most_prompt_tokens + request.max_output_tokens,
            worst_usd=price.of(prompt=request.most_prompt_tokens, completion=request.max_output_tokens),
            expires_seconds=self._settings.openai_timeout_seconds + RESERVED_BEYOND_TIMEOUT,
            most_in_flight=self._settings.deployment_in_flight,
            requests_per_minute=self._settings.requests_per_minute,
            tokens_per_minute=self._settings.tokens_per_minute,
            patience=LONGEST_SLOT,
            request_no=number,
            **purpose.noted(),
        )
        while True:
            pending = asyncio.ensure_future(self._ledger.admit(ask))
            try:
                admission = await asyncio.shield(pending)
                if admission.verdict == "go":
                    await asyncio.sleep(admission.wait_seconds)
            except asyncio.CancelledError:
                await self._withdraw(pending, ask.id)
                raise
            if admission.verdict in ("go", "hit"):
                return ask.id, admission
            await self._wait(admission)

    async def _withdraw(self, pending: asyncio.Future[Admission], call_id: uuid.UUID) -> None:
        """Give back what a cancelled call had reserved, or was about to, however often it is cancelled."""

        async def give_back() -> None:
            await asyncio.gather(pending, return_exceptions=True)
            await self._settle(call_id, "aborted", uncertain=False)

        await firmly(give_back())

    async def _wait(self, admission: Admission) -> None:
        """Sleep as the ledger says, or raise what ends the waiting."""
        match admission.verdict:
            case "lost":
                raise CallLost
            case "short":
                raise BudgetShort(admission.detail or "", admission.short_usd or Decimal(0))
            case "open":
                raise BreakerOpen(admission.detail or "no reason was given.", self._later(admission.wait_seconds))
            case "paused":
                raise JobOnHold(admission.detail or "")
            case "wait" if admission.wait_seconds > self._settings.rate_limit_patience_seconds:
                raise ServerBusy(self._later(admission.wait_seconds))
        await asyncio.sleep(min(admission.wait_seconds, LONGEST_PAUSE) * self._random.uniform(1.0, 1.2))

    async def _send(
        self, model: LanguageModel, request: ModelRequest, call_id: uuid.UUID, key: str | None
    ) -> tuple[ModelReply, Decimal]:
        """Send one admitted request and settle it, whatever happens."""
        started = time.monotonic()
        try:
            reply = await self._answer(model, request)
        except asyncio.CancelledError:
            await self._settle(call_id, "aborted", latency_ms=_since(started))
            raise
        except (ModelError, ModelMisconfigured) as error:
            cost = _billed(error, model.name)
            await self._settle(call_id, error.outcome, error=error, cost_usd=cost, latency_ms=_since(started))
            raise
        except BaseException:
            await self._settle(call_id, "failed", latency_ms=_since(started))
            raise
        reply = _counted(request, replace(reply, text=json_object(storable(reply.text))))
        cost = cost_of(reply, model.name)
        await self._settle(call_id, "answered", reply=reply, cost_usd=cost, key=key, latency_ms=_since(started))
        return reply, cost

    async def _answer(self, model: LanguageModel, request: ModelRequest) -> ModelReply:
        """Ask with a limit on the whole: a client's own timeouts each begin anew with every byte that trickles in."""
        limit = self._settings.openai_timeout_seconds + TRICKLE
        try:
            async with asyncio.timeout(limit):
                return await model.complete(request)
        except TimeoutError:
            raise TimedOut(f"The model server did not answer within {limit:g} s.") from None

    async def _settle(
        self,
        call_id: uuid.UUID,
        outcome: str,
        *,
        reply: ModelReply | None = None,
        cost_usd: Decimal = Decimal(0),
        error: ModelError | ModelMisconfigured | None = None,
        uncertain: bool | None = None,
        key: str | None = None,
        latency_ms: int = 0,
    ) -> None:
        used = (
            reply
            or getattr(error, "reply", None)
            or ModelReply(text="", model="", prompt_tokens=0, completion_tokens=0)
        )
        await firmly(
            self._ledger.settle(
                Settlement(
                    id=call_id,
                    outcome=outcome,
                    cost_usd=cost_usd,
                    uncertain=(outcome in UNCERTAIN and getattr(error, "sent", True))
                    if uncertain is None
                    else uncertain,
                    prompt_tokens=used.prompt_tokens,
                    completion_tokens=used.completion_tokens,
                    cached_tokens=used.cached_tokens,
                    latency_ms=latency_ms,
                    model_used=used.model or None,
                    details={"error": storable(error.message)} if error else None,
                    retry_after=getattr(error, "retry_after", None),
                    cache_key=key if outcome == "answered" else None,
                    answer=kept_answer(used) if outcome == "answered" and key else None,
                    cache_seconds=self._settings.cache_days * 86_400,
                    breaker_failures=self._settings.breaker_failures,
                    breaker_seconds=self._settings.breaker_seconds,
                )
            )
        )

    def _pause(self, outcome: str, tries: int) -> float:
        """Seconds before the next request: doubled each time, and scattered, so that callers do not return together."""
        return RULES[outcome].pause * float(2 ** (tries - 1)) * self._random.uniform(0.5, 1.5)

    def _later(self, seconds: float) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)

    def _too_late(self, error: ModelError, started: float) -> bool:
        return (
            isinstance(error, RateLimited) and time.monotonic() - started > self._settings.rate_limit_patience_seconds
        )


async def firmly(doing: Awaitable[Result]) -> Result:
    """Finish what is begun even if the caller is cancelled meanwhile; only then is it."""
    task, cancelled = asyncio.ensure_future(doing), False
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
    return task.result()


def _counted(request: ModelRequest, reply: ModelReply) -> ModelReply:
    """A server that reports no use is booked at the most it can have used: a token a byte."""
    if reply.prompt_tokens or reply.completion_tokens:
        return replace(reply, cached_tokens=min(reply.cached_tokens, reply.prompt_tokens))
    used = len(reply.text.encode())
    return replace(reply, prompt_tokens=request.most_prompt_tokens, completion_tokens=used)


def _since(started: float) -> int:
    return round(1000 * (time.monotonic() - started))


def _billed(error: ModelError | ModelMisconfigured, model: str) -> Decimal:
    reply = getattr(error, "reply", None)
    return cost_of(reply, model) if reply else Decimal(0)


def _larger(request: ModelRequest) -> ModelRequest:
    return replace(request, max_output_tokens=LARGER * request.max_output_tokens)
