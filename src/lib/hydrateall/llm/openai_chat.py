"""The `openai` provider: chat completions with a JSON schema, on OpenAI or any server that speaks its wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import openai
import openai.resources.chat.completions.completions  # else the first call of every task process would import it
from openai import DefaultAioHttpClient
from openai.types.chat import ChatCompletion

from hydrateall.llm.errors import (
    ContextTooLong,
    CutOff,
    Filtered,
    ModelError,
    ModelMisconfigured,
    NoContent,
    NotConnected,
    Overloaded,
    RateLimited,
    Refused,
    TimedOut,
)
from hydrateall.llm.schemas import ModelReply, ModelRequest

LONGEST_RETRY_AFTER = 86_400.0
FIXED_TEMPERATURE = ("gpt-5", "o1", "o3", "o4")  # these families refuse any temperature but their own


@dataclass(frozen=True)
class Server:
    """Where a model is asked, and how. `sample` is true for the mock server, whose content is sample content."""

    model: str
    base_url: str | None
    api_key: str
    temperature: float
    timeout_seconds: float
    strict_schema: bool
    sample: bool = False


class OpenAIChat:
    """A client for one task; close it at the end."""

    cacheable = True

    def __init__(self, server: Server) -> None:
        if not server.api_key:
            raise ModelMisconfigured(
                "The model provider is openai, but there is no key.",
                "Set HYDRATEALL_OPENAI_API_KEY, or HYDRATEALL_MODEL_PROVIDER=offline for sample content.",
            )
        self.name = server.model
        self.sample = server.sample
        self._server = server
        fixed = server.model.startswith(FIXED_TEMPERATURE)
        self._temperature = None if fixed else server.temperature
        self._client = openai.AsyncOpenAI(
            api_key=server.api_key,
            base_url=checked_address(server.base_url),
            timeout=server.timeout_seconds,
            max_retries=0,
            http_client=DefaultAioHttpClient(),
        )
        address = self._client.base_url
        self.deployment = f"{address.host}{f':{address.port}' if address.port else ''}/{server.model}"

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one request with one HTTP request; what to do after a failure is the gateway's business."""
        with self._faults():
            body = body_of(request, self._server, self._temperature)
            return read_completion(await self._client.chat.completions.create(**body))

    async def known_models(self) -> list[str] | None:
        """The models that the server lists; None when it has no list."""
        with self._faults():
            try:
                return [model.id async for model in self._client.models.list()]
            except openai.NotFoundError:
                return None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn the client's exceptions into ours, which hold nothing of the request."""
        try:
            yield
        except openai.APIConnectionError as error:
            if isinstance(error, openai.APITimeoutError) and not never_connected(error):
                raise TimedOut(f"The model server did not answer within {self._server.timeout_seconds:g} s.") from None
            failure = NotConnected(f"The model server did not answer: {cause_of(error)}.")
            failure.sent = not never_connected(error)
            raise failure from None
        except openai.APIStatusError as error:
            raise fault_of(error, self.name) from None
        except openai.APIError as error:
            raise NotConnected(f"The model server's answer broke off: {cause_of(error)}.") from None
        except ValueError:  # JSON was announced, and something else came
            raise _no_completion() from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


def fault_of(error: openai.APIStatusError, model: str) -> ModelError | ModelMisconfigured:
    """What an HTTP status says, as the class whose rule decides."""
    status, code = error.status_code, _code(error)
    if status in (401, 403):
        return ModelMisconfigured(
            "The model server refused the key.", "Correct HYDRATEALL_OPENAI_API_KEY, then resume the job."
        )
    if code == "insufficient_quota":
        return ModelMisconfigured(
            "The account at the model server has no credit left.", "Top it up there, then resume the job."
        )
    if status == 404:
        return ModelMisconfigured(
            f"The model server knows no model {model!r}.",
            "Correct HYDRATEALL_OPENAI_MODEL or HYDRATEALL_OPENAI_BASE_URL, then resume the job.",
        )
    if status == 429:
        return RateLimited(_retry_after(error))
    if code == "context_length_exceeded" or (status == 400 and "maximum context length" in str(error.message)):
        return ContextTooLong(
            f"The prompt is too long for {model}.", "Take a model with a larger context for this purpose."
        )
    if status == 408:
        return TimedOut("The model server gave up waiting for itself (status 408).")
    if status >= 500:
        return Overloaded(status, _retry_after(error))
    if status == 400 and "response_format" in str(error.message):
        return ModelMisconfigured(
            "The model server takes no strict JSON schema.", "Set HYDRATEALL_STRICT_SCHEMA=false, then resume."
        )
    return ModelError(f"The model server answered with status {status}.")


