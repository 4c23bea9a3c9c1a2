"""The routes of hydrations: start, list, show, cancel, pause, resume, and the pause of all."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request
from pydantic import BeforeValidator, WithJsonSchema
from starlette.responses import JSONResponse

from hydrateall.core.models import UserRole
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents.schemas import REALM
from hydrateall.hydration import control, listing, requests, service
from hydrateall.hydration.control import ControlState, Switched, deliver_jobs
from hydrateall.hydration.enums import JobStatus, LogSeverity, Mode
from hydrateall.hydration.job_pages import (
    CancelRequest,
    DryRun,
    JobDetail,
    JobPage,
    JobTree,
    LogPage,
    PauseRequest,
    Resumed,
    ResumeRequest,
    SwitchRequest,
    Text,
)
from hydrateall.hydration.listing import JobFilter
from hydrateall.hydration.roots import Actor
from hydrateall.hydration.schemas import PLAIN, HydrateOptions, HydrateRequest, Submission
from hydrateall.web.access import FOR_VIEWERS, Admin, Caller, CurrentRuntime, JsonRoute, Writer, delivering
from hydrateall.web.description import exactly, problems

MOST = 100
router = APIRouter(route_class=JsonRoute, tags=["hydrations"])


def _instant(given: str) -> str:
    """Refuse the numbers that pydantic takes for seconds since 1970."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", given):
        raise ValueError("write it like 2026-01-31 or 2026-01-31T10:00:00Z")
    return given


CODE: dict[str, Any] = {"min_length": 1, "max_length": 40, "pattern": PLAIN}
Code = Annotated[str | None, Query(**CODE)]
JobId = Annotated[uuid.UUID, Path(alias="jobId")]
INSTANT_SCHEMA = {"anyOf": [{"type": "string", "format": kind} for kind in ("date-time", "date")]}
Cursor = Annotated[str | None, Query(max_length=200, description="`nextCursor` of the page before.")]
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema(INSTANT_SCHEMA)]
Most = Annotated[int, Query(alias="limit", ge=1, le=MOST)]
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200, pattern=r"^[\x21-\x7e]+$")]


def actor_of(caller: Caller) -> Actor:
    """The caller as the domain knows people."""
    return Actor("airflow", caller.name, caller.role)


START = {
    "language": "en",
    "boardCode": "CBSE",
    "grade": "1",
    "subjectCode": "MATH",
    "options": {"generateNotes": True, "generateQuestions": False, "dryRun": True},
}


