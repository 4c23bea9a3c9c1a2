"""`review`: people judge what the gates doubt, and everything else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hydrateall.cli import review_csv
from hydrateall.cli.context import open_runtime
from hydrateall.cli.output import command_name, console, print_json
from hydrateall.cli.review_edit import as_yaml, ask_editor, keep, read_draft, read_file, show_refusal
from hydrateall.cli.review_options import (
    Board,
    Chapter,
    Entry,
    Grade,
    Json,
    Kind,
    Language,
    Note,
    Subject,
    content_type_of,
    reviewer,
)
from hydrateall.cli.review_page import entry_json, queue_table, show_entry
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.review import service
from hydrateall.review.enums import RejectionReason
from hydrateall.review.schemas import Decision, EntryPage, QueueFilter
from hydrateall.review.service import EditRefused

app = typer.Typer(help="Judge what the gates doubt: approve, reject, edit; in bulk as CSV.", no_args_is_help=True)
app.command("export")(review_csv.export)
app.command("import")(review_csv.import_file)


@app.command("list")
def list_entries(
    board: Board = None,
    grade: Grade = None,
    subject: Subject = None,
    language: Language = None,
    chapter: Chapter = None,
    reason: Annotated[str | None, typer.Option(help="Only with this reason, e.g. KEY_LONGEST.")] = None,
    kind: Kind = None,
    below: Annotated[float | None, typer.Option(min=0, max=1, help="Only with a score below.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on where the last page ended.")] = None,
    as_json: Json = False,
) -> None:
    """List the open entries of the review queue: the lowest score first, then the oldest."""
    chosen = QueueFilter(board, grade, subject, language, chapter, reason, content_type_of(kind), below)
    with open_runtime() as runtime, runtime.database.transaction() as session:
        page = service.queue(session, chosen, cursor=cursor, most=most)
        counts = service.reason_counts(session, chosen)
        in_all = service.queue(session, most=1).total
    if as_json:
        print_json(page)
        return
    if not page.entries:
        _say_empty(in_all)
        return
    console.print(queue_table(page.entries))
    reasons = ", ".join(f"{each.reason} {each.entries}" for each in counts)
    console.print(f"\n{len(page.entries)} of {page.total} entries. Reasons: {reasons}.", soft_wrap=True)
    command = f"{command_name()} review"
    if page.next_cursor:
        console.print(f"→ more      add `--cursor {page.next_cursor}`", soft_wrap=True)
    console.print(f"→ read one  `{command} show {page.entries[0].short_id}`", soft_wrap=True)


def _say_empty(in_all: int) -> None:
    command = command_name()
    if in_all:
        console.print(f"No open entry fits this filter; without it there are {in_all}: `{command} review list`.")
        return
    console.print(
        "[good]The review queue is empty:[/] the gates doubt nothing that waits for a person. That does not say that "
        f"everything is right.\n→ Read samples with `{command} curriculum show 1.1`, and reject what is wrong by its "
        f"id: `{command} review reject ID --reason …`.",
        soft_wrap=True,
    )


@app.command("show")
def show(entry: Entry, as_json: Json = False) -> None:
    """Show an item as a learner sees it, its key, what the gates found, and its history."""
    with open_runtime() as runtime:
        page = _page(runtime, entry)
    if as_json:
        sys.stdout.write(entry_json(page) + "\n")
    else:
        show_entry(page)


def _page(runtime: Runtime, entry: str) -> EntryPage:
    with runtime.database.transaction() as session:
        return service.entry(session, entry)


@app.command("approve")
def approve(
    entries: Annotated[list[str] | None, typer.Argument(metavar="ENTRY…", help="Ids of entries or items.")] = None,
    above: Annotated[
        float | None, typer.Option(min=0, max=1, help="All open entries with at least this score.")
    ] = None,
    board: Board = None,
    grade: Grade = None,
    subject: Subject = None,
    language: Language = None,
    chapter: Chapter = None,
    reason: Annotated[str | None, typer.Option(help="With --above: only with this reason.")] = None,
    kind: Kind = None,
    note: Note = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --above: do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Approve items as they are, for good: those that are named, or all of a subject from a score up."""
    if bool(entries) == (above is not None):
        raise UsageError("Name entries, or choose them with --above.", "For example: review approve --above 0.9 …")
    chosen = QueueFilter(board, grade, subject, language, chapter, reason, content_type_of(kind), least=above)
    if above is not None and subject is None:
        raise UsageError("--above needs --subject.", "Decisions stay, so they are not made for all subjects at once.")
    with open_runtime() as runtime:
        if above is not None and not yes and sys.stdin.isatty():
            _ask(runtime, chosen, above)
        with runtime.database.transaction() as session:
            who, now = reviewer(), runtime.now()
            if above is not None:
                decisions = service.approve_above(session, chosen, above, by=who, now=now, note=note)
            else:
                decisions = service.approve_all(session, entries or [], by=who, now=now, note=note)
    _tell(decisions, as_json)


