"""The gateway's rows: the log and ledger of calls, budgets, deployments, and the cache."""

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
from hydrateall.core.models import created_at, enum_column, updated_at
from hydrateall.curriculum.enums import ContentType

USD = sa.Numeric(12, 6)
INSTANT = sa.DateTime(timezone=True)
CONTENT_TYPE = enum_column(ContentType, "content_type")


class AIContentLog(Base):
    """One model call, from its reservation to what became of its answer: the log of calls, and their ledger.

    `reserved` → `answered` → `accepted`, `rejected` or `discarded`; or `error`; or `expired`, if its process died.
    """

    __tablename__ = "ai_content_logs"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "fencing_token", "request_no"),
        sa.Index(None, "job_id"),
        sa.Index(None, "root_job_id"),
        sa.Index(None, "content_ref"),
        sa.Index(None, "content_type"),
        sa.Index(None, "created_at"),
        sa.Index(None, "settled_at"),
        sa.Index("ix_ai_content_logs_reserved", "deployment", postgresql_where=sa.text("status = 'reserved'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    root_job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    fencing_token: Mapped[int | None] = mapped_column(sa.BigInteger)
    request_no: Mapped[int] = mapped_column(server_default="1")
    attempt: Mapped[int] = mapped_column(server_default="1")
    deployment: Mapped[str] = mapped_column(server_default="")
    purpose: Mapped[str] = mapped_column(server_default="")
    content_ref: Mapped[str]
    content_type: Mapped[ContentType] = mapped_column(CONTENT_TYPE)
    status: Mapped[str] = mapped_column(comment="reserved, answered, accepted, rejected, discarded, error or expired")
    outcome: Mapped[str | None]
    cached: Mapped[bool] = mapped_column(server_default=sa.false())

    tokens_used: Mapped[int | None]
    prompt_tokens: Mapped[int | None]
    cached_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    reserved_tokens: Mapped[int] = mapped_column(server_default="0")
    cost_usd: Mapped[Decimal | None] = mapped_column(USD)
    reserved_usd: Mapped[Decimal] = mapped_column(USD, server_default="0")
    uncertain_usd: Mapped[Decimal] = mapped_column(USD, server_default="0")
    scopes: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String), server_default="{}")
    latency_ms: Mapped[int | None]
    model_used: Mapped[str | None]
    prompt_id: Mapped[str | None]
    prompt_version: Mapped[int | None]
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSONB(none_as_null=True))
    created_at: Mapped[datetime] = created_at()
    expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    settled_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Budget(Base):
    """What a job, a tenant's month or a day has spent, and what calls in flight may still cost."""

    __tablename__ = "llm_budgets"

    scope: Mapped[str] = mapped_column(primary_key=True)
    spent_usd: Mapped[Decimal] = mapped_column(USD, server_default="0")
    reserved_usd: Mapped[Decimal] = mapped_column(USD, server_default="0")
    updated_at: Mapped[datetime] = updated_at()


class Deployment(Base):
    """One model at one server: how many calls it takes at once, its rates, and its breaker."""

    __tablename__ = "llm_deployments"

    name: Mapped[str] = mapped_column(primary_key=True)
    concurrency: Mapped[float | None]
    threshold: Mapped[float | None]
    most_in_flight: Mapped[int | None]
    tokens_per_minute: Mapped[int | None]
    decreased_at: Mapped[datetime | None] = mapped_column(INSTANT)
    blocked_until: Mapped[datetime | None] = mapped_column(INSTANT)
    requests_booked_until: Mapped[datetime | None] = mapped_column(INSTANT)
    tokens_booked_until: Mapped[datetime | None] = mapped_column(INSTANT)
    failures: Mapped[int] = mapped_column(server_default="0")
    openings: Mapped[int] = mapped_column(server_default="0")
    open_until: Mapped[datetime | None] = mapped_column(INSTANT)
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    updated_at: Mapped[datetime] = updated_at()


class ContentCache(Base):
    """An answer kept for the same question."""

    __tablename__ = "content_cache"
    __table_args__ = (
        sa.Index(None, "content_type"),
        sa.Index(None, "expires_at"),
        sa.Index(None, "last_accessed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    cache_key: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[ContentType] = mapped_column(CONTENT_TYPE)
    cached_content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    quality_score: Mapped[float | None]
    hit_count: Mapped[int] = mapped_column(server_default="0")
    last_accessed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    expires_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    created_at: Mapped[datetime] = created_at()
