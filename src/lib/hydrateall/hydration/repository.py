"""Every query of the job engine. Statements that guard a state stand in `include/sql/hydration/`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.core.models import User
from hydrateall.hydration.enums import ACTIVE, ExecutionPhase, JobStatus, LogSeverity
from hydrateall.hydration.models import HydrationJob, JobExecutionLog
from hydrateall.hydration.schemas import ClaimedJob


def get_job(session: Session, job_id: uuid.UUID) -> HydrationJob | None:
    return session.get(HydrationJob, job_id)


def lock_job(session: Session, job_id: uuid.UUID) -> HydrationJob | None:
    """Read the job and hold its row until the transaction ends."""
    statement = sa.select(HydrationJob).where(HydrationJob.id == job_id).with_for_update(key_share=True)
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def active_root(session: Session, subject_id: uuid.UUID) -> HydrationJob | None:
    return session.scalars(
        sa.select(HydrationJob).where(
            HydrationJob.subject_id == subject_id,
            HydrationJob.root_job_id.is_(None),
            HydrationJob.status.in_(ACTIVE),
        )
    ).first()


def root_of_dag_run(session: Session, dag_run_id: str) -> HydrationJob | None:
    return session.scalars(
        sa.select(HydrationJob).where(HydrationJob.dag_run_id == dag_run_id, HydrationJob.root_job_id.is_(None))
    ).first()


def list_roots(session: Session, *, status: JobStatus | None, most: int) -> Sequence[HydrationJob]:
    statement = sa.select(HydrationJob).where(HydrationJob.root_job_id.is_(None))
    if status:
        statement = statement.where(HydrationJob.status == status)
    return session.scalars(statement.order_by(HydrationJob.created_at.desc()).limit(most)).all()


def insert_children(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Create jobs that are not there yet; (root, level, target, variant) is the key, so a repetition adds none."""
    if values:
        session.execute(insert(HydrationJob).on_conflict_do_nothing(), list(values))


def claim(
    session: Session,
    *,
    root_id: uuid.UUID,
    level: int,
    chapter_id: uuid.UUID | None,
    worker: str,
    wanted: int,
    max_in_flight: int,
    now: datetime,
    lease_expires_at: datetime,
) -> list[ClaimedJob]:
    """Claim up to `wanted` jobs of one level and chapter, as far as the root's limit of calls in flight allows."""
    session.execute(sql("hydration/claim_lock"), {"root_id": root_id})
    claimed = rows(
        session,
        sql("hydration/claim_jobs"),
        root_id=root_id,
        level=level,
        chapter_id=chapter_id,
        worker=worker,
        wanted=wanted,
        max_in_flight=max_in_flight,
        now=now,
        lease_expires_at=lease_expires_at,
    )
    return [ClaimedJob.model_validate(dict(row)) for row in claimed]


def extend_leases(
    session: Session, *, worker: str, job_ids: Sequence[uuid.UUID], lease_expires_at: datetime
) -> dict[uuid.UUID, int]:
    """Extend the leases of jobs that this worker works on; return what it still holds, job id → token."""
    held = rows(
        session,
        sql("hydration/extend_leases"),
        worker=worker,
        job_ids=list(job_ids),
        lease_expires_at=lease_expires_at,
    )
    return {row["id"]: row["fencing_token"] for row in held}


def return_leases(
    session: Session,
    *,
    now: datetime,
    max_lost: int,
    root_id: uuid.UUID | None = None,
    owner: str | None = None,
    worker: str | None = None,
) -> Sequence[sa.RowMapping]:
    """Give back the jobs of vanished workers: expired leases, and those that an earlier try of `owner` held."""
    returned = rows(
        session,
        sql("hydration/return_leases"),
        now=now,
        max_lost=max_lost,
        root_id=root_id,
        owner=owner,
        worker=worker,
    )
    for job in returned:
        message = f"Its worker {job['locked_by']} is gone; the job is {job['status']} again."
        severity = LogSeverity.ERROR if job["status"] == JobStatus.FAILED else LogSeverity.WARNING
        log(session, job["id"], ExecutionPhase.RECONCILIATION, message, severity=severity)
    return returned


def complete(session: Session, job: ClaimedJob, *, items: int, result: dict[str, Any], now: datetime) -> bool:
    """Complete the job if its token still holds and its root runs; say whether it did."""
    done = rows(
        session,
        sql("hydration/complete_job"),
        root_id=job.root_job_id,
        job_id=job.id,
        token=job.fencing_token,
        items=items,
        result=json.dumps(result, ensure_ascii=False),
        now=now,
    )
    return bool(done)


