"""Taking documents in: checked before anything is stored, the file first, then its rows in one transaction."""

from __future__ import annotations

import functools
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.clock import new_id
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import StageName, WorkflowType
from hydrateall.documents.errors import AlreadyThere, DocumentBusy, DocumentError, UnknownDocument
from hydrateall.documents.models import Document, ProcessingWorkflow
from hydrateall.documents.schemas import REALM, plain
from hydrateall.documents.stages import limits_of
from hydrateall.documents.storage import Storage

DIGEST_SHOWN = 16
PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024  # where readers of PDF look for it
if TYPE_CHECKING:
    from hydrateall.documents.conversion import FileFacts, Sandbox

LONGEST_TITLE = 300


@dataclass(frozen=True)
class Taken:
    """A document that was taken in, or whose file was replaced; `stale` are the stages that must run again."""

    id: uuid.UUID
    title: str
    source_name: str
    version: int
    size_bytes: int
    mime_type: str
    stale: tuple[StageName, ...] = ()


def check_realm(realm: str) -> str:
    """A realm's name; raise DocumentError."""
    if not re.fullmatch(REALM, realm):
        raise DocumentError(
            f"{realm!r} is not the name of a realm.",
            "Use up to 64 small letters, digits, dots and dashes, e.g. `cbse-science-10`.",
            field="realm",
        )
    return realm


def add_document(
    runtime: Runtime,
    storage: Storage,
    path: Path,
    *,
    realm: str,
    by: uuid.UUID,
    source_name: str | None = None,
    title: str | None = None,
    language: LanguageCode = LanguageCode.EN,
    licence: str | None = None,
    skip: tuple[StageName, ...] = (),
    kind: WorkflowType = WorkflowType.AUTOMATIC,
) -> Taken:
    """Take in the file at a path; raise a DocumentError that says what is wrong, AlreadyThere if it is known."""
    check_realm(realm)
    name, facts = _inspected(runtime, path, source_name)
    document_id = new_id()
    with runtime.database.transaction() as session:
        workflow.require_optional(session, skip)
        _refuse_known(session, realm, facts, name)
    key = _keep_original(storage, document_id, path, facts, name)
    document = Document(
        id=document_id,
        title=_title(title, name),
        realm=realm,
        source_name=name,
        mime_type=facts.mime_type,
        checksum=facts.sha256,
        size_bytes=facts.bytes,
        language=language,
        licence=plain(licence or "")[:LONGEST_TITLE] or None,
        version=1,
        original_path=key,
        uploaded_by=by,
        trace_id=f"document-{document_id.hex[-12:]}",
    )
    try:
        with runtime.database.transaction() as session:
            session.add(document)
            session.flush()
            session.add(
                ProcessingWorkflow(document_id=document_id, workflow_type=kind, requested_by=by, configuration={})
            )
            session.flush()
            workflow.reset(session, document_id, stages=None, now=runtime.now())
            workflow.skip(session, document_id, skip, now=runtime.now())
            _audit(session, document, "document.add", by)
    except IntegrityError:  # somebody added the same file in this moment
        storage.delete(key)
        with runtime.database.transaction() as session:
            _refuse_known(session, realm, facts, name)
        raise
    return Taken(document_id, document.title, name, 1, facts.bytes, facts.mime_type)


def replace_document(
    runtime: Runtime, storage: Storage, document_id: uuid.UUID, path: Path, *, by: uuid.UUID, source_name: str | None
) -> Taken:
    """Give a document another file: what stood on the old one is stale. The old file is kept.

    Raise AlreadyThere if it is the same file, or another document's, and DocumentBusy while it is processed.
    """
    name, facts = _inspected(runtime, path, source_name)
    with runtime.database.transaction() as session:
        known = _existing(session, document_id)
        _refuse_known(session, known.realm, facts, name)
        _refuse_busy(session, known, runtime)
    key = _keep_original(storage, document_id, path, facts, name)
    try:
        with runtime.database.transaction() as session:
            return _replaced(runtime, session, document_id, facts, name, key, by)
    except IntegrityError:  # somebody gave the realm the same file in this moment
        storage.delete(key)
        with runtime.database.transaction() as session:
            _refuse_known(session, known.realm, facts, name)
        raise


def _replaced(
    runtime: Runtime, session: Session, document_id: uuid.UUID, facts: FileFacts, name: str, key: str, by: uuid.UUID
) -> Taken:
    workflow.hold(session, document_id)
    document = _existing(session, document_id)
    _refuse_busy(session, document, runtime)
    before = document.checksum
    document.checksum, document.size_bytes, document.mime_type = facts.sha256, facts.bytes, facts.mime_type
    document.source_name, document.original_path = name, key
    document.version += 1
    session.flush()
    stale = workflow.original_changed(session, document_id, now=runtime.now())
    _audit(session, document, "document.replace", by, before=before)
    return Taken(document_id, document.title, name, document.version, facts.bytes, facts.mime_type, tuple(stale))


def _inspected(runtime: Runtime, path: Path, source_name: str | None) -> tuple[str, FileFacts]:
    """A file's safe name, and what it is; raise a DocumentError.

    A PDF is opened by a library that a hostile file may crash, so that happens in a process of its own.
    """
    from hydrateall.documents.conversion import inspect, safe_name

    name = safe_name(source_name or path.name)
    with path.open("rb") as file:
        is_pdf = PDF_MARK in file.read(PDF_MARK_WITHIN)
    return name, (_sandbox().inspect if is_pdf else inspect)(path, name, limits_of(runtime.settings))


@functools.cache
def _sandbox() -> Sandbox:
    """The process that looks at PDFs for this one: begun with the first, and ended with this one."""
    from hydrateall.documents.conversion import Sandbox

    return Sandbox()


def _existing(session: Session, document_id: uuid.UUID) -> Document:
    document = repository.get(session, document_id)
    if document is None:
        raise UnknownDocument(document_id)
    return document


def _refuse_busy(session: Session, document: Document, runtime: Runtime) -> None:
    if repository.is_busy(session, document.id, runtime.now()):
        raise DocumentBusy(document.title)


def _refuse_known(session: Session, realm: str, facts: FileFacts, name: str) -> None:
    if known := repository.find_by_checksum(session, realm, facts.sha256):
        raise AlreadyThere(name, realm, known.id, known.title)


def _keep_original(storage: Storage, document_id: uuid.UUID, path: Path, facts: FileFacts, name: str) -> str:
    key = f"documents/{document_id}/original/{facts.sha256[:DIGEST_SHOWN]}/{name}"
    storage.write(key, path.read_bytes())
    return key


def _title(title: str | None, name: str) -> str:
    given = plain(title or "")
    return (given or name.rsplit(".", 1)[0].replace("_", " ").replace("-", " ").strip() or name)[:LONGEST_TITLE]


def _audit(session: Session, document: Document, action: str, by: uuid.UUID, **more: str) -> None:
    audit.record(
        session,
        action=action,
        entity_type="document",
        entity_id=document.id,
        actor_id=by,
        trace_id=document.trace_id,
        details={
            "realm": document.realm,
            "sourceName": document.source_name,
            "checksum": document.checksum,
            "licence": document.licence,
            **more,
        },
    )
