"""The work of one job, as every level describes it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.service import TopicView, Verdict
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.review.schemas import Doubt
from hydrateall.validation.service import Context, Finding, Judgement, read_draft, sentences

DraftT = TypeVar("DraftT", bound=BaseModel)


def no_children(_: Session) -> list[dict[str, Any]]:
    """What follows from a note or a question set: nothing."""
    return []


@dataclass(frozen=True)
class Checked:
    """What the gates make of an answer: what of it is kept, and what the model must do again.

    With issues the job is not done, though something may be kept: the next attempt asks for the rest.
    """

    kept: Any = None
    issues: Sequence[str] = ()
    items: int = 0  # how many are kept


def all_or_nothing(schema: type[DraftT], text: str, check: Callable[[DraftT], Sequence[Finding]]) -> Checked:
    """Check an answer of which nothing can be kept unless all of it passes."""
    draft, findings = read_draft(schema, text)
    issues = sentences(check(draft) if draft else findings)
    return Checked(issues=issues) if issues else Checked(kept=draft)


@dataclass(frozen=True)
class Work:
    """What one job asks for (`assignment` is None when everything exists already), and what to do with the answer.

    `label` names it for people; `items` is what the job delivers once it is done, of which `present` exist already;
    `children` are the jobs that its completion creates.
    """

    label: str
    prompt: str
    schema: type[BaseModel]
    content_type: ContentType
    content_ref: str
    items: int
    assignment: dict[str, Any] | None
    check: Callable[[str], Checked]
    store: Callable[[Session, Any, dict[str, Any]], None]
    present: int = 0
    children: Callable[[Session], list[dict[str, Any]]] = no_children


def context_of(plan: RootPlan) -> Context:
    """What the gates must know of the subject."""
    subject = plan.subject
    return Context(subject.language.value, subject.grade, subject.code)


def verdict_of(judgement: Judgement) -> Verdict:
    """A judgement as the stored item carries it."""
    return Verdict(judgement.status, judgement.score, judgement.report())


def doubts_about(
    judgement: Judgement, item_id: uuid.UUID, content_type: ContentType, plan: RootPlan, topic: TopicView
) -> list[Doubt]:
    """What a stored item is queued for, if a person must look at it."""
    if not judgement.doubts:
        return []
    reasons = tuple(judgement.reasons)
    return [Doubt(content_type, item_id, plan.subject.id, topic.chapter_id, topic.id, reasons, judgement.score)]


def assignment(plan: RootPlan, job: ClaimedJob, purpose: str, **details: Any) -> dict[str, Any]:
    """The assignment that the model reads: the subject, the details of the level, and what was wrong last time."""
    subject = plan.subject
    return {
        "purpose": purpose,
        "board": subject.board,
        "grade": subject.grade,
        "subject": {"code": subject.code, "name": subject.name},
        "language": subject.language.value,
        "attempt": job.attempts,
        "issues": job.issues,
        **details,
    }
