"""Every query of the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.models import OutboxEntry


def add(session: Session, entry: OutboxEntry) -> None:
    session.add(entry)


def count_of_job(session: Session, job_id: uuid.UUID) -> int:
    return session.scalar(sa.select(sa.func.count()).where(OutboxEntry.job_id == job_id)) or 0


def has_entry(session: Session, dag_run_id: str) -> bool:
    """Say whether there is an entry under this key."""
    return session.scalar(sa.select(sa.exists().where(OutboxEntry.dag_run_id == dag_run_id))) or False


def claim_outbox(
    session: Session,
    *,
    kinds: Collection[OutboxKind],
    now: datetime,
    claimed_until: datetime,
    most: int,
    job_id: uuid.UUID | None = None,
    entry_ids: Collection[uuid.UUID] | None = None,
) -> Sequence[sa.RowMapping]:
    """Claim undelivered entries (of one job, by their ids, or all) until a moment; a crash frees them after it."""
    return rows(
        session,
        sql("delivery/claim_outbox"),
        kinds=[kind.value for kind in kinds],
        now=now,
        claimed_until=claimed_until,
        most=most,
        job_id=job_id,
        entry_ids=None if entry_ids is None else list(entry_ids),
    )


def settle(session: Session, entry_id: uuid.UUID, *, sent_at: datetime | None, error: str | None) -> None:
    """Mark an entry as delivered, or keep why it was not and make it due again."""
    session.execute(
        sa.update(OutboxEntry)
        .where(OutboxEntry.id == entry_id)
        .values(sent_at=sent_at, last_error=error, claimed_until=None)
    )
