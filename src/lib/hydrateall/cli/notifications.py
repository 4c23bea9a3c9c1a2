"""`notify`: who is told what."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from hydrateall.cli.context import actor, open_runtime, read_id
from hydrateall.cli.output import console, print_json, table
from hydrateall.core.errors import UsageError
from hydrateall.hydration.enums import JobEvent
from hydrateall.hydration.views import job_view
from hydrateall.monitoring import service
from hydrateall.monitoring.schemas import Channel, NewSubscription, SubscriptionView

app = typer.Typer(help="Tell people and programs what becomes of jobs.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
SubscriptionId = Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Id of the subscription.")]
UNTOLD = "[dim]nothing yet[/]"


@app.callback()
def group() -> None:
    """Tell people and programs what becomes of jobs."""


@app.command("add")
def add(
    webhook: Annotated[str | None, typer.Option(help="Address that gets a signed POST.")] = None,
    email: Annotated[str | None, typer.Option(help="Address that gets a mail, over Airflow's connection.")] = None,
    event: Annotated[list[JobEvent] | None, typer.Option(help="Repeat it; all of them if left out.")] = None,
    board: Annotated[str | None, typer.Option(help="Only jobs of this board.")] = None,
    grade: Annotated[str | None, typer.Option(help="Only jobs of this grade.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only jobs of this subject's code.")] = None,
    job: Annotated[str | None, typer.Option(help="Only this job.")] = None,
    as_json: Json = False,
) -> None:
    """Tell this address of jobs that are completed, failed, paused, cancelled, or have nearly spent their budget."""
    if bool(webhook) == bool(email):
        raise UsageError("It takes one address.", "Give either --webhook or --email.", field="target")
    asked = NewSubscription(
        channel=Channel.WEBHOOK if webhook else Channel.EMAIL,
        target=webhook or email or "",
        events=event or list(JobEvent),
        board=board,
        grade=grade,
        subject=subject,
        job_id=read_id(job) if job else None,
    )
    with open_runtime() as runtime, runtime.database.transaction() as session:
        if asked.job_id:
            job_view(session, asked.job_id, logs=0)  # a job that does not exist is named now
        added = service.subscribe(session, asked, actor=actor(), settings=runtime.settings)
    if as_json:
        print_json(added)
        return
    console.print(f"[good]Subscribed[/] {escape(asked.target)} as {added.id}.", soft_wrap=True)
    if added.secret:
        console.print(f"Secret of its signatures, shown only now: {added.secret}", markup=False, soft_wrap=True)
    console.print(f"→ `hydrateall notify test {added.id}` sends it a message.", soft_wrap=True)


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """List who is told what, and how the last message fared."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        views = service.list_subscriptions(session)
    if as_json:
        print_json(views)
        return
    if not views:
        console.print("Nobody is told anything yet. `hydrateall notify add --webhook URL` subscribes an address.")
        return
    shown = table("subscription", "address", "events", "of", "by", "last message", whole=("subscription",))
    for view in views:
        events = "all" if len(view.events) == len(JobEvent) else ", ".join(view.events)
        shown.add_row(str(view.id), escape(view.target), events, _filter(view), view.created_by, _last(view))
    console.print(shown)


def _filter(view: SubscriptionView) -> str:
    if view.job_id:
        return f"job {view.job_id}"
    grade = f"grade {view.grade}" if view.grade else None
    return " · ".join(filter(None, (view.board, grade, view.subject))) or "every job"


def _last(view: SubscriptionView) -> str:
    if view.last_status is None:
        return UNTOLD
    return f"{view.last_status}: {escape(view.last_error)}" if view.last_error else view.last_status


@app.command("remove")
def remove(subscription: SubscriptionId) -> None:
    """Tell this subscriber nothing more; messages that wait are dropped."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        service.unsubscribe(session, read_id(subscription), actor=actor())
    console.print(f"[good]Removed[/] {subscription}.")


@app.command("test")
def test(subscription: SubscriptionId) -> None:
    """Send this subscriber a message now, and say how its server answered."""
    with open_runtime() as runtime:
        sent = service.send_test(runtime, read_id(subscription))
    if sent.error:
        console.print(f"[bad]Not sent.[/] {escape(sent.error)}", soft_wrap=True)
        raise typer.Exit(1)
    console.print("[good]Sent.[/] The receiver has taken it.")
