"""What the admin API shows of jobs: a row of the list, one job in full, its tree, its log."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.schemas import (
    Budget,
    Cost,
    Estimates,
    LevelProgress,
    LogLine,
    PurposeUsage,
    Timing,
    Usd,
    Wire,
)

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class LevelsProgress(Wire):
    """Each level of the cascade: what is there of what is expected."""

    chapters: LevelProgress
    topics: LevelProgress
    notes: LevelProgress
    questions: LevelProgress


class JobProgress(LevelsProgress):
    """The levels stand here as seed 000 has them, and once more under `levels` as seed 001 has them."""

    overall: float = Field(description="Percent of everything that the job is to deliver.")
    levels: LevelsProgress


class AirflowRun(Wire):
    """The DAG run that works on the job; `url` is its page, on this server."""

    dag_id: str
    dag_run_id: str
    url: str


class JobRow(Wire):
    """One job of the list."""

    job_id: uuid.UUID
    status: JobStatus
    subject: str = Field(description="The subject in words.", examples=["CBSE · grade 1 · Mathematics · en"])
    board_code: str
    grade: str
    subject_code: str
    language: str
    progress: JobProgress
    timing: Timing
    cost: Cost
    mode: str
    created_by: str
    trace_id: str | None
    error_message: str | None = Field(description="Why it failed or is paused.")
    cancel_reason: str | None
    paused_until: datetime | None
    paused_by_all: bool = Field(description="Paused by the pause of all hydrations, whose end lets it go on.")
    dag_run_id: str | None
    airflow_run: AirflowRun | None


class JobPage(Wire):
    """A page of the list, newest first."""

    jobs: list[JobRow]
    next_cursor: str | None = Field(description="Ask for the next page with it; null on the last.")


class JobDetail(JobRow):
    """One job: what it used and its newest log lines too."""

    options: dict[str, Any] = Field(description="The options that it was started with.")
    usage: list[PurposeUsage]
    recent_logs: list[LogLine]


class JobNode(Wire):
    """One unit of work: its state, attempts and last error."""

    job_id: uuid.UUID
    level: Literal["chapters", "topics", "notes", "questions"]
    variant: str | None = Field(description="The difficulty, of a set of questions.")
    status: JobStatus
    attempts: int
    max_retries: int
    lost_leases: int
    items_expected: int
    items_completed: int
    last_error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    cost_usd: Usd


class TopicNode(Wire):
    number: int
    title: str
    jobs: list[JobNode]


class ChapterNode(Wire):
    number: int
    title: str
    jobs: list[JobNode] = Field(description="The work that concerns the chapter itself: its topics.")
    topics: list[TopicNode]


class JobTree(Wire):
    """A job as chapters → topics → units of work."""

    job_id: uuid.UUID
    status: JobStatus
    jobs: list[JobNode] = Field(description="The work that concerns the whole subject: its chapters.")
    chapters: list[ChapterNode]


class JobLogLine(LogLine):
    """A log line, and the unit of work that it is about."""

    id: uuid.UUID
    job_id: uuid.UUID


class LogPage(Wire):
    """Log lines, oldest first."""

    lines: list[JobLogLine]
    next_cursor: str | None = Field(description="Ask with it for what comes later; it stays the same at the end.")
    more: bool = Field(description="Whether there are more lines already.")


class DryRun(Wire):
    """What a job would do and cost; nothing was changed."""

    root_job_id: Literal["dry-run"] = "dry-run"
    status: Literal["dry-run"] = "dry-run"
    estimates: Estimates


class CancelRequest(Wire):
    """Why a job is cancelled; it is kept with the job."""

    reason: Text | None = None


class ResumeRequest(Wire):
    """`maxCostUsd`: a new budget for what is spent already and what is to come; above the present one an admin's."""

    max_cost_usd: Budget | None = None


def _boolean(given: object) -> object:
    """Refuse 1 and 0, which Python takes for true and false."""
    if not isinstance(given, bool):
        raise ValueError("this is no boolean")
    return given


Exactly = BeforeValidator(_boolean)


class PauseRequest(Wire):
    """Pause all hydrations; everybody reads the reason."""

    paused: Annotated[Literal[True], Exactly]
    reason: Text


class GoOnRequest(Wire):
    """Let all hydrations go on."""

    paused: Annotated[Literal[False], Exactly]


SwitchRequest = PauseRequest | GoOnRequest


class Resumed(Wire):
    """A job that goes on, how many units of work are done again, and whether Airflow has it already."""

    job: JobDetail
    reopened: int
    delivered: bool