def fail_attempt(
    session: Session,
    job: ClaimedJob,
    *,
    reason: str,
    now: datetime,
    issues: Sequence[str] = (),
    present: int = 0,
    final: bool = False,
    next_attempt_at: datetime | None = None,
) -> JobStatus | None:
    """End the attempt if its token still holds; return the job's new status, or None if the lease was lost.

    `present` of its items exist all the same.
    """
    ended = rows(
        session,
        sql("hydration/fail_attempt"),
        job_id=job.id,
        token=job.fencing_token,
        reason=reason,
        result=json.dumps({"issues": list(issues)}, ensure_ascii=False),
        present=present,
        final=final,
        next_attempt_at=next_attempt_at,
        now=now,
    )
    return JobStatus(ended[0]["status"]) if ended else None


def give_back(session: Session, job: ClaimedJob, *, now: datetime) -> None:
    """Return a job that was claimed, but whose call was not sent: the attempt does not count."""
    session.execute(sql("hydration/give_back"), {"job_id": job.id, "token": job.fencing_token, "now": now})


def due_roots(session: Session, now: datetime) -> Sequence[HydrationJob]:
    """Paused roots that go on by themselves now; each is locked, and nobody else gets it."""
    statement = sa.select(HydrationJob).where(
        HydrationJob.status == JobStatus.PAUSED, HydrationJob.root_job_id.is_(None), HydrationJob.paused_until <= now
    )
    return session.scalars(statement.with_for_update(skip_locked=True)).all()


def open_work(session: Session, *, root_id: uuid.UUID, level: int, chapter_id: uuid.UUID | None) -> sa.RowMapping:
    """The root's status, and how many jobs of this scope are open and failed."""
    return rows(session, sql("hydration/open_work"), root_id=root_id, level=level, chapter_id=chapter_id)[0]


def end_root(
    session: Session,
    root_id: uuid.UUID,
    *,
    status: JobStatus,
    reason: str | None,
    cancel_reason: str | None,
    now: datetime,
) -> bool:
    """End an open root and its open descendants; say whether it was open."""
    values = {
        "root_id": root_id,
        "status": status,
        "reason": reason,
        "cancel_reason": cancel_reason,
        "now": now,
    }
    ended = rows(session, sql("hydration/end_root"), **values)
    if ended:
        session.execute(sql("hydration/end_children"), values)
    return bool(ended)


def reopen_children(session: Session, root_id: uuid.UUID, *, max_retries: int, now: datetime) -> int:
    reopened = rows(session, sql("hydration/reopen_children"), root_id=root_id, max_retries=max_retries, now=now)
    return len(reopened)


def totals(session: Session, root_id: uuid.UUID) -> sa.RowMapping:
    return rows(session, sql("hydration/root_totals"), root_id=root_id)[0]


def failed_jobs(session: Session, root_id: uuid.UUID, *, most: int = 50) -> Sequence[sa.RowMapping]:
    return rows(session, sql("hydration/failed_jobs"), root_id=root_id, most=most)


def progress(session: Session, root_id: uuid.UUID) -> sa.RowMapping:
    return rows(session, sql("hydration/progress"), root_id=root_id)[0]


def running_now(session: Session, root_id: uuid.UUID) -> Sequence[sa.RowMapping]:
    return rows(session, sql("hydration/running_now"), root_id=root_id)


def newest_root(session: Session, subject_id: uuid.UUID) -> uuid.UUID | None:
    statement = sa.select(HydrationJob.id).where(
        HydrationJob.subject_id == subject_id, HydrationJob.root_job_id.is_(None)
    )
    return session.scalars(statement.order_by(HydrationJob.created_at.desc()).limit(1)).first()


def active_roots(session: Session, now: datetime) -> Sequence[sa.RowMapping]:
    return rows(session, sql("hydration/active_roots"), now=now)


def user_name(session: Session, user_id: uuid.UUID) -> str:
    return session.scalar(sa.select(User.name).where(User.id == user_id)) or "unknown"


def log(
    session: Session,
    job_id: uuid.UUID,
    phase: ExecutionPhase,
    message: str,
    *,
    severity: LogSeverity = LogSeverity.INFO,
    payload: dict[str, Any] | None = None,
) -> None:
    """Add one line to the job's execution log, in the caller's transaction."""
    session.add(
        JobExecutionLog(id=new_id(), job_id=job_id, phase=phase, message=message, severity=severity, payload=payload)
    )


def recent_logs(session: Session, root_id: uuid.UUID, most: int) -> Sequence[JobExecutionLog]:
    """The newest log lines of a root and its descendants, newest first."""
    family = sa.select(HydrationJob.id).where(sa.or_(HydrationJob.id == root_id, HydrationJob.root_job_id == root_id))
    statement = sa.select(JobExecutionLog).where(JobExecutionLog.job_id.in_(family))
    return session.scalars(statement.order_by(JobExecutionLog.created_at.desc()).limit(most)).all()
