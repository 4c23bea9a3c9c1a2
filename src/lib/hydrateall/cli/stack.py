"""`up`, `down`, `status`, `doctor`: the local stack."""

from __future__ import annotations

from typing import Annotated

import typer

from hydrateall.cli.output import console, print_json, status_text, table
from hydrateall.cli.pauses import show_pause_of_all
from hydrateall.core.database import Database, migrate
from hydrateall.core.settings import Settings, load_settings
from hydrateall.curriculum.service import seed
from hydrateall.hydration.control import control_state
from hydrateall.hydration.views import reconciler_state
from hydrateall.stack import service
from hydrateall.stack.schemas import Finding, StackStatus
from hydrateall.validation.service import seed_rules

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def up() -> None:
    """Start PostgreSQL and Airflow on this machine, migrated and seeded. Starts only what is missing."""
    settings = load_settings()
    found = service.up(settings, say, prepare=prepare)
    console.print(f"[good]Up.[/] Airflow: {found.url} · user {found.username} · password in {found.password_file}")


def down() -> None:
    """Stop everything that `up` started."""
    service.down(load_settings(), say)
    console.print("[good]Down.[/] Nothing of HydrateAll runs any more; the data stay.")


def status(as_json: Json = False) -> None:
    """Say what is up, since when, and when the reconciler last ran. Exit code 1 if something is down."""
    settings = load_settings()
    found = service.status(settings)
    if as_json:
        print_json(found)
    else:
        _show(found)
        _show_reconciler(settings)
    raise typer.Exit(0 if found.up else 1)


def doctor(
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask the model for 16 tokens at most; costs a fraction of a cent.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look for what is wrong and say how to put it right. Exit code 1 if something is."""
    from hydrateall.llm.diagnosis import diagnose
    from hydrateall.stack.doctor import doctor as examine

    settings = load_settings()
    models = [
        Finding(component="model", ok=found.ok, message=found.message, remedy=found.remedy)
        for found in diagnose(settings, probe=probe)
    ]
    findings = examine(settings, models)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            mark = "[good]✓[/]" if finding.ok else "[bad]✗[/]"
            console.print(f"{mark} [bold]{finding.component}[/]  {finding.message}", soft_wrap=True)
            if not finding.ok and finding.remedy:
                console.print(f"  → {finding.remedy}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def prepare(url: str) -> None:
    """Migrate the content database, load boards, subjects and default rules; all change nothing when repeated."""
    migrate(url)
    database = Database(url)
    try:
        with database.transaction() as session:
            seed(session)
            seed_rules(session)
    finally:
        database.dispose()


def say(message: str) -> None:
    """Tell a step of a longer work."""
    console.print(f"[dim]·[/] {message}", soft_wrap=True)


def _show(found: StackStatus) -> None:
    shown = table("component", "state", "since", "restarts", "", numbers=("restarts",))
    for part in found.components:
        since = f"{part.since.astimezone():%d %b %H:%M:%S}" if part.since else ""
        shown.add_row(
            part.name, status_text("completed").replace("completed", "up") if part.up else "[bad]down[/]", since,
            str(part.restarts or ""), part.detail,
        )  # fmt: skip
    console.print(shown)
    console.print(f"\nAirflow {found.url} · user {found.username} · password in {found.password_file}", soft_wrap=True)
    console.print(f"Logs    {found.logs}", soft_wrap=True)
    if not found.up:
        console.print("\n→ `hydrateall up` starts what is missing; `hydrateall doctor` says what is wrong.")


def _show_reconciler(settings: Settings) -> None:
    if not any(part.up for part in service.status(settings).components if part.name == "postgres"):
        return
    database = Database(service.content_database_url(settings, start=False))
    try:
        with database.transaction() as session:
            console.print(reconciler_state(session), soft_wrap=True)
            show_pause_of_all(control_state(session))
    finally:
        database.dispose()
