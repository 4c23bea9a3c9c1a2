"""The `openai` provider's vectors: the endpoint `embeddings`, on OpenAI or any server that speaks its wire."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openai import omit
from openai.types import CreateEmbeddingResponse

from hydrateall.llm.embeddings import EmbeddingRequest, Vectors
from hydrateall.llm.errors import ModelError, ModelMisconfigured, NoContent, WrongLength, WrongVectors
from hydrateall.llm.openai_chat import OpenAIChat, Server
from hydrateall.llm.schemas import ModelRequest

SHORTENED = ("text-embedding-3", "mock-embedder")  # models that make shorter vectors if they are asked to
OTHER_NAMES = {
    "HYDRATEALL_OPENAI_": "HYDRATEALL_EMBEDDING_",
    "HYDRATEALL_MODEL_PROVIDER=offline for sample content": "HYDRATEALL_EMBEDDING_PROVIDER=offline for hashed vectors",
    "resume the job": "run the stage again",
}


class OpenAIEmbeddings(OpenAIChat):
    """The client of the chat, asked for vectors; close it at the end."""

    cacheable = False  # vectors are kept where they are searched, and would fill the cache of answers

    def __init__(self, server: Server, dimensions: int) -> None:
        try:
            super().__init__(server)
        except ModelMisconfigured as error:
            raise _renamed(error) from None
        self._dimensions = dimensions

    async def complete(self, request: ModelRequest) -> Vectors:
        """Answer one request with one HTTP request."""
        assert isinstance(request, EmbeddingRequest)
        asked = self._dimensions if self.name.startswith(SHORTENED) else omit
        try:
            with self._faults():
                answer = await self._client.embeddings.create(
                    model=self.name, input=list(request.texts), dimensions=asked
                )
                found = _read(answer)
        except ModelMisconfigured as error:
            raise _renamed(error) from None
        except NoContent:
            raise NoContent(
                "The model server's answer holds no vectors.", "Check HYDRATEALL_EMBEDDING_BASE_URL."
            ) from None
        self._check(found, len(request.texts))
        return found

    def _check(self, found: Vectors, texts: int) -> None:
        """Raise unless there is one vector a text, each of the right length and made of numbers."""
        vectors = found.vectors
        error: ModelError | ModelMisconfigured | None = None
        if len(vectors) != texts:
            error = WrongVectors(f"The model server answered {texts} texts with {len(vectors)} vectors.")
        elif wrong := {len(vector) for vector in vectors} - {self._dimensions}:
            error = WrongLength(self.name, min(wrong), self._dimensions)
        elif not all(_is_direction(vector) for vector in vectors):
            error = WrongVectors("The model server answered with vectors that are not made of numbers, or of zeros.")
        if error:
            error.reply = found
            raise error


def _read(answer: object) -> Vectors:
    """The vectors in the order of their texts, and what they cost; ValueError for anything else."""
    if not isinstance(answer, CreateEmbeddingResponse) or not answer.data:
        raise ValueError("no vectors")
    if not all(isinstance(each.embedding, list) for each in answer.data):
        raise ValueError("no vectors")
    ordered = sorted(answer.data, key=lambda each: each.index or 0)
    return Vectors(
        text="",
        model=answer.model,
        prompt_tokens=answer.usage.prompt_tokens if answer.usage else 0,
        completion_tokens=0,
        vectors=tuple(each.embedding for each in ordered),
    )


def _is_direction(vector: Sequence[float]) -> bool:
    """A sum is no number if one of its parts is none."""
    try:
        return 0 < sum(map(abs, vector)) < math.inf
    except TypeError:
        return False


def _renamed(error: ModelMisconfigured) -> ModelMisconfigured:
    """The same error, with the settings of embeddings in its remedy."""
    remedy = error.remedy
    for chat, own in OTHER_NAMES.items():
        remedy = remedy.replace(chat, own)
    return ModelMisconfigured(error.message, remedy)
