"""Level 2: the topics of a chapter. Follows: a note and one question set a difficulty, for each topic."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.schemas import TopicsDraft
from hydrateall.curriculum.service import chapter_view, outlined_topics, store_topics, topics_by_number
from hydrateall.hydration.enums import Level, TargetType
from hydrateall.hydration.levels.work import Checked, Work, all_or_nothing, assignment
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.validation.service import check_topics


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for the topics that are missing; the official list is the ground truth where there is one."""
    chapter = chapter_view(session, job.target_id)
    existing = topics_by_number(session, chapter.id)
    official = outlined_topics(plan.subject, chapter.number)
    wanted = list(range(1, max(plan.topic_count(chapter.number), *existing, 0) + 1))
    missing = [number for number in wanted if number not in existing]
    titles = [official[number - 1] for number in missing] if official else None

    def check(text: str) -> Checked:
        known = [topic.title for topic in existing.values()]
        return all_or_nothing(
            TopicsDraft, text, lambda draft: check_topics(draft, numbers=missing, titles=titles, existing=known)
        )

    def store(session: Session, draft: TopicsDraft, provenance: dict[str, Any]) -> None:
        store_topics(session, chapter.id, draft.topics, provenance)

    def children(session: Session) -> list[dict[str, Any]]:
        topics = topics_by_number(session, chapter.id)
        return [child for number in sorted(topics) for child in _content_jobs(plan, job, topics[number].id)]

    details = {
        "chapter": chapter.as_context(),
        "topicCount": len(missing),
        "topicNumbers": missing,
        "outline": titles,
        "existing": [topic.title for topic in existing.values()],
    }
    return Work(
        label=f"{len(wanted)} topics of {chapter.number} {chapter.title}",
        prompt="curriculum/draft_topics",
        schema=TopicsDraft,
        content_type=ContentType.TOPIC,
        content_ref=str(chapter.id),
        items=len(wanted),
        assignment=assignment(plan, job, "topics", **details) if missing else None,
        check=check,
        store=store,
        children=children,
    )


def _content_jobs(plan: RootPlan, job: ClaimedJob, topic_id: Any) -> list[dict[str, Any]]:
    shared = {"target_id": topic_id, "chapter_id": job.chapter_id}
    note = {
        "target_type": TargetType.NOTE,
        "hierarchy_level": Level.NOTES.value,
        "variant": None,
        "items_expected": 1,
    }
    sets = [
        {
            "target_type": TargetType.QUESTION_SET,
            "hierarchy_level": Level.QUESTIONS.value,
            "variant": difficulty.value,
            "items_expected": count,
        }
        for difficulty, count in plan.options.question_counts.wanted().items()
    ]
    chosen = [note] * plan.options.generate_notes + sets * plan.options.generate_questions
    return [plan.child(job.id, id=new_id(), **shared, **each) for each in chosen]
