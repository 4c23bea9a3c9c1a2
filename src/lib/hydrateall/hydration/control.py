"""The pause of all hydrations: what runs stops after the calls in flight, nothing is delivered, until it is lifted."""

from __future__ import annotations

import uuid
from datetime import datetime

from pydantic import Field
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.service import AirflowApi, Delivery, deliver_due
from hydrateall.hydration import control_repository, repository, service
from hydrateall.hydration.deliveries import ask_for_run
from hydrateall.hydration.enums import ExecutionPhase, JobStatus
from hydrateall.hydration.roots import Actor
from hydrateall.hydration.schemas import Wire


class ControlState(Wire):
    """Whether all hydrations are paused, why, by whom and since when."""

    paused: bool
    reason: str | None
    changed_by: str | None
    changed_at: datetime | None


class Switched(ControlState):
    """The state after the switch was thrown, and how many jobs that paused or let go on."""

    jobs: int = Field(description="Jobs that this request paused or let go on.")


def control_state(session: Session) -> ControlState:
    """The switch as it stands."""
    return ControlState.model_validate(dict(control_repository.control_state(session)))


def pause_all(session: Session, *, reason: str, actor: Actor, now: datetime) -> Switched:
    """Pause every running hydration and deliver none, until `resume_all`. A second time changes the reason only."""
    if not reason.strip():
        raise UsageError("A pause of all hydrations needs a reason.", "Say why; everybody reads it.", field="reason")
    told = f"All hydrations are paused by {actor.external_id}: {reason.strip()}"
    return _throw(session, paused=True, reason=told, actor=actor, now=now)


def resume_all(session: Session, *, actor: Actor, now: datetime) -> Switched:
    """Let go on what `pause_all` has stopped, and only that. A second time changes nothing."""
    return _throw(session, paused=False, reason=None, actor=actor, now=now)


def deliver_jobs(runtime: Runtime, airflow: AirflowApi, *, job_id: uuid.UUID | None = None) -> Delivery:
    """Deliver what waits in the outbox (of one job, or all); while all hydrations are paused, theirs stay there."""
    with runtime.database.transaction() as session:
        state = control_state(session)
    withheld = [OutboxKind.HYDRATION_JOB] if state.paused else []
    delivery = deliver_due(runtime, airflow, job_id=job_id, withheld=withheld)
    if state.paused and job_id:
        return Delivery(waiting=1, error=(state.reason or "").rstrip("."))
    return delivery


def _throw(session: Session, *, paused: bool, reason: str | None, actor: Actor, now: datetime) -> Switched:
    actor_id = actor.user_id(session)
    changed = control_repository.set_control(session, paused=paused, reason=reason, changed_by=actor_id, now=now)
    concerned = control_repository.roots_for_switch(session, paused=paused) if changed else []
    for root_id in concerned:
        if reason:
            service.pause(session, root_id, reason=reason, until=None, now=now, by_all=True)
        else:
            _go_on(session, root_id)
    if changed:
        audit.record(
            session,
            action="hydration.pause_all" if paused else "hydration.resume_all",
            entity_type="hydration_control",
            actor_id=actor_id,
            rationale=reason,
            details={"jobs": len(concerned)},
        )
    return Switched(**control_state(session).model_dump(), jobs=len(concerned))


def _go_on(session: Session, root_id: uuid.UUID) -> None:
    root = repository.lock_job(session, root_id)
    if root is None:
        return
    root.status, root.error_message, root.paused_by_all = JobStatus.PENDING, None, False
    ask_for_run(session, root)
    repository.log(session, root.id, ExecutionPhase.START, "The pause of all hydrations is over; the job goes on.")
