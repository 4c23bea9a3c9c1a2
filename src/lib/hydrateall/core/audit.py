"""Who did what: users by their outside identity, and the audit trail."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.models import AuditLog, User, UserRole


def ensure_user(session: Session, *, provider: str, external_id: str, role: UserRole) -> uuid.UUID:
    """Return the user's id; a user seen for the first time is created with `role`. Idempotent by identity."""
    identity = sa.select(User.id).where(User.identity_provider == provider, User.external_id == external_id)
    if known := session.scalar(identity):
        return known  # without a lock: two writes of one person must not wait for each other
    statement = (
        insert(User)
        .values(id=new_id(), identity_provider=provider, external_id=external_id, name=external_id, role=role)
        .on_conflict_do_update(index_elements=["identity_provider", "external_id"], set_={"external_id": external_id})
        .returning(User.id)
    )
    return session.execute(statement).scalar_one()


def record(
    session: Session,
    *,
    action: str,
    entity_type: str,
    entity_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    rationale: str | None = None,
    trace_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one audit row to the caller's transaction."""
    session.add(
        AuditLog(
            action=action,
            entity_type=entity_type,
            entity_id=entity_id,
            actor_id=actor_id,
            rationale=rationale,
            trace_id=trace_id,
            details=details or {},
        )
    )
