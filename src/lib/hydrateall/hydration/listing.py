"""Jobs as the admin API shows them: read by SQL in one statement a page, whatever the number of jobs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.cursors import Place, read_cursor
from hydrateall.core.database import plan_anew, rows, sql
from hydrateall.hydration import repository
from hydrateall.hydration.enums import DAGS, JobStatus, LogSeverity, Mode
from hydrateall.hydration.errors import UnknownJob
from hydrateall.hydration.job_pages import (
    AirflowRun,
    ChapterNode,
    JobDetail,
    JobLogLine,
    JobNode,
    JobPage,
    JobProgress,
    JobRow,
    JobTree,
    LevelsProgress,
    LogPage,
    TopicNode,
)
from hydrateall.hydration.schemas import Cost, LevelProgress, LogLine, PurposeUsage, Timing
from hydrateall.hydration.views import LEVEL_NAMES
from hydrateall.llm.service import usage_of_root

RECENT_LOGS = 10


@dataclass(frozen=True)
class JobFilter:
    """Which jobs are meant; what is None does not choose. `since` is inclusive, `until` exclusive."""

    status: JobStatus | None = None
    board: str | None = None
    grade: str | None = None
    subject: str | None = None
    language: str | None = None
    creator: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def job_page(session: Session, chosen: JobFilter, *, cursor: str | None, most: int) -> JobPage:
    """Return jobs from the newest on; raise UnusableCursor."""
    place = read_cursor(cursor) if cursor else None
    found = _job_rows(session, most=most + 1, place=place, **_upper(chosen))
    page = [_row(row) for row in found[:most]]
    last = found[most - 1] if len(found) > most else None
    return JobPage(jobs=page, next_cursor=Place(last["created_at"], last["id"]).cursor() if last else None)


def job_detail(session: Session, job_id: uuid.UUID) -> JobDetail:
    """Return one root job with its usage and newest log lines; raise UnknownJob."""
    row = _root_row(session, job_id)
    shown = set(PurposeUsage.model_fields)
    return JobDetail(
        **dict(_row(row)),
        options=row["input_params"]["options"],
        usage=[PurposeUsage(**use.model_dump(include=shown)) for use in usage_of_root(session, job_id)],
        recent_logs=[
            LogLine.model_validate(line, from_attributes=True)
            for line in repository.recent_logs(session, job_id, RECENT_LOGS)
        ],
    )


def job_tree(session: Session, job_id: uuid.UUID) -> JobTree:
    """Return every unit of work of a root by its place in the curriculum; raise UnknownJob."""
    root = _root_row(session, job_id)
    found = rows(session, sql("hydration/job_tree"), root_id=job_id)
    whole = [_node(row) for row in found if row["chapter_number"] is None]
    below = (row for row in found if row["chapter_number"] is not None)
    return JobTree(
        job_id=job_id,
        status=root["status"],
        jobs=whole,
        chapters=[_chapter(number, list(group)) for number, group in groupby(below, lambda row: row["chapter_number"])],
    )


def job_logs(
    session: Session,
    job_id: uuid.UUID,
    *,
    cursor: str | None,
    after: datetime | None,
    least: LogSeverity | None,
    most: int,
) -> LogPage:
    """Return log lines of a root from the oldest on; raise UnknownJob, or UnusableCursor."""
    place = read_cursor(cursor) if cursor else None
    _root_row(session, job_id)
    found = rows(
        session,
        sql("hydration/job_logs"),
        root_id=job_id,
        least=least,
        after=after,
        after_at=place and place.at,
        after_id=place and place.id,
        most=most + 1,
    )
    lines = [JobLogLine(**row) for row in found[:most]]
    last = Place(lines[-1].created_at, lines[-1].id).cursor() if lines else cursor
    return LogPage(lines=lines, next_cursor=last, more=len(found) > most)


def _upper(chosen: JobFilter) -> dict[str, Any]:
    """The filter as binds; codes are written in capitals, whatever was typed."""
    codes = {"board": chosen.board, "subject": chosen.subject}
    return {**chosen.__dict__, **{name: code and code.upper() for name, code in codes.items()}}


def _root_row(session: Session, job_id: uuid.UUID) -> sa.RowMapping:
    found = _job_rows(session, most=1, job_id=job_id, **JobFilter().__dict__)
    if not found:
        raise UnknownJob(job_id)
    return found[0]


def _job_rows(
    session: Session, *, most: int, place: Place | None = None, job_id: uuid.UUID | None = None, **chosen: Any
) -> Sequence[sa.RowMapping]:
    plan_anew(session)
    return rows(
        session,
        sql("hydration/job_page"),
        job_id=job_id,
        before_at=place and place.at,
        before_id=place and place.id,
        most=most,
        **chosen,
    )


def _row(row: sa.RowMapping) -> JobRow:
    levels = {
        name: LevelProgress(completed=row[f"{name}_completed"], expected=row[f"{name}_expected"])
        for name in LEVEL_NAMES
    }
    mode = Mode(row["input_params"]["options"].get("mode", Mode.FAST))
    same = ("status", "board_code", "grade", "subject_code", "language", "created_by", "trace_id", "error_message")
    more = ("cancel_reason", "paused_until", "paused_by_all", "dag_run_id")
    return JobRow(
        job_id=row["id"],
        subject=f"{row['board_code']} · grade {row['grade']} · {row['subject_name']} · {row['language']}",
        progress=JobProgress(
            overall=float(row["overall_progress"]), levels=LevelsProgress.model_validate(levels), **levels
        ),
        timing=Timing(**{name: row[name] for name in Timing.model_fields}),
        cost=Cost(estimated=row["estimated_cost_usd"], actual=row["cost_usd"], budget=row["max_cost_usd"]),
        mode=mode,
        airflow_run=_airflow_run(DAGS[mode], row["dag_run_id"]),
        **{name: row[name] for name in (*same, *more)},
    )


def _airflow_run(dag: str, run: str | None) -> AirflowRun | None:
    return AirflowRun(dag_id=dag, dag_run_id=run, url=f"/dags/{dag}/runs/{run}") if run else None


def _chapter(number: int, group: list[sa.RowMapping]) -> ChapterNode:
    topics = groupby((row for row in group if row["topic_number"] is not None), lambda row: row["topic_number"])
    return ChapterNode(
        number=number,
        title=group[0]["chapter_title"],
        jobs=[_node(row) for row in group if row["topic_number"] is None],
        topics=[_topic(topic, list(below)) for topic, below in topics],
    )


def _topic(number: int, group: list[sa.RowMapping]) -> TopicNode:
    return TopicNode(number=number, title=group[0]["topic_title"], jobs=[_node(row) for row in group])


def _node(row: sa.RowMapping) -> JobNode:
    same = ("variant", "status", "attempts", "max_retries", "lost_leases", "items_expected", "items_completed")
    more = ("started_at", "finished_at", "cost_usd")
    return JobNode(
        job_id=row["id"],
        level=LEVEL_NAMES[row["hierarchy_level"] - 1],
        last_error=row["error_message"],
        **{name: row[name] for name in (*same, *more)},
    )
