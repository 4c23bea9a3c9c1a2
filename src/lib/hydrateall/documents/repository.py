"""Every query of documents that is not a file of its own in include/sql/documents."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.models import User
from hydrateall.documents.enums import FileType, StageName, StageStatus
from hydrateall.documents.models import (
    ContentAnchor,
    Document,
    DocumentProcessingStage,
    ProcessingWorkflow,
    StageOutputFile,
)

if TYPE_CHECKING:
    from hydrateall.documents.schemas import SourceDocument
    from hydrateall.documents.workflow import OutputFile

OPENED = (StageStatus.PENDING, StageStatus.COMPLETED, StageStatus.FAILED)


def get(session: Session, document_id: uuid.UUID) -> Document | None:
    """A document by its id."""
    return session.get(Document, document_id)


def find_by_checksum(session: Session, realm: str, checksum: str) -> Document | None:
    """The document of a realm that is this very file."""
    return session.scalar(sa.select(Document).where(Document.realm == realm, Document.checksum == checksum))


def lock_workflow(session: Session, document_id: uuid.UUID) -> ProcessingWorkflow | None:
    """The workflow of a document, locked until the transaction ends."""
    return session.scalar(
        sa.select(ProcessingWorkflow)
        .where(ProcessingWorkflow.document_id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def holds(session: Session, document_id: uuid.UUID, stage: StageName, token: int) -> bool:
    """Say whether the claim with this token is the newest of the stage, and not ended."""
    return bool(
        session.scalar(
            sa.select(DocumentProcessingStage.id).where(
                *_is(document_id, stage),
                DocumentProcessingStage.status == StageStatus.IN_PROGRESS,
                DocumentProcessingStage.fencing_token == token,
            )
        )
    )


def current_output(
    session: Session, document_id: uuid.UUID, stage: StageName, file_type: FileType | None = None
) -> StageOutputFile | None:
    """The newest output of a stage, if it has one."""
    return session.scalar(
        sa.select(StageOutputFile)
        .where(
            StageOutputFile.document_id == document_id,
            StageOutputFile.stage_name == stage,
            StageOutputFile.is_current,
            *([StageOutputFile.file_type == file_type] if file_type else []),
        )
        .execution_options(populate_existing=True)
    )


def store_output(session: Session, document_id: uuid.UUID, stage: StageName, output: OutputFile) -> None:
    """Make an output the current one of its stage. One that was made from the same input before is updated."""
    session.execute(
        sa.update(StageOutputFile)
        .where(
            StageOutputFile.document_id == document_id,
            StageOutputFile.stage_name == stage,
            StageOutputFile.file_type == output.file_type,
            StageOutputFile.is_current,
        )
        .values(is_current=False)
    )
    values = {
        "file_path": output.file_path,
        "file_size": output.file_size,
        "stored_size": output.stored_size,
        "mime_type": output.mime_type,
        "encoding": output.encoding,
        "checksum": output.checksum,
        "details": json.loads(output.metadata),
        "is_current": True,
    }
    session.execute(
        insert(StageOutputFile)
        .values(
            id=new_id(),
            document_id=document_id,
            stage_name=stage,
            file_type=output.file_type,
            input_digest=output.input_digest,
            **values,
        )
        .on_conflict_do_update(
            constraint="uq_stage_output_files_output",
            set_={**{k: v for k, v in values.items() if k != "details"}, "metadata": values["details"]},
        )
    )


def end_stage(
    session: Session, document_id: uuid.UUID, stage: StageName, *, input_digest: str | None, now: datetime
) -> None:
    """Complete a stage; without a digest it keeps the one that it has."""
    digest = {"input_digest": input_digest} if input_digest else {}
    _set_stage(
        session,
        document_id,
        stage,
        status=StageStatus.COMPLETED,
        completed_at=now,
        error_message=None,
        updated_at=now,
        **digest,
    )


def fail_stage(
    session: Session, document_id: uuid.UUID, stage: StageName, *, reason: str, again: bool, now: datetime
) -> None:
    """End a stage that did not succeed; `again`: it waits for another try."""
    _set_stage(
        session,
        document_id,
        stage,
        status=StageStatus.PENDING if again else StageStatus.FAILED,
        retry_count=DocumentProcessingStage.retry_count + 1,
        error_message=reason,
        completed_at=None if again else now,
        updated_at=now,
    )


def release_stage(session: Session, document_id: uuid.UUID, stage: StageName, *, now: datetime) -> None:
    """Make a stage pending again."""
    _set_stage(session, document_id, stage, status=StageStatus.PENDING, updated_at=now)


def mark_stage_stale(session: Session, document_id: uuid.UUID, stage: StageName, *, now: datetime) -> None:
    """Mark one stage stale, if it is completed; have one that failed run again."""
    for status, values in (
        (StageStatus.COMPLETED, {"stale": True}),
        (StageStatus.FAILED, {"status": StageStatus.PENDING, "error_message": None, "retry_count": 0}),
    ):
        session.execute(
            sa.update(DocumentProcessingStage)
            .where(*_is(document_id, stage), DocumentProcessingStage.status == status)
            .values(updated_at=now, **values)
        )


def skip_stages(session: Session, document_id: uuid.UUID, stages: Collection[StageName], *, now: datetime) -> None:
    """Skip stages that are not at work."""
    session.execute(
        sa.update(DocumentProcessingStage)
        .where(
            DocumentProcessingStage.document_id == document_id,
            DocumentProcessingStage.stage_name.in_(list(stages)),
            DocumentProcessingStage.status.in_(OPENED),
        )
        .values(status=StageStatus.SKIPPED, stale=False, updated_at=now)
    )


def stages_of(session: Session, document_ids: Sequence[uuid.UUID]) -> Sequence[DocumentProcessingStage]:
    """The stages of documents."""
    return session.scalars(
        sa.select(DocumentProcessingStage).where(DocumentProcessingStage.document_id.in_(document_ids))
    ).all()


def outputs_of(session: Session, document_id: uuid.UUID) -> Sequence[StageOutputFile]:
    """The outputs of a document, newest first."""
    return session.scalars(
        sa.select(StageOutputFile)
        .where(StageOutputFile.document_id == document_id)
        .order_by(StageOutputFile.created_at.desc())
    ).all()


def workflow_of(session: Session, document_id: uuid.UUID) -> ProcessingWorkflow | None:
    """The workflow of a document."""
    return session.scalar(sa.select(ProcessingWorkflow).where(ProcessingWorkflow.document_id == document_id))


def documents_of_run(session: Session, dag_run_id: str) -> Sequence[sa.Row[tuple[uuid.UUID, str, int]]]:
    """The documents that a DAG run is to work on: id, title, size; the largest first."""
    return session.execute(
        sa.select(Document.id, Document.title, Document.size_bytes)
        .join(ProcessingWorkflow, ProcessingWorkflow.document_id == Document.id)
        .where(ProcessingWorkflow.dag_run_id == dag_run_id)
        .order_by(Document.size_bytes.desc(), Document.id)
    ).all()


def add_anchors(session: Session, anchors: Sequence[dict[str, Any]]) -> None:
    """Add anchors; those that are there already stay."""
    if anchors:
        session.execute(
            insert(ContentAnchor).on_conflict_do_nothing(), [{"id": new_id(), **anchor} for anchor in anchors]
        )


def _is(document_id: uuid.UUID, stage: StageName) -> tuple[sa.ColumnElement[bool], ...]:
    return (DocumentProcessingStage.document_id == document_id, DocumentProcessingStage.stage_name == stage)


def _set_stage(session: Session, document_id: uuid.UUID, stage: StageName, **values: Any) -> None:
    """Change a stage that nobody works on after it."""
    session.execute(
        sa.update(DocumentProcessingStage)
        .where(*_is(document_id, stage))
        .values(locked_by=None, lease_expires_at=None, **values)
    )


def learn(session: Session, source: SourceDocument, about: Mapping[str, Any]) -> None:
    """Write down what a stage found out about the document, unless its file was replaced meanwhile."""
    if about:
        session.execute(
            sa.update(Document).where(Document.id == source.id, Document.checksum == source.checksum).values(**about)
        )


def pause(
    session: Session, document_id: uuid.UUID, *, reason: str, now: datetime, until: datetime | None = None
) -> None:
    """Pause a document, `until` then or until somebody resumes it; one that is paused keeps its reason."""
    session.execute(
        sa.update(ProcessingWorkflow)
        .where(ProcessingWorkflow.document_id == document_id, ProcessingWorkflow.paused_at.is_(None))
        .values(paused_at=now, pause_reason=reason, paused_until=until, updated_at=now)
    )


def is_busy(session: Session, document_id: uuid.UUID, now: datetime) -> bool:
    """Say whether a living worker has a stage of the document."""
    return bool(
        session.scalar(
            sa.select(DocumentProcessingStage.id)
            .where(
                DocumentProcessingStage.document_id == document_id,
                DocumentProcessingStage.status == StageStatus.IN_PROGRESS,
                DocumentProcessingStage.lease_expires_at > now,
            )
            .limit(1)
        )
    )


def get_output(session: Session, document_id: uuid.UUID, output_id: uuid.UUID) -> StageOutputFile | None:
    """An output of a document by its id."""
    file = session.get(StageOutputFile, output_id)
    return file if file and file.document_id == document_id else None


def user_name(session: Session, user_id: uuid.UUID) -> str:
    """Who a user is."""
    return session.scalar(sa.select(User.name).where(User.id == user_id)) or ""


def failures(
    session: Session, document_ids: Sequence[uuid.UUID]
) -> Sequence[sa.Row[tuple[str, StageName, str | None]]]:
    """The stages of documents that failed: title, stage_name, error_message."""
    return session.execute(
        sa.select(Document.title, DocumentProcessingStage.stage_name, DocumentProcessingStage.error_message)
        .join(DocumentProcessingStage, DocumentProcessingStage.document_id == Document.id)
        .where(Document.id.in_(document_ids), DocumentProcessingStage.status == StageStatus.FAILED)
        .order_by(Document.title)
    ).all()
