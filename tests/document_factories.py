"""What tests of documents are built from: rows, claims, outputs."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from hydrateall.core.audit import ensure_user
from hydrateall.core.clock import new_id
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import FileType, StageName, WorkflowType
from hydrateall.documents.models import Document, DocumentProcessingStage, ProcessingWorkflow
from hydrateall.documents.workflow import Claim, OutputFile


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def uploader(runtime: Runtime) -> uuid.UUID:
    """The id of a user who may upload."""
    with runtime.database.transaction() as session:
        return ensure_user(session, provider="test", external_id="uploader", role=UserRole.OPERATOR)


def add_row(runtime: Runtime, *, title: str = "Light", realm: str = "science", stages: bool = True) -> uuid.UUID:
    """The rows of a document whose file is nowhere; without `stages`, as it was before there were any."""
    document_id, by = new_id(), uploader(runtime)
    with runtime.database.transaction() as session:
        session.add(
            Document(
                id=document_id,
                title=title,
                realm=realm,
                source_name="light.md",
                mime_type="text/markdown",
                checksum=digest_of(str(document_id)),
                size_bytes=1,
                language=LanguageCode.EN,
                original_path=f"documents/{document_id}/original/light.md",
                uploaded_by=by,
                trace_id="document-test",
            )
        )
        session.flush()
        if stages:
            session.add(ProcessingWorkflow(document_id=document_id, workflow_type=WorkflowType.AUTOMATIC))
            session.flush()
            workflow.reset(session, document_id, stages=None, now=runtime.now())
    return document_id


def claim(runtime: Runtime, document_id: uuid.UUID, *, owner: str = "worker") -> Claim | None:
    """Claim the next stage for a minute."""
    with runtime.database.transaction() as session:
        until = runtime.now() + timedelta(seconds=60)
        return workflow.claim_next(session, document_id, owner=owner, now=runtime.now(), until=until)


def output(stage: StageName, content: str) -> OutputFile:
    """The row of an output with this content."""
    kinds = dict(zip(StageName, FileType, strict=True))
    return OutputFile(
        file_type=kinds[stage],
        input_digest=digest_of(f"input of {content}"),
        file_path=f"documents/x/stages/{stage}/{digest_of(content)[:8]}",
        file_size=len(content),
        stored_size=len(content),
        mime_type="text/markdown",
        encoding="identity",
        checksum=digest_of(content),
        metadata="{}",
    )


def stages(runtime: Runtime, document_id: uuid.UUID) -> Sequence[DocumentProcessingStage]:
    """The stages of a document as they are stored."""
    with runtime.database.transaction() as session:
        return repository.stages_of(session, [document_id])