def checked_address(base_url: str | None) -> str | None:
    """Return the address; raise ModelMisconfigured unless it is one of HTTP."""
    parts = urlsplit(base_url or "https://api.openai.com")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelMisconfigured(
            f"The base URL {base_url!r} is no address of HTTP.",
            "Correct HYDRATEALL_OPENAI_BASE_URL; it looks like https://server/v1.",
        )
    return base_url


def warm_up() -> None:
    """Build what the client builds when the first answer comes: 0.1 s of CPU, which forked processes inherit."""
    message = {"role": "assistant", "content": "{}"}
    details = {"cached_tokens": 0}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "prompt_tokens_details": details}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    read_completion(ChatCompletion.construct(id="", model="", created=0, choices=[choice], usage=usage))


def body_of(request: ModelRequest, server: Server, temperature: float | None) -> dict[str, Any]:
    """The body of a chat completion. The stable part comes first, so that the server can cache the prompt's head."""
    system = request.prompt.system
    if server.strict_schema:
        schema = {"name": request.schema_name, "schema": request.json_schema, "strict": True}
        response_format: dict[str, Any] = {"type": "json_schema", "json_schema": schema}
    else:
        system = f"{system}\n\nThe JSON object has exactly this JSON schema:\n{request.schema_text}"
        response_format = {"type": "json_object"}
    return {
        "model": server.model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": request.prompt.user}],
        "response_format": response_format,
        "max_completion_tokens": request.max_output_tokens,
        **({} if temperature is None else {"temperature": temperature}),
    }


def read_completion(completion: object) -> ModelReply:
    """Read the answer; a page of a proxy or of a wrong address arrives here too, as text or without choices.

    An answer without content raises the class of its failure, with what it billed.
    """
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise _no_completion()
    choice = completion.choices[0]
    usage = completion.usage
    details = usage.prompt_tokens_details if usage else None
    reply = ModelReply(
        text=choice.message.content or "",
        model=completion.model,
        prompt_tokens=usage.prompt_tokens if usage else 0,
        completion_tokens=usage.completion_tokens if usage else 0,
        cached_tokens=(details.cached_tokens or 0) if details else 0,
    )
    if choice.message.refusal:
        raise _billed(Refused(f"The model refused: {choice.message.refusal}"), reply)
    if choice.finish_reason == "length":
        raise _billed(CutOff("The model's answer was cut off at the output limit."), reply)
    if choice.finish_reason == "content_filter" or not reply.text:
        raise _billed(Filtered("The model's answer was withheld by a content filter."), reply)
    return reply


def _billed(error: ModelError, reply: ModelReply) -> ModelError:
    error.reply = replace(reply, text="")
    return error


def _no_completion() -> ModelError:
    return NoContent("The model server's answer is no chat completion.", "Check HYDRATEALL_OPENAI_BASE_URL.")


def _code(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("code") or "")


def never_connected(error: Exception) -> bool:
    """Say whether there was no connection: the client calls a refused one a timeout too, of connecting."""
    return type(error.__cause__).__name__ == "ConnectTimeout"


def cause_of(error: Exception) -> str:
    """The reason below the client's own words, without the request: that holds the key."""
    return str(error.__cause__ or error).strip().rstrip(".") or type(error).__name__


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds of `retry-after-ms` or `retry-after`; a date there is not worth its parsing."""
    headers = error.response.headers
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return min(LONGEST_RETRY_AFTER, max(0.0, float(headers[name]) / scale))
        except (KeyError, ValueError):
            continue
    return None
