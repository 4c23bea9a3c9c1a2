"""`validation rerun` and `validation report`: judge a bank again, and show what changed."""

from __future__ import annotations

import time
import uuid
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from hydrateall.cli.context import actor, airflow_of, open_runtime, read_id
from hydrateall.cli.output import INTERRUPTED, console, duration, errors, print_json, status_text, table
from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import deliver_due
from hydrateall.review.enums import RUNS_ACTIVE, RunStatus
from hydrateall.review.rerun_report import Change, RerunReport
from hydrateall.review.reruns import RerunRequest, report_of, submit

REFRESH_SECONDS = 0.5
MOST_CODES = 12

Wait = Annotated[bool, typer.Option("--wait", help="Wait for its end and show the report.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def rerun(
    board: Annotated[str, typer.Option(help="Code of the board, e.g. CBSE.")],
    grade: Annotated[str, typer.Option(help="1 to 12.")],
    subject: Annotated[str, typer.Option(help="Code of the subject, e.g. SCIENCE or MATH.")],
    language: Annotated[str, typer.Option(help="en or hi.")] = "en",
    chapter: Annotated[int | None, typer.Option(min=1, help="Only the chapter of this number.")] = None,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Judge a subject's items again by the rules of today. Human decisions stay; nothing is deleted or written anew."""
    request = RerunRequest(board_code=board, grade=grade, subject_code=subject, language=language, chapter=chapter)
    with open_runtime() as runtime:
        airflow = airflow_of(runtime)  # a wrong address is found before anything is written
        with runtime.database.transaction() as session:
            by = actor().user_id(session)
            run_id, entry_id = submit(session, request, requested_by=by, now=runtime.now())
        delivery = deliver_due(runtime, airflow, entry_ids=[entry_id] if entry_id else [])
        told = "Airflow has it." if delivery.sent else f"It waits in the outbox: {delivery.error}"
        if as_json and not wait:
            print_json({"runId": str(run_id), "delivered": bool(delivery.sent), "message": told})
        elif not as_json:
            console.print(f"[key]Run {run_id}[/] submitted. {told}", soft_wrap=True)
        if wait:
            _wait_and_show(runtime, run_id, as_json)
        elif not as_json:
            console.print(f"→ `hydrateall validation report {run_id} --wait` shows what changes.", soft_wrap=True)


def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.")], wait: Wait = False, as_json: Json = False
) -> None:
    """Show what a validation run has found: what is doubted now, what is clean now, what people keep."""
    run_id = read_id(run)
    with open_runtime() as runtime:
        if wait:
            _wait_and_show(runtime, run_id, as_json)
        else:
            _show(_look(runtime, run_id), as_json)


def _wait_and_show(runtime: Runtime, run_id: uuid.UUID, as_json: bool) -> None:
    """Show the report when the run has ended, and exit with 1 if it failed."""
    try:
        found = _watch(runtime, run_id, quiet=as_json)
    except KeyboardInterrupt:
        errors.print(f"Not waiting any more; the run goes on. `hydrateall validation report {run_id}` shows it.")
        raise typer.Exit(INTERRUPTED) from None
    _show(found, as_json)
    raise typer.Exit(0 if found.status is RunStatus.COMPLETED else 1)


def _watch(runtime: Runtime, run_id: uuid.UUID, *, quiet: bool) -> RerunReport:
    """Look until the run has ended, with a line each time that a chapter is done."""
    told = -1
    while True:
        found = _look(runtime, run_id)
        if found.status not in RUNS_ACTIVE:
            return found
        if not quiet and found.chapters_done != told:
            told = found.chapters_done
            console.print(f"{told} of {found.chapters} chapters judged · {found.counts.items} items", style="dim")
        time.sleep(REFRESH_SECONDS)


def _look(runtime: Runtime, run_id: uuid.UUID) -> RerunReport:
    """Read the report; while the database is away (it may be starting again), keep trying for a while."""
    deadline = time.monotonic() + runtime.settings.outage_seconds
    while True:
        try:
            with runtime.database.transaction() as session:
                return report_of(session, run_id)
        except Exception as error:
            if not connection_lost(error) or time.monotonic() > deadline:
                raise
            time.sleep(1)


def _show(found: RerunReport, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    scope = f" · chapter {found.chapter}" if found.chapter else ""
    took = ""
    if found.finished_at:
        took = f" in {duration((found.finished_at - found.created_at).total_seconds())}"
    console.print(
        f"\n[bold]{found.subject}{scope}[/]  {status_text(found.status)}  "
        f"{found.chapters_done} of {found.chapters} chapters{took}",
        soft_wrap=True,
    )
    if found.error_message:
        console.print(found.error_message, style="bad", markup=False, soft_wrap=True)
    if found.status is RunStatus.FAILED:
        console.print("→ What was judged stays. Clear the red chapters in Airflow, or order another run.")
    console.print(_counts_table(found))
    if len(found.rulebooks) > 1:
        console.print(
            f"[warn]The rules changed while it ran[/] (rulebooks {', '.join(found.rulebooks)}): "
            "run it again to judge all of it by the same.",
            soft_wrap=True,
        )
    if found.codes_before or found.codes_after:
        console.print()
        console.print(_codes_table(found))
    if found.changes:
        _show_changes(found)
    elif found.status is RunStatus.COMPLETED:
        console.print("\nNo item changed its status.")
    if found.counts.doubted:
        console.print("→ `hydrateall review list` shows what waits for a person.")


def _counts_table(found: RerunReport) -> Table:
    counts = found.counts
    shown = table("items", "", "", numbers=("items",))
    for number, name, meaning in (
        (counts.items, "in all", f"by rulebook {', '.join(found.rulebooks) or 'none yet'}"),
        (counts.kept, "kept", "decided by a person: untouched"),
        (counts.unchanged, "unchanged", "same status, same score"),
        (counts.doubted, "now doubted", "VALIDATED → PENDING, on the review queue"),
        (counts.cleaned, "now clean", "PENDING → VALIDATED, off the review queue"),
        (counts.rescored, "other score", "counted whether the status changed or not"),
    ):
        shown.add_row(str(number), name, f"[dim]{meaning}[/]")
    return shown


def _codes_table(found: RerunReport) -> Table:
    """The codes by how many items they were found in, the most frequent now first."""
    codes = sorted({*found.codes_before, *found.codes_after}, key=lambda code: (-found.codes_after.get(code, 0), code))
    shown = table("found", "before", "now", "", numbers=("before", "now"))
    for code in codes[:MOST_CODES]:
        before, after = found.codes_before.get(code, 0), found.codes_after.get(code, 0)
        shown.add_row(code, str(before), str(after), f"[dim]{after - before:+d}[/]" if after != before else "")
    if len(codes) > MOST_CODES:
        shown.add_row(f"[dim]and {len(codes) - MOST_CODES} rarer[/]")
    return shown


def _show_changes(found: RerunReport) -> None:
    changed = found.counts.doubted + found.counts.cleaned
    title = "items" if len(found.changes) == changed else f"the first {len(found.changes)} of {changed} items"
    console.print(f"\n[bold]Other status now[/]  [dim]{title}[/]")
    for change in found.changes:
        console.print(_line(change), soft_wrap=True)
        console.print(f"    {', '.join(change.reasons) or 'clean'}: {change.why}", markup=False, soft_wrap=True)


def _line(change: Change) -> str:
    style = "good" if change.after == "VALIDATED" else "warn"
    before = "none" if change.score_before is None else f"{change.score_before:.2f}"
    return f"[{style}]{change.after}[/]  {escape(change.place)}  [dim]score {before} → {change.score_after:.2f}[/]"
