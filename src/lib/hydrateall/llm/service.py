"""The gateway's door: open the configured model, build requests, log calls."""

from __future__ import annotations

import functools
import importlib
import uuid
from datetime import datetime
from decimal import Decimal
from types import ModuleType
from typing import Any

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import ContentType
from hydrateall.llm.errors import ModelError, ModelMisconfigured, ModelRefused
from hydrateall.llm.models import AIContentLog
from hydrateall.llm.pricing import cost_of, price_of
from hydrateall.llm.prompts import load_prompt
from hydrateall.llm.schemas import LanguageModel, ModelReply, ModelRequest

__all__ = [
    "LanguageModel",
    "ModelError",
    "ModelMisconfigured",
    "ModelRefused",
    "ModelReply",
    "ModelRequest",
    "PastUse",
    "Usage",
    "cost_of",
    "import_provider",
    "log_call",
    "model_name",
    "open_model",
    "price_of",
    "prompt_tokens",
    "request_for",
    "usage_history",
    "usage_of_root",
]

OFFLINE = "offline-writer"
UNSUPPORTED = ("default", "maxLength", "minLength", "title")  # keywords that strict mode refuses or ignores


def model_name(settings: Settings) -> str:
    """The name under which the configured model is priced and logged."""
    return OFFLINE if settings.model_provider == "offline" else settings.openai_model


def open_model(settings: Settings) -> LanguageModel:
    """Open the configured provider; raise ModelMisconfigured with the setting to change."""
    price_of(model_name(settings))
    provider = import_provider(settings)
    if settings.model_provider == "openai":
        return provider.OpenAIChat(settings)  # type: ignore[no-any-return]
    return provider.OfflineWriter(  # type: ignore[no-any-return]
        latency_seconds=settings.offline_latency_seconds,
        failure_rate=settings.offline_failure_rate,
        flaw_rate=settings.offline_flaw_rate,
    )


def import_provider(settings: Settings) -> ModuleType:
    """Import the configured provider's module; the other one's client may take a second."""
    offline = settings.model_provider == "offline"
    return importlib.import_module("hydrateall.llm.offline.writer" if offline else "hydrateall.llm.openai_chat")


def request_for(prompt: str, schema: type[BaseModel], assignment: dict[str, Any]) -> ModelRequest:
    """Build the request of one call: the prompt filled with the assignment, and the schema of its answer."""
    file = load_prompt(prompt)
    return ModelRequest(
        prompt=file.render(assignment=assignment),
        schema_name=schema.__name__,
        json_schema=strict_schema(schema),
        max_output_tokens=file.head.max_output_tokens,
    )


@functools.cache
def strict_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a Pydantic model, as strict structured output takes it."""
    cleaned: dict[str, Any] = _clean(schema.model_json_schema(by_alias=True))
    return cleaned


def _clean(node: Any, *, names: bool = False) -> Any:
    """Drop the keywords that strict mode does not take; `names` is true where keys are field names."""
    if isinstance(node, list):
        return [_clean(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _clean(value, names=key in ("properties", "$defs") and not names)
        for key, value in node.items()
        if names or key not in UNSUPPORTED
    }


def log_call(
    session: Session,
    *,
    job_id: uuid.UUID,
    fencing_token: int,
    content_type: ContentType,
    content_ref: str,
    status: str,
    attempt: int,
    request: ModelRequest,
    reply: ModelReply | None,
    cost_usd: Decimal,
    latency_ms: int,
    details: dict[str, Any] | None = None,
) -> bool:
    """Add one row to ai_content_logs in the caller's transaction; say whether it is new.

    A claim makes one call, so (job, token) is the key: a repetition after a lost commit adds nothing, and its cost
    is not charged again. `status`: accepted, rejected, discarded or error.
    """
    values = {
        "id": new_id(),
        "job_id": job_id,
        "fencing_token": fencing_token,
        "content_type": content_type,
        "content_ref": content_ref,
        "status": status,
        "attempt": attempt,
        "tokens_used": reply.prompt_tokens + reply.completion_tokens if reply else None,
        "prompt_tokens": reply.prompt_tokens if reply else None,
        "completion_tokens": reply.completion_tokens if reply else None,
        "cost_usd": cost_usd,
        "latency_ms": latency_ms,
        "model_used": reply.model if reply else None,
        "prompt_id": request.prompt.id,
        "prompt_version": request.prompt.version,
        "details": details,
    }
    added = insert(AIContentLog).on_conflict_do_nothing().returning(AIContentLog.id)
    return session.execute(added, [values]).first() is not None


class PastUse(BaseModel):
    """What an accepted answer of one prompt used on average, its retries included."""

    accepted: int
    prompt_tokens: float
    completion_tokens: float
    latency_ms: float


def usage_history(session: Session, *, model: str, since: datetime) -> dict[str, PastUse]:
    """What this model's calls used since a moment, by prompt name (e.g. "curriculum/draft_note")."""
    found = rows(session, sql("llm/usage_history"), model=model, since=since)
    return {
        row["prompt_id"].replace(".", "/", 1): PastUse.model_validate(dict(row))
        for row in found
        if row["accepted"] and row["prompt_id"]
    }


class Usage(BaseModel):
    """What the calls of one kind used."""

    content_type: ContentType
    calls: int
    accepted: int
    rejected: int
    errors: int
    discarded: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


def usage_of_root(session: Session, root_id: uuid.UUID) -> list[Usage]:
    """What the calls of one root job used, by kind of content."""
    return [Usage.model_validate(dict(row)) for row in rows(session, sql("llm/usage_of_root"), root_id=root_id)]


def prompt_tokens(prompt: str) -> int:
    """The size of a prompt's stable part in tokens, at four characters a token."""
    return len(load_prompt(prompt).render(assignment={}).system) // 4
