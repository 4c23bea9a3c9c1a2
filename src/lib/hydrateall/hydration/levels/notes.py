"""Level 3: the note of a topic."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.curriculum.service import chapter_view, free_note_slot, store_note, topic_view
from hydrateall.documents.service import anchor
from hydrateall.hydration.grounding import sources_of_topic, told
from hydrateall.hydration.levels.work import Checked, Work, assignment, context_of, doubts_about, verdict_of
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.review.service import enqueue
from hydrateall.validation.service import Judgement, judge_note, note_words, read_draft, sentences


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for the topic's note, unless it has one that was not rejected."""
    topic = topic_view(session, job.target_id)
    chapter = chapter_view(session, topic.chapter_id)
    slot = free_note_slot(session, topic.id)
    passages = sources_of_topic(session, plan, topic.id)
    details = {
        "chapter": {"number": chapter.number, "title": chapter.title},
        "topic": topic.as_context(),
        "wordRange": list(note_words(plan.rules, plan.subject.grade)),
        **told(passages),
    }

    def check(text: str) -> Checked:
        draft, findings = read_draft(NoteDraft, text)
        if draft is None:
            return Checked(issues=sentences(findings))
        judgement = judge_note(draft, rules=plan.rules, context=context_of(plan))
        if judgement.errors:
            return Checked(issues=sentences(judgement.errors))
        return Checked(kept=(draft, judgement), items=1)

    def store(session: Session, kept: tuple[NoteDraft, Judgement], provenance: dict[str, Any]) -> None:
        draft, judgement = kept
        verdict = verdict_of(judgement)
        if slot and (
            note_id := store_note(
                session, topic.id, draft, slot=slot, verdict=verdict, job_id=job.id, provenance=provenance
            )
        ):
            enqueue(session, doubts_about(judgement, note_id, ContentType.NOTE, plan, topic))
            anchor(session, ContentType.NOTE, [(note_id, draft.content)], passages)

    return Work(
        label=f"Note of {chapter.number}.{topic.number} {topic.title}",
        prompt="curriculum/draft_note",
        schema=NoteDraft,
        content_type=ContentType.NOTE,
        content_ref=str(topic.id),
        items=1,
        assignment=assignment(plan, job, "notes", **details) if slot else None,
        check=check,
        store=store,
    )
