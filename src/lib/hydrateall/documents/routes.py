"""The routes of documents: take in, order, pause, show, download, search, and what stands on what has changed."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, File, Form, Path, Query, Request, Response, UploadFile
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.delivery.service import deliver_due
from hydrateall.documents import service
from hydrateall.documents.enums import WorkflowType
from hydrateall.documents.errors import UnknownDocument
from hydrateall.documents.local_search import Found, search_locally
from hydrateall.documents.retrieval import Mode
from hydrateall.documents.schemas import REALM
from hydrateall.documents.service import DocumentDetail, DocumentPage, Order
from hydrateall.documents.wire import ChunkPage, Ordered, PauseDocument, ProcessRequest, Realms, StaleItems
from hydrateall.web.access import (
    FOR_VIEWERS,
    Caller,
    CurrentRuntime,
    CurrentStorage,
    JsonRoute,
    Operator,
    UploadRoute,
    Writer,
    delivering,
)
from hydrateall.web.description import exactly, problems
from hydrateall.web.files import FILE, file_answer, file_stream, on_disk

MOST = 100
NO_NUL = r"^[^\x00]*$"
State = Literal["waiting", "running", "paused", "failed", "stale", "completed"]
uploads = APIRouter(route_class=UploadRoute, tags=["documents"])
router = APIRouter(route_class=JsonRoute, tags=["documents"])

DocumentId = Annotated[uuid.UUID, Path(alias="documentId")]
OutputId = Annotated[uuid.UUID, Path(alias="outputId")]
Realm = Annotated[str, Query(pattern=REALM)]
Cursor = Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="`nextCursor` of the page before.")]
Most = Annotated[int, Query(alias="limit", ge=1, le=MOST)]
Title = Annotated[str, Form(max_length=300, pattern=NO_NUL, description="Empty: made of the file's name.")]
Licence = Annotated[str, Form(max_length=200, pattern=NO_NUL, description="What allows its use, e.g. CC BY 4.0.")]
Start = Annotated[bool, Form(description="Process it at once.")]


@uploads.post(
    "/documents",
    operation_id="uploadDocument",
    status_code=201,
    responses=problems(409, writes=True),
)
def upload(
    request: Request,
    response: Response,
    caller: Operator,
    runtime: CurrentRuntime,
    storage: CurrentStorage,
    file: Annotated[UploadFile, File()],
    realm: Annotated[str, Form(pattern=REALM)],
    title: Title = "",
    language: Annotated[LanguageCode, Form()] = LanguageCode.EN,
    licence: Licence = "",
    start: Start = True,
) -> DocumentDetail:
    """Take in one file, and have it processed. Refused files leave nothing behind."""
    with on_disk(file, most=runtime.settings.document_most_bytes) as path:
        taken = service.add_document(
            runtime,
            storage,
            path,
            realm=realm,
            by=_user(runtime, caller),
            source_name=file.filename,
            title=title,
            language=language,
            licence=licence,
            kind=WorkflowType.AUTOMATIC if start else WorkflowType.MANUAL,
        )
    if start:
        order(request, caller, runtime, [taken.id], kind=WorkflowType.AUTOMATIC)
    response.headers["Location"] = f"{request.scope['path']}/{taken.id}"
    return show(runtime, taken.id)


@uploads.put(
    "/documents/{documentId:uuid}/file", operation_id="replaceDocumentFile", responses=problems(404, 409, writes=True)
)
def replace(
    request: Request,
    caller: Operator,
    runtime: CurrentRuntime,
    storage: CurrentStorage,
    document_id: DocumentId,
    file: Annotated[UploadFile, File()],
    start: Start = True,
) -> DocumentDetail:
    """Give a document another file; what stood on the old one is stale until it is processed. The old file is kept."""
    by = _user(runtime, caller)
    with on_disk(file, most=runtime.settings.document_most_bytes) as path:
        service.replace_document(runtime, storage, document_id, path, by=by, source_name=file.filename)
    if start:
        order(request, caller, runtime, [document_id])
    return show(runtime, document_id)


@router.post(
    "/documents/process",
    operation_id="processDocuments",
    status_code=202,
    dependencies=[Depends(exactly(ProcessRequest))],
    responses=problems(404, 409, writes=True),
)
def process(request: Request, caller: Writer, runtime: CurrentRuntime, body: ProcessRequest) -> Ordered:
    """Have documents processed in one DAG run. What was made from the same input stays, unless `force`."""
    return order(request, caller, runtime, body.documents, stages=body.stages, force=body.force)


@router.post(
    "/documents/{documentId:uuid}/pause",
    operation_id="pauseDocument",
    dependencies=[Depends(exactly(PauseDocument))],
    responses=problems(404, writes=True),
)
def pause(
    caller: Writer,
    runtime: CurrentRuntime,
    document_id: DocumentId,
    body: Annotated[PauseDocument | None, Body()] = None,
) -> DocumentDetail:
    """Stop a document after the stage that is at work."""
    by = _user(runtime, caller)
    with runtime.database.transaction() as session:
        service.pause(session, document_id, reason=body.reason if body else "", by=by, now=runtime.now())
    return show(runtime, document_id)


@router.post(
    "/documents/{documentId:uuid}/resume", operation_id="resumeDocument", responses=problems(404, 409, writes=True)
)
def resume(request: Request, caller: Writer, runtime: CurrentRuntime, document_id: DocumentId) -> DocumentDetail:
    """Let a paused document go on, in a DAG run of its own."""
    by = _user(runtime, caller)
    with runtime.database.transaction() as session:
        made = service.resume(session, document_id, by=by, now=runtime.now())
    _deliver(request, caller, runtime, made)
    return show(runtime, document_id)


@router.get("/documents", operation_id="listDocuments", dependencies=FOR_VIEWERS, responses=problems())
def list_documents(
    runtime: CurrentRuntime,
    realm: Annotated[str | None, Query(pattern=REALM)] = None,
    state: State | None = None,
    cursor: Cursor = None,
    most: Most = 20,
) -> DocumentPage:
    """Documents, newest first."""
    with runtime.database.transaction() as session:
        return service.document_page(session, realm=realm, state=state, cursor=cursor, most=most)


@router.get("/documents/search", operation_id="searchDocuments", dependencies=FOR_VIEWERS, responses=problems(404, 409))
def search(
    runtime: CurrentRuntime,
    query: Annotated[str, Query(alias="q", min_length=1, max_length=2000, pattern=NO_NUL)],
    realm: Realm,
    language: LanguageCode | None = None,
    mode: Mode = "hybrid",
    most: Annotated[int, Query(alias="limit", ge=1, le=50)] = 10,
) -> Found:
    """The passages of a realm that speak of something, best first. No provider is asked: see `mode` of the answer."""
    return search_locally(runtime, query, realm=realm, language=language, mode=mode, most=most)


@router.get("/documents/stale", operation_id="listStaleContent", dependencies=FOR_VIEWERS, responses=problems())
def stale(runtime: CurrentRuntime, realm: Annotated[str | None, Query(pattern=REALM)] = None) -> StaleItems:
    """Notes and questions whose source has changed since they were written."""
    with runtime.database.transaction() as session:
        return StaleItems(items=service.stale_content(session, realm=realm))


@router.get("/realms", operation_id="listRealms", dependencies=FOR_VIEWERS, responses=problems())
def realms(runtime: CurrentRuntime) -> Realms:
    """Every realm that holds a document, and what is in it."""
    with runtime.database.transaction() as session:
        return Realms(realms=service.realms(session))


@router.get(
    "/documents/{documentId:uuid}", operation_id="showDocument", dependencies=FOR_VIEWERS, responses=problems(404)
)
def show(runtime: CurrentRuntime, document_id: DocumentId) -> DocumentDetail:
    """One document: its stages, its files, how much stands on it."""
    with runtime.database.transaction() as session:
        return service.document_detail(session, document_id)


@router.get(
    "/documents/{documentId:uuid}/chunks",
    operation_id="listChunks",
    dependencies=FOR_VIEWERS,
    responses=problems(404),
)
def chunks(
    runtime: CurrentRuntime,
    document_id: DocumentId,
    first: Annotated[int, Query(ge=0, le=2**31 - 1 - MOST)] = 0,
    most: Most = 50,
) -> ChunkPage:
    """The pieces of a document as they are searched, with their facts."""
    with runtime.database.transaction() as session:
        if not service.document_rows(session, [document_id]):
            raise UnknownDocument(document_id)
        found = service.chunk_views(session, document_id, first=first, most=most)
    return ChunkPage(chunks=found, next=found[-1].ordinal + 1 if len(found) == most else None)


@router.get(
    "/documents/{documentId:uuid}/outputs/{outputId:uuid}",
    operation_id="downloadOutput",
    dependencies=FOR_VIEWERS,
    response_class=Response,
    responses={**problems(404), **FILE},
)
def output(
    runtime: CurrentRuntime, storage: CurrentStorage, document_id: DocumentId, output_id: OutputId, inline: bool = False
) -> Response:
    """What a stage made, as a download, or with `inline` to be looked at: as text, never as a page."""
    with runtime.database.transaction() as session:
        view, content = service.read_output(session, storage, document_id, output_id)
    return file_answer(view.name, content, view.mime_type, inline=inline)


@router.get(
    "/documents/{documentId:uuid}/original",
    operation_id="downloadOriginal",
    dependencies=FOR_VIEWERS,
    response_class=Response,
    responses={**problems(404), **FILE},
)
def original(runtime: CurrentRuntime, storage: CurrentStorage, document_id: DocumentId) -> Response:
    """The file as it was taken in, as a download."""
    with runtime.database.transaction() as session:
        name, key = service.original_of(session, document_id)
    return file_stream(name, storage.pieces(key))


def order(request: Request, caller: Caller, runtime: Runtime, documents: list[uuid.UUID], **how: Any) -> Ordered:
    """Order the processing of documents, and deliver the order with the authority of the caller."""
    with runtime.database.transaction() as session:
        by = _user_in(session, caller)
        most = runtime.settings.documents_a_run
        made = service.order(session, documents, by=by, now=runtime.now(), most=most, **how)
    return _deliver(request, caller, runtime, made)


def _deliver(request: Request, caller: Caller, runtime: Runtime, made: Order) -> Ordered:
    with delivering(request, caller) as airflow:
        delivery = deliver_due(runtime, airflow, entry_ids=[made.entry_id] if made.entry_id else [])
    return Ordered(dag_run_id=made.dag_run_id, documents=made.documents, delivered=bool(delivery.sent))


def _user(runtime: Runtime, caller: Caller) -> uuid.UUID:
    with runtime.database.transaction() as session:
        return _user_in(session, caller)


def _user_in(session: Session, caller: Caller) -> uuid.UUID:
    return audit.ensure_user(session, provider="airflow", external_id=caller.name, role=caller.role)
