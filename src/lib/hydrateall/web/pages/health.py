"""The page Health: why anything stands still and what to do, the machinery, budgets, and the targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import control
from hydrateall.hydration.overview import (
    PATIENCE,
    Machinery,
    TargetFigures,
    Waiting,
    WaitsFor,
    machinery,
    target_figures,
    waiting_jobs,
)
from hydrateall.hydration.routes import actor_of
from hydrateall.llm.views import BudgetState, GatewayState, gateway_state
from hydrateall.web.access import Admin, Caller, CurrentRuntime, Viewer
from hydrateall.web.pages.formats import duration, percent
from hydrateall.web.pages.layout import fragment, page, page_router
from hydrateall.web.pages.translation import gettext as _

router = page_router()
FEW = 5  # measurements; a verdict on fewer says little
NEARLY = 0.8  # of a budget
# What an active job waits for, what to do about it, and the command that does it or shows more.
WORDS = {
    WaitsFor.END_OF_PAUSE: (
        "the end of the pause of all hydrations",
        "Lift the pause.",
        "hydrateall jobs resume --all",
    ),
    WaitsFor.MOMENT: ("a moment: it goes on by itself", "Nothing, or resume it now.", "hydrateall jobs resume {job}"),
    WaitsFor.PERSON: ("somebody who resumes it", "Remove the cause, then resume it.", "hydrateall jobs resume {job}"),
    WaitsFor.DELIVERY: (
        "Airflow, which has not taken it yet",
        "It is delivered every minute. If Airflow is away, start it.",
        "hydrateall status",
    ),
    WaitsFor.SCHEDULER: (
        "Airflow's scheduler, which has not begun the run",
        "See that the scheduler runs, and that the DAG is not paused in Airflow.",
        "hydrateall status",
    ),
    WaitsFor.PROVIDER: ("the provider's batch", "Nothing: it may take a day.", "hydrateall jobs show {job}"),
    WaitsFor.NEXT_ATTEMPT: (
        "the next attempt after a failed call",
        "Nothing; the job shows each error.",
        "hydrateall jobs show {job}",
    ),
    WaitsFor.WORKER: (
        "a worker: there is work, and nobody does it",
        "The reconciler starts another run within five minutes; it can be asked now.",
        "hydrateall reconcile",
    ),
    WaitsFor.CLOSING: (
        "its end: everything is done",
        "The reconciler closes it within five minutes; it can be asked now.",
        "hydrateall reconcile",
    ),
}


@dataclass(frozen=True)
class Target:
    """One of the five targets: what is wanted, what is measured, on how many cases it stands."""

    name: str
    wanted: str
    figure: str
    met: bool | None
    cases: int
    case_name: str
    note: str = ""

    @property
    def state(self) -> str:
        """The state as badges know it."""
        return "none" if self.met is None else "completed" if self.met else "failed"

    @property
    def few(self) -> bool:
        """Whether the figure stands on too little to mean much."""
        return 0 < self.cases < FEW


@router.get("/health")
def health(request: Request, caller: Viewer, runtime: CurrentRuntime) -> Response:
    """Everything at one look; the targets are fetched after it, for they count a whole month."""
    return page(request, caller, "health.html", section="health", **_shown(runtime, caller))


@router.get("/health/now")
def now(request: Request, caller: Viewer, runtime: CurrentRuntime) -> Response:
    """The part of the page that changes by itself."""
    return fragment(request, "health_now.html", **_shown(runtime, caller))


@router.get("/health/targets")
def targets(request: Request, runtime: CurrentRuntime) -> Response:
    """The five targets against the figures of the last 30 days."""
    with runtime.database.transaction() as session:
        figures = target_figures(session, now=runtime.now())
    return fragment(request, "health_targets.html", targets=targets_of(figures))


@router.post("/health/pause")
def pause(
    request: Request,
    caller: Admin,
    runtime: CurrentRuntime,
    reason: Annotated[str, Form(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = "",
) -> Response:
    """Pause every hydration."""
    with runtime.database.transaction() as session:
        control.pause_all(session, reason=reason, actor=actor_of(caller), now=runtime.now())
    return now(request, caller, runtime)


@router.post("/health/resume")
def resume(request: Request, caller: Admin, runtime: CurrentRuntime) -> Response:
    """Lift the pause of all hydrations."""
    with runtime.database.transaction() as session:
        control.resume_all(session, actor=actor_of(caller), now=runtime.now())
    return now(request, caller, runtime)


def targets_of(found: TargetFigures) -> list[Target]:
    """The targets of the seed, each with its figure."""
    success = found.completed / found.ended if found.ended else None
    kept = 1 - found.lost / found.claims if found.claims else None
    well = _("%(count)s of them within ±10 %%") % {"count": found.well_estimated}
    return [
        Target(
            _("Average time to complete a job"),
            "< 120 min",
            duration(found.minutes),
            _met(found.minutes, lambda value: value < 120),
            found.timed,
            _("completed jobs"),
            _("95 of 100 within %(time)s") % {"time": duration(found.minutes_p95)} if found.timed else "",
        ),
        Target(
            _("Jobs that succeed"),
            "> 95 %",
            percent(100 * success) if success is not None else "–",
            _met(success, lambda value: value > 0.95),
            found.ended,
            _("jobs that completed or failed"),
        ),
        Target(
            _("Error of cost estimates"),
            "± 10 %",
            f"± {percent(100 * found.deviation)}" if found.deviation is not None else "–",
            _met(found.deviation, lambda value: value <= 0.10),
            found.estimated,
            _("completed jobs with an estimate"),
            _("median; ") + well if found.estimated else "",
        ),
        Target(
            _("Time of a reconciliation"),
            "< 30 s",
            _seconds(found.reconciler_p95),
            _met(found.reconciler_p95, lambda value: value < 30),
            found.reconciliations,
            _("reconciliations"),
            _("95 of 100 within that; the longest %(time)s") % {"time": _seconds(found.reconciler_longest)}
            if found.reconciliations
            else "",
        ),
        Target(
            _("Claims that keep their worker"),
            "> 99 %",
            percent(100 * kept) if kept is not None else "–",
            _met(kept, lambda value: value > 0.99),
            found.claims,
            _("claims"),
            _("%(lost)s lost") % {"lost": f"{found.lost:,}"} if found.claims else "",
        ),
    ]


def _met(value: float | None, holds: Any) -> bool | None:
    return None if value is None else bool(holds(value))


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _shown(runtime: Runtime, caller: Caller) -> dict[str, Any]:
    """What the page is made of, without the targets."""
    with runtime.database.transaction() as session:
        return _read(session, runtime, caller)


def _read(session: Session, runtime: Runtime, caller: Caller) -> dict[str, Any]:
    moment = runtime.now()
    gateway = gateway_state(session, runtime.settings)
    machine = machinery(session)
    jobs = waiting_jobs(session, now=moment)
    waiting = [job for job in jobs if job.waits_for is not WaitsFor.NOTHING]
    return {
        "machine": machine,
        "waiting": [(job, *_told(job)) for job in sorted(waiting, key=lambda job: (not job.stuck, job.since))],
        "working": len(jobs) - len(waiting),
        "gateway": gateway,
        "budgets": [
            (budget, _scope(budget), _budget_state(budget)) for budget in gateway.budgets if _is_current(budget, moment)
        ],
        "reconciler_late": _late(machine, moment),
        "outbox_late": _overdue(machine.undelivered_since, moment),
        "admin": caller.may(UserRole.ADMIN),
        "headline": _headline(machine, waiting, gateway, moment),
    }


def _told(job: Waiting) -> tuple[str, str, str]:
    """What it waits for, what to do, and the command."""
    what, step, command = WORDS[job.waits_for]
    return _(what), _(step), command.format(job=job.job_id)


def _late(machine: Machinery, moment: datetime) -> bool:
    return machine.reconciled_at is not None and machine.reconciled_at < moment - 2 * PATIENCE


def _overdue(since: datetime | None, moment: datetime) -> bool:
    return since is not None and since < moment - timedelta(minutes=2)


def _headline(machine: Machinery, waiting: list[Waiting], gateway: GatewayState, moment: datetime) -> tuple[str, str]:
    """The whole page in a state and a sentence."""
    if machine.paused:
        return "paused", _("All hydrations are paused.")
    if _late(machine, moment):
        return "failed", _("The reconciler is silent: what crashes leave behind is not put right.")
    if any(each.open_until for each in gateway.deployments):
        return "failed", _("A model server fails; its breaker is open, and calls wait.")
    if _overdue(machine.undelivered_since, moment):
        return "warning", _("Airflow does not take what waits for it.")
    if any(job.stuck for job in waiting):
        return "warning", _("Something stands still and needs a person.")
    return "completed", _("Nothing is stuck.")


def _is_current(budget: BudgetState, moment: datetime) -> bool:
    """Whether the budget can still be spent from: days and months pass."""
    today = moment.astimezone(UTC)
    return budget.scope.startswith("job:") or budget.scope.endswith((f":{today:%Y-%m-%d}", f":{today:%Y-%m}"))


def _budget_state(budget: BudgetState) -> str:
    used = budget.spent_usd + budget.reserved_usd
    if budget.cap_usd is None or not budget.cap_usd:
        return "none"
    return (
        "failed" if used >= budget.cap_usd else "warning" if used >= budget.cap_usd * Decimal(str(NEARLY)) else "good"
    )


def _scope(budget: BudgetState) -> tuple[str, str]:
    """A budget in words, and the job that it belongs to, if it is one's."""
    kind, _colon, rest = budget.scope.partition(":")
    names = {"day": _("Day %(rest)s"), "tenant": _("Month of %(rest)s"), "job": _("Job %(rest)s")}
    shown = rest[-12:] if kind == "job" else rest.replace(":", " ")
    return names.get(kind, "%(rest)s") % {"rest": shown}, rest if kind == "job" else ""
