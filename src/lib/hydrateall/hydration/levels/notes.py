"""Level 3: the note of a topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.curriculum.service import chapter_view, note_exists, store_note, topic_view
from hydrateall.hydration.levels.work import Work, assignment
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.validation.service import Context, Finding, check_note

# Words a note has, by the highest grade of the band. Source: the house rules for lesson length.
WORD_BANDS = ((5, (400, 800)), (8, (600, 1200)), (12, (800, 1500)))


def word_range(grade: str) -> tuple[int, int]:
    """The length of a note in words for a grade; the highest band where the grade is not a number."""
    number = int(grade) if grade.isdigit() else 12
    return next((band for highest, band in WORD_BANDS if number <= highest), WORD_BANDS[-1][1])


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for the topic's note, unless it has one."""
    topic = topic_view(session, job.target_id)
    chapter = chapter_view(session, topic.chapter_id)
    details = {
        "chapter": {"number": chapter.number, "title": chapter.title},
        "topic": topic.as_context(),
        "wordRange": list(word_range(plan.subject.grade)),
    }

    def check(draft: NoteDraft) -> Sequence[Finding]:
        subject = plan.subject
        context = Context(subject.language.value, subject.grade, subject.code)
        return check_note(draft, context=context, word_range=word_range(subject.grade))

    def store(session: Session, draft: NoteDraft, provenance: dict[str, Any]) -> None:
        store_note(session, topic.id, draft, job_id=job.id, provenance=provenance)

    return Work(
        label=f"Note of {chapter.number}.{topic.number} {topic.title}",
        prompt="curriculum/draft_note",
        schema=NoteDraft,
        content_type=ContentType.NOTE,
        content_ref=str(topic.id),
        items=1,
        assignment=None if note_exists(session, topic.id) else assignment(plan, job, "notes", **details),
        check=check,
        store=store,
    )
