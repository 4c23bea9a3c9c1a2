"""The provider's batch endpoint: many requests in one file, answered within a day at the batch's share of the price."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import openai
from openai.types import Batch
from openai.types.chat import ChatCompletion
from pydantic import ValidationError

from hydrateall.llm.errors import (
    ContextTooLong,
    ModelError,
    ModelMisconfigured,
    NoContent,
    NotConnected,
    Overloaded,
    RateLimited,
    TimedOut,
)
from hydrateall.llm.openai_chat import (
    FIXED_TEMPERATURE,
    Server,
    body_of,
    cause_of,
    checked_address,
    fault_of,
    read_completion,
)
from hydrateall.llm.schemas import BatchLine, ModelReply, ModelRequest, ProviderBatch

ENDPOINT: Final = "/v1/chat/completions"
MARK = "hydrateall_batch"  # the metadata by which a batch is found again whose creation nobody lived to note
PAGE = 100
ENDED = ("completed", "failed", "expired", "cancelled")


@dataclass
class OpenAIBatches:
    """A client of the batch endpoint, closed at the end of its block. It never sends anything twice by itself."""

    server: Server

    def __post_init__(self) -> None:
        if not self.server.api_key:
            raise ModelMisconfigured(
                "The model provider is openai, but there is no key.", "Set HYDRATEALL_OPENAI_API_KEY, then resume."
            )
        self.name, self.sample = self.server.model, self.server.sample
        self._client = openai.OpenAI(
            api_key=self.server.api_key,
            base_url=checked_address(self.server.base_url),
            timeout=self.server.timeout_seconds,
            max_retries=0,
        )
        address = self._client.base_url
        self.deployment = f"{address.host}{f':{address.port}' if address.port else ''}/{self.name}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def upload(self, requests: Sequence[tuple[str, ModelRequest]]) -> str:
        """Upload the requests, each under its custom id; return the file's id. A file alone costs nothing."""
        fixed = self.name.startswith(FIXED_TEMPERATURE)
        temperature = None if fixed else self.server.temperature
        lines = [
            {"custom_id": id, "method": "POST", "url": ENDPOINT, "body": body_of(request, self.server, temperature)}
            for id, request in requests
        ]
        content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
        with self._asking():
            return self._client.files.create(file=("batch.jsonl", content), purpose="batch").id

    def create(self, file_id: str, *, mark: uuid.UUID) -> str:
        """Create the batch of a file, marked with our id; return the provider's."""
        with self._asking():
            created = self._client.batches.create(
                input_file_id=file_id, endpoint=ENDPOINT, completion_window="24h", metadata={MARK: str(mark)}
            )
        return created.id

    def find(self, mark: uuid.UUID) -> ProviderBatch | None:
        """The batch that carries our id, if it was created."""
        with self._asking():
            for batch in self._client.batches.list(limit=PAGE):
                if (batch.metadata or {}).get(MARK) == str(mark):
                    return _read_batch(batch)
        return None

    def retrieve(self, id: str) -> ProviderBatch | None:
        """The batch as it stands now; None if the provider does not know it."""
        try:
            with self._asking(absent=openai.NotFoundError):
                return _read_batch(self._client.batches.retrieve(id))
        except openai.NotFoundError:
            return None

    def cancel(self, id: str) -> None:
        """Stop a batch; what it has answered stays. One that has ended meanwhile is left as it is."""
        try:
            with self._asking(absent=openai.ConflictError):
                self._client.batches.cancel(id)
        except openai.ConflictError:
            return

    def lines(self, batch: ProviderBatch) -> Iterator[BatchLine]:
        """What became of the requests, as far as the batch got to them."""
        for file_id in batch.file_ids:
            with self._asking():
                text = self._client.files.content(file_id).text
            for line in text.splitlines():
                if line.strip():
                    yield _read_line(json.loads(line), self.name)

    @contextmanager
    def _asking(self, absent: type[openai.APIStatusError] | None = None) -> Iterator[None]:
        """Turn the client's errors into our classes; `absent` is one that the caller understands."""
        try:
            yield
        except openai.APITimeoutError:
            raise TimedOut(f"The model server did not answer within {self.server.timeout_seconds:g} s.") from None
        except openai.APIConnectionError as error:
            raise NotConnected(f"The model server did not answer: {cause_of(error)}.") from None
        except openai.APIStatusError as error:
            if absent and isinstance(error, absent):
                raise
            if isinstance(error, openai.NotFoundError):
                raise ModelMisconfigured(
                    f"The model server at {self._client.base_url.host} has no batches.",
                    "Cancel the job and submit it with `--mode fast`, or correct HYDRATEALL_OPENAI_BASE_URL.",
                ) from None
            raise fault_of(error, self.name) from None


def _read_batch(batch: Batch) -> ProviderBatch:
    problems = batch.errors.data or [] if batch.errors else []
    return ProviderBatch(
        id=batch.id,
        status=batch.status,
        ended=batch.status in ENDED,
        file_ids=tuple(each for each in (batch.output_file_id, batch.error_file_id) if each),
        error="; ".join(problem.message or problem.code or "" for problem in problems[:3]),
    )


def _read_line(line: dict[str, Any], model: str) -> BatchLine:
    """Read one line of an output or error file; without a response, the batch did not get to it."""
    response = line.get("response")
    result = _read_response(response["status_code"], response["body"], model) if response else None
    return BatchLine(line["custom_id"], result)


def _read_response(status: int, body: Any, model: str) -> ModelReply | ModelError:
    error = body.get("error") if isinstance(body, dict) else None
    if status == 200 and not error:
        try:
            return read_completion(ChatCompletion.model_validate(body))
        except ModelError as failure:
            return failure
        except ValidationError:
            return NoContent("The line of the batch is no chat completion.")
    error = error if isinstance(error, dict) else {}
    if error.get("code") == "context_length_exceeded":
        return ContextTooLong(f"The prompt is too long for {model}.", "Take a model with a larger context.")
    if status == 429:
        return RateLimited()
    return Overloaded(status) if status >= 500 else ModelError(f"The line of the batch ended with status {status}.")
