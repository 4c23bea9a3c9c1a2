"""What a call is for, what comes back, and what makes two calls the same."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from hydrateall.core.settings import Settings
from hydrateall.llm.schemas import ModelReply, ModelRequest, NamedModel


@dataclass(frozen=True)
class Purpose:
    """What a call is for: the job that holds it, the item it writes, and the budgets it counts against.

    A job that makes several calls under one token numbers their requests apart: `first_request` is the first number.
    """

    content_type: str
    content_ref: str
    caps: dict[str, Decimal | None]
    root_job_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    fencing_token: int | None = None
    attempt: int = 1
    first_request: int = 1

    def noted(self) -> dict[str, Any]:
        """What the ledger notes of it with every request."""
        return {name: value for name, value in self.__dict__.items() if name != "first_request"}


@dataclass(frozen=True)
class Answer:
    """What came back: the reply, what all requests of this attempt cost, and whether it came from the cache.

    `call_id` is the row of the request that was answered; a call without a job gets its verdict by it.
    """

    reply: ModelReply
    cost_usd: Decimal
    latency_ms: int
    cached: bool
    cache_key: str | None
    call_id: uuid.UUID | None = None


def budget_scopes_of(
    settings: Settings, *, scope: str, cap: Decimal | None, now: datetime, tenant: str | None = None
) -> dict[str, Decimal | None]:
    """The budgets that calls count against, with their caps: their own scope's, the tenant's month, the day (UTC)."""
    return {
        scope: cap,
        f"tenant:{tenant or settings.tenant}:{now:%Y-%m}": settings.tenant_max_cost_usd,
        f"day:{now:%Y-%m-%d}": settings.day_max_cost_usd,
    }


def budget_scopes(
    settings: Settings, *, root_job_id: uuid.UUID, max_cost_usd: Decimal | None, tenant: str, now: datetime
) -> dict[str, Decimal | None]:
    """The budgets that a job's calls count against, with their caps."""
    return budget_scopes_of(settings, scope=f"job:{root_job_id}", cap=max_cost_usd, now=now, tenant=tenant)


def cache_key(model: NamedModel, request: ModelRequest, settings: Settings) -> str:
    """What makes two calls the same: deployment, parameters, prompt, rendered input and output schema."""
    prompt = request.prompt
    parts = (
        model.deployment,
        str(settings.temperature),
        str(request.max_output_tokens),
        prompt.id,
        str(prompt.version),
        prompt.sha256,
        prompt.system,
        prompt.user,
        request.schema_text,
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def kept_answer(reply: ModelReply) -> dict[str, Any]:
    """What the cache keeps of an answer."""
    return {"text": reply.text, "model": reply.model}


def kept_reply(kept: dict[str, Any]) -> ModelReply:
    return ModelReply(text=kept["text"], model=kept["model"], prompt_tokens=0, completion_tokens=0)
