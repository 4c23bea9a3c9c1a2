"""Queries of named locks, which keep two runs of one duty apart and remember what the last one did."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.hydration.models import JobLock


def take_lock(session: Session, name: str, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take a named lock until a moment; say whether it is ours now."""
    return bool(rows(session, sql("hydration/take_lock"), name=name, holder=holder, now=now, until=until))


def release_lock(session: Session, name: str, *, holder: str, now: datetime, result: dict[str, Any]) -> None:
    """Release the lock and keep what its holder did."""
    session.execute(
        sql("hydration/release_lock"),
        {"name": name, "holder": holder, "now": now, "result": json.dumps(result)},
    )


def lock_state(session: Session, name: str) -> JobLock | None:
    return session.get(JobLock, name)
