"""`backfill`: submit every subject of a range that lacks content."""

from __future__ import annotations

import re
import uuid
from typing import Annotated

import typer

from hydrateall.cli.context import open_runtime
from hydrateall.cli.hydrate import submit_and_deliver
from hydrateall.cli.output import console, print_json, table, usd
from hydrateall.core.errors import Conflict, UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import SubjectView, subjects_in_range
from hydrateall.hydration import service
from hydrateall.hydration.enums import Mode
from hydrateall.hydration.schemas import HydrateOptions, HydrateRequest, Wire

app = typer.Typer(help="Fill gaps over many subjects.", no_args_is_help=True)


class BackfillLine(Wire):
    """What became of one subject: submitted (with its job), planned (in a dry run), or skipped, and why."""

    subject: str
    action: str
    reason: str
    job_id: uuid.UUID | None = None
    estimated_cost_usd: float = 0.0


@app.callback()
def group() -> None:
    """Fill gaps over many subjects."""


@app.command("subjects")
def subjects(
    board: Annotated[str, typer.Option(help="Code of the board, e.g. CBSE.")],
    grades: Annotated[str, typer.Option(help="A grade or a range, e.g. 9-10.")],
    language: Annotated[str | None, typer.Option(help="en or hi; both if not given.")] = None,
    subject: Annotated[list[str] | None, typer.Option(help="Only these subject codes; may be repeated.")] = None,
    mode: Annotated[Mode, typer.Option(help="fast, or batch: at the provider's batch price, within days.")] = Mode.FAST,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be submitted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Submit every subject of the range that lacks content; say what was skipped and why."""
    with open_runtime() as runtime:
        with runtime.database.transaction() as session:
            found = subjects_in_range(session, board=board, grades=read_grades(grades), language=language)
        chosen = [each for each in found if not subject or each.code in {code.upper() for code in subject}]
        if not chosen:
            raise UsageError(
                "No subject of the catalogue lies in this range.",
                f"{board.upper()} has in these grades: {', '.join(sorted({each.code for each in found})) or 'nothing'}"
                + (f" (in the language {language})." if language else "."),
            )
        lines = [_backfill(runtime, each, mode=mode, dry_run=dry_run) for each in chosen]
    if as_json:
        print_json(lines)
        return
    shown = table("subject", "", "", "estimated", numbers=("estimated",))
    for line in lines:
        style = "dim" if line.action == "skipped" else "good"
        shown.add_row(line.subject, f"[{style}]{line.action}[/]", line.reason, usd(line.estimated_cost_usd))
    console.print(shown)
    acted = sum(line.action != "skipped" for line in lines)
    console.print(f"\n{acted} of {len(lines)} {'would be submitted' if dry_run else 'submitted'}.")


def read_grades(text: str) -> list[str]:
    """Read "9" or "9-10"; raise UsageError otherwise."""
    match = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", text.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last or first < 1:
        raise UsageError(f"{text!r} is not a range of grades.", "Write one like 9-10.", field="grades")
    return [str(grade) for grade in range(first, last + 1)]


def _backfill(runtime: Runtime, subject: SubjectView, *, mode: Mode, dry_run: bool) -> BackfillLine:
    request = HydrateRequest(
        language=subject.language.value,
        board_code=subject.board,
        grade=subject.grade,
        subject_code=subject.code,
        options=HydrateOptions(mode=mode),
    )
    with runtime.database.transaction() as session:
        ahead = service.prospect(session, request, settings=runtime.settings, now=runtime.now())
    cost = float(ahead.estimates.cost_of(mode))
    if not ahead.work.calls:
        return BackfillLine(subject=subject.title, action="skipped", reason="complete already")
    if dry_run:
        reason = f"{ahead.work.calls} calls are missing"
        return BackfillLine(subject=subject.title, action="planned", reason=reason, estimated_cost_usd=cost)
    try:
        submission = submit_and_deliver(runtime, request)
    except Conflict as error:
        return BackfillLine(subject=subject.title, action="skipped", reason=error.message)
    return BackfillLine(
        subject=subject.title,
        action="submitted",
        reason=str(submission.root_job_id),
        job_id=submission.root_job_id,
        estimated_cost_usd=cost,
    )
