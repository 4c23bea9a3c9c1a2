"""All hydrations at one look: the days of the last month, the targets, what waits and for what, the machinery."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.views import RECONCILER_LOCK

DAYS = 30
MOST_WAITING = 50
PATIENCE = timedelta(minutes=6)  # the reconciler comes every five minutes: what is silent longer, it did not put right
TOLERANCE = 0.10  # of an estimate of costs


class Day(BaseModel):
    """What a day (UTC) brought: root jobs by how they ended, and what its calls cost."""

    day: date
    completed: int
    failed: int
    cancelled: int
    cost_usd: Decimal

    @property
    def ended(self) -> int:
        """Jobs that ended, however."""
        return self.completed + self.failed + self.cancelled


class TargetFigures(BaseModel):
    """What the targets are measured by. Durations are minutes, the reconciler's are seconds; None: nothing to measure.

    `ended` are the jobs that completed or failed; `deviation` is the median of |actual / estimated - 1|.
    """

    ended: int
    completed: int
    timed: int
    minutes: float | None
    minutes_p95: float | None
    estimated: int
    well_estimated: int
    deviation: float | None
    reconciliations: int
    reconciler_p95: float | None
    reconciler_longest: float | None
    claims: int
    lost: int


class WaitsFor(StrEnum):
    """What an active job waits for."""

    END_OF_PAUSE = "end_of_pause"  # of all hydrations
    MOMENT = "moment"  # paused until then, and goes on by itself
    PERSON = "person"  # paused until somebody resumes it
    DELIVERY = "delivery"  # Airflow has not taken it yet
    SCHEDULER = "scheduler"  # Airflow has taken it and not begun
    PROVIDER = "provider"  # a batch is at the provider
    NEXT_ATTEMPT = "next_attempt"  # a failed call is tried again
    WORKER = "worker"  # work is there, and nobody does it
    CLOSING = "closing"  # everything is done, but the job is open
    NOTHING = "nothing"  # a worker is at it


@dataclass(frozen=True)
class Waiting:
    """One active job: what it waits for since when, until when if that is known, and the words that were kept."""

    job_id: uuid.UUID
    subject: str
    status: JobStatus
    waits_for: WaitsFor
    since: datetime
    until: datetime | None = None
    words: str | None = None
    stuck: bool = False


class Machinery(BaseModel):
    """The switch that pauses all, what the outbox still holds, and the reconciler's last run."""

    paused: bool
    pause_reason: str | None
    paused_by: str | None
    paused_at: datetime | None
    undelivered: int
    undelivered_since: datetime | None
    delivery_error: str | None
    reconciled_at: datetime | None
    reconciled: dict[str, Any] | None
    reconciling: str | None


def last_days(session: Session, *, now: datetime, days: int = DAYS) -> list[Day]:
    """The last days, the oldest first, today the last; a day without jobs too."""
    today = now.astimezone(UTC).date()
    found = rows(session, sql("hydration/month_days"), first=today - timedelta(days=days - 1), last=today)
    return [Day.model_validate(dict(row)) for row in found]


def target_figures(session: Session, *, now: datetime, days: int = DAYS) -> TargetFigures:
    """What the targets of the last days are measured by."""
    found = rows(session, sql("hydration/targets"), since=now - timedelta(days=days), tolerance=TOLERANCE)
    return TargetFigures.model_validate(dict(found[0]))


def machinery(session: Session) -> Machinery:
    """What drives the jobs, as it stands."""
    return Machinery.model_validate(dict(rows(session, sql("hydration/machinery"), reconciler=RECONCILER_LOCK)[0]))


def waiting_jobs(session: Session, *, now: datetime, most: int = MOST_WAITING) -> list[Waiting]:
    """What each active job waits for, the oldest first."""
    return [_waiting(dict(row), now) for row in rows(session, sql("hydration/waiting"), now=now, most=most)]


def _waiting(row: dict[str, Any], now: datetime) -> Waiting:
    waits_for, since, until, words = _reason(row)
    lately = {WaitsFor.DELIVERY, WaitsFor.SCHEDULER, WaitsFor.WORKER, WaitsFor.CLOSING}
    return Waiting(
        job_id=row["id"],
        subject=f"{row['board_code']} · grade {row['grade']} · {row['subject_name']} · {row['language']}",
        status=JobStatus(row["status"]),
        waits_for=waits_for,
        since=since,
        until=until,
        words=words,
        stuck=waits_for is WaitsFor.PERSON or (waits_for in lately and since < now - PATIENCE),
    )


def _reason(row: dict[str, Any]) -> tuple[WaitsFor, datetime, datetime | None, str | None]:
    """What a job waits for, since when, until when, and the words that were kept."""
    if row["status"] == JobStatus.PAUSED:
        return _pause(row)
    if row["asked_at"] and row["sent_at"] is None:
        return WaitsFor.DELIVERY, row["asked_at"], None, row["delivery_error"]
    if row["status"] == JobStatus.PENDING:
        return WaitsFor.SCHEDULER, row["sent_at"] or row["created_at"], None, row["dag_run_id"]
    last_change = row["last_change"] or row["started_at"] or row["created_at"]
    if row["batch_id"]:
        return WaitsFor.PROVIDER, row["batch_since"], None, None
    if row["leased"]:
        return WaitsFor.NOTHING, last_change, None, None
    if not row["open"]:
        return WaitsFor.CLOSING, last_change, None, None
    if row["retry_at"] and not row["due"]:
        return WaitsFor.NEXT_ATTEMPT, last_change, row["retry_at"], row["retry_error"]
    return WaitsFor.WORKER, last_change, None, None


def _pause(row: dict[str, Any]) -> tuple[WaitsFor, datetime, datetime | None, str | None]:
    if row["paused_by_all"]:
        return WaitsFor.END_OF_PAUSE, row["updated_at"], None, row["error_message"]
    if row["paused_until"]:
        return WaitsFor.MOMENT, row["updated_at"], row["paused_until"], row["error_message"]
    return WaitsFor.PERSON, row["updated_at"], None, row["error_message"]
