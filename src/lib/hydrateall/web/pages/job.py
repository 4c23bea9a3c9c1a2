"""The page of one job: live progress, the matrix, the timeline, costs, the log, and what can be done about it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator, Field

from hydrateall.core.models import UserRole
from hydrateall.documents.runs import DAG as DOCUMENTS_DAG
from hydrateall.hydration import control, routes
from hydrateall.hydration.board import (
    CHAPTER_LEVELS,
    Board,
    Cell,
    NewestLine,
    NewestLines,
    cell_units,
    job_board,
    job_of_run,
    newest_lines,
)
from hydrateall.hydration.enums import ACTIVE, JobStatus, Level, LogSeverity
from hydrateall.hydration.job_pages import JobDetail, ResumeRequest
from hydrateall.hydration.listing import job_detail, job_logs
from hydrateall.web.access import Caller, CurrentRuntime, Viewer, Writer
from hydrateall.web.pages.formats import time_taken
from hydrateall.web.pages.layout import fragment, page, page_router, url
from hydrateall.web.pages.timeline import timeline
from hydrateall.web.pages.translation import gettext as _

LINES = 50
LEVEL_NAMES = {level.name.lower(): level for level in Level if level is not Level.ROOT}
Action = Literal["cancel", "pause", "resume"]
WHEN: dict[str, tuple[JobStatus, ...]] = {
    "pause": (JobStatus.RUNNING,),
    "resume": (JobStatus.PAUSED, JobStatus.FAILED, JobStatus.CANCELLED),
    "cancel": ACTIVE,
}
router = page_router()


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


Severity = Annotated[LogSeverity | None, BeforeValidator(_none_if_empty)]
Reason = Annotated[str, Form(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Cursor = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_none_if_empty), Query()]
Budget = Annotated[Annotated[Decimal, Field(gt=0, le=100_000)] | None, BeforeValidator(_none_if_empty)]


@router.get("/run")
def run_tab(
    request: Request,
    caller: Viewer,
    runtime: CurrentRuntime,
    run: Annotated[str, Query(pattern=r"^[^\x00]*$")] = "",
    dag: str = "",
) -> Response:
    """The tab of a DAG run in Airflow: the job or the documents that it works on, or the words that there are none."""
    if dag == DOCUMENTS_DAG:
        return RedirectResponse(url(request, "documents", run=run, tab="run"), 303)
    with runtime.database.transaction() as session:
        job_id = job_of_run(session, run)
    if job_id:
        return RedirectResponse(url(request, f"jobs/{job_id}", tab="run"), 303)
    return page(request, caller, "no_job.html", dag=dag, run=run, tab="run")


@router.get("/jobs/{job_id}")
def job(request: Request, caller: Viewer, runtime: CurrentRuntime, job_id: uuid.UUID, tab: str = "") -> Response:
    """The whole page. As a tab of Airflow's run page it has no navigation of its own."""
    with runtime.database.transaction() as session:
        board = job_board(session, job_id)
        lines = newest_lines(session, job_id, least=None, cursor=None, most=LINES)
    shown = _shown(board, caller.may(UserRole.OPERATOR), runtime)
    return page(request, caller, "job.html", section="jobs", tab=tab, **{**shown, **_log(lines, job_id, None)})


@router.get("/jobs/{job_id}/live")
def live(request: Request, caller: Viewer, runtime: CurrentRuntime, job_id: uuid.UUID) -> Response:
    """What changes while the job runs."""
    with runtime.database.transaction() as session:
        board = job_board(session, job_id)
    return fragment(request, "job_live.html", **_shown(board, caller.may(UserRole.OPERATOR), runtime))


@router.get("/jobs/{job_id}/log")
def log(
    request: Request,
    runtime: CurrentRuntime,
    job_id: uuid.UUID,
    severity: Annotated[Severity, Query()] = None,
    cursor: Cursor = None,
) -> Response:
    """The newest lines of the log, or the older ones behind a cursor."""
    with runtime.database.transaction() as session:
        found = newest_lines(session, job_id, least=severity, cursor=cursor, most=LINES)
        active = not cursor and job_detail(session, job_id).status in ACTIVE
    template = "job_log_lines.html" if cursor else "job_log.html"
    return fragment(request, template, active=active, **_log(found, job_id, severity))


@router.get("/jobs/{job_id}/log/newer")
def newer(
    request: Request,
    runtime: CurrentRuntime,
    job_id: uuid.UUID,
    severity: Annotated[Severity, Query()] = None,
    cursor: Cursor = None,
) -> Response:
    """The lines since a cursor; after the job's end the log as it is then, since late lines may stand in between."""
    with runtime.database.transaction() as session:
        active = job_detail(session, job_id).status in ACTIVE
        if active:
            found = job_logs(session, job_id, cursor=cursor, after=None, least=severity, most=LINES)
            lines = [NewestLine.model_validate(line, from_attributes=True) for line in found.lines[::-1]]
            since = NewestLines(lines, older=None, newer=found.next_cursor)
        else:
            since = newest_lines(session, job_id, least=severity, cursor=None, most=LINES)
    template = "job_log_newer.html" if active else "job_log.html"
    headers = {} if active else {"HX-Retarget": "#log", "HX-Reswap": "outerHTML"}
    return fragment(request, template, active=active, headers=headers, **_log(since, job_id, severity))


