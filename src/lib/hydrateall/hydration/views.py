"""How jobs are shown: progress, cost, time, what is missing."""

from __future__ import annotations

import uuid
from decimal import Decimal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.curriculum.service import subject_view
from hydrateall.hydration import locks, repository
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import UnknownJob
from hydrateall.hydration.models import HydrationJob
from hydrateall.hydration.schemas import (
    Cost,
    FailedItem,
    JobView,
    LevelProgress,
    LogLine,
    Progress,
    PurposeUsage,
    Timing,
)
from hydrateall.llm.service import usage_of_root

RECONCILER_LOCK = "hydration_reconciler"
LEVEL_NAMES = ("chapters", "topics", "notes", "questions")


def job_view(session: Session, root_id: uuid.UUID, *, logs: int = 10) -> JobView:
    """Return a root job with its live progress and cost; raise UnknownJob. Without logs, its usage is left out too."""
    root = repository.get_job(session, root_id)
    if root is None or root.root_job_id is not None:
        raise UnknownJob(root_id)
    return _view(session, root, logs)


def list_jobs(session: Session, *, status: JobStatus | None = None, most: int = 20) -> list[JobView]:
    """Return the newest root jobs, newest first, without their logs."""
    return [_view(session, root, 0) for root in repository.list_roots(session, status=status, most=most)]


def _view(session: Session, root: HydrationJob, logs: int) -> JobView:
    totals = repository.totals(session, root.id)
    subject = subject_view(session, root.subject_id)
    return JobView(
        job_id=root.id,
        status=root.status,
        subject=subject.title,
        board_code=subject.board,
        grade=subject.grade,
        subject_code=subject.code,
        language=subject.language.value,
        progress=progress_of(session, root.id),
        timing=Timing(
            created_at=root.created_at,
            started_at=root.started_at,
            finished_at=root.finished_at,
            estimated_duration_mins=root.estimated_duration_mins,
            actual_duration_mins=root.actual_duration_mins,
        ),
        cost=Cost(estimated=root.estimated_cost_usd, actual=totals["cost_usd"], budget=root.max_cost_usd),
        error_message=root.error_message,
        cancel_reason=root.cancel_reason,
        paused_until=root.paused_until,
        dag_run_id=root.dag_run_id,
        trace_id=root.trace_id,
        created_by=repository.user_name(session, root.created_by),
        sample=totals["sample"],
        usage=_usage(session, root.id) if logs else [],
        recent_logs=[_line(entry) for entry in repository.recent_logs(session, root.id, logs)] if logs else [],
    )


def _usage(session: Session, root_id: uuid.UUID) -> list[PurposeUsage]:
    shown = set(PurposeUsage.model_fields)
    return [PurposeUsage(**use.model_dump(include=shown)) for use in usage_of_root(session, root_id)]


def _line(entry: object) -> LogLine:
    return LogLine.model_validate(entry, from_attributes=True)


def progress_of(session: Session, root_id: uuid.UUID) -> Progress:
    """The progress of a root, from the view that derives it."""
    row = repository.progress(session, root_id)
    levels = {
        name: LevelProgress(completed=row[f"{name}_completed"], expected=row[f"{name}_expected"])
        for name in LEVEL_NAMES
    }
    return Progress(overall=float(row["overall_progress"]), **levels)


def missing_items(session: Session, root_id: uuid.UUID) -> list[FailedItem]:
    """What a root could not deliver: each failed job in words."""
    return [
        FailedItem(
            job_id=row["id"],
            what=_what(Level(row["hierarchy_level"]), row["items_expected"] - row["items_completed"], row["variant"]),
            where=_where(row["chapter_number"], row["chapter_title"], row["topic_number"], row["topic_title"]),
            reason=row["error_message"] or "unknown",
        )
        for row in repository.failed_jobs(session, root_id)
    ]


def _what(level: Level, items: int, variant: str | None) -> str:
    if level is Level.QUESTIONS:
        return f"{items} {variant} question{'s' * (items != 1)}"
    return {Level.CHAPTERS: "the chapters", Level.TOPICS: "the topics", Level.NOTES: "the note"}[level]


def _where(chapter: int | None, chapter_title: str | None, topic: int | None, topic_title: str | None) -> str:
    if topic is not None:
        return f"{chapter}.{topic} {topic_title}"
    return f"chapter {chapter} {chapter_title}" if chapter is not None else "the subject"


class RunningNow(BaseModel):
    """Model calls in flight of one level of one chapter."""

    level: Level
    chapter: int | None
    calls: int

    @property
    def name(self) -> str:
        """The level's name, e.g. "notes"."""
        return LEVEL_NAMES[self.level - 1]


def running_now(session: Session, root_id: uuid.UUID) -> list[RunningNow]:
    """What the root's workers hold at this moment."""
    return [
        RunningNow(
            level=row["hierarchy_level"],
            chapter=row["chapter_number"],
            calls=row["calls"],
        )
        for row in repository.running_now(session, root_id)
    ]


class JobUsage(BaseModel):
    """What all calls of a root came to; `uncertain` answers got lost and may have been billed on top."""

    calls: int
    cached: int
    rejected: int
    errors: int
    discarded: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal
    uncertain: int
    uncertain_usd: Decimal


def usage_of(session: Session, root_id: uuid.UUID) -> JobUsage:
    """Sum up the calls of a root."""
    uses = usage_of_root(session, root_id)
    return JobUsage(
        calls=sum(use.calls for use in uses),
        cached=sum(use.cached for use in uses),
        rejected=sum(use.rejected for use in uses),
        errors=sum(use.errors for use in uses),
        discarded=sum(use.discarded for use in uses),
        prompt_tokens=sum(use.prompt_tokens for use in uses),
        completion_tokens=sum(use.completion_tokens for use in uses),
        cost_usd=sum((use.cost_usd for use in uses), Decimal(0)),
        uncertain=sum(use.uncertain for use in uses),
        uncertain_usd=sum((use.uncertain_usd for use in uses), Decimal(0)),
    )


def newest_root(session: Session, subject_id: uuid.UUID) -> uuid.UUID | None:
    """The subject's newest root job."""
    return repository.newest_root(session, subject_id)


def subject_of(session: Session, root_id: uuid.UUID) -> uuid.UUID:
    """The subject that a root hydrates; raise UnknownJob."""
    root = repository.get_job(session, root_id)
    if root is None:
        raise UnknownJob(root_id)
    return root.subject_id


def reconciler_state(session: Session) -> str:
    """When the reconciler last ran and what it did, in a sentence."""
    state = locks.lock_state(session, RECONCILER_LOCK)
    if state is None or state.last_run_at is None:
        return "The reconciler has not run yet; Airflow starts it every five minutes."
    result = state.last_result or {}
    return (
        f"The reconciler last ran at {state.last_run_at.astimezone():%d %b %H:%M:%S}: "
        f"{result.get('roots', 0)} open jobs, {result.get('leases_returned', 0)} leases returned, "
        f"{result.get('reopened', 0)} delivered again, {result.get('closed', 0)} closed."
    )
