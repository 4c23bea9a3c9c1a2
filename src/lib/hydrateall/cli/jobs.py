"""`jobs`: list, show, pause, cancel, resume."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from hydrateall.cli.context import actor, airflow_of, open_runtime, read_id
from hydrateall.cli.live import watch
from hydrateall.cli.output import console, duration, print_json, status_text, table, usd
from hydrateall.cli.pauses import chosen, pause_all, resume_all, show_pause
from hydrateall.cli.summary import grounding_lines, show_summary
from hydrateall.hydration import service
from hydrateall.hydration.control import deliver_jobs
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.grounding import grounding_of
from hydrateall.hydration.schemas import JobView, PurposeUsage, read_budget
from hydrateall.hydration.views import job_view, list_jobs, missing_items

app = typer.Typer(help="Hydration jobs.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job.")]
MaybeJobId = Annotated[str | None, typer.Argument(metavar="[JOB]", help="Id of the job.")]


@app.command("list")
def list_all(
    status: Annotated[JobStatus | None, typer.Option(help="Only jobs of this status.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List jobs, newest first."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        views = list_jobs(session, status=status, most=most)
    if as_json:
        print_json(views)
    elif not views:
        console.print("No jobs yet. Start one: hydrateall hydrate --board CBSE --grade 10 --subject SCIENCE --wait")
    else:
        console.print(_table_of(views))


def _table_of(views: list[JobView]) -> Table:
    numbers = ("progress", "cost", "took")
    shown = table("job", "subject", "status", "progress", "cost", "took", "by", numbers=numbers, whole=("job",))
    for view in views:
        minutes = view.timing.actual_duration_mins
        shown.add_row(
            str(view.job_id),
            view.subject,
            status_text(view.status),
            f"{view.progress.overall:.1f} %",
            usd(float(view.cost.actual)),
            duration(60 * minutes) if minutes else "",
            view.created_by,
        )
    return shown


@app.command("show")
def show(
    job: JobId,
    wait: Annotated[bool, typer.Option("--wait", help="Watch it until it ends.")] = False,
    as_json: Json = False,
) -> None:
    """Show one job: progress, cost, what each purpose used, what is missing, the newest log lines."""
    job_id = read_id(job)
    with open_runtime() as runtime:
        if wait:
            watch(runtime, job_id, quiet=as_json)
        with runtime.database.transaction() as session:
            view = job_view(session, job_id)
            missing = missing_items(session, job_id)
            grounding = grounding_of(session, job_id)
        if as_json:
            print_json(view)
        elif wait:
            show_summary(runtime, job_id)
        else:
            _show(view)
            for text in grounding_lines(*grounding):
                console.print(text, soft_wrap=True)
            for item in missing:
                console.print(
                    f"[bad]missing[/] {escape(f'{item.what} of {item.where}: {item.reason}')}", soft_wrap=True
                )
    if wait and view.status is not JobStatus.COMPLETED:
        raise typer.Exit(1)


def _show(view: JobView) -> None:
    console.print(f"[bold]{view.subject}[/]  {status_text(view.status)}  {view.progress.overall:.1f} %")
    shown = table("level", "there", "asked for", "", numbers=("there", "asked for", ""))
    for name, level in view.progress.levels().items():
        shown.add_row(name, str(level.completed), str(level.expected), f"{level.percent:.0f} %")
    console.print(shown)
    budget = usd(float(view.cost.budget)) if view.cost.budget else "none"
    estimated = usd(float(view.cost.estimated or 0))
    console.print(f"\ncost      {usd(float(view.cost.actual))} of {budget} (estimated {estimated})")
    console.print(f"created   {view.timing.created_at.astimezone():%d %b %Y %H:%M:%S} by {view.created_by}")
    if view.timing.actual_duration_mins:
        console.print(f"took      {duration(60 * view.timing.actual_duration_mins)}")
    console.print(f"DAG run   {view.dag_run_id or 'not started: it waits in the outbox'}", soft_wrap=True)
    console.print(f"trace     {view.trace_id}")
    if view.status is JobStatus.PAUSED:
        show_pause(view)
    else:
        for text in filter(None, (view.error_message, view.cancel_reason)):
            console.print(f"reason    {text}", markup=False, soft_wrap=True)
    if view.usage:
        console.print()
        console.print(_usage_table(view.usage))
    if view.recent_logs:
        console.print("\n[dim]newest log lines[/]")
    for line in view.recent_logs:
        at = f"{line.created_at.astimezone():%H:%M:%S}"
        console.print(f"{at}  {line.phase:<14} {line.message or ''}", markup=False, soft_wrap=True)


def _usage_table(usage: list[PurposeUsage]) -> Table:
    """Calls by purpose; the columns that are empty for all of them are left out."""
    names = ("calls", "accepted", "rejected", "errors", "discarded", "cached", "uncertain")
    kept = [name for name in names if name in ("calls", "accepted") or any(getattr(each, name) for each in usage)]
    maybe = ["maybe more"] if "uncertain" in kept else []
    shown = table("purpose", *kept, "cost", *maybe, numbers=(*names, "cost", "maybe more"))
    for each in usage:
        counts = [str(getattr(each, name)) for name in kept]
        more = [usd(float(each.uncertain_usd))] if maybe else []
        shown.add_row(each.purpose, *counts, usd(float(each.cost_usd)), *more)
    return shown


@app.command("pause")
def pause(
    job: MaybeJobId = None,
    everything: Annotated[bool, typer.Option("--all", help="All hydrations, until `jobs resume --all`.")] = False,
    reason: Annotated[str, typer.Option(help="Why; with --all everybody reads it.")] = "",
) -> None:
    """Pause a running job, or all: no new model call starts, what is in flight is kept. `jobs resume` goes on."""
    if chosen(job, everything) is None:
        pause_all(reason)
        return
    with open_runtime() as runtime, runtime.database.transaction() as session:
        service.pause_by(session, read_id(job or ""), actor=actor(), now=runtime.now())
    console.print(f"[good]Job {job} is paused.[/] `hydrateall jobs resume {job}` goes on.", soft_wrap=True)


@app.command("cancel")
def cancel(
    job: JobId,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the job.")] = "cancelled from the command line",
) -> None:
    """Cancel a job: no new model call starts, and results that come late are discarded. What is finished stays."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        service.cancel(session, read_id(job), actor=actor(), reason=reason, now=runtime.now())
    console.print(f"[good]Job {job} is cancelled.[/] Finished content stays; `hydrateall jobs resume {job}` goes on.")


