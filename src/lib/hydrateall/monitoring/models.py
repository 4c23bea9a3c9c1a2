"""The rows of monitoring: running totals of counters, subscriptions, and the messages that they led to."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at

INSTANT = sa.DateTime(timezone=True)


class MetricTotal(Base):
    """What one series of a counter came to before `MetricTotalsState.counted_until`; a scrape adds what came since."""

    __tablename__ = "metric_totals"

    series: Mapped[str] = mapped_column(primary_key=True)
    labels: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String), primary_key=True)
    value: Mapped[Decimal] = mapped_column(sa.Numeric)


class MetricTotalsState(Base):
    """One row: the moment up to which the totals count."""

    __tablename__ = "metric_totals_state"
    __table_args__ = (sa.CheckConstraint("id", name="one_row"),)

    id: Mapped[bool] = mapped_column(primary_key=True, server_default=sa.true())
    counted_until: Mapped[datetime] = mapped_column(INSTANT)


class Subscription(Base):
    """Who wants to know what: of one job, or of all that fit board, grade and subject (empty: any)."""

    __tablename__ = "notification_subscriptions"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('webhook', 'email')", name="channel_known"),
        sa.CheckConstraint("(channel = 'webhook') = (secret IS NOT NULL)", name="webhooks_are_signed"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    channel: Mapped[str]
    target: Mapped[str]
    secret: Mapped[str | None]
    events: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String))
    board: Mapped[str | None]
    grade: Mapped[str | None]
    subject: Mapped[str | None]
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    created_at: Mapped[datetime] = created_at()


class Notification(Base):
    """One message to one subscriber. Its id goes with every attempt, so that the receiver can drop a repetition."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("entry_id", "subscription_id"),
        sa.Index("ix_notifications_waiting", "due_at", postgresql_where=sa.text("status = 'waiting'")),
        sa.Index(None, "subscription_id"),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'failed')", name="status_known"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("outbox.id"))
    subscription_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("notification_subscriptions.id", ondelete="CASCADE")
    )
    event: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    claimed_until: Mapped[datetime | None] = mapped_column(INSTANT)
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = created_at()
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
