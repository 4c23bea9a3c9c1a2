"""Documents as the terminal shows them: one whole, or a table of many."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from hydrateall.cli.output import console, duration, status_text, table
from hydrateall.documents.service import DocumentDetail, DocumentRow


def show_detail(detail: DocumentDetail) -> None:
    """Print one document."""
    console.print(f"[bold]{escape(detail.title)}[/]  {status_text(detail.state)}", soft_wrap=True)
    about = [detail.source_name, f"{detail.size:,} bytes", f"realm {detail.realm}", detail.language]
    about += [f"{detail.pages} pages"] if detail.pages else []
    about += [f"licence {detail.licence}"] if detail.licence else ["no licence named"]
    console.print(escape(" · ".join(about)), style="dim", soft_wrap=True)
    console.print(f"version {detail.version} · SHA-256 {detail.checksum}", style="dim", soft_wrap=True)
    if detail.pause_reason:
        reason = detail.pause_reason.replace("resume DOCUMENT", f"resume {detail.id}")
        console.print(f"[warn]Paused:[/] {escape(reason)}", soft_wrap=True)
    shown = table("stage", "status", "took", "tries", "", numbers=("took", "tries"))
    for stage in detail.stages:
        told = "stale: what it stands on has changed" if stage.stale else (stage.error_message or "")
        took = duration(stage.seconds) if stage.seconds is not None else ""
        shown.add_row(stage.name, status_text(stage.status), took, str(stage.retry_count or ""), escape(told))
    console.print(shown)
    console.print(f"\n{detail.chunks} chunks and {detail.facts} facts are searchable.")
    if detail.anchored_items:
        stale = f", on {detail.stale_items} of them its text has changed since" if detail.stale_items else ""
        console.print(f"{detail.anchored_items} notes and questions stand on it{stale}.")
    for output in detail.outputs:
        mark = "" if output.current else "  (old)"
        console.print(f"  {output.stage}: {escape(output.name)}, {output.size:,} bytes{mark}", style="dim")


def table_of(found: Sequence[DocumentRow]) -> Table:
    """Documents, a line each."""
    numbers = ("stages", "pages", "chunks", "facts")
    shown = table("document", "title", "realm", "", "state", *numbers, "problem", numbers=numbers, whole=("document",))
    for each in found:
        shown.add_row(
            str(each.id),
            escape(each.title),
            each.realm,
            each.language,
            status_text(each.state),
            f"{each.completed_stages}/{each.total_stages}",
            str(each.pages or ""),
            str(each.chunks),
            str(each.facts),
            escape(each.error_message or ""),
        )
    return shown
