"""OpenAI's shapes: errors, completions, JSON in and out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class WireError(Exception):
    """An answer that is an error: its status, its body, its headers."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"error": {"message": message, "type": type, "param": param, "code": code}}


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer; `cached` is a part of `prompt`."""

    prompt: int
    cached: int
    completion: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in the one choice of a completion."""

    content: str | None
    finish: str
    tokens: int
    refusal: str | None = None


@dataclass(slots=True)
class Outcome:
    """What becomes of a call: what is sent, when, and whether all of it is."""

    status: int
    body: dict[str, Any]
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    fault: str | None = None
    usage: Usage | None = None

    @property
    def is_billed(self) -> bool:
        """The mock bills what it delivers in full."""
        return self.usage is not None and self.fault != "dropped"


def decode_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; raise WireError 400."""
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = None
    if not isinstance(value, dict):
        raise WireError(
            400,
            "We could not parse the JSON body of your request. The API expects a JSON object, encoded in UTF-8, "
            "with the content type application/json.",
        )
    return value


def new_id(prefix: str) -> str:
    """An id as OpenAI writes them, e.g. chatcmpl-… or file-…."""
    return prefix + secrets.token_hex(12)


def completion(model: str, answer: Answer, usage: Usage, *, created: int) -> dict[str, Any]:
    """The body of a chat completion."""
    message = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
    return {
        "id": new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}],
        "usage": {
            "prompt_tokens": usage.prompt,
            "completion_tokens": usage.completion,
            "total_tokens": usage.prompt + usage.completion,
            "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_mock",
    }


def listed(items: list[dict[str, Any]], *, more: bool = False) -> dict[str, Any]:
    """One page of a list."""
    first, last = (items[0]["id"], items[-1]["id"]) if items else (None, None)
    return {"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": more}
