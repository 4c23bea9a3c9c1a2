"""The review queue and the validation runs as rows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column
from hydrateall.curriculum.enums import ContentType

INSTANT = sa.DateTime(timezone=True)


class ContentReview(Base):
    """One doubt about one item, and what a person decided. `reasons` are finding codes; an item has one open entry."""

    __tablename__ = "content_reviews"
    __table_args__ = (
        sa.Index("uq_content_reviews_open", "item_id", unique=True, postgresql_where=sa.text("status = 'open'")),
        sa.Index(None, "item_id"),
        sa.Index(
            "ix_content_reviews_queue",
            sa.text("coalesce(quality_score, 0)"),
            "id",
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index(None, "status", "created_at"),
        sa.Index(None, "subject_id", "status"),
        sa.CheckConstraint("status IN ('open', 'approved', 'rejected', 'edited', 'withdrawn')", name="status_known"),
        sa.CheckConstraint(
            "status IN ('open', 'withdrawn') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)",
            name="decision_has_its_person",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    content_type: Mapped[ContentType] = mapped_column(enum_column(ContentType, "content_type"))
    item_id: Mapped[uuid.UUID]
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("subjects.id"))
    chapter_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("chapters.id"))
    topic_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("topics.id"))
    reasons: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String))
    quality_score: Mapped[float | None]
    status: Mapped[str] = mapped_column(server_default="open")
    reason_code: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(sa.Text)
    new_item_id: Mapped[uuid.UUID | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = created_at()


class ValidationRun(Base):
    """One order to judge a subject's items again. `rulebook` is the fingerprint of the rules when it was given.

    `dag_run_id` is the newest DAG run that works on it, `deliveries` how many were asked for; a subject has one active
    run at most.
    """

    __tablename__ = "validation_runs"
    __table_args__ = (
        sa.Index(
            "uq_validation_runs_active",
            "subject_id",
            unique=True,
            postgresql_where=sa.text("status IN ('pending', 'running')"),
        ),
        sa.Index(None, "subject_id", "created_at"),
        sa.Index(None, "dag_run_id"),
        sa.CheckConstraint("status IN ('pending', 'running', 'completed', 'failed')", name="status_known"),
        sa.CheckConstraint("(status IN ('completed', 'failed')) = (finished_at IS NOT NULL)", name="end_has_its_time"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("subjects.id"))
    chapter_number: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default="pending")
    rulebook: Mapped[str]
    requested_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    trace_id: Mapped[str]
    dag_run_id: Mapped[str | None]
    deliveries: Mapped[int] = mapped_column(server_default="0")
    counts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    error_message: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = created_at()
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    finished_at: Mapped[datetime | None] = mapped_column(INSTANT)


class ValidationRunChapter(Base):
    """A chapter that a run has judged. The row is written with the verdicts, so no chapter is judged twice in a run."""

    __tablename__ = "validation_run_chapters"

    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("validation_runs.id", ondelete="CASCADE"), primary_key=True)
    chapter_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("chapters.id"), primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    finished_at: Mapped[datetime] = mapped_column(INSTANT)
