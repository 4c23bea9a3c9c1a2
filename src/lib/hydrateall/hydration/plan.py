"""What a root job is to do: its subject and options, and how much of it exists already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.service import (
    SubjectView,
    TopicContent,
    content_of,
    outlined_chapters,
    outlined_topics,
    subject_view,
)
from hydrateall.hydration.models import HydrationJob
from hydrateall.hydration.schemas import HydrateOptions
from hydrateall.validation.service import Rulebook, load_rulebook


@dataclass(frozen=True)
class RootPlan:
    """The parts of a root job that its descendants need."""

    root_id: uuid.UUID
    subject: SubjectView
    options: HydrateOptions
    chapters: int
    topics_a_chapter: int
    created_by: uuid.UUID
    trace_id: str | None
    max_retries: int
    max_cost_usd: Decimal | None
    tenant: str
    rules: Rulebook

    def chapter_numbers(self) -> list[int]:
        """The chapters to write: the official ones, or 1 to the planned number."""
        official = outlined_chapters(self.subject, self.options.chapter_limit)
        return [chapter.number for chapter in official] or list(range(1, self.chapters + 1))

    def topic_count(self, chapter_number: int) -> int:
        """How many topics a chapter gets: as in the outline, else the default."""
        return len(outlined_topics(self.subject, chapter_number)) or self.topics_a_chapter

    def child(self, parent: uuid.UUID, **values: Any) -> dict[str, Any]:
        """The columns that every descendant of this root shares."""
        return {
            "root_job_id": self.root_id,
            "parent_job_id": parent,
            "subject_id": self.subject.id,
            "max_retries": self.max_retries,
            "created_by": self.created_by,
            "trace_id": self.trace_id,
            "input_params": {},
            **values,
        }


def plan_of(session: Session, root: HydrationJob) -> RootPlan:
    """Read a root job's plan."""
    planned = root.input_params["planned"]
    return RootPlan(
        root_id=root.id,
        subject=subject_view(session, root.subject_id),
        options=HydrateOptions.model_validate(root.input_params["options"]),
        chapters=planned["chapters"],
        topics_a_chapter=planned["topicsAChapter"],
        created_by=root.created_by,
        trace_id=root.trace_id,
        max_retries=root.max_retries,
        max_cost_usd=root.max_cost_usd,
        tenant=root.tenant,
        rules=load_rulebook(session),
    )


@dataclass(frozen=True)
class Workload:
    """A subject's size under these options, and the model calls that are still needed for it."""

    chapters: int
    topics: int
    notes: int
    questions: int
    chapter_calls: int
    topic_calls: int
    note_calls: int
    question_calls: dict[DifficultyLevel, int]
    questions_missing: int

    @property
    def calls(self) -> int:
        return self.chapter_calls + self.topic_calls + self.note_calls + sum(self.question_calls.values())


def workload(session: Session, subject: SubjectView, options: HydrateOptions, settings: Settings) -> Workload:
    """Size up a hydration: the outline (or the defaults) against the content that exists."""
    official = outlined_chapters(subject, options.chapter_limit)
    number_of_chapters = len(official) or options.chapter_limit or settings.default_chapters
    numbers = [chapter.number for chapter in official] or list(range(1, number_of_chapters + 1))
    existing = content_of(session, subject.id)
    sizes = {number: len(outlined_topics(subject, number)) or settings.default_topics for number in numbers}
    written = {number: existing.get(number, []) for number in numbers}
    topics = sum(max(sizes[number], len(written[number])) for number in numbers)
    present = [topic for number in numbers for topic in written[number]]
    unwritten = topics - len(present)
    wanted = options.question_counts.wanted() if options.generate_questions else {}
    return Workload(
        chapters=number_of_chapters,
        topics=topics,
        notes=topics if options.generate_notes else 0,
        questions=topics * sum(wanted.values()),
        chapter_calls=int(any(number not in existing for number in numbers)),
        topic_calls=sum(len(written[number]) < sizes[number] for number in numbers),
        note_calls=unwritten + sum(not topic.notes for topic in present) if options.generate_notes else 0,
        question_calls={
            level: unwritten + sum(topic.questions[level] < count for topic in present)
            for level, count in wanted.items()
        },
        questions_missing=_questions_missing(present, unwritten, wanted),
    )


def _questions_missing(present: Sequence[TopicContent], unwritten: int, wanted: dict[DifficultyLevel, int]) -> int:
    short = sum(max(0, count - topic.questions[level]) for topic in present for level, count in wanted.items())
    return unwritten * sum(wanted.values()) + short
