"""The gateway's rows: the log of every call, and the cache."""

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
from hydrateall.core.models import created_at, enum_column
from hydrateall.curriculum.enums import ContentType

CONTENT_TYPE = enum_column(ContentType, "content_type")


class AIContentLog(Base):
    """One model call: what it was for, what it used, what became of its answer."""

    __tablename__ = "ai_content_logs"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "fencing_token"),
        sa.Index(None, "job_id"),
        sa.Index(None, "content_ref"),
        sa.Index(None, "content_type"),
        sa.Index(None, "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    job_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    content_ref: Mapped[str]
    content_type: Mapped[ContentType] = mapped_column(CONTENT_TYPE)
    status: Mapped[str] = mapped_column(comment="accepted, rejected, discarded or error")
    attempt: Mapped[int] = mapped_column(server_default="1")
    fencing_token: Mapped[int] = mapped_column(sa.BigInteger, comment="of the claim: a claim makes one call")
    tokens_used: Mapped[int | None]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    cost_usd: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 6))
    latency_ms: Mapped[int | None]
    model_used: Mapped[str | None]
    prompt_id: Mapped[str | None]
    prompt_version: Mapped[int | None]
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", JSONB(none_as_null=True))
    created_at: Mapped[datetime] = created_at()


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