@router.post(
    "/hydrateAll",
    operation_id="startHydration",
    status_code=202,
    response_model=Submission,
    dependencies=[Depends(exactly(HydrateRequest))],
    responses={
        **problems(404, 409, writes=True),
        200: {"model": DryRun, "description": "With `options.dryRun`: the estimates; nothing was changed."},
    },
)
def start(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    body: Annotated[HydrateRequest, Body(examples=[START])],
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Start the hydration of a subject, or say what it would do and cost. A repetition of a key gets its answer."""
    if body.options.dry_run:
        return JSONResponse(requests.preview(runtime, body).model_dump(mode="json", by_alias=True), 200)
    _check_budget(caller, body.options.max_cost_usd, runtime.settings.max_cost_usd)
    with delivering(request, caller) as airflow:
        answer = requests.submit_once(
            runtime, body, airflow, actor=actor_of(caller), trace_id=request.state.trace_id, key=key
        )
    headers = {"Location": f"{request.scope['path']}/{answer.body['rootJobId']}"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(answer.body, 202, headers=headers)


@router.get("/hydrateAll/estimate", operation_id="estimateHydration", dependencies=FOR_VIEWERS, responses=problems(404))
def estimate(
    runtime: CurrentRuntime,
    board: Annotated[str, Query(alias="boardCode", **CODE)],
    grade: Annotated[str, Query(min_length=1, max_length=10, pattern=PLAIN)],
    subject: Annotated[str, Query(alias="subjectCode", **CODE)],
    language: LanguageCode = LanguageCode.EN,
    notes: Annotated[bool, Query(alias="generateNotes")] = True,
    questions: Annotated[bool, Query(alias="generateQuestions")] = True,
    chapters: Annotated[int | None, Query(alias="chapterLimit", ge=1, le=100)] = None,
    mode: Mode = Mode.FAST,
    ground: Annotated[str | None, Query(pattern=REALM, description="The realm to stand on.")] = None,
) -> DryRun:
    """The dry run for those who may not start anything."""
    options = HydrateOptions(
        generate_notes=notes,
        generate_questions=questions,
        chapter_limit=chapters,
        mode=mode,
        ground=ground,
        dry_run=True,
    )
    asked = HydrateRequest(
        language=language.value, board_code=board, grade=grade, subject_code=subject, options=options
    )
    return requests.preview(runtime, asked)


@router.get("/hydrateAll", operation_id="listHydrations", dependencies=FOR_VIEWERS, responses=problems())
def list_jobs(
    runtime: CurrentRuntime,
    status: JobStatus | None = None,
    board: Code = None,
    grade: Code = None,
    subject: Code = None,
    language: LanguageCode | None = None,
    creator: Code = None,
    since: Annotated[Instant | None, Query(alias="from", description="Created then or later.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="Created before.")] = None,
    cursor: Cursor = None,
    most: Most = 20,
) -> JobPage:
    """Jobs, newest first."""
    chosen = JobFilter(
        status=status,
        board=board,
        grade=grade,
        subject=subject,
        language=language,
        creator=creator,
        since=in_utc(since),
        until=in_utc(until),
    )
    with runtime.database.transaction() as session:
        return listing.job_page(session, chosen, cursor=cursor, most=most)


@router.get("/hydrateAll/{jobId:uuid}", operation_id="showHydration", dependencies=FOR_VIEWERS, responses=problems(404))
def show(runtime: CurrentRuntime, job_id: JobId) -> JobDetail:
    """One job: progress by level, time, cost, what its calls used, its newest log lines, its run in Airflow."""
    with runtime.database.transaction() as session:
        return listing.job_detail(session, job_id)


@router.get(
    "/hydrateAll/{jobId:uuid}/tree", operation_id="showHydrationTree", dependencies=FOR_VIEWERS, responses=problems(404)
)
def tree(runtime: CurrentRuntime, job_id: JobId) -> JobTree:
    """Chapters → topics → units of work, with their state, attempts and last error."""
    with runtime.database.transaction() as session:
        return listing.job_tree(session, job_id)


@router.get(
    "/hydrateAll/{jobId:uuid}/logs", operation_id="listHydrationLogs", dependencies=FOR_VIEWERS, responses=problems(404)
)
def logs(
    runtime: CurrentRuntime,
    job_id: JobId,
    level: Annotated[LogSeverity | None, Query(description="Lines of this severity or a higher one.")] = None,
    after: Annotated[Instant | None, Query(description="Lines that were written later.")] = None,
    cursor: Cursor = None,
    most: Most = 100,
) -> LogPage:
    """What happened, oldest first. Ask again with `nextCursor` for what comes later."""
    with runtime.database.transaction() as session:
        return listing.job_logs(session, job_id, cursor=cursor, after=in_utc(after), least=level, most=most)


@router.delete(
    "/hydrateAll/{jobId:uuid}",
    operation_id="cancelHydration",
    dependencies=[Depends(exactly(CancelRequest))],
    responses=problems(404, 409, writes=True),
)
def cancel(
    caller: Writer,
    runtime: CurrentRuntime,
    job_id: JobId,
    reason: Annotated[Text | None, Query()] = None,
    body: Annotated[CancelRequest | None, Body()] = None,
) -> JobDetail:
    """Cancel a job: no new model call starts, late results are discarded, what is finished stays."""
    given = (body.reason if body else None) or reason or "no reason was given"
    with runtime.database.transaction() as session:
        service.cancel(session, job_id, actor=actor_of(caller), reason=given, now=runtime.now())
    return show(runtime, job_id)


@router.post("/hydrateAll/{jobId:uuid}/pause", operation_id="pauseHydration", responses=problems(404, 409, writes=True))
def pause(caller: Writer, runtime: CurrentRuntime, job_id: JobId) -> JobDetail:
    """Pause a running job: no new model call starts, what is in flight is kept."""
    with runtime.database.transaction() as session:
        service.pause_by(session, job_id, actor=actor_of(caller), now=runtime.now())
    return show(runtime, job_id)


@router.post(
    "/hydrateAll/{jobId:uuid}/resume",
    operation_id="resumeHydration",
    dependencies=[Depends(exactly(ResumeRequest))],
    responses=problems(404, 409, writes=True),
)
def resume(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    job_id: JobId,
    body: Annotated[ResumeRequest | None, Body()] = None,
) -> Resumed:
    """Let a paused, failed or cancelled job go on: only what is missing is done."""
    budget = body.max_cost_usd if body else None
    _check_budget(caller, budget, show(runtime, job_id).cost.budget)
    with runtime.database.transaction() as session:
        reopened = service.resume(
            session,
            job_id,
            actor=actor_of(caller),
            settings=runtime.settings,
            now=runtime.now(),
            max_cost_usd=budget,
        )
    with delivering(request, caller) as airflow:
        delivery = deliver_jobs(runtime, airflow, job_id=job_id)
    return Resumed(job=show(runtime, job_id), reopened=reopened, delivered=bool(delivery.sent))


@router.get("/hydration/paused", operation_id="showPause", dependencies=FOR_VIEWERS, responses=problems())
def paused(runtime: CurrentRuntime) -> ControlState:
    """Whether all hydrations are paused, why, by whom and since when."""
    with runtime.database.transaction() as session:
        return control.control_state(session)


@router.put(
    "/hydration/paused",
    operation_id="pauseAll",
    dependencies=[Depends(exactly(SwitchRequest))],
    responses=problems(writes=True),
)
def set_paused(caller: Admin, runtime: CurrentRuntime, body: SwitchRequest) -> Switched:
    """Pause every hydration, or lift that: exactly those that it has stopped go on."""
    with runtime.database.transaction() as session:
        actor, now = actor_of(caller), runtime.now()
        if isinstance(body, PauseRequest):
            return control.pause_all(session, reason=body.reason, actor=actor, now=now)
        return control.resume_all(session, actor=actor, now=now)


def in_utc(given: datetime | None) -> datetime | None:
    """A moment without a zone is meant in UTC."""
    return given.replace(tzinfo=UTC) if given and given.tzinfo is None else given


def _check_budget(caller: Caller, wanted: Decimal | None, allowed: Decimal | None) -> None:
    if wanted is not None and allowed is not None and wanted > allowed:
        caller.needs(UserRole.ADMIN, f"A budget above ${allowed:.2f}")
