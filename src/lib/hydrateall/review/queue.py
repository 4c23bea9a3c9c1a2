"""The review queue: what comes onto it and leaves it, how it is read, and what there is to say about one item."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum.errors import UnknownItem
from hydrateall.curriculum.service import ItemView, item_versions, item_view
from hydrateall.review import repository
from hydrateall.review.enums import ReviewStatus
from hydrateall.review.errors import AmbiguousEntry, BadCursor, UnknownEntry
from hydrateall.review.models import ContentReview
from hydrateall.review.schemas import (
    AuditLine,
    Doubt,
    EntryPage,
    QueueEntry,
    QueueFilter,
    QueuePage,
    ReasonCount,
    ReviewLine,
    Said,
    VersionLine,
)

FEWEST_CHARACTERS = 8
HEXADECIMAL = set("0123456789abcdef-")
EVERYTHING = QueueFilter()


def enqueue(session: Session, doubts: Iterable[Doubt]) -> int:
    """Put items on the queue; return how many were not there yet. Idempotent by item.

    An open entry gets the reasons of now; an item that a person decided about is never queued.
    """
    merged: dict[uuid.UUID, Doubt] = {}
    for doubt in doubts:
        known = merged.get(doubt.item_id)
        reasons = sorted({*doubt.reasons, *(known.reasons if known else ())})
        merged[doubt.item_id] = replace(doubt, reasons=tuple(reasons))
    if not merged:
        return 0
    values = [
        {key: str(value) if isinstance(value, uuid.UUID) else value for key, value in asdict(doubt).items()}
        | {"id": str(new_id())}
        for doubt in merged.values()
    ]
    return sum(row["added"] for row in repository.enqueue(session, values))


def withdraw(session: Session, item_ids: Sequence[uuid.UUID]) -> int:
    """Take items off the queue that the gates no longer doubt; return how many were on it."""
    return repository.withdraw(session, item_ids) if item_ids else 0


def queue(
    session: Session, filters: QueueFilter = EVERYTHING, *, cursor: str | None = None, most: int = 20
) -> QueuePage:
    """Return open entries: the lowest score first, then the oldest. Raise BadCursor for a cursor of nobody's."""
    found = repository.open_entries(session, filters, after=_read_cursor(cursor), most=most + 1)
    entries = [QueueEntry.model_validate(dict(row)) for row in found[:most]]
    last = found[most - 1] if len(found) > most else None
    return QueuePage(
        entries=entries,
        total=repository.count_open(session, filters),
        next_cursor=f"{last['rank']!r}_{last['id']}" if last else None,
    )


def neighbours(session: Session, filters: QueueFilter, page: EntryPage) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The items that stand right before and right after this one on the queue; those of an item not on it: no one."""
    if page.entry is None:
        return None, None
    return repository.neighbours(session, filters, of=(page.entry.quality_score or 0.0, page.entry.id))


def _read_cursor(cursor: str | None) -> tuple[float, uuid.UUID] | None:
    if cursor is None:
        return None
    rank, _, entry_id = cursor.partition("_")
    try:
        return float(rank), uuid.UUID(entry_id)
    except ValueError:
        raise BadCursor(cursor) from None


def reason_counts(session: Session, filters: QueueFilter = EVERYTHING) -> list[ReasonCount]:
    """How many open entries each reason has, the most frequent first."""
    return [ReasonCount(reason=reason, entries=n) for reason, n in repository.count_by_reason(session, filters)]


def entry(session: Session, given: str | uuid.UUID) -> EntryPage:
    """Return everything about the item that an id names; raise UnknownEntry or AmbiguousEntry.

    The id is that of an entry or of an item, in full, or at least 8 characters of the beginning or the end of an
    entry's.
    """
    found, item = find(session, given)
    versions = item_versions(session, item.id)
    ids = [version.id for version in versions]
    reviews = repository.entries_of(session, ids)
    found = found or next((each for each in reversed(reviews) if each.item_id == item.id), None)
    return EntryPage(
        entry=ReviewLine.model_validate(found) if found else None,
        item=item,
        current=item.id == versions[-1].id,
        findings=findings_of(item),
        versions=_version_lines(session, versions),
        reviews=[ReviewLine.model_validate(each) for each in reviews],
        audit=[AuditLine.model_validate(dict(row)) for row in repository.audit_of(session, ids)],
    )


def find(session: Session, given: str | uuid.UUID) -> tuple[ContentReview | None, ItemView]:
    """Return the entry (None for an item that was named itself) and its item."""
    try:
        named = given if isinstance(given, uuid.UUID) else uuid.UUID(given)
    except ValueError:
        found = _by_part(session, str(given).strip().lower())
        return found, item_view(session, found.item_id)
    found_entry = repository.entry_by_id(session, named)
    try:
        return found_entry, item_view(session, found_entry.item_id if found_entry else named)
    except UnknownItem:
        raise UnknownEntry(str(given)) from None


def _by_part(session: Session, part: str) -> ContentReview:
    if len(part) < FEWEST_CHARACTERS or not set(part) <= HEXADECIMAL:
        raise UnknownEntry(part)
    found = repository.entries_by_part(session, part)
    if not found:
        raise UnknownEntry(part)
    if len(found) > 1:
        raise AmbiguousEntry(part, [str(each.id) for each in found])
    return found[0]


def findings_of(item: ItemView) -> list[Said]:
    """What the gates said about the item when it was last judged, the gravest first."""
    gravity = {"error": 0, "review": 1, "advice": 2}
    said = [Said.model_validate(each) for each in (item.report or {}).get("findings", [])]
    return sorted(said, key=lambda each: gravity.get(each.severity, 3))


def _version_lines(session: Session, versions: Sequence[ItemView]) -> list[VersionLine]:
    people = {each for version in versions for each in (version.decided_by, version.created_by) if each}
    names = repository.user_names(session, people)
    return [
        VersionLine(
            id=version.id,
            version=version.version,
            status=version.status.value,
            written_by=names.get(version.created_by, "the model") if version.created_by else "the model",
            created_at=version.created_at,
            decided_by=names.get(version.decided_by, "unknown") if version.decided_by else None,
            decided_at=version.decided_at,
        )
        for version in versions
    ]


def is_open(page: EntryPage) -> bool:
    """Whether somebody still has to decide about the item."""
    return page.entry is not None and page.entry.status is ReviewStatus.OPEN
