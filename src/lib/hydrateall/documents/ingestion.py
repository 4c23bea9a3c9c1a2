"""The ingestor: chunks and facts of a document into the tables that are searched, exactly once by checksum."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.documents.chunking import searched_text
from hydrateall.documents.errors import UnknownDocument
from hydrateall.documents.schemas import Chunk, ChunkSet, Fact, FactSet, SourceDocument
from hydrateall.documents.search_errors import DocumentReplaced, OutputsDisagree, VectorsMissing
from hydrateall.documents.words import vector_of

Vectors = Mapping[int, Sequence[float]]


@dataclass(frozen=True)
class IngestReport:
    """What an ingestion did; `kept` rows have kept their ids, wherever they moved to."""

    chunks_added: int
    chunks_kept: int
    chunks_removed: int
    facts_added: int
    facts_kept: int
    facts_removed: int


@dataclass(frozen=True)
class Plan:
    """The row of each chunk and fact, those that are there already by their ids, and the rows that go."""

    kept: Mapping[int, sa.RowMapping]
    chunk_ids: Mapping[int, uuid.UUID]
    chunks_removed: Sequence[uuid.UUID]
    facts: Sequence[tuple[uuid.UUID, Fact]]
    facts_kept: int
    facts_removed: Sequence[uuid.UUID]

    def report(self) -> IngestReport:
        return IngestReport(
            chunks_added=len(self.chunk_ids) - len(self.kept),
            chunks_kept=len(self.kept),
            chunks_removed=len(self.chunks_removed),
            facts_added=len(self.facts) - self.facts_kept,
            facts_kept=self.facts_kept,
            facts_removed=len(self.facts_removed),
        )


def chunks_to_embed(session: Session, source: SourceDocument, chunks: ChunkSet, model: str) -> list[int]:
    """The ordinals of the chunks that need a vector; an unchanged chunk keeps the one it has of this model."""
    kept, _ = _matched(session, source, chunks)
    return [each.ordinal for each in chunks.chunks if not _has_vector(kept.get(each.ordinal), model)]


def text_to_embed(markdown: str, chunk: Chunk) -> str:
    """What a chunk's vector is made of: its headings, and its text with the overlap before it."""
    return "\n".join([*chunk.heading_path, searched_text(markdown, chunk)])


def ingest(
    session: Session,
    *,
    source: SourceDocument,
    chunks: ChunkSet,
    markdown: str,
    facts: FactSet,
    vectors: Vectors | None,
    embedding_model: str,
) -> IngestReport:
    """Make the document's rows those of these chunks and facts, in the caller's transaction.

    The same input again changes no row. A chunk whose checksum is unchanged keeps its id and its vector, a fact its id.
    `vectors` has one for each chunk that `chunks_to_embed` named, by ordinal; without vectors, the document is found by
    its words only. The document's row is locked first, so a second ingestion of it waits. Raise UnknownDocument,
    DocumentReplaced, OutputsDisagree or VectorsMissing.
    """
    _lock(session, source)
    _check_outputs(chunks, markdown, facts)
    plan = _plan(session, source, chunks, facts)
    if vectors is not None:
        _check_vectors(chunks, plan, vectors, embedding_model)
    about = {"document_id": source.id, "realm": source.realm, "language": source.language}
    session.execute(
        sql("documents/ingest_chunks"),
        about
        | {"document_checksum": source.checksum, "embedding_model": embedding_model}
        | {"chunks": _json([_chunk_row(each, plan, markdown, vectors or {}) for each in chunks.chunks])},
    )
    session.execute(
        sql("documents/ingest_facts"),
        about | {"facts": _json([_fact_row(place, *each, plan) for place, each in enumerate(plan.facts)])},
    )
    session.execute(
        sql("documents/ingest_remove"), {"chunks": list(plan.chunks_removed), "facts": list(plan.facts_removed)}
    )
    return plan.report()


def _lock(session: Session, source: SourceDocument) -> None:
    found = rows(session, sql("documents/ingest_lock"), document_id=source.id)
    if not found:
        raise UnknownDocument(source.id)
    if found[0]["checksum"] != source.checksum:
        raise DocumentReplaced(source.id)


