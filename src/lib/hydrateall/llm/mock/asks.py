"""The body of a chat completion request, checked as OpenAI checks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hydrateall.llm.mock.prices import require_model
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import WireError, encode
from hydrateall.llm.offline.writer import estimate_tokens

count_tokens = lru_cache(4096)(estimate_tokens)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a completion; `limit` is the largest number of tokens of its answer."""

    model: str
    system: str
    user: str
    schema: dict[str, Any] | None
    limit: int | None
    prompt_tokens: int


def read_ask(body: dict[str, Any], settings: MockSettings) -> Ask:
    """Read a request; raise WireError 400 or 404."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise WireError(400, "You must provide a model parameter.", param="model")
    require_model(model)
    texts = _texts(body.get("messages"))
    schema = _schema(body.get("response_format"), settings)
    limit = _limit(body)
    _refuse_what_is_not_spoken(body)
    prompt = sum(count_tokens(text) for _, text in texts if text)
    prompt += count_tokens(encode(schema).decode()) if schema else 0
    _fit(prompt, limit or 0, settings.context_tokens)
    system = "\n".join(text for role, text in texts if role in ("system", "developer"))
    user = next((text for role, text in reversed(texts) if role == "user"), "")
    return Ask(model, system, user, schema, limit, prompt)


def _texts(messages: object) -> list[tuple[str, str]]:
    if not isinstance(messages, list) or not messages or not all(isinstance(each, dict) for each in messages):
        raise WireError(400, "Invalid 'messages': expected an array of objects that is not empty.", param="messages")
    return [(str(message.get("role")), _text(message.get("content"))) for message in messages]


def _text(content: object) -> str:
    """A message's text, given whole or in parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _schema(asked: object, settings: MockSettings) -> dict[str, Any] | None:
    if asked is None:
        return None
    kind = asked.get("type") if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or kind not in ("text", "json_object", "json_schema"):
        raise WireError(400, f"Invalid value for 'response_format.type': {kind!r}.", param="response_format")
    if kind != "json_schema":
        return None
    if not settings.strict_schema:
        message = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
        raise WireError(400, message, param="response_format")
    described = asked.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    if not isinstance(schema, dict):
        message = "Missing required parameter: 'response_format.json_schema.schema'."
        raise WireError(400, message, code="missing_required_parameter", param="response_format.json_schema.schema")
    return schema


def _limit(body: dict[str, Any]) -> int | None:
    for name in ("max_completion_tokens", "max_tokens"):
        limit = body.get(name)
        if limit is None:
            continue
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
            message = f"Invalid '{name}': expected an integer of at least 1."
            raise WireError(400, message, code="integer_below_min_value", param=name)
        return limit
    return None


def _refuse_what_is_not_spoken(body: dict[str, Any]) -> None:
    if body.get("stream"):
        message = "The mock server does not stream."
        raise WireError(400, message, code="unsupported_value", param="stream")
    if body.get("n") not in (None, 1):
        message = "The mock server writes one choice."
        raise WireError(400, message, code="unsupported_value", param="n")


def _fit(prompt: int, limit: int, context: int) -> None:
    if prompt + limit <= context:
        return
    raise WireError(
        400,
        f"This model's maximum context length is {context} tokens. However, you requested {prompt + limit} tokens "
        f"({prompt} in the messages, {limit} in the completion). Please reduce the length of the messages or "
        "completion.",
        code="context_length_exceeded",
        param="messages",
    )
