"""Judging a subject's bank again: order it, open it, do a chapter, close it, ask again for what died.

A run judges each chapter in one transaction whose first row is (run, chapter), so it can be killed anywhere and be
worked on by two DAG runs at once, and no chapter is judged twice in it.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.clock import new_id
from hydrateall.core.database import rows, sql
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import ChapterView, SubjectView, chapters_by_number, find_subject, subject_view
from hydrateall.delivery.enums import OutboxKind
from hydrateall.delivery.errors import NotDelivered
from hydrateall.delivery.service import AirflowApi, add_entry
from hydrateall.review.enums import RUNS_ACTIVE, RunStatus
from hydrateall.review.models import ValidationRun
from hydrateall.review.rejudging import rejudge_chapter
from hydrateall.review.rerun_errors import NothingToJudge, RunActive, UnknownRun
from hydrateall.review.rerun_report import ChapterResult, RerunReport, merged
from hydrateall.review.schemas import Shown
from hydrateall.validation.service import load_rulebook

DAG = "validate_content"
MOST_DELIVERIES = 5  # a run whose DAG runs died so often is failed, so that the subject can be judged again
MOST_NAMED = 5
GRACE = timedelta(seconds=30)  # a delivery younger than this may not be visible in Airflow's list of runs yet

logger = structlog.get_logger(__name__)


class RerunRequest(Shown):
    """Which bank to judge again: a subject, or one chapter of it."""

    board_code: str
    grade: str
    subject_code: str
    language: str = "en"
    chapter: int | None = Field(None, ge=1)


def submit(
    session: Session, request: RerunRequest, *, requested_by: uuid.UUID, now: datetime, dag_run_id: str | None = None
) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Order a run and its delivery together; return both ids. Raise RunActive or NothingToJudge.

    With `dag_run_id` the order comes from a DAG run that exists already, so nothing is delivered.
    """
    subject = find_subject(
        session,
        board=request.board_code,
        grade=request.grade,
        subject=request.subject_code,
        language=request.language,
    )
    _chapters(session, subject, request.chapter)
    run = ValidationRun(
        id=new_id(),
        subject_id=subject.id,
        chapter_number=request.chapter,
        status=RunStatus.PENDING,
        rulebook=load_rulebook(session).fingerprint,
        requested_by=requested_by,
        dag_run_id=dag_run_id,
        deliveries=0,
        created_at=now,
    )
    run.trace_id = f"validate-{run.id.hex[-12:]}"
    _add(session, run, subject)
    entry = None if dag_run_id else _ask_for_run(session, run)
    _audit(session, run, "validation.rerun", {"subject": subject.title, "chapter": request.chapter})
    return run.id, entry


def _add(session: Session, run: ValidationRun, subject: SubjectView) -> None:
    """Add the run; who is second in the same moment is told of the first."""
    active = rows(session, sql("review/active_run"), subject_id=subject.id)
    if active:
        raise RunActive(subject.title, active[0]["id"])
    try:
        with session.begin_nested():
            session.add(run)
            session.flush()
    except IntegrityError:
        if other := rows(session, sql("review/active_run"), subject_id=subject.id):
            raise RunActive(subject.title, other[0]["id"]) from None
        raise


def _ask_for_run(session: Session, run: ValidationRun) -> uuid.UUID:
    run.deliveries += 1
    run.dag_run_id = f"validate__{run.id}__{run.deliveries}"
    return add_entry(
        session,
        kind=OutboxKind.VALIDATION_JOB,
        dag=DAG,
        dag_run_id=run.dag_run_id,
        conf={"run_id": str(run.id)},
        trace_id=run.trace_id,
    )


def run_of_dag_run(session: Session, dag_run_id: str) -> uuid.UUID | None:
    """The run that a DAG run works on, if it has one."""
    found = rows(session, sql("review/run_of_dag_run"), dag_run_id=dag_run_id)
    return found[0]["id"] if found else None


def open_run(session: Session, run_id: uuid.UUID, *, dag_run_id: str, now: datetime) -> list[ChapterView]:
    """Start the run under this DAG run; return the chapters to judge, none if it is completed."""
    run = _locked(session, run_id)
    if run.status == RunStatus.COMPLETED:
        return []
    if run.status == RunStatus.PENDING:
        run.status = RunStatus.RUNNING
    run.started_at = run.started_at or now
    run.dag_run_id = dag_run_id
    return _chapters_of(session, run)


def validate_chapter(session: Session, run_id: uuid.UUID, chapter_id: uuid.UUID, *, now: datetime) -> bool:
    """Judge one chapter; False if this run has judged it already. All of it is the caller's one transaction."""
    key = {"run_id": run_id, "chapter_id": chapter_id}
    if not rows(session, sql("review/take_chapter"), now=now, **key):
        return False
    result = rejudge_chapter(session, chapter_id, load_rulebook(session))
    stored = json.dumps(result.model_dump(mode="json"), ensure_ascii=False)
    session.execute(sql("review/store_result"), {"result": stored, "now": now, **key})
    return True


