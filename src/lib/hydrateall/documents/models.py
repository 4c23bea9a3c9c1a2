"""The rows of documents: files, their stages and outputs, what was ingested of them, and what stands on them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column, updated_at
from hydrateall.curriculum.enums import ContentType, LanguageCode
from hydrateall.documents.enums import FactType, FileType, StageName, StageStatus, Step, WorkflowType

INSTANT = sa.DateTime(timezone=True)
STAGE = enum_column(StageName, "document_stage")
LANGUAGE = enum_column(LanguageCode, "language_code")


class Vector(UserDefinedType[str]):
    """A pgvector column without a fixed dimension: each row says by which model it was made."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "VECTOR"


def of_document() -> Mapped[uuid.UUID]:
    """The column that ties a row to its document, and ends with it."""
    return mapped_column(sa.ForeignKey("documents.id", ondelete="CASCADE"))


class Document(Base):
    """One file of a realm. `checksum` is the SHA-256 of the file; `version` counts its replacements."""

    __tablename__ = "documents"
    __table_args__ = (
        sa.UniqueConstraint("realm", "checksum"),
        sa.Index(None, "realm", "created_at"),
        sa.CheckConstraint("checksum ~ '^[0-9a-f]{64}$'", name="checksum_is_sha256"),
        sa.CheckConstraint("realm ~ '^[a-z0-9][a-z0-9._-]{0,63}$'", name="realm_is_a_name"),
        sa.CheckConstraint("source_name !~ '[/\\\\]'", name="source_name_is_bare"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    realm: Mapped[str]
    source_name: Mapped[str]
    mime_type: Mapped[str]
    checksum: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    language: Mapped[LanguageCode] = mapped_column(LANGUAGE)
    licence: Mapped[str | None]
    pages: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default="1")
    original_path: Mapped[str]
    uploaded_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    trace_id: Mapped[str]
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class DocumentProcessingStage(Base):
    """How far a stage of a document is. `stale`: it is completed, but what it stands on has changed since.

    `input_digest` names the input and the version that its output was made from; `fencing_token` grows with each claim.
    """

    __tablename__ = "document_processing_stages"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "stage_name"),
        sa.Index(None, "stage_name", "status"),
        sa.CheckConstraint("NOT stale OR status = 'completed'", name="only_what_is_done_is_stale"),
        sa.CheckConstraint("(status = 'failed') <= (error_message IS NOT NULL)", name="failure_has_a_reason"),
        sa.CheckConstraint("(status = 'in_progress') = (locked_by IS NOT NULL)", name="work_has_a_worker"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = of_document()
    stage_name: Mapped[StageName] = mapped_column(STAGE)
    status: Mapped[StageStatus] = mapped_column(enum_column(StageStatus, "stage_status"), server_default="pending")
    stale: Mapped[bool] = mapped_column(server_default=sa.false())
    input_digest: Mapped[str | None]
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    completed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    error_message: Mapped[str | None] = mapped_column(sa.Text)
    retry_count: Mapped[int] = mapped_column(server_default="0")
    locked_by: Mapped[str | None]
    lease_expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    fencing_token: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class StageOutputFile(Base):
    """A file that a stage made. `checksum` and `file_size` are of its content, `stored_size` is what it takes.

    The newest of a stage is current; older ones stay until the clean-up.
    """

    __tablename__ = "stage_output_files"
    __table_args__ = (
        sa.UniqueConstraint(
            "document_id", "stage_name", "file_type", "input_digest", name="uq_stage_output_files_output"
        ),
        sa.Index(
            "uq_stage_output_files_current",
            "document_id",
            "stage_name",
            "file_type",
            unique=True,
            postgresql_where=sa.text("is_current"),
        ),
        sa.Index(None, "stage_name", "file_type"),
        sa.CheckConstraint("encoding IN ('identity', 'gzip')", name="encoding_known"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = of_document()
    stage_name: Mapped[StageName] = mapped_column(STAGE)
    file_type: Mapped[FileType] = mapped_column(enum_column(FileType, "stage_file_type"))
    input_digest: Mapped[str]
    is_current: Mapped[bool]
    file_path: Mapped[str]
    file_size: Mapped[int] = mapped_column(sa.BigInteger)
    stored_size: Mapped[int] = mapped_column(sa.BigInteger)
    mime_type: Mapped[str]
    encoding: Mapped[str]
    checksum: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB, server_default="{}")
    created_at: Mapped[datetime] = created_at()


class ProcessingWorkflow(Base):
    """How far a document is as a whole, and how it is to be processed.

    `configuration` may hold `stages` (only these) and `force`. `dag_run_id` is the run that works, or will work,
    on it.
    """

    __tablename__ = "processing_workflows"
    __table_args__ = (
        sa.UniqueConstraint("document_id"),
        sa.Index(None, "current_stage", "workflow_type"),
        sa.Index(None, "dag_run_id"),
        sa.CheckConstraint("completed_stages BETWEEN 0 AND total_stages", name="stages_within_total"),
        sa.CheckConstraint("(paused_at IS NULL) = (pause_reason IS NULL)", name="pause_has_a_reason"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = of_document()
    workflow_type: Mapped[WorkflowType] = mapped_column(
        enum_column(WorkflowType, "workflow_type"), server_default="manual"
    )
    total_stages: Mapped[int] = mapped_column(server_default="5")
    completed_stages: Mapped[int] = mapped_column(server_default="0")
    current_stage: Mapped[Step | None] = mapped_column(enum_column(Step, "workflow_step"))
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    completed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    configuration: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    paused_at: Mapped[datetime | None] = mapped_column(INSTANT)
    pause_reason: Mapped[str | None] = mapped_column(sa.Text)
    paused_until: Mapped[datetime | None] = mapped_column(INSTANT)
    dag_run_id: Mapped[str | None]
    deliveries: Mapped[int] = mapped_column(server_default="0")
    requested_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    requested_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class StageDependency(Base):
    """What a stage stands on, and its place in the order. A stage that stands on nothing has a row without one.

    `is_required`: the stage cannot run without the other. Otherwise it takes the other's output where there is one, and
    waits for it only if it is going to run. A stage that nobody requires is optional.
    """

    __tablename__ = "stage_dependencies"
    __table_args__ = (
        sa.UniqueConstraint("stage_name", "depends_on_stage", postgresql_nulls_not_distinct=True),
        sa.Index(None, "execution_order"),
        sa.CheckConstraint("stage_name <> depends_on_stage", name="not_on_itself"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    stage_name: Mapped[StageName] = mapped_column(STAGE)
    depends_on_stage: Mapped[StageName | None] = mapped_column(STAGE)
    is_required: Mapped[bool] = mapped_column(server_default=sa.true())
    execution_order: Mapped[int]


class DocumentChunk(Base):
    """A piece of a document as it is searched. `text` is its own, `searched_text` has the overlap before it too."""

    __tablename__ = "document_chunks"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "ordinal", deferrable=True, initially="DEFERRED"),
        sa.Index(None, "realm", "language"),
        sa.Index(None, "document_id", "checksum"),
        sa.Index(None, "words", postgresql_using="gin"),
        sa.CheckConstraint("(embedding IS NULL) = (embedding_model IS NULL)", name="vector_names_its_model"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = of_document()
    realm: Mapped[str]
    language: Mapped[LanguageCode] = mapped_column(LANGUAGE)
    ordinal: Mapped[int]
    text: Mapped[str]
    searched_text: Mapped[str]
    heading_path: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]
    char_start: Mapped[int]
    char_end: Mapped[int]
    tokens: Mapped[int]
    checksum: Mapped[str]
    document_checksum: Mapped[str]
    embedding: Mapped[str | None] = mapped_column(Vector())
    embedding_model: Mapped[str | None]
    words: Mapped[str] = mapped_column(TSVECTOR)
    created_at: Mapped[datetime] = created_at()


class DocumentFact(Base):
    """One atomic fact, with the sentence that it stands on, in the chunk that holds it."""

    __tablename__ = "document_facts"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "checksum"),
        sa.Index(None, "chunk_id"),
        sa.Index(None, "words", postgresql_using="gin"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = of_document()
    chunk_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("document_chunks.id", ondelete="CASCADE"))
    realm: Mapped[str]
    language: Mapped[LanguageCode] = mapped_column(LANGUAGE)
    ordinal: Mapped[int]
    type: Mapped[FactType] = mapped_column(enum_column(FactType, "fact_type"))
    statement: Mapped[str]
    evidence: Mapped[str]
    page: Mapped[int | None]
    char_start: Mapped[int | None]
    checksum: Mapped[str]
    words: Mapped[str] = mapped_column(TSVECTOR)
    created_at: Mapped[datetime] = created_at()


class ContentAnchor(Base):
    """Where a stored item stands: the passage that its writer was given. It outlives the chunk's row, by checksum.

    `support` says how much the item and the passage share: the overlap coefficient of their words, from 0 to 1.
    """

    __tablename__ = "content_anchors"
    __table_args__ = (
        sa.UniqueConstraint("content_id", "document_id", "chunk_checksum"),
        sa.Index(None, "document_id", "chunk_checksum"),
        sa.CheckConstraint("support BETWEEN 0 AND 1", name="support_is_a_share"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    content_type: Mapped[ContentType] = mapped_column(enum_column(ContentType, "content_type"))
    content_id: Mapped[uuid.UUID]
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"))
    document_checksum: Mapped[str]
    chunk: Mapped[int]
    chunk_checksum: Mapped[str]
    heading_path: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]
    support: Mapped[float]
    created_at: Mapped[datetime] = created_at()
