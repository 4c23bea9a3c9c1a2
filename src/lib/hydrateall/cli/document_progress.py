"""The live display of documents being processed: a bar for all, and where each one is."""

from __future__ import annotations

import time
import uuid
from collections import Counter

from rich.live import Live
from rich.markup import escape
from rich.table import Table

from hydrateall.cli.output import console, errors, status_text, table
from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.documents import service
from hydrateall.documents.service import DocumentRow

REFRESH_SECONDS = 0.5
SHOWN = 12  # documents named at once
BAR = 30


def watch(runtime: Runtime, ids: list[uuid.UUID], *, quiet: bool) -> None:
    """Watch until every document has ended or is paused; Ctrl-C ends the watching only."""
    try:
        if quiet or not console.is_terminal:
            while any(each.open for each in _look(runtime, ids)):
                time.sleep(REFRESH_SECONDS)
            return
        with Live(console=console, refresh_per_second=4) as live:
            while True:
                found = _look(runtime, ids)
                live.update(_picture(found))
                if not any(each.open for each in found):
                    return
                time.sleep(REFRESH_SECONDS)
    except KeyboardInterrupt:
        errors.print("Not waiting any more; the documents go on. `hydrateall documents list` shows them.")


def _picture(found: list[DocumentRow]) -> Table:
    done, total = sum(each.completed_stages for each in found), sum(each.total_stages for each in found) or 1
    filled = BAR * done // total
    states = Counter(each.state for each in found)
    told = " · ".join(f"{number} {status_text(state)}" for state, number in sorted(states.items()))
    shown = table("", "", "", title=f"{'█' * filled}{'░' * (BAR - filled)}  {100 * done // total} %  {told}")
    busy = sorted(found, key=lambda each: (each.state != "running", each.state == "completed", each.title))
    for each in busy[:SHOWN]:
        where = "" if each.state == "completed" else (each.current_stage or "")
        shown.add_row(status_text(each.state), escape(each.title), where)
    if len(found) > SHOWN:
        shown.add_row("", f"[dim]and {len(found) - SHOWN} more[/]", "")
    return shown


def _look(runtime: Runtime, ids: list[uuid.UUID]) -> list[DocumentRow]:
    """Read the documents; while the database is away (it may be starting again), keep trying for a while."""
    deadline = time.monotonic() + runtime.settings.outage_seconds
    while True:
        try:
            with runtime.database.transaction() as session:
                return service.document_rows(session, ids)
        except Exception as error:
            if not connection_lost(error) or time.monotonic() > deadline:
                raise
            time.sleep(1)
