"""Every query of batches: who may take the next step, what a batch holds, how far it is."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.hydration.enums import BatchStatus, JobStatus, Level
from hydrateall.hydration.models import LLMBatch
from hydrateall.hydration.schemas import ClaimedJob


def holder(batch_id: uuid.UUID) -> str:
    """The name under which a batch holds jobs; `return_leases.sql` and `active_roots.sql` know it too."""
    return f"batch:{batch_id}#1"


def take_step(session: Session, *, root_id: uuid.UUID, level: Level) -> bool:
    """Have a level's batch to oneself until the transaction ends; false if somebody else has it."""
    return bool(session.scalar(sql("hydration/batch_lock"), {"root_id": root_id, "level": level.value}))


def level_state(session: Session, *, root_id: uuid.UUID, level: Level) -> tuple[JobStatus, int]:
    """The root's status, and how many jobs of the level are open."""
    [state] = rows(session, sql("hydration/batch_state"), root_id=root_id, level=level.value)
    return JobStatus(state["root_status"]), state["open"]


def open_batch(session: Session, *, root_id: uuid.UUID, level: Level) -> LLMBatch | None:
    found = session.scalar(sql("hydration/batch_open"), {"root_id": root_id, "level": level.value})
    return session.get(LLMBatch, found) if found else None


def has_open_batch(session: Session, root_id: uuid.UUID) -> bool:
    """Say whether any level of the root has a batch that nobody has collected yet."""
    return any(session.scalar(sql("hydration/batch_open"), {"root_id": root_id, "level": each.value}) for each in Level)


def claim_batch(
    session: Session,
    *,
    root_id: uuid.UUID,
    level: Level,
    deployment: str,
    most: int,
    now: datetime,
    lease_expires_at: datetime,
) -> LLMBatch | None:
    """Open a batch with all jobs that wait at the level, in one transaction; None if there are none."""
    batch = LLMBatch(id=new_id(), root_job_id=root_id, level=level.value, deployment=deployment, created_at=now)
    session.execute(sql("hydration/claim_lock"), {"root_id": root_id})
    claimed = rows(
        session,
        sql("hydration/claim_batch"),
        root_id=root_id,
        level=level.value,
        worker=holder(batch.id),
        most=most,
        now=now,
        lease_expires_at=lease_expires_at,
    )
    if not claimed:
        return None
    batch.status, batch.requests = BatchStatus.PREPARED, len(claimed)
    session.add(batch)
    session.flush()
    return batch


def held_jobs(session: Session, batch: LLMBatch) -> list[ClaimedJob]:
    """The jobs that the batch holds; those that were cancelled or taken over meanwhile are not among them."""
    held = rows(session, sql("hydration/batch_jobs"), root_id=batch.root_job_id, worker=holder(batch.id))
    return [ClaimedJob.model_validate(dict(row)) for row in held]


def note(session: Session, batch: LLMBatch, **changes: object) -> LLMBatch:
    """Change the batch's row, in the caller's transaction; return it as it stands now."""
    row = session.get_one(LLMBatch, batch.id)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()
    return row


def finish(session: Session, batch: LLMBatch, *, status: BatchStatus, error: str | None, now: datetime) -> int:
    """Close the batch and let go of the jobs that it still holds; return how many wait again."""
    released = rows(
        session, sql("hydration/batch_release"), root_id=batch.root_job_id, worker=holder(batch.id), now=now
    )
    note(session, batch, status=status, last_error=error, collected_at=now)
    return len(released)