def _check_outputs(chunks: ChunkSet, markdown: str, facts: FactSet) -> None:
    """Refuse outputs of which one is older than the other: the rows would point to places that are not there."""
    if hashlib.sha256(markdown.encode()).hexdigest() != chunks.source_checksum:
        raise OutputsDisagree("chunks", "pages")
    checksums = {each.ordinal: each.checksum for each in chunks.chunks}
    if any(checksums.get(fact.chunk) != fact.chunk_checksum for fact in facts.facts):
        raise OutputsDisagree("facts", "chunks")


def _plan(session: Session, source: SourceDocument, chunks: ChunkSet, facts: FactSet) -> Plan:
    kept, removed = _matched(session, source, chunks)
    stored = {
        row["checksum"]: row["id"] for row in rows(session, sql("documents/ingested_facts"), document_id=source.id)
    }
    distinct = {fact.checksum: fact for fact in reversed(facts.facts)}
    return Plan(
        kept=kept,
        chunk_ids={
            each.ordinal: kept[each.ordinal]["id"] if each.ordinal in kept else new_id() for each in chunks.chunks
        },
        chunks_removed=removed,
        facts=[(stored.get(key) or new_id(), fact) for key, fact in reversed(distinct.items())],
        facts_kept=len(stored.keys() & distinct.keys()),
        facts_removed=[row_id for key, row_id in stored.items() if key not in distinct],
    )


def _matched(
    session: Session, source: SourceDocument, chunks: ChunkSet
) -> tuple[dict[int, sa.RowMapping], list[uuid.UUID]]:
    """The stored row of each chunk that is unchanged, and the ids of the rows that no chunk claims.

    Equal chunks take equal rows in their order, so that the same input finds the same rows.
    """
    stored: defaultdict[str, deque[sa.RowMapping]] = defaultdict(deque)
    for row in rows(session, sql("documents/ingested_chunks"), document_id=source.id):
        stored[row["checksum"]].append(row)
    kept = {each.ordinal: stored[each.checksum].popleft() for each in chunks.chunks if stored[each.checksum]}
    return kept, [row["id"] for left in stored.values() for row in left]


def _has_vector(row: sa.RowMapping | None, model: str) -> bool:
    return row is not None and row["embedding_model"] == model


def _check_vectors(chunks: ChunkSet, plan: Plan, vectors: Vectors, model: str) -> None:
    missing = [
        each.ordinal
        for each in chunks.chunks
        if each.ordinal not in vectors and not _has_vector(plan.kept.get(each.ordinal), model)
    ]
    if missing:
        raise VectorsMissing(missing, model)


def _chunk_row(chunk: Chunk, plan: Plan, markdown: str, vectors: Vectors) -> dict[str, Any]:
    searched = searched_text(markdown, chunk)
    vector = vectors.get(chunk.ordinal)
    return {
        "id": str(plan.chunk_ids[chunk.ordinal]),
        "ordinal": chunk.ordinal,
        "text": chunk.text,
        "searched_text": searched,
        "heading_path": chunk.heading_path,
        "page_from": chunk.page_from,
        "page_to": chunk.page_to,
        "char_start": chunk.start,
        "char_end": chunk.end,
        "tokens": chunk.tokens,
        "checksum": chunk.checksum,
        "embedding": vector_literal(vector) if vector is not None else None,
        "words": vector_of(searched, headings=chunk.heading_path),
    }


def _fact_row(place: int, row_id: uuid.UUID, fact: Fact, plan: Plan) -> dict[str, Any]:
    return {
        "id": str(row_id),
        "chunk_id": str(plan.chunk_ids[fact.chunk]),
        "ordinal": place,
        "type": fact.type.value,
        "statement": fact.statement,
        "evidence": fact.evidence,
        "page": fact.page,
        "char_start": fact.start,
        "checksum": fact.checksum,
        "words": vector_of(fact.evidence, headings=[fact.statement]),
    }


def vector_literal(vector: Sequence[float]) -> str:
    """The numbers as pgvector reads them, with as many digits as it keeps. One format: a fifth of the time of `str`."""
    return f"[{','.join(['%.9g'] * len(vector)) % tuple(vector)}]"


def _json(listed: Sequence[dict[str, Any]]) -> str:
    return json.dumps(listed, ensure_ascii=False)
