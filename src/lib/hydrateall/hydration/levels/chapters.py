"""Level 1: the chapters of the subject. Follows: one topics job a chapter."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.schemas import ChaptersDraft
from hydrateall.curriculum.service import chapters_by_number, outlined_chapters, store_chapters
from hydrateall.hydration.enums import Level, TargetType
from hydrateall.hydration.levels.work import Checked, Work, all_or_nothing, assignment
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.validation.service import check_chapters


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for the chapters that are missing; the official list is the ground truth where there is one."""
    wanted = plan.chapter_numbers()
    existing = chapters_by_number(session, plan.subject.id)
    missing = [number for number in wanted if number not in existing]
    outline = _outline(plan, missing)
    titles = [chapter["title"] for chapter in outline] if outline else None

    def check(text: str) -> Checked:
        return all_or_nothing(ChaptersDraft, text, lambda draft: check_chapters(draft, numbers=missing, titles=titles))

    def store(session: Session, draft: ChaptersDraft, provenance: dict[str, Any]) -> None:
        source = {"outline": plan.subject.outline.edition} if plan.subject.outline else {"proposedByModel": True}
        store_chapters(session, plan.subject.id, draft.chapters, {**provenance, **source})

    def children(session: Session) -> list[dict[str, Any]]:
        written = chapters_by_number(session, plan.subject.id)
        return [
            plan.child(
                job.id,
                id=new_id(),
                target_type=TargetType.CHAPTER,
                target_id=written[number].id,
                chapter_id=written[number].id,
                hierarchy_level=Level.TOPICS.value,
                variant=None,
                items_expected=plan.topic_count(number),
            )
            for number in wanted
        ]

    details = {
        "chapterCount": len(missing),
        "chapterNumbers": missing,
        "outline": outline,
        "existing": [chapter.title for chapter in existing.values()],
    }
    return Work(
        label=f"{len(wanted)} chapters",
        prompt="curriculum/draft_chapters",
        schema=ChaptersDraft,
        content_type=ContentType.CHAPTER,
        content_ref=str(plan.subject.id),
        items=len(wanted),
        assignment=assignment(plan, job, "chapters", **details) if missing else None,
        check=check,
        store=store,
        children=children,
    )


def _outline(plan: RootPlan, numbers: list[int]) -> list[dict[str, Any]] | None:
    language = plan.subject.language
    official = outlined_chapters(plan.subject, plan.options.chapter_limit)
    return [
        {
            "number": chapter.number,
            "title": chapter.title[language],
            "weeks": chapter.weeks,
            "topics": [topic.title[language] for topic in chapter.topics],
        }
        for chapter in official
        if chapter.number in numbers
    ] or None
