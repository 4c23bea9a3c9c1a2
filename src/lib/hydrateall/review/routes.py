"""The routes of review: the queue, an item with its history, and what a person decides about it."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hydrateall.core.models import UserRole
from hydrateall.curriculum.enums import ContentType, LanguageCode
from hydrateall.documents.service import Source, sources_of
from hydrateall.review import service
from hydrateall.review.enums import RejectionReason
from hydrateall.review.schemas import Decision, EntryPage, QueueFilter, QueuePage, Reviewer
from hydrateall.web.access import FOR_VIEWERS, Caller, CurrentRuntime, JsonRoute, Writer
from hydrateall.web.description import exactly, problems

router = APIRouter(route_class=JsonRoute, tags=["reviews"])
PLAIN = r"^[^\x00-\x1f]*$"
Code = Annotated[str | None, Query(min_length=1, max_length=40, pattern=PLAIN)]
Cursor = Annotated[str | None, Query(max_length=200, pattern=PLAIN, description="`nextCursor` of the page before.")]
EntryId = Annotated[uuid.UUID, Path(alias="id", description="Of an entry of the queue, or of an item.")]
Note = Annotated[str | None, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class DecisionRequest(BaseModel):
    """The base of what a reviewer sends."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ApproveRequest(DecisionRequest):
    """An approval; the note is kept with it."""

    note: Note = None


class RejectRequest(DecisionRequest):
    """A rejection; the next hydration writes a new version. OTHER needs a note."""

    reason: RejectionReason
    note: Note = None


class EditRequest(DecisionRequest):
    """A new version of the item, approved as it stands here; the gates must find no error in it."""

    draft: service.Draft
    note: Note = None


class GroundedEntry(EntryPage):
    """An item as a reviewer sees it, and the passages of documents that it stands on, best first."""

    sources: list[Source]


def reviewer_of(caller: Caller) -> Reviewer:
    """The caller as review knows people: who may write may decide."""
    role = UserRole.REVIEWER if caller.role is UserRole.OPERATOR else caller.role
    return Reviewer("airflow", caller.name, role)


@router.get("/reviews", operation_id="listReviews", dependencies=FOR_VIEWERS, responses=problems())
def list_entries(
    runtime: CurrentRuntime,
    board: Code = None,
    grade: Code = None,
    subject: Code = None,
    language: LanguageCode | None = None,
    chapter: Annotated[int | None, Query(ge=1, le=1000)] = None,
    reason: Code = None,
    content_type: Annotated[ContentType | None, Query(alias="contentType")] = None,
    below: Annotated[float | None, Query(ge=0, le=1, description="With a lower score.")] = None,
    cursor: Cursor = None,
    most: Annotated[int, Query(alias="limit", ge=1, le=100)] = 20,
) -> QueuePage:
    """Open entries: the lowest score first, then the oldest."""
    filters = QueueFilter(
        board=board,
        grade=grade,
        subject=subject,
        language=language,
        chapter=chapter,
        reason=reason,
        content_type=content_type,
        below=below,
    )
    with runtime.database.transaction() as session:
        return service.queue(session, filters, cursor=cursor, most=most)


@router.get("/reviews/{id:uuid}", operation_id="showReview", dependencies=FOR_VIEWERS, responses=problems(404))
def show(runtime: CurrentRuntime, entry_id: EntryId) -> GroundedEntry:
    """An item with its findings in words, where it stands, and its whole history."""
    with runtime.database.transaction() as session:
        found = service.entry(session, entry_id)
        sources = sources_of(session, [found.item.id]).get(found.item.id, [])
    return GroundedEntry(**dict(found), sources=sources)


@router.post(
    "/reviews/{id:uuid}/approve",
    operation_id="approveReview",
    dependencies=[Depends(exactly(ApproveRequest))],
    responses=problems(404, 409, writes=True),
)
def approve(
    caller: Writer,
    runtime: CurrentRuntime,
    entry_id: EntryId,
    body: Annotated[ApproveRequest | None, Body()] = None,
) -> Decision:
    """Approve an item as it is."""
    note = body.note if body else None
    with runtime.database.transaction() as session:
        return service.approve(session, entry_id, by=reviewer_of(caller), now=runtime.now(), note=note)


@router.post(
    "/reviews/{id:uuid}/reject",
    operation_id="rejectReview",
    dependencies=[Depends(exactly(RejectRequest))],
    responses=problems(404, 409, writes=True),
)
def reject(caller: Writer, runtime: CurrentRuntime, entry_id: EntryId, body: RejectRequest) -> Decision:
    """Reject an item for a reason."""
    with runtime.database.transaction() as session:
        return service.reject(
            session, entry_id, reason=body.reason, by=reviewer_of(caller), now=runtime.now(), note=body.note
        )


@router.post(
    "/reviews/{id:uuid}/edit",
    operation_id="editReview",
    dependencies=[Depends(exactly(EditRequest))],
    responses=problems(404, 409, writes=True),
)
def edit(caller: Writer, runtime: CurrentRuntime, entry_id: EntryId, body: EditRequest) -> Decision:
    """Store an edited item as a new, approved version."""
    with runtime.database.transaction() as session:
        return service.edit_then_approve(
            session, entry_id, body.draft, by=reviewer_of(caller), now=runtime.now(), note=body.note
        )