@router.get("/jobs/{job_id}/cell")
def cell(
    request: Request,
    runtime: CurrentRuntime,
    job_id: uuid.UUID,
    level: Literal["chapters", "topics", "notes", "questions"],
    chapter: Annotated[int | None, Query(ge=0, le=10_000)] = None,
) -> Response:
    """The units of work behind a cell of the matrix: attempts, the last error in words, what to do."""
    with runtime.database.transaction() as session:
        units = cell_units(session, job_id, level=LEVEL_NAMES[level], chapter=chapter)
        status = job_detail(session, job_id).status
    return fragment(request, "job_cell.html", units=units, level=level, chapter=chapter, status=status)


@router.get("/jobs/{job_id}/confirm/{action}")
def confirm(request: Request, caller: Viewer, runtime: CurrentRuntime, job_id: uuid.UUID, action: Action) -> Response:
    """What an action will do, in figures of this moment, with the button that does it."""
    with runtime.database.transaction() as session:
        board = job_board(session, job_id)
        pause_of_all = control.control_state(session) if action == "resume" else None
    return fragment(
        request,
        "job_confirm.html",
        action=action,
        board=board,
        job=board.job,
        possible=board.job.status in WHEN[action],
        pause_of_all=pause_of_all if pause_of_all and pause_of_all.paused else None,
        admin=caller.may(UserRole.ADMIN),
    )


@router.post("/jobs/{job_id}/cancel")
def cancel(
    request: Request, caller: Writer, runtime: CurrentRuntime, job_id: uuid.UUID, reason: Reason = ""
) -> Response:
    """Cancel the job, and show it."""
    routes.cancel(caller, runtime, job_id, reason=reason.strip() or None)
    return _changed(request, caller, runtime, job_id)


@router.post("/jobs/{job_id}/pause")
def pause(request: Request, caller: Writer, runtime: CurrentRuntime, job_id: uuid.UUID) -> Response:
    """Pause the job, and show it."""
    routes.pause(caller, runtime, job_id)
    return _changed(request, caller, runtime, job_id)


@router.post("/jobs/{job_id}/resume")
def resume(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    job_id: uuid.UUID,
    budget: Annotated[Budget, Form()] = None,
) -> Response:
    """Let the job go on, and show it."""
    routes.resume(request, caller, runtime, job_id, ResumeRequest(max_cost_usd=budget) if budget else None)
    return _changed(request, caller, runtime, job_id)


def _changed(request: Request, caller: Caller, runtime: CurrentRuntime, job_id: uuid.UUID) -> Response:
    """The job after an action; the log hears of it too."""
    response = live(request, caller, runtime, job_id)
    response.headers["HX-Trigger"] = "job-changed"
    return response


def _shown(board: Board, operator: bool, runtime: CurrentRuntime) -> dict[str, Any]:
    """What the live part of the page is made of."""
    found = board.job
    return {
        "job": found,
        "job_id": found.job_id,
        "board": board,
        "active": found.status in ACTIVE,
        "taken": time_taken(found, runtime.now()),
        "actions": [name for name, statuses in WHEN.items() if operator and found.status in statuses],
        "levels": [level.name.lower() for level in CHAPTER_LEVELS],
        "cells": [_line(row.cells, found) for row in board.matrix if row.chapter is not None],
        "whole": next((row.cells for row in board.matrix if row.chapter is None), {}).get(Level.CHAPTERS),
        "rows": [row for row in board.matrix if row.chapter is not None],
        "timeline": timeline(board.matrix, now=runtime.now(), whole=_("Whole subject")),
        "state_of": _state,
        "notes": found.options.get("generateNotes", True),
        "questions": found.options.get("generateQuestions", True),
    }


def _log(found: NewestLines, job_id: uuid.UUID, severity: LogSeverity | None) -> dict[str, Any]:
    """What the log is made of."""
    return {"log": found, "job_id": job_id, "severity": severity, "severities": list(LogSeverity)[1:]}


def _line(cells: dict[Level, Cell], job: JobDetail) -> list[tuple[str, Cell | None, str]]:
    """The cells of a chapter, by level: name, what is there, and the state that is shown."""
    return [(level.name.lower(), cells.get(level), _state(cells.get(level), level, job)) for level in CHAPTER_LEVELS]


def _state(cell: Cell | None, level: Level, job: JobDetail) -> str:
    """The state of a cell as the page shows it: open work of a job that stands still stands still too."""
    if cell is None:
        asked = {Level.NOTES: "generateNotes", Level.QUESTIONS: "generateQuestions"}.get(level)
        return "unasked" if asked and not job.options.get(asked, True) else "none"
    if cell.state in (JobStatus.PENDING, JobStatus.RUNNING) and not cell.running and job.status is JobStatus.PAUSED:
        return JobStatus.PAUSED.value
    return cell.state.value
