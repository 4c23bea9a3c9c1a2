"""Rules as rows: which gate applies to what; and the index of near duplicates."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column, updated_at
from hydrateall.curriculum.enums import ContentType, DifficultyLevel


class ValidationRule(Base):
    """One rule and its thresholds."""

    __tablename__ = "validation_rules"
    __table_args__ = (sa.Index(None, "content_type", "difficulty_level"), sa.Index(None, "is_active"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[ContentType] = mapped_column(enum_column(ContentType, "content_type"))
    difficulty_level: Mapped[DifficultyLevel | None] = mapped_column(enum_column(DifficultyLevel, "difficulty_level"))
    grade_range: Mapped[str | None]
    rule_definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class QuestionFingerprint(Base):
    """A question in the index of near duplicates: it may resemble those with one of its bands or with its shape."""

    __tablename__ = "question_fingerprints"
    __table_args__ = (
        sa.Index(None, "bands", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        sa.Index(None, "shape", postgresql_where=sa.text("shape IS NOT NULL")),
    )

    question_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("topic_questions.id", ondelete="CASCADE"), primary_key=True
    )
    algorithm: Mapped[int] = mapped_column(sa.SmallInteger)
    bands: Mapped[list[int]] = mapped_column(sa.ARRAY(sa.Integer))
    shape: Mapped[int | None] = mapped_column(sa.BigInteger)
