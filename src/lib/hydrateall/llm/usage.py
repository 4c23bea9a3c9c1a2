"""What calls used and what they came to, as the log of calls says."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql


class PastUse(BaseModel):
    """What an accepted answer of one prompt used on average, its retries included. No latency: all were in batches."""

    accepted: int
    prompt_tokens: float
    cached_tokens: float
    completion_tokens: float
    latency_ms: float | None


def usage_history(session: Session, *, model: str, since: datetime) -> dict[str, PastUse]:
    """What this model's calls used since a moment, by prompt name (e.g. "curriculum/draft_note")."""
    found = rows(session, sql("llm/usage_history"), model=model, since=since)
    return {
        row["prompt_id"].replace(".", "/", 1): PastUse.model_validate(dict(row))
        for row in found
        if row["accepted"] and row["prompt_id"]
    }


class Usage(BaseModel):
    """What the calls for one purpose used; `uncertain` answers got lost and may have been billed on top."""

    purpose: str
    calls: int
    accepted: int
    rejected: int
    errors: int
    discarded: int
    cached: int
    uncertain: int
    uncertain_usd: Decimal
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


def usage_of_root(session: Session, root_id: uuid.UUID) -> list[Usage]:
    """What the calls of one root job used, by purpose, in the order of the cascade."""
    return [Usage.model_validate(dict(row)) for row in rows(session, sql("llm/usage_of_root"), root_id=root_id)]


class ModelCost(BaseModel):
    """What the calls of one purpose to one model came to."""

    purpose: str
    model: str
    calls: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


def costs_of_root(session: Session, root_id: uuid.UUID) -> list[ModelCost]:
    """What the calls of one root job came to, by purpose and model, dearest first."""
    return [ModelCost.model_validate(dict(row)) for row in rows(session, sql("llm/costs_of_root"), root_id=root_id)]
