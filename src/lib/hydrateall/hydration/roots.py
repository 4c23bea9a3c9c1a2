"""What a root job is made of: who asks, what is ahead, and the two rows that it begins with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.clock import new_id
from hydrateall.core.models import UserRole
from hydrateall.core.settings import Settings
from hydrateall.curriculum.service import SubjectView
from hydrateall.hydration.enums import JobStatus, Level, TargetType
from hydrateall.hydration.models import HydrationJob
from hydrateall.hydration.plan import Workload
from hydrateall.hydration.schemas import Estimates, HydrateRequest


@dataclass(frozen=True)
class Actor:
    """Who asks: an identity at an outside provider (the shell, Airflow)."""

    provider: str
    external_id: str
    role: UserRole = UserRole.OPERATOR

    def user_id(self, session: Session) -> uuid.UUID:
        return audit.ensure_user(session, provider=self.provider, external_id=self.external_id, role=self.role)


@dataclass(frozen=True)
class Prospect:
    """What a request would do: its subject, the work that is left, and what that costs."""

    subject: SubjectView
    work: Workload
    estimates: Estimates


def new_root(
    session: Session,
    request: HydrateRequest,
    ahead: Prospect,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> HydrationJob:
    """The row of a root that is submitted now."""
    planned = {
        "chapters": ahead.work.chapters,
        "topics": ahead.work.topics,
        "topicsAChapter": settings.default_topics,
    }
    return HydrationJob(
        id=new_id(),
        target_type=TargetType.SUBJECT,
        target_id=ahead.subject.id,
        subject_id=ahead.subject.id,
        hierarchy_level=Level.ROOT.value,
        status=JobStatus.PENDING,
        max_retries=settings.max_retries,
        input_params={**request.model_dump(mode="json", by_alias=True), "planned": planned},
        max_cost_usd=request.options.max_cost_usd or settings.max_cost_usd,
        tenant=settings.tenant,
        estimated_cost_usd=ahead.estimates.cost_of(request.options.mode),
        estimated_duration_mins=ahead.estimates.minutes_of(request.options.mode),
        created_by=actor.user_id(session),
        created_at=now,
    )


def chapters_job(root: HydrationJob, ahead: Prospect) -> dict[str, Any]:
    """The columns of the root's first descendant, which writes the chapters."""
    return {
        "id": new_id(),
        "root_job_id": root.id,
        "parent_job_id": root.id,
        "target_type": TargetType.SUBJECT,
        "target_id": root.subject_id,
        "subject_id": root.subject_id,
        "hierarchy_level": Level.CHAPTERS.value,
        "variant": None,
        "items_expected": ahead.work.chapters,
        "max_retries": root.max_retries,
        "created_by": root.created_by,
        "trace_id": root.trace_id,
        "input_params": {},
    }
