"""Level 4: the questions of a topic in one difficulty."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType, DifficultyLevel
from hydrateall.curriculum.schemas import QuestionSetDraft
from hydrateall.curriculum.service import (
    chapter_view,
    free_positions,
    question_texts,
    store_questions,
    topic_view,
)
from hydrateall.hydration.levels.work import Work, assignment
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.validation.service import Context, Finding, check_questions


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for as many questions as the topic lacks in this difficulty; those that exist are named, to be avoided.

    Named are those of the same difficulty only: the other sets of the topic are written at the same moment, and an
    assignment that depended on who was first would give other content after a crash than in a calm run.
    """
    topic = topic_view(session, job.target_id)
    chapter = chapter_view(session, topic.chapter_id)
    difficulty = DifficultyLevel(job.variant or DifficultyLevel.EASY)
    wanted = plan.options.question_counts.wanted()[difficulty]
    texts = question_texts(session, topic.id)
    same = [(at, text) for level, at, text in texts if level == difficulty]
    positions = free_positions([at for at, _ in same], wanted)[: max(0, wanted - len(same))]

    def check(draft: QuestionSetDraft) -> list[Finding]:
        context = Context(plan.subject.language.value, plan.subject.grade, plan.subject.code)
        known = [text for *_, text in texts]
        return check_questions(draft, context=context, count=len(positions), difficulty=difficulty, avoid=known)

    def store(session: Session, draft: QuestionSetDraft, provenance: dict[str, Any]) -> None:
        store_questions(session, topic.id, draft.questions, positions=positions, job_id=job.id, provenance=provenance)

    details = {
        "chapter": {"number": chapter.number, "title": chapter.title},
        "topic": topic.as_context(),
        "difficulty": difficulty.value,
        "count": len(positions),
        "types": None,
        "avoid": [text for _, text in same],
    }
    return Work(
        label=f"{len(positions)} {difficulty} questions of {chapter.number}.{topic.number} {topic.title}",
        prompt="curriculum/draft_questions",
        schema=QuestionSetDraft,
        content_type=ContentType.QUESTION,
        content_ref=str(topic.id),
        items=wanted,
        assignment=assignment(plan, job, "questions", **details) if positions else None,
        check=check,
        store=store,
    )
