"""What DAGs run: ids in, ids out. Each opens its own transactions and can be cleared, retried or run twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import uvloop
from pydantic import ValidationError

from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.service import chapters_by_number
from hydrateall.delivery.service import AirflowApi
from hydrateall.hydration import batches, reconciliation, repository, service
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import ItemsMissing, JobPaused, NotOpened, RootEnded, StillOpen, UnknownJob
from hydrateall.hydration.plan import plan_of
from hydrateall.hydration.schemas import HydrateRequest
from hydrateall.hydration.service import Actor
from hydrateall.hydration.views import missing_items
from hydrateall.hydration.worker import Outcome, Scope, Worker
from hydrateall.llm.service import open_gateway

DRY_RUN = "dry-run"  # stands for the id of a job that is only estimated, as in seed 001

logger = structlog.get_logger(__name__)


def open_job(
    runtime: Runtime, *, params: dict[str, Any], dag_run_id: str, triggered_by: str, mode: str = "fast"
) -> str:
    """Open the outbox's job (`params.job_id`), or create one from the form; DRY_RUN after a dry run.

    A second run opens the same job: a run that a person triggered is the key of the job that it created.
    """
    with runtime.database.transaction() as session:
        known = _job_id(params)
        if known is None and (created := repository.root_of_dag_run(session, dag_run_id)):
            known = created.id
        if known is None:
            request = request_of(params, mode)
            if request.options.dry_run:
                ahead = service.prospect(session, request, settings=runtime.settings, now=runtime.now())
                logger.info("dry_run", subject=ahead.subject.title, **ahead.estimates.model_dump(mode="json"))
                return DRY_RUN
            _check_budget(request, runtime.settings)
            known = service.submit(
                session,
                request,
                actor=Actor("airflow", triggered_by),
                settings=runtime.settings,
                now=runtime.now(),
                dag_run_id=dag_run_id,
            ).root_job_id
        return str(service.open_root(session, known, dag_run_id=dag_run_id, now=runtime.now()).id)


def _check_budget(request: HydrateRequest, settings: Settings) -> None:
    """Refuse a budget that is an admin's to give: whoever may start runs in Airflow may fill in the form."""
    if (request.options.max_cost_usd or 0) > settings.max_cost_usd:
        raise UsageError(
            f"The param max_cost_usd is not usable: a budget above ${settings.max_cost_usd:.2f} is an admin's to give.",
            "An admin starts the job on the page HydrateAll, by its API, or by `hydrateall hydrate`.",
            field="max_cost_usd",
        )


def _job_id(params: dict[str, Any]) -> uuid.UUID | None:
    """The id that the outbox set, if any; a person may have typed anything into the form."""
    given = params.get("job_id")
    try:
        return uuid.UUID(given) if given else None
    except ValueError:
        raise UnknownJob(given) from None


def request_of(params: dict[str, Any], mode: str = "fast") -> HydrateRequest:
    """Read the trigger form; raise UsageError that names the field. Airflow's own check lets unknown keys pass."""
    flat = {key: value for key, value in params.items() if key != "job_id" and value is not None}
    counts = {key: flat.pop(f"{key}_questions") for key in ("easy", "medium", "hard") if f"{key}_questions" in flat}
    options = {
        name: flat.pop(key)
        for key, name in (
            ("notes", "generateNotes"),
            ("questions", "generateQuestions"),
            ("chapter_limit", "chapterLimit"),
            ("max_cost_usd", "maxCostUsd"),
            ("dry_run", "dryRun"),
            ("second_opinion", "secondOpinion"),
            ("ground", "ground"),
        )
        if key in flat
    }
    names = {"board": "boardCode", "subject": "subjectCode", "grade": "grade", "language": "language"}
    if unknown := sorted(set(flat) - set(names)):
        raise UsageError(f"The param {unknown[0]} is not usable: there is none of this name.", field=unknown[0])
    body = {names[key]: value for key, value in flat.items()}
    try:
        return HydrateRequest.model_validate({**body, "options": {**options, "questionCounts": counts, "mode": mode}})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"The param {field} is not usable: {first['msg']}.", field=field) from None


