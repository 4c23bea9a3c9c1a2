"""Every query of the switch that pauses all, of kept answers, and of the rate of writes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql


def pause_of_all(session: Session) -> str | None:
    """Why all hydrations are paused, or None; it stays so until the transaction ends."""
    found = rows(session, sql("hydration/control_lock"))
    return found[0]["reason"] if found and found[0]["paused"] else None


def control_state(session: Session) -> sa.RowMapping:
    return rows(session, sql("hydration/control_state"))[0]


def set_control(session: Session, *, paused: bool, reason: str | None, changed_by: uuid.UUID, now: datetime) -> bool:
    """Throw the switch; say whether it stood otherwise."""
    values = {"paused": paused, "reason": reason, "changed_by": changed_by, "now": now}
    return bool(rows(session, sql("hydration/set_control"), **values))


def roots_for_switch(session: Session, *, paused: bool) -> list[uuid.UUID]:
    return [row["id"] for row in rows(session, sql("hydration/roots_for_switch"), paused=paused)]


def take_key(
    session: Session,
    *,
    user_id: uuid.UUID,
    route: str,
    key: str,
    digest: str,
    now: datetime,
    expires_at: datetime,
) -> bool:
    """Take an idempotency key; False if it was used within its time."""
    values = {"user_id": user_id, "route": route, "key": key, "digest": digest, "now": now, "expires_at": expires_at}
    return bool(rows(session, sql("hydration/take_key"), **values))


def kept_answer(session: Session, *, user_id: uuid.UUID, route: str, key: str) -> sa.RowMapping:
    return rows(session, sql("hydration/kept_answer"), user_id=user_id, route=route, key=key)[0]


def keep_answer(
    session: Session,
    *,
    user_id: uuid.UUID,
    route: str,
    key: str,
    status: int,
    body: dict[str, Any],
    now: datetime,
) -> None:
    values = {"user_id": user_id, "route": route, "key": key, "status": status, "now": now}
    session.execute(sql("hydration/keep_answer"), {**values, "body": json.dumps(body, ensure_ascii=False)})


def count_write(session: Session, *, user_name: str, per_minute: int, now: datetime) -> float:
    """Count one write; return the seconds to wait if it is one too many, else 0."""
    found: Sequence[sa.RowMapping] = rows(
        session, sql("hydration/count_write"), user_name=user_name, per_minute=per_minute, now=now
    )
    return float(found[0]["wait_seconds"])
