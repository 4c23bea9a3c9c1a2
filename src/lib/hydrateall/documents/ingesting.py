"""What the ingestor does before it writes: vectors for the chunks that have none yet, so that none is paid twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import uvloop

from hydrateall.core.runtime import Runtime
from hydrateall.documents.chunking import rebuild
from hydrateall.documents.ingestion import chunks_to_embed, text_to_embed
from hydrateall.documents.schemas import ChunkSet, FactSet, SourceDocument
from hydrateall.llm.service import embedder_name, open_embedder


@dataclass(frozen=True)
class Prepared:
    """What is to be ingested. `vectors` are those that were made now, by the chunk's ordinal."""

    chunks: ChunkSet
    facts: FactSet
    markdown: str
    vectors: Mapping[int, Sequence[float]]
    model: str


def prepare(
    runtime: Runtime,
    source: SourceDocument,
    chunks: ChunkSet,
    facts: FactSet,
    *,
    caps: dict[str, Decimal | None],
) -> Prepared:
    """Embed the chunks that are new, or whose vector is of another model."""

    async def embed(texts: list[str]) -> list[list[float]]:
        async with open_embedder(runtime.settings, runtime.database) as embedder:
            return await embedder.embed(texts, content_ref=str(source.id), caps=caps)

    markdown = rebuild(chunks.chunks)
    model = embedder_name(runtime.settings)
    with runtime.database.transaction() as session:
        wanted = chunks_to_embed(session, source, chunks, model)
    texts = [text_to_embed(markdown, chunks.chunks[ordinal]) for ordinal in wanted]
    vectors = uvloop.run(embed(texts)) if texts else []
    return Prepared(chunks, facts, markdown, dict(zip(wanted, vectors, strict=True)), model)
