"""Vectors of texts: asked of a model server through the gateway, or hashed here without a model."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from hydrateall.core.database import Database
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import ContentType
from hydrateall.llm.calls import Purpose
from hydrateall.llm.errors import ModelMisconfigured
from hydrateall.llm.gateway import Gateway
from hydrateall.llm.keys import usable_key
from hydrateall.llm.ledger import Ledger
from hydrateall.llm.pacing import complete_all
from hydrateall.llm.pricing import price_of
from hydrateall.llm.schemas import LanguageModel, ModelReply, ModelRequest, Prompt

HASHED = "hashed-ngrams-384"
MOCK = "mock-embedder"
MOCK_KEY = "mock"  # the mock server takes any key
OWN_LENGTHS = {
    HASHED: 384,
    MOCK: 384,
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
MOST_TEXTS, MOST_BYTES = 128, 200_000  # of one request; OpenAI takes 2,048 texts of 300,000 tokens together
MOST_IN_FLIGHT = 8
PURPOSE = "embeddings"


@dataclass(frozen=True)
class EmbeddingRequest(ModelRequest):
    """One call for vectors, one a text."""

    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vectors(ModelReply):
    """The answer: one vector a text, in the order of the texts."""

    vectors: tuple[list[float], ...] = ()


class Embedder(Protocol):
    """Turns texts into vectors. Vectors of different names are not comparable; the name says so for shortened ones."""

    name: str
    dimensions: int

    async def embed(
        self, texts: Sequence[str], *, content_ref: str, caps: dict[str, Decimal | None]
    ) -> list[list[float]]:
        """One vector a text. Raise ModelError, ModelMisconfigured or CallDenied as the gateway does."""
        ...

    async def aclose(self) -> None:
        """Release connections."""
        ...

    async def __aenter__(self) -> Embedder: ...

    async def __aexit__(self, *_: object) -> None: ...


def embedder_name(settings: Settings) -> str:
    """The name under which vectors are stored: that of the model, with their length where it is not the model's own."""
    model = _model(settings)
    length = settings.embedding_dimensions
    return model if length in (None, OWN_LENGTHS.get(model)) or model == HASHED else f"{model}:{length}"


def open_embedder(settings: Settings, database: Database) -> Embedder:
    """The configured embedder, for one event loop; use it in `async with`. Raise ModelMisconfigured."""
    if settings.embedding_provider == "offline":
        return HashedEmbedder()
    model, length = _model(settings), _length(settings)
    price_of(model)
    client = importlib.import_module("hydrateall.llm.openai_embeddings")
    return ServedEmbedder(client.OpenAIEmbeddings(_server(settings, model), length), settings, database, length)


class HashedEmbedder:
    """Hashed n-grams: nothing is asked, nothing is paid, nothing is logged."""

    name = HASHED
    dimensions = OWN_LENGTHS[HASHED]

    async def embed(
        self, texts: Sequence[str], *, content_ref: str, caps: dict[str, Decimal | None]
    ) -> list[list[float]]:
        """One vector a text."""
        del content_ref, caps
        hashed: Any = importlib.import_module("hydrateall.llm.offline.hashed_vectors")  # numpy takes 0.1 s
        vectors: list[list[float]] = await asyncio.to_thread(hashed.vectors_of, texts)
        return vectors

    async def aclose(self) -> None:
        """Nothing is held open."""

    async def __aenter__(self) -> HashedEmbedder:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class ServedEmbedder:
    """A model at a server. Each request passes the ledger: budget, rate and breaker before, the real cost after."""

    def __init__(self, model: LanguageModel, settings: Settings, database: Database, dimensions: int) -> None:
        self.name = embedder_name(settings)
        self.dimensions = dimensions
        self._model = model
        self._ledger = Ledger(database, outage_seconds=settings.outage_seconds)
        self._gateway = Gateway(lambda _: model, self._ledger, settings)

    async def embed(
        self, texts: Sequence[str], *, content_ref: str, caps: dict[str, Decimal | None]
    ) -> list[list[float]]:
        """One vector a text, by as few requests as the server takes."""
        purpose = Purpose(ContentType.DOCUMENT, content_ref, caps)
        calls = [partial(self._ask, part, purpose) for part in _parts(texts)]
        answered = await complete_all(calls, most_in_flight=MOST_IN_FLIGHT)
        return [vector for vectors in answered for vector in vectors]

    async def _ask(self, texts: tuple[str, ...], purpose: Purpose) -> tuple[list[float], ...]:
        answer = await self._gateway.complete(_request(texts), purpose)
        await self._gateway.judge(answer, "accepted")
        assert isinstance(answer.reply, Vectors)
        return answer.reply.vectors

    async def aclose(self) -> None:
        """Close the connections to the server and to the ledger."""
        await self._model.aclose()
        await self._ledger.aclose()

    async def __aenter__(self) -> ServedEmbedder:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _request(texts: tuple[str, ...]) -> EmbeddingRequest:
    """The texts are all of it: they are what is priced, and no output limit adds to them."""
    prompt = Prompt("documents.embed", 1, PURPOSE, "", "", "\n".join(texts))
    return EmbeddingRequest(prompt, "", {}, max_output_tokens=0, texts=texts)


def _parts(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The texts in order, as many a request as it may carry. A blank one, which servers refuse, goes as a full stop."""
    part: list[str] = []
    size = 0
    for text in texts:
        sent = text if text.strip() else "."
        weight = len(sent.encode())
        if part and (len(part) == MOST_TEXTS or size + weight > MOST_BYTES):
            yield tuple(part)
            part, size = [], 0
        part.append(sent)
        size += weight
    if part:
        yield tuple(part)


def _model(settings: Settings) -> str:
    if settings.embedding_provider == "offline":
        return HASHED
    return MOCK if settings.embedding_provider == "mock" else settings.embedding_model


def _length(settings: Settings) -> int:
    """How long the model's vectors are to be."""
    model = _model(settings)
    if length := settings.embedding_dimensions or OWN_LENGTHS.get(model):
        return length
    raise ModelMisconfigured(
        f"How many numbers a vector of {model!r} has is not known.", "Set HYDRATEALL_EMBEDDING_DIMENSIONS."
    )


def _server(settings: Settings, model: str) -> Any:
    """Where vectors are asked for."""
    mock = settings.embedding_provider == "mock"
    key = settings.embedding_api_key if settings.embedding_api_key.get_secret_value() else settings.openai_api_key
    chat = importlib.import_module("hydrateall.llm.openai_chat")
    return chat.Server(
        model=model,
        base_url=settings.mock_url if mock else settings.embedding_base_url or settings.openai_base_url,
        api_key=MOCK_KEY if mock else usable_key(key, setting="HYDRATEALL_EMBEDDING_API_KEY"),
        temperature=settings.temperature,
        timeout_seconds=settings.openai_timeout_seconds,
        strict_schema=False,
        sample=mock,
    )
