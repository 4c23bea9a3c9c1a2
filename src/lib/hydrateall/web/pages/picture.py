"""The picture of the last 30 days above the list of jobs, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import Response

from hydrateall.hydration.overview import Day, last_days
from hydrateall.web.access import CurrentRuntime
from hydrateall.web.pages.charts import Chart, columns
from hydrateall.web.pages.formats import money
from hydrateall.web.pages.layout import fragment, page_router
from hydrateall.web.pages.translation import gettext as _

KINDS = ("completed", "failed", "cancelled")
router = page_router()


@router.get("/picture")
def picture(request: Request, runtime: CurrentRuntime) -> Response:
    """Jobs a day by how they ended, and what each day cost; the same as a table."""
    with runtime.database.transaction() as session:
        days = last_days(session, now=runtime.now())
    judged = sum(day.completed + day.failed for day in days)
    completed = sum(day.completed for day in days)
    return fragment(
        request,
        "jobs_days.html",
        days=days,
        ended=sum(day.ended for day in days),
        success=100 * completed / judged if judged else None,
        cost=sum(day.cost_usd for day in days),
        jobs=jobs_chart(days),
        costs=costs_chart(days),
        kinds=KINDS,
    )


def jobs_chart(days: Sequence[Day]) -> Chart:
    """Jobs a day, by how they ended."""
    words = _("%(completed)s completed, %(failed)s failed, %(cancelled)s cancelled")
    return columns(
        [(day.day, [(kind, getattr(day, kind)) for kind in KINDS], words % day.model_dump()) for day in days],
        whole_numbers=True,
    )


def costs_chart(days: Sequence[Day]) -> Chart:
    """What each day cost."""
    return columns([(day.day, [("cost", float(day.cost_usd))], money(day.cost_usd)) for day in days])
