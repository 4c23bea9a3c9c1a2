"""The page Review: the queue, one item beside what was found in it, and what a person decides about it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.orm import Session

from hydrateall.core.models import UserRole
from hydrateall.curriculum.enums import ContentType, LanguageCode
from hydrateall.curriculum.service import codes
from hydrateall.documents.service import sources_of
from hydrateall.review import service
from hydrateall.review.enums import RejectionReason
from hydrateall.review.errors import NoteNeeded
from hydrateall.review.routes import reviewer_of
from hydrateall.review.schemas import EntryPage, QueueFilter
from hydrateall.web.access import CurrentRuntime, Viewer, Writer
from hydrateall.web.pages.layout import fragment, go_to, page, page_router, url
from hydrateall.web.pages.review_form import field_name

MOST = 25
LIMITS = ("0.5", "0.6", "0.7", "0.8", "0.9")  # of the filter by risk: scores below
SAFE_SCORE = 0.9  # what the bulk approval offers first
router = page_router()


def _none_if_empty(value: object) -> object:
    """A control that is left empty chooses nothing."""
    return None if value == "" else value


Empty = BeforeValidator(_none_if_empty)
Text = Annotated[Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f]*$")] | None, Empty]
Score = Annotated[Annotated[float, Field(ge=0, le=1)] | None, Empty]
Number = Annotated[Annotated[int, Field(ge=1, le=1000)] | None, Empty]
Note = Annotated[str, Form(max_length=2000, pattern=r"^[^\x00]*$")]


class Filters(BaseModel):
    """The controls above the queue, as the address has them; every page of an item carries them on."""

    model_config = ConfigDict(extra="ignore")

    board: Text = None
    grade: Text = None
    subject: Text = None
    language: Annotated[LanguageCode | None, Empty] = None
    chapter: Number = None
    reason: Text = None
    type: Annotated[Literal["NOTE", "QUESTION"] | None, Empty] = None
    below: Score = None

    def chosen(self) -> QueueFilter:
        """The filters as the queue takes them."""
        given = self.model_dump(exclude={"type"})
        return QueueFilter(**given, content_type=ContentType(self.type) if self.type else None)

    def query(self, **changes: Any) -> dict[str, Any]:
        """The filters as an address names them."""
        return {**self.model_dump(mode="json", exclude_none=True), **changes}


def _filters(filters: Annotated[Filters, Query()]) -> Filters:
    return filters


CurrentFilters = Annotated[Filters, Depends(_filters)]
Cursor = Annotated[Annotated[str, Field(max_length=200)] | None, Empty, Query()]
Done = Annotated[Literal["approved", "rejected", "edited"] | None, Query()]


@router.get("/review")
def queue(
    request: Request,
    caller: Viewer,
    runtime: CurrentRuntime,
    filters: CurrentFilters,
    cursor: Cursor = None,
    done: Done = None,
    was: uuid.UUID | None = None,
    many: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """The open entries: the lowest score first, then the oldest."""
    chosen = filters.chosen()
    with runtime.database.transaction() as session:
        found = service.queue(session, chosen, cursor=cursor, most=MOST)
        reasons = service.reason_counts(session, replace(chosen, reason=None))
        known = codes(session)
    following = url(request, "review", **filters.query(cursor=found.next_cursor)) if found.next_cursor else None
    return page(
        request,
        caller,
        "review.html",
        section="review",
        found=found,
        reasons=reasons,
        filters=filters,
        filtered=bool(filters.query()),
        operator=caller.may(UserRole.OPERATOR),
        next=following,
        first=url(request, "review", **filters.query()) if cursor else None,
        boards=known.boards,
        grades=known.grades,
        subjects=known.subjects,
        languages=[language.value for language in LanguageCode],
        limits=LIMITS,
        done=done,
        was=was,
        many=many,
    )


@router.get("/review/bulk")
def bulk(
    request: Request,
    runtime: CurrentRuntime,
    filters: CurrentFilters,
    least: Score = SAFE_SCORE,
) -> Response:
    """What a bulk approval would approve: how many entries have at least this score."""
    with runtime.database.transaction() as session:
        shown = _bulk(session, filters, least)
    return fragment(request, "review_bulk.html", filters=filters, changed=False, **shown)


@router.post("/review/bulk")
def approve_many(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    filters: CurrentFilters,
    least: Annotated[float, Form(ge=0, le=1)],
    expected: Annotated[int, Form(ge=0)],
) -> Response:
    """Approve what was counted; if it is another number by now, show that first."""
    with runtime.database.transaction() as session:
        shown = _bulk(session, filters, least)
        if shown["count"] != expected:
            return fragment(request, "review_bulk.html", http_status=409, filters=filters, changed=True, **shown)
        by = reviewer_of(caller)
        decided = service.approve_above(session, filters.chosen(), least, by=by, now=runtime.now())
    return go_to(request, "review", **filters.query(done="approved", many=len(decided)))


@router.get("/review/{item_id}")
def item(
    request: Request,
    caller: Viewer,
    runtime: CurrentRuntime,
    item_id: uuid.UUID,
    filters: CurrentFilters,
    done: Done = None,
    was: uuid.UUID | None = None,
) -> Response:
    """One item as a learner sees it, its key marked, what was found beside it, and its history."""
    with runtime.database.transaction() as session:
        found = service.entry(session, item_id)
        before, after = service.neighbours(session, filters.chosen(), found)
        sources = sources_of(session, [found.item.id]).get(found.item.id, [])
    return page(
        request,
        caller,
        "review_item.html",
        section="review",
        found=found,
        item=found.item,
        item_id=found.item.id,
        sources=sources,
        waiting=service.is_open(found),
        before=before,
        after=after,
        newest=found.versions[-1],
        filters=filters,
        operator=caller.may(UserRole.OPERATOR),
        field_name=field_name,
        reasons=list(RejectionReason),
        chosen_reason=None,
        note="",
        problem="",
        done=done,
        was=was,
    )


@router.post("/review/{item_id}/approve")
def approve(
    request: Request, caller: Writer, runtime: CurrentRuntime, item_id: uuid.UUID, filters: CurrentFilters
) -> Response:
    """Approve the item as it is, and go to the next one."""
    with runtime.database.transaction() as session:
        following = next_item(session, filters, service.entry(session, item_id))
        service.approve(session, item_id, by=reviewer_of(caller), now=runtime.now())
    return go_on(request, filters, following, done="approved", was=item_id)


@router.post("/review/{item_id}/reject")
def reject(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    item_id: uuid.UUID,
    filters: CurrentFilters,
    reason: Annotated[RejectionReason, Form()],
    note: Note = "",
) -> Response:
    """Reject the item for a reason, and go to the next one."""
    told = note.strip() or None
    try:
        with runtime.database.transaction() as session:
            following = next_item(session, filters, service.entry(session, item_id))
            service.reject(session, item_id, reason=reason, by=reviewer_of(caller), now=runtime.now(), note=told)
    except NoteNeeded as error:
        shown: dict[str, Any] = {"reasons": list(RejectionReason), "chosen_reason": reason, "note": note}
        shown |= {"item_id": item_id, "filters": filters, "problem": error.message}
        return fragment(request, "review_reject.html", http_status=422, **shown)
    return go_on(request, filters, following, done="rejected", was=item_id)


def next_item(session: Session, filters: Filters, found: EntryPage) -> uuid.UUID | None:
    """The item to look at after this one: the one behind it on the queue, or else the one before it."""
    before, after = service.neighbours(session, filters.chosen(), found)
    return after or before


def go_on(request: Request, filters: Filters, following: uuid.UUID | None, **told: Any) -> Response:
    """Go to the next item of the queue, or to the queue if nothing is left, and tell what was done."""
    return go_to(request, f"review/{following}" if following else "review", **filters.query(**told))


def _bulk(session: Session, filters: Filters, least: float | None) -> dict[str, Any]:
    """How many open entries have at least this score."""
    wanted = SAFE_SCORE if least is None else least
    found = service.queue(session, replace(filters.chosen(), least=wanted), most=1)
    return {"least": wanted, "count": found.total}
