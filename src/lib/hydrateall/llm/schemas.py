"""What goes to a language model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


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
    """One call: the prompt and the JSON schema its answer must have."""

    prompt: Prompt
    schema_name: str
    json_schema: dict[str, Any]
    max_output_tokens: int


@dataclass(frozen=True)
class ModelReply:
    """One answer: JSON text and what it cost in tokens."""

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


class LanguageModel(Protocol):
    """A provider. `sample` is true when what it writes is sample content."""

    name: str
    sample: bool

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one request; raise ModelError."""
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...
