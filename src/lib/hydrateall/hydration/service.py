"""The life of a root job: submit, open, cancel, resume, close. Each is one transaction of the caller."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.errors import Conflict
from hydrateall.core.settings import Settings
from hydrateall.curriculum.service import find_subject, subject_view
from hydrateall.documents.service import require_realm
from hydrateall.hydration import control_repository, repository
from hydrateall.hydration.deliveries import ask_for_run, tell
from hydrateall.hydration.enums import ACTIVE, ExecutionPhase, JobEvent, JobStatus, LogSeverity, Mode
from hydrateall.hydration.errors import JobActive, JobEnded, NothingToBatch, NothingToResume, NotRunning, UnknownJob
from hydrateall.hydration.estimates import estimate
from hydrateall.hydration.models import HydrationJob
from hydrateall.hydration.plan import workload
from hydrateall.hydration.roots import Actor, Prospect, chapters_job, new_root
from hydrateall.hydration.schemas import HydrateRequest, Submission
from hydrateall.hydration.second_opinion import require_possible
from hydrateall.hydration.views import missing_items

__all__ = ["Actor", "Prospect", "cancel", "close", "open_root", "pause", "pause_by", "prospect", "resume", "submit"]

RESUMABLE = (JobStatus.PAUSED, JobStatus.FAILED, JobStatus.CANCELLED)


def prospect(session: Session, request: HydrateRequest, *, settings: Settings, now: datetime) -> Prospect:
    """Look ahead without changing anything: seed 001's dry run.

    Raise NothingToBatch for the offline writer, NoSecondOpinion where none can be given, NothingSearchable where
    the realm that it is to stand on holds nothing in its language.
    """
    require_possible(request.options, settings)
    if request.options.mode is Mode.BATCH and settings.model_provider == "offline":
        raise NothingToBatch
    subject = find_subject(
        session,
        board=request.board_code,
        grade=request.grade,
        subject=request.subject_code,
        language=request.language,
    )
    if request.options.ground:
        require_realm(session, request.options.ground, request.language)
    work = workload(session, subject, request.options, settings)
    estimates = estimate(session, subject=subject, options=request.options, work=work, settings=settings, now=now)
    return Prospect(subject, work, estimates)


def submit(
    session: Session,
    request: HydrateRequest,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    dag_run_id: str | None = None,
    trace_id: str | None = None,
) -> Submission:
    """Create the root job, its chapters job and its outbox entry together; raise JobActive if one is open.

    With `dag_run_id` the job belongs to a run that exists already (a person triggered it), so nothing is delivered.
    """
    ahead = prospect(session, request, settings=settings, now=now)
    if active := repository.active_root(session, ahead.subject.id):
        raise JobActive(ahead.subject.title, active.id)
    root = new_root(session, request, ahead, actor=actor, settings=settings, now=now)
    root.trace_id = trace_id or f"hydrate-{root.id.hex[-12:]}"
    root.dag_run_id = dag_run_id
    try:
        with session.begin_nested():
            session.add(root)
            session.flush()
    except IntegrityError:
        if other := repository.active_root(session, ahead.subject.id):
            raise JobActive(ahead.subject.title, other.id) from None
        raise
    repository.insert_children(session, [chapters_job(root, ahead)])
    if dag_run_id is None:
        ask_for_run(session, root)
    repository.log(session, root.id, ExecutionPhase.START, f"Submitted: {ahead.subject.title}.")
    _audit(session, root, "hydration.submit", root.created_by, details=root.input_params)
    return Submission(
        root_job_id=root.id,
        status=JobStatus.PENDING,
        estimates=ahead.estimates,
        trace_id=root.trace_id,
        created_at=now,
    )


def open_root(session: Session, root_id: uuid.UUID, *, dag_run_id: str, now: datetime) -> HydrationJob:
    """Start a pending root under this DAG run; a root that runs or has ended is returned as it is.

    While all hydrations are paused it is paused at once, and goes on when they do.
    """
    why = control_repository.pause_of_all(session)
    root = _locked_root(session, root_id)
    if root.status is JobStatus.PENDING and why:
        root.dag_run_id = dag_run_id
        _pause(session, root, reason=why, until=None, now=now, by_all=True)
    elif root.status is JobStatus.PENDING:
        root.status = JobStatus.RUNNING
        root.started_at = root.started_at or now
        repository.log(session, root.id, ExecutionPhase.RUNNING, f"Started by DAG run {dag_run_id}.")
    if root.status is JobStatus.RUNNING:
        root.dag_run_id = dag_run_id
    return root


def cancel(session: Session, root_id: uuid.UUID, *, actor: Actor, reason: str, now: datetime) -> None:
    """Cancel an open root and everything open below it. Late results are refused by their fencing tokens."""
    root = _locked_root(session, root_id)
    if root.status not in ACTIVE:
        raise JobEnded(root.id, root.status)
    repository.end_root(session, root.id, status=JobStatus.CANCELLED, reason=None, cancel_reason=reason, now=now)
    _settle_figures(session, root, now)
    repository.log(session, root.id, ExecutionPhase.SUMMARY, f"Cancelled by {actor.external_id}: {reason}")
    tell(session, root, JobEvent.CANCELLED, reason, now)
    _audit(session, root, "hydration.cancel", actor.user_id(session), rationale=reason)


def resume(
    session: Session,
    root_id: uuid.UUID,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    max_cost_usd: Decimal | None = None,
) -> int:
    """Re-open a paused, failed or cancelled root: only what is missing is done. Return how many jobs re-open."""
    root = _locked_root(session, root_id)
    if root.status not in RESUMABLE:
        raise NothingToResume(root.id, root.status)
    active = repository.active_root(session, root.subject_id)
    if active and active.id != root.id:
        raise JobActive(subject_view(session, root.subject_id).title, active.id)
    root.status = JobStatus.PENDING
    root.finished_at = root.error_message = root.cancel_reason = root.actual_duration_mins = root.paused_until = None
    root.paused_by_all = False
    root.max_cost_usd = max_cost_usd or root.max_cost_usd
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(f"Another job of the subject of {root_id} was started at this moment.") from None
    reopened = repository.reopen_children(session, root.id, max_retries=settings.max_retries, now=now)
    ask_for_run(session, root)
    repository.log(session, root.id, ExecutionPhase.START, f"Resumed by {actor.external_id}: {reopened} jobs again.")
    _audit(session, root, "hydration.resume", actor.user_id(session), details={"reopened": reopened})
    return reopened


def pause(
    session: Session,
    root_id: uuid.UUID,
    *,
    reason: str,
    until: datetime | None,
    now: datetime,
    by_all: bool = False,
) -> None:
    """Pause a running root: no more calls, what is in flight is kept. It goes on at `until`, or by `resume`.

    `by_all` says that the pause of all hydrations is the cause, whose end lets it go on.
    """
    root = _locked_root(session, root_id)
    if root.status is JobStatus.RUNNING:
        _pause(session, root, reason=reason, until=until, now=now, by_all=by_all)


def _pause(
    session: Session, root: HydrationJob, *, reason: str, until: datetime | None, now: datetime, by_all: bool
) -> None:
    root.status = JobStatus.PAUSED
    root.error_message, root.paused_until, root.paused_by_all = reason, until, by_all
    _settle_figures(session, root, now)
    repository.log(session, root.id, ExecutionPhase.ERROR, reason, severity=LogSeverity.WARNING)
    tell(session, root, JobEvent.PAUSED, reason, now)


def pause_by(session: Session, root_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """Pause a running root because a person wants it; raise NotRunning."""
    root = _locked_root(session, root_id)
    if root.status is not JobStatus.RUNNING:
        raise NotRunning(root.id, root.status)
    reason = f"Paused by {actor.external_id}."
    pause(session, root_id, reason=reason, until=None, now=now)
    _audit(session, root, "hydration.pause", actor.user_id(session), rationale=reason)


def resume_due(session: Session, *, now: datetime) -> int:
    """Let the paused roots go on whose time has come; return how many."""
    due = repository.due_roots(session, now)
    for root in due:
        root.status, root.error_message, root.paused_until = JobStatus.PENDING, None, None
        ask_for_run(session, root)
        repository.log(session, root.id, ExecutionPhase.START, "The pause is over; the job goes on.")
    return len(due)


def close(session: Session, root_id: uuid.UUID, *, now: datetime) -> HydrationJob:
    """End a running root that has nothing open: completed, or failed with what is missing and why. Idempotent."""
    root = _locked_root(session, root_id)
    totals = repository.totals(session, root.id)
    if root.status is not JobStatus.RUNNING or totals["open"]:
        return root
    root.status = JobStatus.FAILED if totals["failed"] else JobStatus.COMPLETED
    root.finished_at = now
    if totals["failed"]:
        missing = missing_items(session, root.id)
        root.error_message = f"{totals['failed']} of {totals['jobs']} jobs failed. " + "; ".join(
            f"{item.what} of {item.where}: {item.reason}" for item in missing[:5]
        )
    _settle_figures(session, root, now)
    severity = LogSeverity.ERROR if totals["failed"] else LogSeverity.INFO
    message = root.error_message or f"Completed: {totals['completed']} jobs, ${totals['cost_usd']:.4f}."
    repository.log(session, root.id, ExecutionPhase.SUMMARY, message, severity=severity)
    tell(session, root, JobEvent.FAILED if totals["failed"] else JobEvent.COMPLETED, message, now)
    return root


def _settle_figures(session: Session, root: HydrationJob, now: datetime) -> None:
    """Fix the root's cost and duration at its end."""
    root.actual_cost_usd = repository.totals(session, root.id)["cost_usd"]
    root.actual_duration_mins = round((now - root.created_at).total_seconds() / 60, 3)


def _locked_root(session: Session, root_id: uuid.UUID) -> HydrationJob:
    job = repository.lock_job(session, root_id)
    if job is None or job.root_job_id is not None:
        raise UnknownJob(root_id)
    return job


def _audit(
    session: Session,
    root: HydrationJob,
    action: str,
    actor_id: uuid.UUID,
    *,
    rationale: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        action=action,
        entity_type="hydration_job",
        entity_id=root.id,
        actor_id=actor_id,
        rationale=rationale,
        trace_id=root.trace_id,
        details=details,
    )