def close_run(session: Session, run_id: uuid.UUID, *, now: datetime) -> RerunReport:
    """End the run: completed, or failed with the chapters that are missing. Idempotent."""
    run = _locked(session, run_id)
    if run.status != RunStatus.COMPLETED:
        run.error_message = _what_is_missing(session, run)
        run.status = RunStatus.FAILED if run.error_message else RunStatus.COMPLETED
        run.finished_at = now
        run.counts = report_of(session, run_id).counts.model_dump()
        _audit(session, run, "validation.rerun_end", {"status": run.status, **run.counts})
    return report_of(session, run_id)


def report_of(session: Session, run_id: uuid.UUID) -> RerunReport:
    """What the run has found so far; raise UnknownRun."""
    run = session.get(ValidationRun, run_id)
    if run is None:
        raise UnknownRun(run_id)
    found = rows(session, sql("review/chapter_results"), run_id=run_id)
    return merged(
        [ChapterResult.model_validate(row["result"]) for row in found],
        run_id=run.id,
        subject=subject_view(session, run.subject_id).title,
        chapter=run.chapter_number,
        status=run.status,
        chapters=len(_chapters_of(session, run)),
        chapters_done=len(found),
        dag_run_id=run.dag_run_id,
        error_message=run.error_message,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )


def ask_again(runtime: Runtime, airflow: AirflowApi) -> int:
    """Ask for another DAG run for each active run whose DAG run is gone; return for how many.

    A DAG run that waits in Airflow's queue is alive, however long it waits. Too often is too often: the run is failed.
    """
    with runtime.database.transaction() as session:
        delivered = rows(session, sql("review/silent_runs"), before=runtime.now() - GRACE)
    if not delivered:
        return 0
    try:
        alive = airflow.active_runs([DAG])
    except NotDelivered as error:
        logger.warning("airflow_away", reason=error.message)
        return 0
    gone = [row for row in delivered if row["dag_run_id"] not in alive]
    for row in gone:
        with runtime.database.transaction() as session:
            _replace(session, row["id"], row["dag_run_id"], now=runtime.now())
    return len(gone)


def _replace(session: Session, run_id: uuid.UUID, dag_run_id: str | None, *, now: datetime) -> None:
    """Ask for another DAG run, unless somebody did so, or the run has ended, in the meantime."""
    run = _locked(session, run_id)
    if run.status not in RUNS_ACTIVE or run.dag_run_id != dag_run_id:
        return
    if run.deliveries < MOST_DELIVERIES:
        _ask_for_run(session, run)
        logger.warning("validation_delivered_again", run=str(run_id), died=dag_run_id, now=run.dag_run_id)
        return
    run.status, run.finished_at = RunStatus.FAILED, now
    run.error_message = f"{MOST_DELIVERIES} DAG runs of it died; the last was {dag_run_id}."
    _audit(session, run, "validation.rerun_end", {"status": run.status, "reason": run.error_message})


def _locked(session: Session, run_id: uuid.UUID) -> ValidationRun:
    run = session.get(ValidationRun, run_id, with_for_update={"key_share": True}, populate_existing=True)
    if run is None:
        raise UnknownRun(run_id)
    return run


def _what_is_missing(session: Session, run: ValidationRun) -> str | None:
    """The chapters that were not judged, in a sentence."""
    done = {row["chapter_id"] for row in rows(session, sql("review/chapter_results"), run_id=run.id)}
    chapters = _chapters_of(session, run)
    missing = [f"{chapter.number} · {chapter.title}" for chapter in chapters if chapter.id not in done]
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    named = f"{', '.join(missing[:MOST_NAMED])}{more}"
    return f"{len(missing)} of {len(chapters)} chapters were not judged: {named}." if missing else None


def _chapters_of(session: Session, run: ValidationRun) -> list[ChapterView]:
    return _chapters(session, subject_view(session, run.subject_id), run.chapter_number)


def _chapters(session: Session, subject: SubjectView, only: int | None) -> list[ChapterView]:
    """The subject's chapters in their order, or the one asked for; raise NothingToJudge."""
    known = chapters_by_number(session, subject.id)
    chosen = [known[number] for number in sorted(known) if only in (None, number)]
    if not chosen:
        raise NothingToJudge(subject.title, only, sorted(known))
    return chosen


def _audit(session: Session, run: ValidationRun, action: str, details: dict[str, Any]) -> None:
    audit.record(
        session,
        action=action,
        entity_type="validation_run",
        entity_id=run.id,
        actor_id=run.requested_by,
        trace_id=run.trace_id,
        details={"rulebook": run.rulebook, **details},
    )
