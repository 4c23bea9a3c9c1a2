"""Every query of monitoring. The larger statements stand in `include/sql/monitoring/`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.core.models import User
from hydrateall.monitoring.models import MetricTotal, MetricTotalsState, Notification, Subscription

Series = tuple[str, tuple[str, ...]]


def counted_until(session: Session, *, exclusive: bool = False) -> datetime:
    """Read until when the totals count, and keep them as they are until this transaction ends."""
    statement = sa.select(MetricTotalsState.counted_until).with_for_update(read=not exclusive)
    return session.execute(statement).scalar_one()


def counts(session: Session, *, since: datetime, until: datetime, live: bool) -> dict[Series, Decimal]:
    """What the counters came to between two moments; with `live`, and what is still under way."""
    return _by_series(rows(session, sql("monitoring/counts"), since=since, until=until, live=live))


def totals(session: Session) -> dict[Series, Decimal]:
    statement = sa.select(MetricTotal.series, MetricTotal.labels, MetricTotal.value)
    return _by_series(session.execute(statement).mappings().all())


def add_to_totals(session: Session, counted: dict[Series, Decimal], *, until: datetime) -> None:
    """Add to the totals, which then count until this moment."""
    if counted:
        values = [
            {"series": series, "labels": list(labels), "value": value} for (series, labels), value in counted.items()
        ]
        added = insert(MetricTotal)
        session.execute(
            added.on_conflict_do_update(
                index_elements=["series", "labels"], set_={"value": MetricTotal.value + added.excluded.value}
            ),
            values,
        )
    session.execute(sa.update(MetricTotalsState).values(counted_until=until))


def gauges(session: Session, *, now: datetime, day: str, month: str) -> dict[Series, Decimal]:
    """What goes up and down, at this moment; `day` and `month` are scopes of budgets."""
    return _by_series(rows(session, sql("monitoring/gauges"), now=now, day=day, month=month))


def durations(session: Session, bounds: Sequence[float]) -> tuple[dict[int, int], float]:
    """Completed roots by how many of the rising bounds their duration exceeds, and the sum of their seconds."""
    found = rows(session, sql("monitoring/durations"), negated_bounds=[-bound for bound in reversed(bounds)])
    by_bucket = {len(bounds) - row["bounds_kept"]: row["jobs"] for row in found}
    return by_bucket, sum(row["seconds"] for row in found)


def _by_series(found: Sequence[sa.RowMapping]) -> dict[Series, Decimal]:
    return {(row["series"], tuple(row["labels"])): row["value"] for row in found}


def add_subscription(session: Session, subscription: Subscription) -> None:
    session.add(subscription)
    session.flush()


def subscriptions(session: Session) -> Sequence[Subscription]:
    return session.scalars(sa.select(Subscription).order_by(Subscription.created_at, Subscription.id)).all()


def get_subscription(session: Session, subscription_id: uuid.UUID) -> Subscription | None:
    return session.get(Subscription, subscription_id)


def remove_subscription(session: Session, subscription_id: uuid.UUID) -> bool:
    """Remove a subscription and its messages; say whether it was there."""
    removed = session.execute(
        sa.delete(Subscription).where(Subscription.id == subscription_id).returning(Subscription.id)
    )
    return removed.first() is not None


def subscribers(session: Session, *, root_id: uuid.UUID, event: str) -> list[uuid.UUID]:
    found = rows(session, sql("monitoring/subscribers"), root_id=root_id, event=event)
    return [row["id"] for row in found]


def add_notifications(
    session: Session,
    *,
    entry_id: uuid.UUID,
    subscription_ids: Collection[uuid.UUID],
    event: str,
    body: dict[str, Any],
    now: datetime,
) -> None:
    """Add one message a subscriber; an entry that is expanded again adds none."""
    values = [
        {
            "id": new_id(),
            "entry_id": entry_id,
            "subscription_id": subscription_id,
            "event": event,
            "body": body,
            "due_at": now,
            "created_at": now,
        }
        for subscription_id in subscription_ids
    ]
    if values:
        session.execute(insert(Notification).on_conflict_do_nothing(), values)


def notifications_due(
    session: Session, *, now: datetime, claimed_until: datetime, most: int
) -> Sequence[sa.RowMapping]:
    """Claim the messages that are due; a crash frees them at `claimed_until`."""
    return rows(session, sql("monitoring/notifications_due"), now=now, claimed_until=claimed_until, most=most)


def settle_notification(
    session: Session,
    notification_id: uuid.UUID,
    *,
    status: str,
    error: str | None,
    due_at: datetime,
    ended_at: datetime | None,
) -> None:
    """Write how an attempt ended, and when the next one is due."""
    session.execute(
        sa.update(Notification)
        .where(Notification.id == notification_id)
        .values(status=status, last_error=error, due_at=due_at, claimed_until=None, ended_at=ended_at)
    )


def last_notifications(session: Session) -> dict[uuid.UUID, Notification]:
    """The newest message of each subscription."""
    statement = (
        sa.select(Notification)
        .distinct(Notification.subscription_id)
        .order_by(Notification.subscription_id, Notification.created_at.desc(), Notification.id.desc())
    )
    return {found.subscription_id: found for found in session.scalars(statement)}


def nearly_overspent(session: Session, *, share: float) -> Sequence[sa.RowMapping]:
    return rows(session, sql("monitoring/nearly_overspent"), share=share)


def user_names(session: Session) -> dict[uuid.UUID, str]:
    """The names of those who have subscribed."""
    subscribed = sa.select(Subscription.user_id)
    return {row.id: row.name for row in session.execute(sa.select(User.id, User.name).where(User.id.in_(subscribed)))}


def job_facts(session: Session, root_id: uuid.UUID) -> sa.RowMapping:
    """What a message says about a job."""
    return rows(session, sql("monitoring/job_facts"), root_id=root_id)[0]
