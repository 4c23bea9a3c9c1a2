"""Documents as people and machines are shown them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.cursors import Place, read_cursor
from hydrateall.core.database import plan_anew, rows, sql
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import FileType, StageName, StageStatus, WorkflowType
from hydrateall.documents.errors import OutputMissing, UnknownDocument
from hydrateall.documents.models import DocumentProcessingStage, StageOutputFile
from hydrateall.documents.schemas import Shown
from hydrateall.documents.storage import Storage, unpacked


class StageView(Shown):
    """A stage of a document. `stale`: done, but what it stands on has changed since."""

    name: StageName
    status: StageStatus
    stale: bool
    optional: bool
    started_at: datetime | None
    completed_at: datetime | None
    seconds: float | None
    retry_count: int
    error_message: str | None


class OutputView(Shown):
    """A file that a stage made. `size` and `checksum` (SHA-256) are of its content, `storedSize` is what it takes."""

    id: uuid.UUID
    stage: StageName
    file_type: FileType
    current: bool
    name: str
    mime_type: str
    size: int
    stored_size: int
    checksum: str
    details: dict[str, Any]
    created_at: datetime


class DocumentRow(Shown):
    """A document in the list. `state` is waiting, running, paused, failed, stale or completed.

    `open`: stages that were ordered are not done yet, and nothing keeps them from being done.
    """

    id: uuid.UUID
    title: str
    realm: str
    source_name: str
    mime_type: str
    language: str
    licence: str | None
    pages: int | None
    size: int
    checksum: str
    version: int
    state: str
    open: bool
    workflow_type: WorkflowType
    completed_stages: int
    total_stages: int
    current_stage: str | None
    error_message: str | None
    chunks: int
    facts: int
    created_at: datetime


class DocumentPage(Shown):
    """Documents, newest first."""

    documents: list[DocumentRow]
    next_cursor: str | None


class DocumentDetail(DocumentRow):
    """One document with its stages and files."""

    stages: list[StageView]
    outputs: list[OutputView]
    pause_reason: str | None
    dag_run_id: str | None
    uploaded_by: str
    trace_id: str
    anchored_items: int
    stale_items: int


class ChunkView(Shown):
    """A chunk as it was ingested, with the statements of its facts."""

    ordinal: int
    heading_path: list[str]
    page_from: int | None
    page_to: int | None
    tokens: int
    text: str
    checksum: str
    facts: list[dict[str, Any]]


class RealmView(Shown):
    """A realm and what is in it."""

    realm: str
    documents: int
    completed: int
    chunks: int
    facts: int
    languages: list[str]


def realms(session: Session) -> list[RealmView]:
    """Every realm that holds a document."""
    return [RealmView.model_validate(dict(row)) for row in rows(session, sql("documents/realms"))]


def document_page(
    session: Session, *, realm: str | None = None, state: str | None = None, cursor: str | None = None, most: int = 50
) -> DocumentPage:
    """Documents from the newest on; raise UnusableCursor."""
    place = read_cursor(cursor) if cursor else None
    found = _rows(session, realm=realm, state=state, place=place, most=most + 1)
    page = found[:most]
    more = Place(page[-1].created_at, page[-1].id).cursor() if len(found) > most else None
    return DocumentPage(documents=page, next_cursor=more)


def document_rows(session: Session, document_ids: Sequence[uuid.UUID]) -> list[DocumentRow]:
    """These documents as the list shows them, newest first."""
    return list(_rows(session, document_ids=document_ids, most=len(document_ids)))


def document_detail(session: Session, document_id: uuid.UUID) -> DocumentDetail:
    """One document with its stages in their order and every output; raise UnknownDocument."""
    found = _rows(session, document_ids=[document_id], most=1)
    flow = repository.workflow_of(session, document_id)
    if not found or flow is None:
        raise UnknownDocument(document_id)
    [anchored] = rows(session, sql("documents/anchored_items"), document_id=document_id)
    document = repository.get(session, document_id)
    return DocumentDetail(
        **dict(found[0]),
        stages=stage_views(session, document_id),
        outputs=[output_view(file) for file in repository.outputs_of(session, document_id)],
        pause_reason=flow.pause_reason,
        dag_run_id=flow.dag_run_id,
        uploaded_by=repository.user_name(session, document.uploaded_by) if document else "",
        trace_id=document.trace_id if document else "",
        anchored_items=anchored["items"],
        stale_items=anchored["stale"],
    )


def stage_views(session: Session, document_id: uuid.UUID) -> list[StageView]:
    """The stages of a document in their order."""
    known = {stage.stage_name: stage for stage in repository.stages_of(session, [document_id])}
    order = workflow.stages_in_order(session)
    return [_stage(known[step.stage], step.optional) for step in order if step.stage in known]


def chunk_views(session: Session, document_id: uuid.UUID, *, first: int = 0, most: int = 50) -> list[ChunkView]:
    """The ingested chunks of a document from one on, with their facts."""
    found = rows(session, sql("documents/chunks_of_document"), document_id=document_id, first=first, most=most)
    facts = rows(session, sql("documents/facts_of_document"), document_id=document_id, first=first, most=most)
    by_chunk: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for fact in facts:
        by_chunk[fact["chunk"]].append(
            {"type": fact["type"], "statement": fact["statement"], "evidence": fact["evidence"], "page": fact["page"]}
        )
    return [ChunkView(**dict(row), facts=by_chunk[row["ordinal"]]) for row in found]


def read_output(
    session: Session, storage: Storage, document_id: uuid.UUID, output_id: uuid.UUID
) -> tuple[OutputView, bytes]:
    """An output's row and its content; raise OutputMissing."""
    file = repository.get_output(session, document_id, output_id)
    if file is None:
        raise OutputMissing(output_id)
    key = file.file_path
    return output_view(file), unpacked(storage.read(key), file.encoding, checksum=file.checksum, key=key)


