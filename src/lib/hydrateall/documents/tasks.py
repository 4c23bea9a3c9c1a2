"""What the DAGs of documents run: ids in, ids out. Each can be cleared, killed or run twice."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from pydantic import ConfigDict, Field, ValidationError

from hydrateall.core import audit
from hydrateall.core.errors import UsageError
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import AirflowApi
from hydrateall.documents import cleaning, repository, runs, views
from hydrateall.documents.enums import StageName
from hydrateall.documents.errors import DocumentError, DocumentsFailed, DocumentsLeft, NothingToProcess, RunNotOpened
from hydrateall.documents.runner import Ended, Runner
from hydrateall.documents.schemas import Stored
from hydrateall.documents.storage import Storage

MOST_NAMED = 10

logger = structlog.get_logger(__name__)


class RunRequest(Stored):
    """What the form of `process_documents` asks: which documents, which stages, and whether to force them."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    documents: list[uuid.UUID] = Field(default_factory=list)
    stages: list[StageName] | None = None
    force: bool = False
    run_id: str | None = None


def open_batch(runtime: Runtime, *, params: dict[str, Any], dag_run_id: str, triggered_by: str) -> list[dict[str, Any]]:
    """Take up the order of the outbox, or order what the form names; return the portions that the DAG maps over.

    A second execution finds the same documents: they carry the id of the run.
    """
    asked = request_of(params)
    run = asked.run_id or dag_run_id
    with runtime.database.transaction() as session:
        if not asked.run_id and not repository.documents_of_run(session, dag_run_id):
            if not asked.documents:
                raise NothingToProcess
            by = audit.ensure_user(session, provider="airflow", external_id=triggered_by, role=UserRole.OPERATOR)
            runs.order(
                session,
                asked.documents,
                by=by,
                now=runtime.now(),
                most=runtime.settings.documents_a_run,
                stages=asked.stages or None,
                force=asked.force,
                dag_run_id=dag_run_id,
            )
        portions = runs.portions_of(session, run, most=runtime.settings.document_portions)
    return [
        {"run": run, "label": portion.label, "documents": [str(document_id) for document_id in portion.documents]}
        for portion in portions
    ]


def request_of(params: dict[str, Any]) -> RunRequest:
    """Read the trigger form; raise UsageError that names the field."""
    try:
        return RunRequest.model_validate({key: value for key, value in params.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise UsageError(f"The param {name} is not usable: {first['msg']}.", field=name) from None


def process_portion(runtime: Runtime, storage: Storage, *, documents: list[str], owner: str) -> dict[str, int]:
    """Process documents one after the other; what one of them does stops no other. Raise DocumentsFailed at the end."""
    failed: list[str] = []
    counts = {"documents": 0, "stages": 0, "unchanged": 0, "paused": 0}
    with Runner(runtime, storage, owner=owner) as runner:
        for document_id in map(uuid.UUID, documents):
            ended = _process(runtime, runner, document_id)
            counts["documents"] += 1
            counts["stages"] += len(ended.ran)
            counts["unchanged"] += len(ended.unchanged)
            counts["paused"] += bool(ended.pauses)
            failed += [f"{_title(runtime, document_id)} ({reason})" for reason in ended.failures[:1]]
    logger.info("portion_processed", failed=len(failed), **counts)
    if failed:
        raise DocumentsFailed(failed[:MOST_NAMED], counts["documents"] - len(failed), more=len(failed) - MOST_NAMED)
    return counts


def close_batch(runtime: Runtime, *, portions: list[dict[str, Any]] | None) -> dict[str, int]:
    """Count how the documents of a run ended.

    Raise DocumentsFailed if some did not, DocumentsLeft if a portion ended before its documents did, RunNotOpened.
    """
    if portions is None:
        raise RunNotOpened
    ids = [uuid.UUID(each) for portion in portions for each in portion["documents"]]
    with runtime.database.transaction() as session:
        failed = [f"{row.title} ({row.stage_name}: {row.error_message})" for row in repository.failures(session, ids)]
        runs_now = {portion["run"] for portion in portions}
        mine = {row.id for run in runs_now for row in repository.documents_of_run(session, run)}  # the rest: newer runs
        left = [row.title for row in views.document_rows(session, ids) if row.open and row.id in mine]
    if failed:
        raise DocumentsFailed(failed[:MOST_NAMED], len(ids) - len(failed), more=len(failed) - MOST_NAMED)
    if left:
        raise DocumentsLeft(left[:MOST_NAMED], len(left))
    return {"documents": len(ids)}


def clean_documents(runtime: Runtime, storage: Storage) -> dict[str, Any]:
    """Delete old outputs and stray files; a second run deletes nothing."""
    return cleaning.clean(runtime, storage).model_dump(by_alias=True)


def ask_again(runtime: Runtime, airflow: AirflowApi) -> int:
    """Ask for another DAG run for documents whose DAG run is gone; return for how many."""
    return runs.ask_again(runtime, airflow)


def _process(runtime: Runtime, runner: Runner, document_id: uuid.UUID) -> Ended:
    with structlog.contextvars.bound_contextvars(document=str(document_id)):
        try:
            with runtime.database.transaction() as session:
                wanted = runs.wanted_stages(session, document_id)
            return runner.process(document_id, wanted=wanted)
        except DocumentError as error:  # one that was deleted meanwhile
            return Ended(document_id, failures=[str(error)])


def _title(runtime: Runtime, document_id: uuid.UUID) -> str:
    with runtime.database.transaction() as session:
        document = repository.get(session, document_id)
    return document.title if document else str(document_id)
