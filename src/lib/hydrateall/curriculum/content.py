"""Content: what a chapter and a topic have, and how a draft becomes a row."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.markdown import reading_minutes, render, word_count
from hydrateall.curriculum import repository
from hydrateall.curriculum.enums import DifficultyLevel, GenerationStatus, ValidationStatus
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.schemas import ChapterDraft, NoteDraft, QuestionDraft, TopicDraft
from hydrateall.curriculum.slots import Slot


def store_chapters(
    session: Session, subject_id: uuid.UUID, drafts: Sequence[ChapterDraft], provenance: dict[str, Any]
) -> None:
    """Add the chapters that are not there yet. Idempotent by chapter number."""
    repository.insert_missing(
        session,
        Chapter,
        [
            {
                "id": new_id(),
                "subject_id": subject_id,
                "is_generated": True,
                "generation_status": GenerationStatus.COMPLETED,
                "details": provenance,
                **draft.model_dump(),
            }
            for draft in drafts
        ],
    )


def store_topics(
    session: Session, chapter_id: uuid.UUID, drafts: Sequence[TopicDraft], provenance: dict[str, Any]
) -> None:
    """Add the topics that are not there yet. Idempotent by topic number."""
    repository.insert_missing(
        session,
        Topic,
        [
            {
                "id": new_id(),
                "chapter_id": chapter_id,
                "is_generated": True,
                "generation_status": GenerationStatus.COMPLETED,
                "details": provenance,
                **draft.model_dump(),
            }
            for draft in drafts
        ],
    )


@dataclass(frozen=True)
class Verdict:
    """What the gates say of an item that is stored."""

    status: ValidationStatus
    score: float
    report: dict[str, Any]

    def as_columns(self) -> dict[str, Any]:
        return {
            "validation_status": self.status,
            "quality_score": self.score,
            "validation_report": self.report,
        }


def store_note(
    session: Session,
    topic_id: uuid.UUID,
    draft: NoteDraft,
    *,
    slot: Slot,
    verdict: Verdict,
    job_id: uuid.UUID,
    provenance: dict[str, Any],
) -> uuid.UUID | None:
    """Add the topic's note. Idempotent by topic and version: None if it is there already."""
    values = {
        "id": new_id(),
        "topic_id": topic_id,
        "job_id": job_id,
        "version": slot.version,
        "supersedes": slot.supersedes,
        "details": provenance,
        **note_values(draft),
        **verdict.as_columns(),
    }
    return next(iter(repository.insert_missing(session, TopicNote, [values])), None)


def note_values(draft: NoteDraft) -> dict[str, Any]:
    """The draft as column values, with what is computed from its text."""
    words = word_count(draft.content)
    return {
        "content": draft.content,
        "content_html": render(draft.content),
        "word_count": words,
        "reading_time_mins": reading_minutes(words),
    }


def store_questions(
    session: Session,
    topic_id: uuid.UUID,
    items: Sequence[tuple[Slot, QuestionDraft, Verdict]],
    *,
    job_id: uuid.UUID,
    provenance: dict[str, Any],
) -> list[uuid.UUID | None]:
    """Add questions at their slots. Idempotent by topic, difficulty, position and version: None for what is there."""
    ids = [new_id() for _ in items]
    stored = repository.insert_missing(
        session,
        TopicQuestion,
        [
            {
                "id": item_id,
                "topic_id": topic_id,
                "job_id": job_id,
                "position": slot.position,
                "version": slot.version,
                "supersedes": slot.supersedes,
                "details": provenance,
                **question_values(draft),
                **verdict.as_columns(),
            }
            for item_id, (slot, draft, verdict) in zip(ids, items, strict=True)
        ],
    )
    return [item_id if item_id in stored else None for item_id in ids]


def question_values(draft: QuestionDraft) -> dict[str, Any]:
    """The draft as column values; nulls of the answer are left out, match columns are the question's options."""
    values = draft.model_dump(mode="json", exclude={"match_columns"})
    if draft.match_columns:
        values["options"] = draft.match_columns.model_dump(mode="json")
    values["correct_answer"] = draft.correct_answer.model_dump(mode="json", exclude_none=True)
    return values


def content_digest(session: Session, subject_id: uuid.UUID) -> str:
    """SHA-256 over all content of a subject: equal for equal content, whatever ids and times it has."""
    lines = [[row["place"], row["content"]] for row in repository.content_lines(session, subject_id)]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class TopicContent(BaseModel):
    """How much content a topic has."""

    topic_id: uuid.UUID
    number: int
    title: str
    notes: int
    questions: dict[DifficultyLevel, int]


def content_of(session: Session, subject_id: uuid.UUID) -> dict[int, list[TopicContent]]:
    """Return the subject's chapters that exist, by number, each with its topics and their content."""
    found: dict[int, list[TopicContent]] = {}
    for row in repository.content_counts(session, subject_id):
        topics = found.setdefault(row["chapter_number"], [])
        if row["topic_id"]:
            topics.append(
                TopicContent(
                    topic_id=row["topic_id"],
                    number=row["topic_number"],
                    title=row["topic_title"],
                    notes=row["notes"],
                    questions={level: row[level.value] for level in DifficultyLevel},
                )
            )
    return found


class ChapterView(BaseModel):
    """A chapter as every slice sees it."""

    id: uuid.UUID
    number: int
    title: str
    description: str | None
    objectives: list[str]

    def as_context(self) -> dict[str, Any]:
        """The chapter as a model is told it."""
        return self.model_dump(exclude={"id"})


class TopicView(BaseModel):
    """A topic as every slice sees it."""

    id: uuid.UUID
    chapter_id: uuid.UUID
    number: int
    title: str
    objectives: list[str]
    difficulty: DifficultyLevel | None

    def as_context(self) -> dict[str, Any]:
        """The topic as a model is told it."""
        return self.model_dump(mode="json", exclude={"id", "chapter_id"})


def _chapter_view(chapter: Chapter) -> ChapterView:
    return ChapterView(
        id=chapter.id,
        number=chapter.chapter_number,
        title=chapter.title,
        description=chapter.brief_description,
        objectives=chapter.learning_objectives or [],
    )


def _topic_view(topic: Topic) -> TopicView:
    return TopicView(
        id=topic.id,
        chapter_id=topic.chapter_id,
        number=topic.topic_number,
        title=topic.title,
        objectives=topic.learning_objectives or [],
        difficulty=topic.difficulty_level,
    )


def chapter_view(session: Session, chapter_id: uuid.UUID) -> ChapterView:
    """Return a chapter that is known to exist."""
    return _chapter_view(session.get_one(Chapter, chapter_id))


def topic_view(session: Session, topic_id: uuid.UUID) -> TopicView:
    """Return a topic that is known to exist."""
    return _topic_view(session.get_one(Topic, topic_id))


def chapters_by_number(session: Session, subject_id: uuid.UUID) -> dict[int, ChapterView]:
    """The subject's chapters that exist, by number."""
    return {row.chapter_number: _chapter_view(row) for row in repository.chapters_of(session, subject_id)}


def topics_by_number(session: Session, chapter_id: uuid.UUID) -> dict[int, TopicView]:
    """The chapter's topics that exist, by number."""
    return {row.topic_number: _topic_view(row) for row in repository.topics_of(session, chapter_id)}
