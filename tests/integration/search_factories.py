"""What the tests of ingestion and search are built from: documents that the real chunker has split, and their rows."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import Database
from hydrateall.documents.chunking import split
from hydrateall.documents.enums import FactType
from hydrateall.documents.ingestion import IngestReport, chunks_to_embed, ingest, text_to_embed
from hydrateall.documents.schemas import ChunkSet, Fact, FactSet, SourceDocument
from hydrateall.llm.offline.hashed_vectors import vectors_of

MODEL = "hashed-ngrams-384"
LIGHT = """# Light

## Reflection of light

A polished surface sends back the light that falls on it. The angle of incidence equals the angle of reflection.

## Refraction of light

Light bends when it passes obliquely from air into glass. The refractive index of crown glass is 1.52.

## Spherical lenses

A convex lens brings parallel rays together at its focus. A concave lens spreads them.
"""


@dataclass(frozen=True)
class Given:
    """A document as the stages before the ingestor leave it."""

    source: SourceDocument
    markdown: str
    chunks: ChunkSet
    facts: FactSet = field(default_factory=lambda: FactSet(facts=[]))

    def with_facts(self, **statements: int) -> Given:
        """The same, with facts: each a statement (underscores are blanks) and the ordinal of its chunk."""
        listed = [self._fact(name.replace("_", " "), ordinal) for name, ordinal in statements.items()]
        return replace(self, facts=FactSet(facts=listed))

    def _fact(self, statement: str, ordinal: int) -> Fact:
        chunk = self.chunks.chunks[ordinal]
        return Fact(
            statement=statement,
            type=FactType.OTHER,
            evidence=statement,
            chunk=ordinal,
            chunk_checksum=chunk.checksum,
            checksum=sha256(statement),
        )

    def changed_to(self, markdown: str) -> Given:
        """The same document after its file was replaced by another."""
        source = replace(self.source, checksum=sha256(markdown))
        return Given(source, markdown, split(markdown, most_tokens=60, overlap_tokens=0))


def given(markdown: str = LIGHT, **changes: Any) -> Given:
    """A document of this text, not stored yet."""
    values = {"title": "Light", "realm": "science", "source_name": "light.md", "language": "en", **changes}
    source = SourceDocument(id=new_id(), mime_type="text/markdown", checksum=sha256(markdown), **values)
    return Given(source, markdown, split(markdown, most_tokens=60, overlap_tokens=0))


def stored(database: Database, document: Given) -> Given:
    """Add the document's row, or give it the checksum of the file that replaced the one before."""
    with database.transaction() as session:
        uploader = session.scalar(
            sa.text(
                "INSERT INTO users (id, identity_provider, external_id, name) VALUES (:id, 'shell', 'mira', 'Mira') "
                "ON CONFLICT (identity_provider, external_id) DO UPDATE SET name = 'Mira' RETURNING id"
            ),
            {"id": new_id()},
        )
        source = document.source
        session.execute(
            sa.text(
                "INSERT INTO documents (id, title, realm, source_name, mime_type, checksum, size_bytes, language, "
                "original_path, uploaded_by, trace_id) VALUES (:id, :title, :realm, :source_name, :mime_type, "
                ":checksum, :size, CAST(:language AS language_code), 'original', :uploader, 'trace') "
                "ON CONFLICT (id) DO UPDATE SET checksum = excluded.checksum"
            ),
            vars(source) | {"size": len(document.markdown), "uploader": uploader},
        )
    return document


def ingested(database: Database, document: Given | None = None, **changes: Any) -> Given:
    """Store a document and ingest it with vectors."""
    document = stored(database, document or given(**changes))
    with database.transaction() as session:
        run(session, document)
    return document


def run(session: Session, document: Given, *, model: str = MODEL, **changes: Any) -> IngestReport:
    """Ingest in a session, embedding what needs it; the session's owner commits."""
    wanted = chunks_to_embed(session, document.source, document.chunks, model)
    texts = [text_to_embed(document.markdown, document.chunks.chunks[ordinal]) for ordinal in wanted]
    values: dict[str, Any] = {
        "source": document.source,
        "chunks": document.chunks,
        "markdown": document.markdown,
        "facts": document.facts,
        "vectors": dict(zip(wanted, vectors_of(texts), strict=True)),
        "embedding_model": model,
    }
    return ingest(session, **values | changes)


def ingest_once(database: Database, document: Given, **changes: Any) -> IngestReport:
    """Ingest in a transaction of its own."""
    with database.transaction() as session:
        return run(session, document, **changes)


def rows_of(database: Database, table: str, document: Given) -> list[dict[str, Any]]:
    """Every column of a document's chunks or facts in their order, and by `xmin` the transaction that wrote the row."""
    statement = f"SELECT xmin::text, * FROM {table} WHERE document_id = :id ORDER BY ordinal"  # noqa: S608
    with database.transaction() as session:
        return [dict(row) for row in session.execute(sa.text(statement), {"id": document.source.id}).mappings()]


def chunk_ids(database: Database, document: Given) -> dict[str, uuid.UUID]:
    """The ids of a document's chunks by the last of their headings."""
    return {row["heading_path"][-1]: row["id"] for row in rows_of(database, "document_chunks", document)}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
