"""The vocabularies of the document pipeline; values are those of the database's enum types."""

from __future__ import annotations

from enum import StrEnum


class StageName(StrEnum):
    """The stages; their order is in the rows of `stage_dependencies`, not here."""

    MARKDOWN_CONVERSION = "markdown-conversion"
    MARKDOWN_OPTIMIZER = "markdown-optimizer"
    CHUNKER = "chunker"
    FACT_GENERATOR = "fact-generator"
    INGESTOR = "ingestor"


class StageStatus(StrEnum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class FileType(StrEnum):
    MARKDOWN = "markdown"
    OPTIMIZED_MARKDOWN = "optimized_markdown"
    CHUNKS_JSON = "chunks_json"
    FACTS_JSON = "facts_json"
    INGESTION_JSON = "ingestion_json"


class WorkflowType(StrEnum):
    AUTOMATIC = "automatic"
    MANUAL = "manual"


class FactType(StrEnum):
    """What a fact is; the model chooses one."""

    DEFINITION = "definition"
    LAW = "law"
    PROPERTY = "property"
    PROCESS = "process"
    EXAMPLE = "example"
    QUANTITY = "quantity"
    FORMULA = "formula"
    EVENT = "event"
    OTHER = "other"


class DocumentState(StrEnum):
    """How a document is as a whole; derived from its stages, not stored."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    STALE = "stale"
    COMPLETED = "completed"


class Step(StrEnum):
    """Where a workflow stands: a stage, or the end."""

    MARKDOWN_CONVERSION = "markdown-conversion"
    MARKDOWN_OPTIMIZER = "markdown-optimizer"
    CHUNKER = "chunker"
    FACT_GENERATOR = "fact-generator"
    INGESTOR = "ingestor"
    COMPLETED = "completed"
