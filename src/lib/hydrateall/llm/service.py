"""The gateway's door: open the configured model, build requests, log calls."""

from __future__ import annotations

import asyncio
import functools
import importlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from types import ModuleType
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.database import Database, sql
from hydrateall.core.settings import ModelRoute, Settings
from hydrateall.llm.batching import BatchCall, BatchDesk
from hydrateall.llm.calls import Answer, Purpose, budget_scopes, budget_scopes_of
from hydrateall.llm.embeddings import Embedder, embedder_name, open_embedder
from hydrateall.llm.errors import CallDenied, CallLost, ContextTooLong, JobOnHold, ModelError, ModelMisconfigured
from hydrateall.llm.gateway import Gateway, firmly
from hydrateall.llm.keys import usable_key
from hydrateall.llm.ledger import Ledger
from hydrateall.llm.pacing import complete_all
from hydrateall.llm.pricing import cost_of, price_of
from hydrateall.llm.prompts import load_prompt
from hydrateall.llm.schemas import LanguageModel, ModelReply, ModelRequest, NamedModel
from hydrateall.llm.usage import ModelCost, PastUse, Usage, costs_of_root, usage_history, usage_of_root

__all__ = [
    "Answer",
    "BatchCall",
    "BatchDesk",
    "CallDenied",
    "CallLost",
    "ContextTooLong",
    "Embedder",
    "Gateway",
    "JobOnHold",
    "LanguageModel",
    "ModelCost",
    "ModelError",
    "ModelMisconfigured",
    "ModelReply",
    "ModelRequest",
    "NamedModel",
    "PastUse",
    "Purpose",
    "Usage",
    "budget_scopes",
    "budget_scopes_of",
    "complete_all",
    "cost_of",
    "costs_of_root",
    "embedder_name",
    "firmly",
    "forget_answer",
    "import_provider",
    "judge_call",
    "model_name",
    "open_batches",
    "open_embedder",
    "open_gateway",
    "open_model",
    "price_of",
    "prompt_digest",
    "prompt_tokens",
    "purpose_of",
    "request_for",
    "usage_history",
    "usage_of_root",
]

OFFLINE = "offline-writer"
MOCK = "mock-writer"
MOCK_KEY = "mock"  # the mock server takes any key
UNSUPPORTED = ("default", "maxLength", "minLength", "title")  # keywords that strict mode refuses or ignores


def model_name(settings: Settings, purpose: str = "") -> str:
    """The name under which the model of a purpose is priced and logged."""
    if settings.model_provider == "offline":
        return OFFLINE
    own = settings.models.get(purpose)
    return (own.model if own else None) or (MOCK if settings.model_provider == "mock" else settings.openai_model)


def open_model(settings: Settings, purpose: str = "") -> LanguageModel:
    """Open the model of a purpose; raise ModelMisconfigured with the setting to change."""
    name = model_name(settings, purpose)
    price_of(name)
    provider = import_provider(settings)
    if settings.model_provider == "offline":
        return provider.OfflineWriter(  # type: ignore[no-any-return]
            latency_seconds=settings.offline_latency_seconds,
            failure_rate=settings.offline_failure_rate,
            flaw_rate=settings.offline_flaw_rate,
        )
    return provider.OpenAIChat(_server(settings, purpose, provider))  # type: ignore[no-any-return]


@contextmanager
def open_batches(settings: Settings, database: Database, purpose: str) -> Iterator[BatchDesk]:
    """The batch endpoint of a purpose's model; raise ModelMisconfigured with the setting to change."""
    price_of(model_name(settings, purpose))
    batches = importlib.import_module("hydrateall.llm.openai_batches")
    with batches.OpenAIBatches(_server(settings, purpose, import_provider(settings))) as server:
        yield BatchDesk(server, purpose, database, settings)


def _server(settings: Settings, purpose: str, provider: ModuleType) -> Any:
    """Where the model of a purpose is asked."""
    own = settings.models.get(purpose) or ModelRoute()
    mock = settings.model_provider == "mock"
    return provider.Server(
        model=model_name(settings, purpose),
        base_url=own.base_url or (settings.mock_url if mock else settings.openai_base_url),
        api_key=MOCK_KEY if mock else usable_key(own.api_key or settings.openai_api_key),
        temperature=settings.temperature,
        timeout_seconds=settings.openai_timeout_seconds,
        strict_schema=settings.strict_schema,
        sample=mock,
    )


def import_provider(settings: Settings) -> ModuleType:
    """Import the configured provider's module; the other one's client may take a second."""
    offline = settings.model_provider == "offline"
    return importlib.import_module("hydrateall.llm.offline.writer" if offline else "hydrateall.llm.openai_chat")


@asynccontextmanager
async def open_gateway(
    settings: Settings, database: Database, now: Callable[[], datetime] | None = None
) -> AsyncIterator[Gateway]:
    """A gateway for one event loop; its models are opened when their purpose is first asked for."""
    models: dict[str, LanguageModel] = {}

    def route(purpose: str) -> LanguageModel:
        if purpose not in models:
            models[purpose] = open_model(settings, purpose)
        return models[purpose]

    ledger = Ledger(database, outage_seconds=settings.outage_seconds, now=now)
    try:
        yield Gateway(route, ledger, settings)
    finally:
        await asyncio.gather(*(model.aclose() for model in models.values()), return_exceptions=True)
        await ledger.aclose()


def request_for(prompt: str, schema: type[BaseModel], assignment: dict[str, Any]) -> ModelRequest:
    """Build the request of one call: the prompt filled with the assignment, and the schema of its answer."""
    file = load_prompt(prompt)
    return ModelRequest(
        prompt=file.render(assignment=assignment),
        schema_name=schema.__name__,
        json_schema=strict_schema(schema),
        max_output_tokens=file.head.max_output_tokens,
        schema_text=schema_text(schema),
    )


@functools.cache
def schema_text(schema: type[BaseModel]) -> str:
    """The strict schema as JSON text."""
    return json.dumps(strict_schema(schema), ensure_ascii=False)


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


def judge_call(
    session: Session,
    *,
    job_id: uuid.UUID,
    fencing_token: int,
    status: str,
    details: dict[str, Any] | None = None,
    purpose: str | None = None,
) -> None:
    """Write what became of a claim's answers (those for a purpose): accepted, rejected or discarded.

    A second word changes nothing.
    """
    session.execute(
        sql("llm/judge_call"),
        {
            "job_id": job_id,
            "fencing_token": fencing_token,
            "status": status,
            "details": json.dumps(details) if details else None,
            "purpose": purpose,
        },
    )


def forget_answer(session: Session, key: str) -> None:
    """Take a rejected answer out of the cache, so that it is not given again."""
    session.execute(sql("llm/forget_answer"), {"key": key})


def purpose_of(prompt: str) -> str:
    """What a prompt is for, as its head says."""
    return load_prompt(prompt).head.purpose


def prompt_tokens(prompt: str) -> int:
    """The size of a prompt's stable part in tokens, at four characters a token."""
    return len(load_prompt(prompt).render(assignment={}).system) // 4


def prompt_digest(prompt: str) -> str:
    """The SHA-256 of a prompt's file and of what it includes: another digest, another answer."""
    return load_prompt(prompt).sha256
