"""A job at one look: the matrix of chapters and levels, the work behind a cell, the newest log lines."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.cursors import Place, read_cursor
from hydrateall.core.database import rows, sql
from hydrateall.hydration.enums import JobStatus, Level, LogSeverity
from hydrateall.hydration.job_pages import JobDetail
from hydrateall.hydration.listing import job_detail
from hydrateall.llm.service import ModelCost, costs_of_root

CHAPTER_LEVELS = (Level.TOPICS, Level.NOTES, Level.QUESTIONS)
RUN_OF_JOB = re.compile(r"hydrate__([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})__\d+")


@dataclass(frozen=True)
class Cell:
    """One level of one chapter: its units of work together."""

    chapter: int | None
    level: Level
    units: int
    failed: int
    running: int
    pending: int
    cancelled: int
    retrying: int
    expected: int
    completed: int
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def state(self) -> JobStatus:
        """The state that asks for attention first."""
        counts = ((JobStatus.FAILED, self.failed), (JobStatus.RUNNING, self.running), (JobStatus.PENDING, self.pending))
        found = next((status for status, count in counts if count), None)
        if found is JobStatus.PENDING and self.completed:
            return JobStatus.RUNNING
        return found or (JobStatus.CANCELLED if self.cancelled else JobStatus.COMPLETED)


@dataclass(frozen=True)
class BoardRow:
    """A chapter (None: the whole subject) and its cells by level; a level that has no work yet is missing."""

    chapter: int | None
    title: str
    cells: dict[Level, Cell]


@dataclass(frozen=True)
class Board:
    """One job with its matrix and its costs."""

    job: JobDetail
    matrix: list[BoardRow]
    costs: list[ModelCost]

    @property
    def in_flight(self) -> int:
        """Model calls that its workers hold now."""
        return sum(cell.running for row in self.matrix for cell in row.cells.values())

    @property
    def failed(self) -> int:
        """Units of work that were given up."""
        return sum(cell.failed for row in self.matrix for cell in row.cells.values())


class CellUnit(BaseModel):
    """One unit of work behind a cell."""

    id: uuid.UUID
    variant: str | None
    status: JobStatus
    attempts: int
    max_retries: int
    lost_leases: int
    items_expected: int
    items_completed: int
    error_message: str | None
    next_attempt_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    cost_usd: Decimal
    topic_number: int | None
    topic_title: str | None


class NewestLine(BaseModel):
    """A line of the log."""

    id: uuid.UUID
    phase: str
    severity: LogSeverity
    message: str | None
    created_at: datetime


@dataclass(frozen=True)
class NewestLines:
    """Log lines, newest first; the cursors of the older ones (None: there are none) and of those still to come."""

    lines: list[NewestLine]
    older: str | None
    newer: str | None


def job_board(session: Session, job_id: uuid.UUID) -> Board:
    """Return a root with its matrix and costs; raise UnknownJob."""
    job = job_detail(session, job_id)
    found = rows(session, sql("hydration/job_matrix"), root_id=job_id)
    return Board(job, _matrix(found), costs_of_root(session, job_id))


def cell_units(session: Session, job_id: uuid.UUID, *, level: Level, chapter: int | None) -> list[CellUnit]:
    """Return the units of work of one level of one chapter; those that need a look come first."""
    found = rows(session, sql("hydration/matrix_cell"), root_id=job_id, level=level.value, chapter=chapter)
    return [CellUnit.model_validate(dict(row)) for row in found]


def newest_lines(
    session: Session, job_id: uuid.UUID, *, least: LogSeverity | None, cursor: str | None, most: int
) -> NewestLines:
    """Return log lines of a root from the newest on; raise UsageError if the cursor is unusable."""
    place = read_cursor(cursor) if cursor else None
    found = rows(
        session,
        sql("hydration/newest_logs"),
        root_id=job_id,
        least=least,
        before_at=place and place.at,
        before_id=place and place.id,
        most=most + 1,
    )
    lines = [NewestLine.model_validate(dict(row)) for row in found[:most]]
    ends = [Place(line.created_at, line.id).cursor() for line in (*lines[:1], *lines[-1:])]
    return NewestLines(lines, older=ends[-1] if len(found) > most else None, newer=ends[0] if ends else None)


def job_of_run(session: Session, dag_run_id: str) -> uuid.UUID | None:
    """The root that a DAG run works on, or has worked on before another run went on with it."""
    named = RUN_OF_JOB.fullmatch(dag_run_id)
    found = rows(session, sql("hydration/job_of_run"), dag_run_id=dag_run_id, job_id=named and named.group(1))
    return found[0]["id"] if found else None


def _matrix(found: Sequence[sa.RowMapping]) -> list[BoardRow]:
    matrix: dict[int | None, BoardRow] = {}
    for row in found:
        values = dict(row)
        number, title, level = values.pop("chapter_number"), values.pop("title"), Level(values.pop("hierarchy_level"))
        line = matrix.setdefault(number, BoardRow(number, title or "", {}))
        line.cells[level] = Cell(chapter=number, level=level, **values)
    return list(matrix.values())
