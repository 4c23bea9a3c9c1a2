"""Writes as they come over HTTP: once for one key, by the caller's own authority, not too fast."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import AirflowApi, Delivery
from hydrateall.hydration import control_repository, service
from hydrateall.hydration.control import deliver_jobs
from hydrateall.hydration.job_pages import DryRun
from hydrateall.hydration.roots import Actor
from hydrateall.hydration.schemas import HydrateRequest, Submission

ACCEPTED = 202


class IdempotencyKeyReused(UsageError):
    """The key belongs to another request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key!r} was used for another request.",
            "Make a new key for a new request; a repetition must be the same to the letter.",
            field="Idempotency-Key",
        )


@dataclass(frozen=True)
class Key:
    """An idempotency key, of one user for one route."""

    user_id: uuid.UUID
    route: str
    key: str

    def named(self) -> dict[str, Any]:
        """The key as binds."""
        return self.__dict__


@dataclass(frozen=True)
class Answer:
    """The answer to a submission; `replayed` if it is that of an earlier request."""

    body: dict[str, Any]
    replayed: bool = False


def preview(runtime: Runtime, request: HydrateRequest) -> DryRun:
    """Say what a request would do and cost; change nothing."""
    with runtime.database.transaction() as session:
        ahead = service.prospect(session, request, settings=runtime.settings, now=runtime.now())
    return DryRun(estimates=ahead.estimates)


def submit_once(
    runtime: Runtime,
    request: HydrateRequest,
    airflow: AirflowApi,
    *,
    actor: Actor,
    trace_id: str,
    key: str | None = None,
) -> Answer:
    """Commit the job, its outbox entry and its key together, then deliver; a key that was used repeats its answer.

    Two requests of one moment with one key make one job: the second waits for the first one's commit. An error is not
    kept: the same key may try again.
    """
    with runtime.database.transaction() as session:
        taken = Key(actor.user_id(session), "POST /hydrateAll", key) if key else None
        if taken and (kept := _kept(session, runtime, taken, request)):
            return kept
        submission = service.submit(
            session, request, actor=actor, settings=runtime.settings, now=runtime.now(), trace_id=trace_id
        )
        _keep(session, runtime, taken, _told(submission, Delivery()))
    delivery = deliver_jobs(runtime, airflow, job_id=submission.root_job_id)
    body = _told(submission, delivery)
    with runtime.database.transaction() as session:
        _keep(session, runtime, taken, body)
    return Answer(body)


def count_write(runtime: Runtime, user_name: str) -> float:
    """Count one write of a user; return the seconds to wait if it is one too many, else 0."""
    with runtime.database.transaction() as session:
        per_minute = runtime.settings.writes_per_minute
        return control_repository.count_write(session, user_name=user_name, per_minute=per_minute, now=runtime.now())


def _kept(session: Session, runtime: Runtime, key: Key, request: HydrateRequest) -> Answer | None:
    """Take the key for this request, or return the answer that it has; raise IdempotencyKeyReused."""
    now = runtime.now()
    digest = hashlib.sha256(json.dumps(request.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
    expires_at = now + timedelta(hours=runtime.settings.idempotency_hours)
    if control_repository.take_key(session, **key.named(), digest=digest, now=now, expires_at=expires_at):
        return None
    found = control_repository.kept_answer(session, **key.named())
    if found["request_digest"] != digest:
        raise IdempotencyKeyReused(key.key)
    return Answer(found["body"], replayed=True)


def _keep(session: Session, runtime: Runtime, key: Key | None, body: dict[str, Any]) -> None:
    if key:
        control_repository.keep_answer(session, **key.named(), status=ACCEPTED, body=body, now=runtime.now())


def _told(submission: Submission, delivery: Delivery) -> dict[str, Any]:
    waits = "The outbox delivers it within the minute."
    why = f"Airflow has not taken it yet: {delivery.error}. {waits}" if delivery.error else waits
    message = "HydrateAll job created successfully; " + ("Airflow has it." if delivery.sent else why)
    told = submission.model_copy(update={"delivered": bool(delivery.sent), "message": message})
    return told.model_dump(mode="json", by_alias=True)
