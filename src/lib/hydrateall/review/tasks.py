"""What the DAG validate_content runs: ids in, ids out. Each can be cleared, retried or run twice."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from pydantic import ValidationError

from hydrateall.core import audit
from hydrateall.core.errors import UsageError
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import AirflowApi
from hydrateall.review import reruns
from hydrateall.review.enums import RunStatus
from hydrateall.review.rerun_errors import ChaptersMissing, RunNotOpened, UnknownRun
from hydrateall.review.reruns import RerunRequest
from hydrateall.validation.service import index_missing

NAMES = {
    "board": "boardCode",
    "subject": "subjectCode",
    "grade": "grade",
    "language": "language",
    "chapter": "chapter",
}

INDEX_PORTION = 5000

logger = structlog.get_logger(__name__)


def open_run(runtime: Runtime, *, params: dict[str, Any], dag_run_id: str, triggered_by: str) -> list[dict[str, str]]:
    """Open the outbox's run (`params.run_id`), or order one from the form; return run, id and label of each chapter.

    A second execution opens the same run: a DAG run that a person triggered is the key of the run that it ordered.
    """
    with runtime.database.transaction() as session:
        run_id = _run_id(params) or reruns.run_of_dag_run(session, dag_run_id)
        if run_id is None:
            request = request_of(params)
            by = audit.ensure_user(session, provider="airflow", external_id=triggered_by, role=UserRole.OPERATOR)
            run_id, _ = reruns.submit(session, request, requested_by=by, now=runtime.now(), dag_run_id=dag_run_id)
        chapters = reruns.open_run(session, run_id, dag_run_id=dag_run_id, now=runtime.now())
    _complete_index(runtime)
    return [
        {"run": str(run_id), "id": str(chapter.id), "label": f"{chapter.number} · {chapter.title}"}
        for chapter in chapters
    ]


def _run_id(params: dict[str, Any]) -> uuid.UUID | None:
    given = params.get("run_id")
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        raise UnknownRun(given) from None


def request_of(params: dict[str, Any]) -> RerunRequest:
    """Read the trigger form; raise UsageError that names the field."""
    given = {key: value for key, value in params.items() if key != "run_id" and value is not None}
    if unknown := sorted(set(given) - set(NAMES)):
        raise UsageError(f"The param {unknown[0]} is not usable: there is none of this name.", field=unknown[0])
    try:
        return RerunRequest.model_validate({NAMES[key]: value for key, value in given.items()})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"The param {field} is not usable: {first['msg']}.", field=field) from None


def _complete_index(runtime: Runtime) -> None:
    """Put every question into the index of repeats that it lacks, a portion in each transaction."""
    added = INDEX_PORTION
    while added:
        with runtime.database.transaction() as session:
            added = index_missing(session, most=INDEX_PORTION)


def validate_chapter(runtime: Runtime, *, run_id: str, chapter_id: str) -> None:
    """Judge one chapter in one transaction; nothing is done if this run has judged it already."""
    with runtime.database.transaction() as session:
        first = reruns.validate_chapter(session, uuid.UUID(run_id), uuid.UUID(chapter_id), now=runtime.now())
    logger.info("chapter_judged" if first else "chapter_was_judged_before", run=run_id, chapter=chapter_id)


def close_run(runtime: Runtime, *, chapters: list[dict[str, str]] | None) -> dict[str, Any]:
    """Close the run of these chapters; raise ChaptersMissing if some were not judged, RunNotOpened without a run."""
    if chapters is None:
        raise RunNotOpened
    if not chapters:
        return {"status": RunStatus.COMPLETED.value}
    with runtime.database.transaction() as session:
        report = reruns.close_run(session, uuid.UUID(chapters[0]["run"]), now=runtime.now())
    if report.status is RunStatus.FAILED:
        raise ChaptersMissing(report.error_message or "")
    return {"runId": str(report.run_id), "status": report.status.value, **report.counts.model_dump()}


def ask_again(runtime: Runtime, airflow: AirflowApi) -> int:
    """Ask for another DAG run for each active run whose DAG run is gone; return for how many."""
    return reruns.ask_again(runtime, airflow)