def original_of(session: Session, document_id: uuid.UUID) -> tuple[str, str]:
    """The name of a document's file, and its key in the storage; raise UnknownDocument."""
    document = repository.get(session, document_id)
    if document is None:
        raise UnknownDocument(document_id)
    return document.source_name, document.original_path


def current_output(session: Session, document_id: uuid.UUID, stage: StageName) -> OutputView:
    """The newest output of a stage; raise OutputMissing if there is none yet."""
    file = repository.current_output(session, document_id, stage)
    if file is None:
        raise OutputMissing(stage)
    return output_view(file)


def output_view(file: StageOutputFile) -> OutputView:
    """An output's row as it is shown."""
    return OutputView(
        id=file.id,
        stage=file.stage_name,
        file_type=file.file_type,
        current=file.is_current,
        name=file.file_path.rsplit("/", 1)[-1].removesuffix(".gz"),
        mime_type=file.mime_type,
        size=file.file_size,
        stored_size=file.stored_size,
        checksum=file.checksum,
        details=file.details,
        created_at=file.created_at,
    )


def _stage(stage: DocumentProcessingStage, optional: bool) -> StageView:
    took = (stage.completed_at - stage.started_at).total_seconds() if stage.completed_at and stage.started_at else None
    return StageView(
        name=stage.stage_name,
        status=stage.status,
        stale=stage.stale,
        optional=optional,
        started_at=stage.started_at,
        completed_at=stage.completed_at,
        seconds=took,
        retry_count=stage.retry_count,
        error_message=stage.error_message,
    )


def _rows(
    session: Session,
    *,
    most: int,
    realm: str | None = None,
    state: str | None = None,
    place: Place | None = None,
    document_ids: Sequence[uuid.UUID] | None = None,
) -> Sequence[DocumentRow]:
    plan_anew(session)
    found = rows(
        session,
        sql("documents/document_page"),
        document_ids=None if document_ids is None else list(document_ids),
        realm=realm,
        state=state,
        before_at=place and place.at,
        before_id=place and place.id,
        most=most,
    )
    return [DocumentRow.model_validate(dict(row)) for row in found]