def write_chapters(runtime: Runtime, *, root_id: str, owner: str) -> list[dict[str, str]]:
    """Write the chapters; return job, id and label of each, in order: the DAG maps over them."""
    if root_id == DRY_RUN:
        return []
    outcome = _work(runtime, Scope(uuid.UUID(root_id), Level.CHAPTERS), owner)
    _judge(runtime, root_id, outcome)
    with runtime.database.transaction() as session:
        root = repository.get_job(session, uuid.UUID(root_id))
        if root is None:
            return []
        plan = plan_of(session, root)
        chapters = chapters_by_number(session, plan.subject.id)
        return [
            {"job": root_id, "id": str(chapters[number].id), "label": f"{number} · {chapters[number].title}"}
            for number in plan.chapter_numbers()
            if number in chapters
        ]


def draft_level(runtime: Runtime, *, level: str, root_id: str, chapter_id: str, owner: str) -> None:
    """Draft the topics, notes or questions of one chapter; raise ItemsMissing if some of it failed for good."""
    outcome = _work(runtime, Scope(uuid.UUID(root_id), Level[level.upper()], uuid.UUID(chapter_id)), owner)
    _judge(runtime, root_id, outcome)


@contextmanager
def traced(runtime: Runtime, root_id: str) -> Iterator[None]:
    """Put the trace id of a root into every log line of the block, those of the model calls too."""
    with runtime.database.transaction() as session:
        root = repository.get_job(session, uuid.UUID(root_id))
    with structlog.contextvars.bound_contextvars(trace_id=root.trace_id if root else None, job=root_id):
        yield


def advance_batch(runtime: Runtime, *, level: str, root_id: str) -> bool:
    """Take the next step of a level in batch mode; say whether nothing of it is open. Raise RootEnded.

    What failed for good leaves the level done: `close_job` names it, and the next levels do what they can.
    """
    if root_id == DRY_RUN:
        return True
    with traced(runtime, root_id):
        return batches.advance(runtime, root_id=uuid.UUID(root_id), level=Level[level.upper()])


def close_job(runtime: Runtime, *, root_id: str | None) -> dict[str, Any]:
    """Close the job; raise ItemsMissing if it failed, JobPaused, RootEnded (cancelled), or StillOpen (work is left)."""
    if root_id is None:
        raise NotOpened
    if root_id == DRY_RUN:
        return {"jobId": root_id, "status": root_id, "costUsd": 0.0}
    with runtime.database.transaction() as session:
        root = service.close(session, uuid.UUID(root_id), now=runtime.now())
        status, cost = root.status, root.actual_cost_usd
        message = root.error_message or ""
    if status is JobStatus.CANCELLED:
        raise RootEnded(root.id, status)
    if status is JobStatus.PAUSED:
        raise JobPaused(message)
    if status is JobStatus.FAILED:
        raise ItemsMissing(message)
    if status is not JobStatus.COMPLETED:
        raise StillOpen(root.id)
    return {"jobId": root_id, "status": status.value, "costUsd": float(cost)}


def deliver_outbox(runtime: Runtime, airflow: AirflowApi) -> dict[str, int]:
    """Deliver what direct delivery missed, of every slice, and the jobs whose pause is over."""
    report = reconciliation.deliver_all(runtime, airflow)
    return {"sent": report.sent, "waiting": report.waiting}


def reconcile(runtime: Runtime, airflow: AirflowApi, *, holder: str) -> dict[str, Any]:
    """Put right what crashes left behind; an empty answer says that another reconciler is at work."""
    report = reconciliation.reconcile(runtime, airflow, holder=holder)
    return report.model_dump(mode="json") if report else {}


def _work(runtime: Runtime, scope: Scope, owner: str) -> Outcome:
    async def work() -> Outcome:
        async with open_gateway(runtime.settings, runtime.database) as gateway:
            return await Worker(runtime, gateway, scope, owner).run()

    with traced(runtime, str(scope.root_id)):
        return uvloop.run(work())


def _judge(runtime: Runtime, root_id: str, outcome: Outcome) -> None:
    if outcome.root_status in (JobStatus.CANCELLED, JobStatus.PAUSED):
        raise RootEnded(uuid.UUID(root_id), outcome.root_status)
    if outcome.failed:
        with runtime.database.transaction() as session:
            missing = missing_items(session, uuid.UUID(root_id))
        raise ItemsMissing("; ".join(f"{item.what} of {item.where}: {item.reason}" for item in missing[:5]))
