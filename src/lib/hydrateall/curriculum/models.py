"""The curriculum and its content, as seed 000 names them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column, updated_at
from hydrateall.curriculum.enums import (
    BloomLevel,
    DifficultyLevel,
    GenerationStatus,
    LanguageCode,
    QuestionType,
    ValidationStatus,
)

DIFFICULTY = enum_column(DifficultyLevel, "difficulty_level")
GENERATION = enum_column(GenerationStatus, "generation_status")
VALIDATION = enum_column(ValidationStatus, "validation_status")


def parent(target: str) -> Mapped[uuid.UUID]:
    """A required foreign key that goes with its parent."""
    return mapped_column(sa.ForeignKey(target, ondelete="CASCADE"))


def decision_has_its_person() -> sa.CheckConstraint:
    """No decision without the person who made it."""
    return sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_has_its_person")


def metadata_column() -> Mapped[dict[str, Any]]:
    """The seeds' `metadata` column; SQLAlchemy keeps the attribute name `metadata` for itself."""
    return mapped_column("metadata", JSONB, server_default="{}")


class Board(Base):
    """An examination board, e.g. CBSE."""

    __tablename__ = "boards"
    __table_args__ = (sa.Index(None, "is_active"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str | None]
    description: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=sa.true())
    created_at: Mapped[datetime] = created_at()


class Subject(Base):
    """A subject of a board in one grade and one language."""

    __tablename__ = "subjects"
    __table_args__ = (
        sa.UniqueConstraint("board_id", "code", "grade", "language"),
        sa.Index(None, "board_id"),
        sa.Index(None, "grade"),
        sa.Index(None, "language"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[uuid.UUID] = parent("boards.id")
    code: Mapped[str]
    name: Mapped[str]
    grade: Mapped[str]
    language: Mapped[LanguageCode] = mapped_column(enum_column(LanguageCode, "language_code"), server_default="en")
    description: Mapped[str | None]
    icon_url: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()


class Chapter(Base):
    """A chapter of a subject."""

    __tablename__ = "chapters"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "chapter_number"),
        sa.Index(None, "subject_id"),
        sa.Index(None, "generation_status"),
        sa.Index(None, "is_generated"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    subject_id: Mapped[uuid.UUID] = parent("subjects.id")
    chapter_number: Mapped[int]
    title: Mapped[str]
    brief_description: Mapped[str | None]
    estimated_weeks: Mapped[int | None]
    learning_objectives: Mapped[list[str] | None] = mapped_column(JSONB)
    details: Mapped[dict[str, Any]] = metadata_column()
    is_generated: Mapped[bool] = mapped_column(server_default=sa.false())
    generation_status: Mapped[GenerationStatus] = mapped_column(GENERATION, server_default="PENDING")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class Topic(Base):
    """A topic of a chapter."""

    __tablename__ = "topics"
    __table_args__ = (
        sa.UniqueConstraint("chapter_id", "topic_number"),
        sa.Index(None, "chapter_id"),
        sa.Index(None, "difficulty_level"),
        sa.Index(None, "generation_status"),
        sa.Index(None, "is_generated"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    chapter_id: Mapped[uuid.UUID] = parent("chapters.id")
    topic_number: Mapped[int]
    title: Mapped[str]
    learning_objectives: Mapped[list[str] | None] = mapped_column(JSONB)
    prerequisite_topics: Mapped[list[str] | None] = mapped_column(JSONB)
    difficulty_level: Mapped[DifficultyLevel | None] = mapped_column(DIFFICULTY)
    estimated_duration_mins: Mapped[int | None]
    details: Mapped[dict[str, Any]] = metadata_column()
    is_generated: Mapped[bool] = mapped_column(server_default=sa.false())
    generation_status: Mapped[GenerationStatus] = mapped_column(GENERATION, server_default="PENDING")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class Decided:
    """A versioned item that people decide about: once `decided_at` is set, a trigger keeps the row as it is.

    A new version is a new row that `supersedes` the one before it; current is the row that none supersedes.
    """

    @declared_attr
    def supersedes(cls) -> Mapped[uuid.UUID | None]:  # noqa: N805 - a declared attribute is given the class
        return mapped_column(sa.ForeignKey(f"{cls.__tablename__}.id"), unique=True)  # type: ignore[attr-defined]

    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))


class TopicNote(Decided, Base):
    """The note of a topic; a new version is a new row. `job_id` is the job that wrote it."""

    __tablename__ = "topic_notes"
    __table_args__ = (
        sa.UniqueConstraint("topic_id", "version"),
        decision_has_its_person(),
        sa.Index(None, "topic_id"),
        sa.Index(None, "validation_status"),
        sa.Index(None, "quality_score"),
        sa.Index(None, "is_ai_generated"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[uuid.UUID] = parent("topics.id")
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"), index=True)
    content: Mapped[str] = mapped_column(sa.Text)
    content_html: Mapped[str | None] = mapped_column(sa.Text)
    word_count: Mapped[int | None]
    reading_time_mins: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default="1")
    quality_score: Mapped[float | None]
    validation_status: Mapped[ValidationStatus] = mapped_column(VALIDATION, server_default="PENDING")
    validation_report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    details: Mapped[dict[str, Any]] = metadata_column()
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    is_ai_generated: Mapped[bool] = mapped_column(server_default=sa.true())


class TopicQuestion(Decided, Base):
    """A question of a topic, at a position within its difficulty. `job_id` is the job that wrote it."""

    __tablename__ = "topic_questions"
    __table_args__ = (
        sa.UniqueConstraint("topic_id", "difficulty_level", "position", "version"),
        decision_has_its_person(),
        sa.Index(None, "topic_id"),
        sa.Index(None, "difficulty_level"),
        sa.Index(None, "question_type"),
        sa.Index(None, "validation_status"),
        sa.Index(None, "quality_score"),
        sa.Index(None, "is_ai_generated"),
        sa.CheckConstraint("jsonb_typeof(correct_answer) = 'object'", name="answer_is_an_object"),
        sa.CheckConstraint("coalesce(correct_answer ->> 'final_answer', '') <> ''", name="answer_is_final"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    topic_id: Mapped[uuid.UUID] = parent("topics.id")
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"), index=True)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    question_type: Mapped[QuestionType] = mapped_column(enum_column(QuestionType, "question_type"))
    difficulty_level: Mapped[DifficultyLevel] = mapped_column(DIFFICULTY)
    question_text: Mapped[str] = mapped_column(sa.Text)
    scenario: Mapped[str | None] = mapped_column(sa.Text)
    diagram_description: Mapped[str | None] = mapped_column(sa.Text)
    options: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    correct_answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    marks: Mapped[float]
    estimated_time_mins: Mapped[int | None]
    learning_objective: Mapped[str | None]
    bloom_taxonomy_level: Mapped[BloomLevel | None] = mapped_column(enum_column(BloomLevel, "bloom_level"))
    tags: Mapped[list[str] | None] = mapped_column(JSONB)
    quality_score: Mapped[float | None]
    validation_status: Mapped[ValidationStatus] = mapped_column(VALIDATION, server_default="PENDING")
    validation_report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    usage_count: Mapped[int] = mapped_column(server_default="0")
    average_performance: Mapped[float | None]
    details: Mapped[dict[str, Any]] = metadata_column()
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    is_ai_generated: Mapped[bool] = mapped_column(server_default=sa.true())
