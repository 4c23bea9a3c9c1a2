"""What goes to a language model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

FRAME_TOKENS = 64  # roles, separators and the name of the schema


@dataclass(frozen=True)
class Prompt:
    """A rendered prompt file. `system` is stable over calls, `user` carries the assignment."""

    id: str
    version: int
    purpose: str
    sha256: str
    system: str
    user: str


@dataclass(frozen=True)
class ModelRequest:
    """One call: the prompt and the JSON schema its answer must have; `schema_text` is the schema as it is sent."""

    prompt: Prompt
    schema_name: str
    json_schema: dict[str, Any]
    max_output_tokens: int
    schema_text: str = ""

    @property
    def most_prompt_tokens(self) -> int:
        """No tokenizer of bytes makes more tokens than there are bytes; some more frame the messages."""
        texts = (self.prompt.system, self.prompt.user, self.schema_text)
        return sum(len(text.encode()) for text in texts) + FRAME_TOKENS


@dataclass(frozen=True)
class ModelReply:
    """One answer: JSON text and what it cost in tokens."""

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True)
class ProviderBatch:
    """A batch as the provider shows it; `error` is why it was not begun, if it was not."""

    id: str
    status: str
    ended: bool
    file_ids: tuple[str, ...]
    error: str


@dataclass(frozen=True)
class BatchLine:
    """What became of one request of a batch: an answer, a failure, or None if the batch did not get to it."""

    custom_id: str
    result: ModelReply | Exception | None


class NamedModel(Protocol):
    """One model at one server (`deployment` names both). `sample` is true when what it writes is sample content."""

    name: str
    sample: bool
    deployment: str


class LanguageModel(NamedModel, Protocol):
    """A model that answers a request at once. `cacheable` is true when the same answer twice would be paid twice."""

    cacheable: bool

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one request; raise ModelError."""
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
