"""The reconciler: puts right what crashes left behind. It never writes content and never calls a model."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import structlog
from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.errors import NotDelivered
from hydrateall.delivery.service import AirflowApi, Delivery
from hydrateall.hydration import batch_repository, locks, repository, service
from hydrateall.hydration.control import deliver_jobs
from hydrateall.hydration.deliveries import ask_for_run
from hydrateall.hydration.enums import DAGS, OPEN, ExecutionPhase, JobStatus, LogSeverity
from hydrateall.hydration.views import RECONCILER_LOCK

LOCK_FOR = timedelta(minutes=10)  # after a crash of the reconciler itself, the next one waits this long at most
GRACE = timedelta(seconds=30)  # a delivery younger than this may not be visible in Airflow's list of runs yet

logger = structlog.get_logger(__name__)


class ReconcileReport(BaseModel):
    """What one run of the reconciler found and did."""

    roots: int = 0
    leases_returned: int = 0
    closed: int = 0
    reopened: int = 0
    delivered: int = 0
    airflow_answers: bool = True
    seconds: float = 0.0


def reconcile(runtime: Runtime, airflow: AirflowApi, *, holder: str) -> ReconcileReport | None:
    """Reconcile every open root; None if another reconciler holds the lock. A second run finds nothing to do."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        if not locks.take_lock(session, RECONCILER_LOCK, holder=holder, now=now, until=now + LOCK_FOR):
            return None
    report = ReconcileReport()
    try:
        _return_leases(runtime, report)
        _visit_roots(runtime, airflow, report)
        report.delivered = deliver_all(runtime, airflow).sent
    finally:
        report.seconds = (runtime.now() - now).total_seconds()
        _finish(runtime, holder, report)
    return report


def deliver_all(runtime: Runtime, airflow: AirflowApi) -> Delivery:
    """Let the paused roots go on whose time has come, then deliver everything that waits in the outbox."""
    with runtime.database.transaction() as session:
        service.resume_due(session, now=runtime.now())
    return deliver_jobs(runtime, airflow)


def _return_leases(runtime: Runtime, report: ReconcileReport) -> None:
    with runtime.database.transaction() as session:
        returned = repository.return_leases(session, now=runtime.now(), max_lost=runtime.settings.max_lost_leases)
    report.leases_returned = len(returned)


def _visit_roots(runtime: Runtime, airflow: AirflowApi, report: ReconcileReport) -> None:
    with runtime.database.transaction() as session:
        roots = [dict(row) for row in repository.active_roots(session, runtime.now())]
    report.roots = len(roots)
    done = [root for root in roots if root["status"] == JobStatus.RUNNING and root["jobs"] and not root["open"]]
    for root in done:
        with runtime.database.transaction() as session:
            report.closed += service.close(session, root["id"], now=runtime.now()).status is not JobStatus.RUNNING
    silent = [root for root in roots if root not in done and _is_silent(root, runtime)]
    alive = _runs_alive(airflow, report) if silent else set()
    for root in silent:
        if alive is not None and not {root["dag_run_id"], root["delivered_as"]} & alive:
            with runtime.database.transaction() as session:
                report.reopened += _reopen(session, root["id"])


def _runs_alive(airflow: AirflowApi, report: ReconcileReport) -> set[str] | None:
    try:
        return airflow.active_runs(DAGS.values())
    except NotDelivered as error:
        report.airflow_answers = False
        logger.warning("airflow_away", reason=error.message)
        return None


def _is_silent(root: dict[str, Any], runtime: Runtime) -> bool:
    """Say whether the root was delivered, yet no worker holds a lease: only Airflow knows whether a run is alive."""
    if root["delivered_as"] and root["sent_at"] is None:
        return False
    last_sign = root["sent_at"] or root["created_at"]
    return not root["leased"] and last_sign < runtime.now() - GRACE


def _reopen(session: Session, root_id: uuid.UUID) -> int:
    """Ask for another DAG run of a root that is open, or whose batch at the provider is."""
    root = repository.lock_job(session, root_id)
    if root is None or not (root.status in OPEN or batch_repository.has_open_batch(session, root_id)):
        return 0
    root.status = JobStatus.PENDING if root.status in OPEN else root.status
    run = ask_for_run(session, root)
    message = f"No DAG run of this job is alive; it is delivered again as {run}."
    repository.log(session, root_id, ExecutionPhase.RECONCILIATION, message, severity=LogSeverity.WARNING)
    return 1


def _finish(runtime: Runtime, holder: str, report: ReconcileReport) -> None:
    result = report.model_dump(mode="json")
    with runtime.database.transaction() as session:
        locks.release_lock(session, RECONCILER_LOCK, holder=holder, now=runtime.now(), result=result)
        audit.record(session, action="hydration.reconcile", entity_type="job_lock", details=result)
    logger.info("reconciled", **result)
