"""Delivery of the outbox: intent that is committed reaches Airflow at least once, and counts once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from hydrateall.core.runtime import Runtime
from hydrateall.hydration import repository, service
from hydrateall.hydration.airflow_api import AirflowApi
from hydrateall.hydration.enums import DAGS, Mode
from hydrateall.hydration.errors import NotDelivered


@dataclass(frozen=True)
class Delivery:
    """What a delivery did; `error` is why the last entry that waits was not taken."""

    sent: int = 0
    waiting: int = 0
    error: str = ""


def deliver_due(runtime: Runtime, airflow: AirflowApi, *, job_id: uuid.UUID | None = None) -> Delivery:
    """Deliver the entries that wait (of one job, or of all).

    Each is claimed first, so that two dispatchers share the work; a crash between the trigger and the mark makes
    the entry due again, and Airflow then answers that the run exists already.
    """
    now = runtime.now()
    with runtime.database.transaction() as session:
        if job_id is None:
            service.resume_due(session, now=now)
        due = repository.claim_outbox(
            session,
            now=now,
            claimed_until=now + timedelta(seconds=runtime.settings.outbox_lease_seconds),
            most=runtime.settings.outbox_batch,
            job_id=job_id,
        )
    sent, error = 0, ""
    for entry in due:
        dag = entry["payload"].get("dag", DAGS[Mode.FAST])
        failure = _deliver(airflow, dag, entry["dag_run_id"], str(entry["job_id"]))
        with runtime.database.transaction() as session:
            sent_at = None if failure else runtime.now()
            repository.settle_outbox(session, entry["id"], sent_at=sent_at, error=failure or None)
        sent, error = sent + (not failure), failure or error
    return Delivery(sent=sent, waiting=len(due) - sent, error=error)


def _deliver(airflow: AirflowApi, dag: str, dag_run_id: str, job_id: str) -> str:
    """Trigger the run; return why it failed, or nothing."""
    try:
        airflow.trigger(dag_run_id, {"job_id": job_id}, dag=dag)
    except NotDelivered as error:
        return error.message
    return ""
