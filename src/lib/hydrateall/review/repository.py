"""Every query of the review queue."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.core.models import User
from hydrateall.review.enums import ReviewStatus
from hydrateall.review.models import ContentReview
from hydrateall.review.schemas import QueueFilter

OPEN = (
    sql("review/open_entries")
    .columns(
        sa.column("id", sa.Uuid),
        sa.column("item_id", sa.Uuid),
        sa.column("content_type", sa.String),
        sa.column("reasons", ARRAY(sa.String)),
        sa.column("quality_score", sa.Float),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("rank", sa.Float),
        sa.column("board_code", sa.String),
        sa.column("grade", sa.String),
        sa.column("subject_code", sa.String),
        sa.column("language", sa.String),
        sa.column("chapter_number", sa.Integer),
        sa.column("chapter_title", sa.String),
        sa.column("topic_number", sa.Integer),
        sa.column("topic_title", sa.String),
        sa.column("question_type", sa.String),
        sa.column("difficulty", sa.String),
        sa.column("position", sa.Integer),
        sa.column("text", sa.Text),
    )
    .subquery("open_entries")
)


def _meets(chosen: QueueFilter) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on the open entries."""
    codes = {"board_code": chosen.board, "subject_code": chosen.subject}
    exact = {"grade": chosen.grade, "language": chosen.language, "chapter_number": chosen.chapter}
    conditions = [OPEN.c[name] == value.upper() for name, value in codes.items() if value is not None]
    conditions += [OPEN.c[name] == value for name, value in exact.items() if value is not None]
    if chosen.reason is not None:
        conditions.append(OPEN.c.reasons.contains([chosen.reason.upper()]))
    if chosen.content_type is not None:
        conditions.append(sa.cast(OPEN.c.content_type, sa.String) == chosen.content_type.value)
    if chosen.below is not None:
        conditions.append(OPEN.c.quality_score < chosen.below)
    if chosen.least is not None:
        conditions.append(OPEN.c.quality_score >= chosen.least)
    return conditions


def open_entries(
    session: Session, chosen: QueueFilter, *, after: tuple[float, uuid.UUID] | None, most: int
) -> Sequence[sa.RowMapping]:
    """Open entries after a place in the order: the lowest score first, then the oldest. Ids are ordered by time."""
    statement = sa.select(OPEN).where(*_meets(chosen)).order_by(OPEN.c.rank, OPEN.c.id).limit(most)
    if after:
        statement = statement.where(sa.tuple_(OPEN.c.rank, OPEN.c.id) > sa.tuple_(*map(sa.literal, after)))
    return session.execute(statement).mappings().all()


def neighbours(
    session: Session, chosen: QueueFilter, *, of: tuple[float, uuid.UUID]
) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The items of the open entries right before and right after a place in the order."""
    place, there = sa.tuple_(OPEN.c.rank, OPEN.c.id), sa.tuple_(*map(sa.literal, of))
    meeting = sa.select(OPEN.c.item_id).where(*_meets(chosen)).limit(1)
    before = meeting.where(place < there).order_by(OPEN.c.rank.desc(), OPEN.c.id.desc())
    after = meeting.where(place > there).order_by(OPEN.c.rank, OPEN.c.id)
    found = session.execute(sa.select(before.scalar_subquery(), after.scalar_subquery())).one()
    return found[0], found[1]


def open_items(session: Session, chosen: QueueFilter) -> Sequence[uuid.UUID]:
    """The items of the open entries that meet the filters, in the order in which they are locked."""
    return session.scalars(sa.select(OPEN.c.item_id).where(*_meets(chosen)).order_by(OPEN.c.item_id)).all()


def count_open(session: Session, chosen: QueueFilter) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(OPEN).where(*_meets(chosen))) or 0


def count_by_reason(session: Session, chosen: QueueFilter) -> Sequence[tuple[str, int]]:
    """Each reason with its number of open entries, the most frequent first."""
    reason = sa.func.unnest(OPEN.c.reasons).label("reason")
    each = sa.select(reason).where(*_meets(chosen)).subquery()
    total = sa.func.count()
    statement = sa.select(each.c.reason, total).group_by(each.c.reason).order_by(total.desc(), each.c.reason)
    return [(found, number) for found, number in session.execute(statement)]


def enqueue(session: Session, doubts: Iterable[Mapping[str, Any]]) -> Sequence[sa.RowMapping]:
    """Put undecided items on the queue; each row says whether its entry is a new one."""
    return rows(session, sql("review/enqueue"), doubts=json.dumps(list(doubts)))


def withdraw(session: Session, item_ids: Sequence[uuid.UUID]) -> int:
    """Close the open entries of items that nobody doubts any more; return how many there were."""
    statement = (
        sa.update(ContentReview)
        .where(ContentReview.item_id.in_(item_ids), ContentReview.status == ReviewStatus.OPEN)
        .values(status=ReviewStatus.WITHDRAWN)
        .returning(ContentReview.id)
    )
    return len(session.scalars(statement).all())


def entry_by_id(session: Session, entry_id: uuid.UUID) -> ContentReview | None:
    return session.get(ContentReview, entry_id)


def entries_by_part(session: Session, part: str) -> Sequence[ContentReview]:
    """Entries whose id begins or ends with these characters; where there are open ones, only those."""
    text = sa.cast(ContentReview.id, sa.String)
    statement = sa.select(ContentReview).where(text.startswith(part) | text.endswith(part)).order_by(ContentReview.id)
    found = session.scalars(statement).all()
    return [each for each in found if each.status == ReviewStatus.OPEN] or found


def entries_of(session: Session, item_ids: Sequence[uuid.UUID]) -> Sequence[ContentReview]:
    """Every entry about these items, oldest first."""
    statement = sa.select(ContentReview).where(ContentReview.item_id.in_(item_ids)).order_by(ContentReview.id)
    return session.scalars(statement).all()


def close_entry(session: Session, item_id: uuid.UUID, **values: Any) -> bool:
    """Write the decision into the item's open entry; say whether there was one."""
    statement = (
        sa.update(ContentReview)
        .where(ContentReview.item_id == item_id, ContentReview.status == ReviewStatus.OPEN)
        .values(**values)
        .returning(ContentReview.id)
    )
    return bool(session.scalars(statement).all())


def add_entry(session: Session, **values: Any) -> None:
    """Add an entry that is decided at once, for an item that was not on the queue."""
    session.add(ContentReview(**values))
    session.flush()


def lock_item(session: Session, item_id: uuid.UUID) -> bool:
    """Lock a note or question until the transaction ends; say whether there is one."""
    return bool(rows(session, sql("review/lock_item"), item_id=item_id))


def decision_states(session: Session, item_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, sa.RowMapping]:
    """What was decided about each item, by whom and when, and its newest version."""
    found = rows(session, sql("review/decision_state"), items=[str(item_id) for item_id in item_ids])
    return {row["id"]: row for row in found}


def audit_of(session: Session, item_ids: Sequence[uuid.UUID]) -> Sequence[sa.RowMapping]:
    """The audit trail of these items, oldest first."""
    return rows(session, sql("review/audit_of_items"), items=[str(item_id) for item_id in item_ids])


def user_names(session: Session, user_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    statement = sa.select(User.id, User.name).where(User.id.in_(list(user_ids)))
    return {user.id: user.name for user in session.execute(statement)}
