"""The page Jobs: every hydration, newest first, chosen by filters that stand in the address."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hydrateall.curriculum.enums import LanguageCode
from hydrateall.curriculum.service import codes
from hydrateall.hydration.enums import ACTIVE, JobStatus
from hydrateall.hydration.listing import JobFilter, job_page
from hydrateall.web.access import CurrentRuntime, Viewer
from hydrateall.web.pages.layout import page, page_router, url

MOST = 25
LAST_DAY = date.max - timedelta(days=1)
router = page_router()


def _none_if_empty(value: object) -> object:
    """A control that is left empty chooses nothing."""
    return None if value == "" else value


Word = Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Text = Annotated[Word | None, BeforeValidator(_none_if_empty)]


class Filters(BaseModel):
    """The controls above the list, as the address has them. Both dates are days in UTC, both included."""

    model_config = ConfigDict(extra="ignore")

    status: Annotated[JobStatus | None, BeforeValidator(_none_if_empty)] = None
    board: Text = None
    grade: Text = None
    subject: Text = None
    language: Annotated[LanguageCode | None, BeforeValidator(_none_if_empty)] = None
    creator: Text = None
    since: Annotated[date | None, BeforeValidator(_none_if_empty)] = None
    until: Annotated[date | None, BeforeValidator(_none_if_empty)] = None
    cursor: Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(_none_if_empty)] = None

    def chosen(self) -> JobFilter:
        """The filters as the list takes them."""
        given = self.model_dump(exclude={"since", "until", "cursor"})
        end = min(self.until, LAST_DAY) + timedelta(days=1) if self.until else None
        return JobFilter(**given, since=_midnight(self.since), until=_midnight(end))

    def query(self) -> dict[str, str]:
        """The filters as an address names them, without the place in the list."""
        return self.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)


@router.get("/")
def home(request: Request) -> Response:
    """The jobs are where people begin."""
    return RedirectResponse(url(request, "jobs"), 303)


@router.get("/jobs")
def jobs(request: Request, caller: Viewer, runtime: CurrentRuntime, filters: Annotated[Filters, Query()]) -> Response:
    """One page of the list; htmx takes its results only."""
    with runtime.database.transaction() as session:
        found = job_page(session, filters.chosen(), cursor=filters.cursor, most=MOST)
        known = codes(session)
    return page(
        request,
        caller,
        "jobs.html",
        section="jobs",
        jobs=found.jobs,
        now=runtime.now(),
        live=any(job.status in ACTIVE for job in found.jobs),
        next=url(request, "jobs", **filters.query(), cursor=found.next_cursor) if found.next_cursor else None,
        first=url(request, "jobs", **filters.query()) if filters.cursor else None,
        here=url(request, "jobs", **filters.query(), cursor=filters.cursor),
        filters=filters,
        filtered=bool(filters.query()),
        statuses=list(JobStatus),
        boards=known.boards,
        grades=known.grades,
        subjects=known.subjects,
        languages=list(LanguageCode),
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