def _ask(runtime: Runtime, chosen: QueueFilter, above: float) -> None:
    with runtime.database.transaction() as session:
        total = service.queue(session, chosen, most=1).total
    if total:
        typer.confirm(f"Approve {total} entries with a score of {above:g} or more, for good?", abort=True)


@app.command("reject")
def reject(
    entry: Entry,
    reason: Annotated[RejectionReason, typer.Option(help="Why.", case_sensitive=False)],
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Reject an item, for good. The next hydration of the subject writes a new version of it."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        decision = service.reject(session, entry, reason=reason, by=reviewer(), now=runtime.now(), note=note)
    _tell([decision], as_json)


@app.command("edit")
def edit(
    entry: Entry,
    file: Annotated[Path | None, typer.Option(help="The edited item, JSON or YAML, as in `show --json`.")] = None,
    editor: Annotated[bool, typer.Option("--editor", help="Open the item in $EDITOR.")] = False,
    revise: Annotated[bool, typer.Option("--revise", help="Also if somebody decided about it already.")] = False,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """Store a corrected item as a new, approved version. The earlier one stays as it is."""
    if editor == (file is not None):
        raise UsageError("Give --file or --editor.", "--file takes what `review show ENTRY --json` prints.")
    with open_runtime() as runtime:
        page = _page(runtime, entry)
        decision = (
            _store(runtime, page, read_file(file, page.item.draft), note, revise)
            if file
            else _edit_until_right(runtime, page, note, revise)
        )
    if decision:
        _tell([decision], as_json)


def _store(runtime: Runtime, page: EntryPage, draft: service.Draft, note: str | None, revise: bool) -> Decision:
    with runtime.database.transaction() as session:
        return service.edit_then_approve(
            session, page.item.id, draft, by=reviewer(), now=runtime.now(), note=note, revise=revise
        )


def _edit_until_right(runtime: Runtime, page: EntryPage, note: str | None, revise: bool) -> Decision | None:
    original = text = as_yaml(page.item, page.findings)
    while True:
        text = ask_editor(text)
        if text.strip() in ("", original.strip()):
            console.print("Nothing was changed.")
            return None
        try:
            return _store(runtime, page, read_draft(text, page.item.draft), note, revise)
        except (EditRefused, UsageError) as error:
            show_refusal(error)
            if not sys.stdin.isatty() or not typer.confirm("Open it again?", default=True):
                kept = f"Your text is kept in {keep(text)}"
                raise UsageError("The edit was not stored.", f"{kept}; correct it and use --file.") from None


def _tell(decisions: list[Decision], as_json: bool) -> None:
    if as_json:
        print_json(decisions)
        return
    if not decisions:
        console.print("No open entry fits; nothing was changed.")
    for decision in decisions[:20]:
        new = f" → version {decision.version}, item {decision.new_item_id}" if decision.new_item_id else ""
        reason = f" ({decision.reason})" if decision.reason else ""
        console.print(f"[good]{decision.decision}[/]  {escape(decision.place)}{reason}{new}", soft_wrap=True)
    if len(decisions) > 20:
        console.print(f"… and {len(decisions) - 20:,} more.")
