"""The work of one job, as every level describes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.validation.service import Finding


def no_children(_: Session) -> list[dict[str, Any]]:
    """What follows from a note or a question set: nothing."""
    return []


@dataclass(frozen=True)
class Work:
    """What one job asks for (`assignment` is None when everything exists already), and what to do with the answer.

    `label` names it for people; `items` is what the job delivers once it is done; `children` are the jobs that its
    completion creates.
    """

    label: str
    prompt: str
    schema: type[BaseModel]
    content_type: ContentType
    content_ref: str
    items: int
    assignment: dict[str, Any] | None
    check: Callable[[Any], Sequence[Finding]]
    store: Callable[[Session, Any, dict[str, Any]], None]
    children: Callable[[Session], list[dict[str, Any]]] = no_children


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
