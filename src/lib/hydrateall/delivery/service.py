"""The outbox's door: add an entry with the work that it asks for, deliver what waits."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.runtime import Runtime
from hydrateall.delivery import repository
from hydrateall.delivery.airflow_api import AirflowApi, FakeAirflow, RestAirflow
from hydrateall.delivery.enums import DAG_RUNS, OutboxKind
from hydrateall.delivery.errors import NotDelivered
from hydrateall.delivery.models import OutboxEntry

__all__ = [
    "AirflowApi",
    "Delivery",
    "FakeAirflow",
    "Notice",
    "RestAirflow",
    "add_entry",
    "add_notice",
    "deliver_due",
    "deliveries_of",
    "take_notices",
]

FIRST_DAG = "hydrate_subject"  # entries older than the second DAG do not name theirs


@dataclass(frozen=True)
class Delivery:
    """What a delivery did; `error` is why the last entry that waits was not taken."""

    sent: int = 0
    waiting: int = 0
    error: str = ""


def add_entry(
    session: Session,
    *,
    kind: OutboxKind,
    dag: str,
    dag_run_id: str,
    conf: Mapping[str, Any],
    trace_id: str | None,
    job_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Add the intent to run a DAG to the caller's transaction; return the entry's id.

    `dag_run_id` is the key of the delivery: Airflow starts one run under it, however often it is told.
    """
    payload = {"dag": dag, "conf": dict(conf), "traceId": trace_id}
    entry = OutboxEntry(id=new_id(), kind=kind, job_id=job_id, dag_run_id=dag_run_id, payload=payload)
    repository.add(session, entry)
    return entry.id


@dataclass(frozen=True)
class Notice:
    """An event that people may have asked to be told of."""

    entry_id: uuid.UUID
    payload: dict[str, Any]


def add_notice(session: Session, payload: Mapping[str, Any], *, key: str | None = None) -> bool:
    """Add an event to the caller's transaction; say whether it is new: what has the same `key` is told once."""
    new = key is None or not repository.has_entry(session, key)
    if new:
        entry = OutboxEntry(id=new_id(), kind=OutboxKind.NOTIFICATION, dag_run_id=key, payload=dict(payload))
        repository.add(session, entry)
    return new


def take_notices(session: Session, *, now: datetime, most: int) -> list[Notice]:
    """Take the events that wait; they count as delivered when the caller's transaction commits."""
    due = repository.claim_outbox(session, kinds=[OutboxKind.NOTIFICATION], now=now, claimed_until=now, most=most)
    for entry in due:
        repository.settle(session, entry["id"], sent_at=now, error=None)
    return [Notice(entry["id"], entry["payload"]) for entry in due]


def deliveries_of(session: Session, job_id: uuid.UUID) -> int:
    """How many entries a hydration job has had, delivered or not."""
    return repository.count_of_job(session, job_id)


def deliver_due(
    runtime: Runtime,
    airflow: AirflowApi,
    *,
    job_id: uuid.UUID | None = None,
    entry_ids: Collection[uuid.UUID] | None = None,
    withheld: Collection[OutboxKind] = (),
) -> Delivery:
    """Deliver the entries that wait (of one job, by their ids, or all), but those of the `withheld` kinds.

    Each is claimed first, so that two dispatchers share the work; a crash between the trigger and the mark makes
    the entry due again, and Airflow then answers that the run exists already.
    """
    now = runtime.now()
    with runtime.database.transaction() as session:
        due = repository.claim_outbox(
            session,
            kinds=[kind for kind in DAG_RUNS if kind not in withheld],
            now=now,
            claimed_until=now + timedelta(seconds=runtime.settings.outbox_lease_seconds),
            most=runtime.settings.outbox_batch,
            job_id=job_id,
            entry_ids=entry_ids,
        )
    sent, error = 0, ""
    for entry in due:
        failure = _deliver(airflow, entry)
        with runtime.database.transaction() as session:
            sent_at = None if failure else runtime.now()
            repository.settle(session, entry["id"], sent_at=sent_at, error=failure or None)
        sent, error = sent + (not failure), failure or error
    return Delivery(sent=sent, waiting=len(due) - sent, error=error)


def _deliver(airflow: AirflowApi, entry: sa.RowMapping) -> str:
    """Trigger the run; return why it failed, or nothing. An entry from before `conf` means the job that it names."""
    payload = entry["payload"]
    conf = payload["conf"] if "conf" in payload else {"job_id": payload["jobId"]}
    try:
        airflow.trigger(entry["dag_run_id"], conf, dag=payload.get("dag", FIRST_DAG))
    except NotDelivered as error:
        return error.message
    return ""
