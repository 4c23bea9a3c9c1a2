"""What is wrong with the configured models: their keys, addresses, names and prices, and whether they keep a schema.

Listing a server's models is free, so it is always done. The probe asks each model for one tiny answer, outside of the
ledger: it belongs to no job, and it must work when the database does not.
"""

from __future__ import annotations

import asyncio
import difflib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from hydrateall.core.paths import PROMPTS
from hydrateall.core.settings import ModelRoute, Settings
from hydrateall.llm.errors import CutOff, ModelError, ModelMisconfigured
from hydrateall.llm.pricing import cost_of
from hydrateall.llm.prompts import load_prompt
from hydrateall.llm.schemas import ModelReply, ModelRequest, Prompt
from hydrateall.llm.service import open_model

PATIENCE_SECONDS = 20.0
PROBE_TOKENS = 16
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
PROBE = ModelRequest(
    prompt=Prompt("doctor.probe", 1, "probe", "", "Answer with the JSON object that is asked for.", "Set ok to true."),
    schema_name="Probe",
    json_schema=SCHEMA,
    max_output_tokens=PROBE_TOKENS,
    schema_text=json.dumps(SCHEMA),
)


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at; `remedy` is empty when it is well."""

    ok: bool
    message: str
    remedy: str = ""


def diagnose(settings: Settings, *, probe: bool = False) -> list[Diagnosis]:
    """Look at the model of every route; with `probe`, ask each for a tiny answer, which costs a fraction of a cent."""
    if settings.model_provider == "offline":
        return [Diagnosis(True, "The offline writer is chosen: content is sample content, and needs no key.")]
    patient = min(settings.openai_timeout_seconds, PATIENCE_SECONDS)
    quick = settings.model_copy(update={"openai_timeout_seconds": patient, "strict_schema": True})
    return [*_unknown_purposes(settings), *asyncio.run(_diagnose_routes(quick, settings.strict_schema, probe))]


def _unknown_purposes(settings: Settings) -> list[Diagnosis]:
    """A route for a purpose that no prompt has is a slip of the pen, and would never be used."""
    heads = [path for path in sorted(PROMPTS.rglob("*.md.j2")) if path.read_text(encoding="utf-8").startswith("---")]
    names = [str(path.relative_to(PROMPTS)).removesuffix(".md.j2") for path in heads]
    known = {load_prompt(name).head.purpose for name in names}
    return [
        Diagnosis(
            False,
            f"HYDRATEALL_MODELS names the purpose {purpose!r}, which no prompt has.",
            f"The purposes are {', '.join(sorted(known))}.",
        )
        for purpose in settings.models
        if purpose not in known
    ]


async def _diagnose_routes(settings: Settings, strict: bool, probe: bool) -> list[Diagnosis]:
    return [found for purpose in ("", *settings.models) for found in await _diagnose(settings, purpose, strict, probe)]


async def _diagnose(settings: Settings, purpose: str, strict: bool, probe: bool) -> list[Diagnosis]:
    """Look at one route; what lies behind the first fault is not looked at."""
    from hydrateall.llm.openai_chat import OpenAIChat

    try:
        chat = cast(OpenAIChat, open_model(settings, purpose))
    except ModelMisconfigured as error:
        return [_complaint(error, settings, purpose)]
    server = chat.deployment.removesuffix(f"/{chat.name}")
    try:
        known = await chat.known_models()
        if found := _missing(chat.name, server, known, probe=probe):
            return [_complaint(found, settings, purpose)]
        listed = Diagnosis(True, f"The model server {server} takes the key and has the model {chat.name}.")
        asked = [await _probe(chat, strict)] if probe else []
        return [*([listed] if known else []), *asked]
    except (ModelError, ModelMisconfigured) as error:
        return [_complaint(_placed(error, server), settings, purpose)]
    finally:
        await chat.aclose()


def _missing(model: str, server: str, known: list[str] | None, *, probe: bool) -> ModelMisconfigured | None:
    if known is None:
        if probe:
            return None
        return ModelMisconfigured(
            f"The model server {server} has no list of models.",
            "Correct HYDRATEALL_OPENAI_BASE_URL, which mostly ends in /v1; if it is right, `hydrateall doctor --probe` "
            "asks the model itself.",
        )
    if model in known:
        return None
    near = difflib.get_close_matches(model, known, n=3, cutoff=0.4) or sorted(known)[:3]
    return ModelMisconfigured(
        f"The model server {server} has no model {model!r}; it has {', '.join(near) or 'none'}"
        f"{f' and {len(known) - len(near)} more' if len(known) > len(near) else ''}.",
        "Correct HYDRATEALL_OPENAI_MODEL.",
    )


async def _probe(chat: Any, strict: bool) -> Diagnosis:
    """Ask for one tiny answer in a strict schema, and compare the outcome with the setting."""
    try:
        reply: ModelReply | None = await chat.complete(PROBE)
        kept = _keeps_schema(reply.text if reply else "")
    except CutOff as error:  # a model that thinks first comes to no end in 16 tokens, but it took the schema
        reply, kept = error.reply, True
    except ModelMisconfigured as error:
        if "HYDRATEALL_STRICT_SCHEMA" not in error.remedy:
            raise
        reply, kept = None, False
    cost = cost_of(reply, chat.name) if reply else Decimal(0)
    paid = f" The probe cost ${cost:f}, outside of the budgets."
    if kept:
        hint = "" if strict else " HYDRATEALL_STRICT_SCHEMA=true would suit it better."
        return Diagnosis(True, f"{chat.name} keeps a strict JSON schema.{hint}{paid}")
    if not strict:
        return Diagnosis(
            True, f"{chat.name} keeps no strict JSON schema, as HYDRATEALL_STRICT_SCHEMA=false says.{paid}"
        )
    return Diagnosis(False, f"{chat.name} keeps no strict JSON schema.{paid}", "Set HYDRATEALL_STRICT_SCHEMA=false.")


def _keeps_schema(text: str) -> bool:
    try:
        answer = json.loads(text)
    except ValueError:
        return False
    return isinstance(answer, dict) and set(answer) == {"ok"} and isinstance(answer["ok"], bool)


def _placed(error: ModelError | ModelMisconfigured, server: str) -> ModelError | ModelMisconfigured:
    """The same error, saying which server it is about, with a remedy if it has none."""
    message = error.message.replace("The model server", f"The model server {server}", 1)
    return ModelMisconfigured(message, error.remedy or "Correct HYDRATEALL_OPENAI_BASE_URL, or wait for the server.")


def _complaint(error: ModelError | ModelMisconfigured, settings: Settings, purpose: str) -> Diagnosis:
    """The error, with the settings that this very route is made of in its remedy."""
    own, mock = settings.models.get(purpose) or ModelRoute(), settings.model_provider == "mock"
    remedy = error.remedy.replace(", then resume the job", "")
    if mock:
        unanswered = "Correct HYDRATEALL_OPENAI_BASE_URL, or wait for the server."
        remedy = remedy.replace(unanswered, "Start it with `hydrateall up`, or correct HYDRATEALL_OPENAI_BASE_URL.")
    if "has no price" in error.message:
        remedy = f"Correct HYDRATEALL_OPENAI_MODEL, or a{remedy[1:]}"
    for general, field, mocked in (
        ("HYDRATEALL_OPENAI_MODEL", "model", "HYDRATEALL_MODELS"),
        ("HYDRATEALL_OPENAI_BASE_URL", "base_url", "HYDRATEALL_MOCK_URL"),
        ("HYDRATEALL_OPENAI_API_KEY", "api_key", "HYDRATEALL_OPENAI_API_KEY"),
    ):
        if getattr(own, field):
            remedy = remedy.replace(general, f"HYDRATEALL_MODELS ({field} of {purpose})")
        elif mock:
            remedy = remedy.replace(general, mocked)
    return Diagnosis(False, error.message, remedy)
