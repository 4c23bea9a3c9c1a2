"""What a root job puts into the outbox: an entry for each time that it is to run, and one for each event to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.service import add_entry, add_notice, deliveries_of
from hydrateall.hydration.enums import DAGS, JobEvent, Mode
from hydrateall.hydration.models import HydrationJob


def ask_for_run(session: Session, root: HydrationJob) -> str:
    """Ask for a run of this root, by the DAG of its mode; its id is made of the job's and a number, and returned."""
    dag_run_id = f"hydrate__{root.id}__{deliveries_of(session, root.id) + 1}"
    add_entry(
        session,
        kind=OutboxKind.HYDRATION_JOB,
        dag=DAGS[Mode(root.input_params["options"].get("mode", Mode.FAST))],
        dag_run_id=dag_run_id,
        conf={"job_id": str(root.id)},
        trace_id=root.trace_id,
        job_id=root.id,
    )
    return dag_run_id


def tell(session: Session, root: HydrationJob, event: JobEvent, reason: str, now: datetime) -> None:
    """Add an event to the outbox; who asked to know of it is found when it is delivered.

    It does not name the job in `job_id`: those entries are the job's DAG runs.
    """
    add_notice(
        session,
        {"event": event, "rootJobId": str(root.id), "reason": reason, "at": now.isoformat(), "traceId": root.trace_id},
    )