@app.command("resume")
def resume(
    job: MaybeJobId = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(help="A new budget in USD, for what is spent already and what is to come.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Watch it until it ends.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Lift the pause of all hydrations.")] = False,
) -> None:
    """Resume a paused, failed or cancelled job: only what is missing is done. With --all, what --all has paused."""
    if chosen(job, everything) is None:
        resume_all()
        return
    budget = None if max_cost_usd is None else read_budget(max_cost_usd)
    job_id = read_id(chosen(job, everything) or "")
    with open_runtime() as runtime:
        with runtime.database.transaction() as session:
            reopened = service.resume(
                session,
                job_id,
                actor=actor(),
                settings=runtime.settings,
                now=runtime.now(),
                max_cost_usd=budget,
            )
        delivery = deliver_jobs(runtime, airflow_of(runtime), job_id=job_id)
        told = "Airflow has it." if delivery.sent else f"It waits in the outbox: {delivery.error}"
        again = f", and does again what failed or was cancelled ({reopened} jobs)" if reopened else ""
        console.print(f"[good]Job {job} goes on[/] where it stopped{again}. {told}", soft_wrap=True)
        if wait:
            view = watch(runtime, job_id)
            show_summary(runtime, job_id)
            raise typer.Exit(0 if view.status is JobStatus.COMPLETED else 1)
