"""Ordering the processing of documents, and what a DAG run of it does: open, divide, close, ask again for what died."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.core.errors import Conflict
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.errors import NotDelivered
from hydrateall.delivery.service import AirflowApi, add_entry
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import StageName, Step, WorkflowType
from hydrateall.documents.errors import DocumentBusy, NothingToProcess, StageBlocked, TooManyDocuments, UnknownDocument
from hydrateall.documents.schemas import plain

DAG = "process_documents"
MOST_DELIVERIES = 5  # a document whose DAG runs died so often is paused, so that somebody looks at it
WEIGHT_BYTES = 20_000  # a document of this size takes about twice the work of the smallest one
WORTH_A_TASK = 12  # of that work makes a task instance worth its start
GRACE = timedelta(seconds=60)  # a delivery younger than this may not be visible in Airflow's list of runs yet

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Order:
    """Documents that one DAG run is to process."""

    dag_run_id: str
    entry_id: uuid.UUID | None
    documents: int


@dataclass(frozen=True)
class Portion:
    """The documents of one task instance, worked on one after the other."""

    documents: list[uuid.UUID]
    label: str


def order(
    session: Session,
    document_ids: Sequence[uuid.UUID],
    *,
    by: uuid.UUID,
    now: datetime,
    most: int,
    stages: Collection[StageName] | None = None,
    force: bool = False,
    kind: WorkflowType = WorkflowType.MANUAL,
    dag_run_id: str | None = None,
) -> Order:
    """Order the processing of documents in one DAG run, and its delivery, together.

    Named stages run again, or all of them; what was made from the same input by the same version stays, unless `force`.
    With `dag_run_id` the order comes from that run itself. Raise DocumentBusy, UnknownDocument, TooManyDocuments.
    """
    wanted = list(dict.fromkeys(document_ids))
    if not wanted:
        raise NothingToProcess
    if len(wanted) > most:
        raise TooManyDocuments(len(wanted), most)
    run = dag_run_id or f"process__{new_id()}"
    for document_id in sorted(wanted):
        _prepare(session, document_id, run, by=by, now=now, stages=stages, force=force, kind=kind)
    entry = None if dag_run_id else _deliver(session, run)
    return Order(run, entry, len(wanted))


def _prepare(
    session: Session,
    document_id: uuid.UUID,
    run: str,
    *,
    by: uuid.UUID,
    now: datetime,
    stages: Collection[StageName] | None,
    force: bool,
    kind: WorkflowType,
) -> None:
    flow = workflow.hold(session, document_id)
    document = repository.get(session, document_id)
    if document is None:
        raise UnknownDocument(document_id)
    if repository.is_busy(session, document_id, now):
        raise DocumentBusy(document.title)
    if stages is not None and (blocked := workflow.blocked(session, document_id, stages)):
        raise StageBlocked(blocked[0], document.title, blocked[1])
    reset = workflow.reset(session, document_id, stages=stages, now=now)
    flow = workflow.hold(session, document_id)
    flow.workflow_type = kind
    flow.dag_run_id, flow.deliveries = run, 1
    flow.requested_by, flow.requested_at = by, now
    flow.paused_at = flow.pause_reason = flow.paused_until = None
    flow.configuration = {
        "stages": sorted(stages) if stages is not None else None,
        "force": sorted(reset) if force else [],
    }
    audit.record(
        session,
        action="document.process",
        entity_type="document",
        entity_id=document_id,
        actor_id=by,
        trace_id=document.trace_id,
        details={"dagRunId": run, **flow.configuration},
    )


def _deliver(session: Session, run: str) -> uuid.UUID:
    return add_entry(session, kind=OutboxKind.DOCUMENT_JOB, dag=DAG, dag_run_id=run, conf={"run_id": run}, trace_id=run)


def portions_of(session: Session, dag_run_id: str, *, most: int) -> list[Portion]:
    """Divide the documents of a run among at most so many task instances, about the same size each.

    A task instance costs about two seconds of CPU before its first document, so that small ones share one.
    """
    found = repository.documents_of_run(session, dag_run_id)
    weight = sum(1 + row.size_bytes / WEIGHT_BYTES for row in found)
    number = min(most, len(found), math.ceil(weight / WORTH_A_TASK))
    shares: list[list[tuple[uuid.UUID, str]]] = [[] for _ in range(number)]
    for place, row in enumerate(found):  # the largest first, there and back, so that the shares are alike
        turn, position = divmod(place, len(shares))
        shares[position if turn % 2 == 0 else -1 - position].append((row.id, row.title))
    return [
        Portion([document_id for document_id, _ in share], _label(number, [title for _, title in share]))
        for number, share in enumerate(shares, 1)
    ]


def _label(number: int, titles: Sequence[str]) -> str:
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return f"{number} · {titles[0]}{more}"


def wanted_stages(session: Session, document_id: uuid.UUID) -> list[StageName] | None:
    """The stages that the newest order names, None for all."""
    flow = repository.workflow_of(session, document_id)
    if flow is None:
        raise UnknownDocument(document_id)
    named = flow.configuration.get("stages")
    return None if named is None else workflow.read_stages(named)


def pause(session: Session, document_id: uuid.UUID, *, reason: str, by: uuid.UUID, now: datetime) -> None:
    """Stop a document after the stage that is at work; raise Conflict if it is done. A second time changes nothing."""
    flow = workflow.hold(session, document_id)
    if flow.current_stage is Step.COMPLETED:
        raise Conflict(
            "The document is done, so there is nothing to pause.", "`hydrateall documents run` processes it again."
        )
    repository.pause(session, document_id, reason=plain(reason) or "No reason was given.", now=now)
    _note(session, document_id, "document.pause", by, plain(reason))


def resume(session: Session, document_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> Order:
    """Let a paused document go on, in a DAG run of its own; raise Conflict if it is not paused."""
    flow = workflow.hold(session, document_id)
    if flow.paused_at is None:
        raise Conflict("The document is not paused.", "`hydrateall documents show` says how far it is.")
    run = f"process__{new_id()}"
    flow.paused_at = flow.pause_reason = flow.paused_until = None
    flow.dag_run_id, flow.deliveries, flow.requested_at = run, 1, now
    _note(session, document_id, "document.resume", by, None)
    return Order(run, _deliver(session, run), 1)


def ask_again(runtime: Runtime, airflow: AirflowApi) -> int:
    """Ask for another DAG run for documents that are to be processed and whose DAG run is gone; return for how many.

    Those that were uploaded and never ordered get their first, and those whose pause is over another. A document whose
    runs died too often is paused.
    """
    with runtime.database.transaction() as session:
        session.execute(sql("documents/resume_due"), {"now": runtime.now()})
        silent = rows(session, sql("documents/silent_documents"), before=runtime.now() - GRACE, now=runtime.now())
    if not silent:
        return 0
    try:
        alive = airflow.active_runs([DAG])
    except NotDelivered as error:
        logger.warning("airflow_away", reason=error.message)
        return 0
    gone = {row["document_id"]: row["dag_run_id"] for row in silent if row["dag_run_id"] not in alive}
    if not gone:
        return 0
    with runtime.database.transaction() as session:
        return _replace(session, gone, most=runtime.settings.documents_a_run, now=runtime.now())


def _replace(session: Session, gone: Mapping[uuid.UUID, str | None], *, most: int, now: datetime) -> int:
    run, asked = f"process__{new_id()}", 0
    for document_id in sorted(gone)[:most]:
        flow = workflow.hold(session, document_id)
        if flow.dag_run_id != gone[document_id]:
            continue  # somebody ordered it in the meantime
        if (
            workflow.next_available_stage(session, document_id, now=now, wanted=wanted_stages(session, document_id))
            is None
        ):
            continue  # there is nothing that a run could do
        if flow.deliveries >= MOST_DELIVERIES:
            repository.pause(session, document_id, reason=f"{MOST_DELIVERIES} DAG runs of it died.", now=now)
            continue
        flow.dag_run_id, flow.deliveries, flow.requested_at = run, flow.deliveries + 1, now
        asked += 1
    if asked:
        session.flush()
        _deliver(session, run)
        logger.warning("documents_delivered_again", documents=asked, dag_run=run)
    return asked


def _note(session: Session, document_id: uuid.UUID, action: str, by: uuid.UUID, reason: str | None) -> None:
    audit.record(session, action=action, entity_type="document", entity_id=document_id, actor_id=by, rationale=reason)
