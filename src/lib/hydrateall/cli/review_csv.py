"""`review export` and `review import`: a bank as CSV, for corrections in a spreadsheet program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hydrateall.cli.context import open_runtime
from hydrateall.cli.output import console, print_json
from hydrateall.cli.review_options import Chapter, Json, Kind, content_type_of, reviewer
from hydrateall.core.errors import UsageError
from hydrateall.curriculum.service import find_subject
from hydrateall.review import service
from hydrateall.review.service import CsvRefused, ImportReport


def export(
    subject: Annotated[str, typer.Option(help="Code of the subject, e.g. SCIENCE.")],
    board: Annotated[str, typer.Option(help="Code of the board.")] = "CBSE",
    grade: Annotated[str, typer.Option(help="1 to 12.")] = "10",
    language: Annotated[str, typer.Option(help="en or hi.")] = "en",
    chapter: Chapter = None,
    kind: Kind = None,
    queued: Annotated[bool, typer.Option("--queued", help="Only what waits on the review queue.")] = False,
) -> None:
    """Write the notes and questions of a subject as CSV, for corrections in a spreadsheet program: … > bank.csv

    Texts that such a program would run or rewrite (=…, 1/2, TRUE) carry an apostrophe; `review import` takes it off.
    """
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = find_subject(session, board=board, grade=grade, subject=subject, language=language)
        service.export_csv(
            session,
            sys.stdout.buffer,
            found,
            chapter=chapter,
            content_type=content_type_of(kind),
            queued_only=queued,
        )


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="What `review export` wrote, corrected.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take corrections and decisions from a CSV file: all of them, or none if one row is at fault.

    A corrected row is an approval of what it says now, whether `decision` says approve or nothing: a person wrote it.
    It becomes a new version, after the gates have judged it; the earlier one stays. `decision` approve or reject
    (with a `reason`) decides about a row as it is. Rows without a change or a decision are only counted. Corrected
    can be every column from `text` to `tags`; those before are for reading.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", "`hydrateall review export` writes one.", field="file")
    with open_runtime() as runtime:
        try:
            with runtime.database.transaction() as session:
                report = service.import_csv(
                    session,
                    file,
                    by=reviewer(),
                    now=runtime.now(),
                    most_rows=runtime.settings.most_csv_rows,
                    dry_run=dry_run,
                )
        except CsvRefused as refused:
            if not as_json:
                _show_problems(refused)
                raise
            print_json(_refusal(refused))
            raise typer.Exit(refused.exit_code) from None
    if as_json:
        print_json(report)
    else:
        _show_report(report, file)


def _refusal(refused: CsvRefused) -> dict[str, object]:
    problems = [problem.model_dump(by_alias=True) for problem in refused.problems]
    told = {"error": refused.message, "remedy": refused.remedy, "status": refused.status}
    return {**told, "problems": problems, "total": refused.total}


def _show_problems(refused: CsvRefused) -> None:
    for problem in refused.problems:
        console.print(str(problem), markup=False, soft_wrap=True)
    if refused.total > len(refused.problems):
        console.print(f"… and {refused.total - len(refused.problems):,} more problems.")


def _show_report(report: ImportReport, file: Path) -> None:
    said = (
        f"{report.edited:,} corrected (and so approved, each as a new version), {report.approved:,} approved as they "
        f"were, {report.rejected:,} rejected, {report.unchanged:,} unchanged"
    )
    if report.dry_run:
        console.print(
            f"{escape(file.name)}, {report.rows:,} rows: would be {said}. Nothing was changed.", soft_wrap=True
        )
    else:
        console.print(f"[good]{escape(file.name)}, {report.rows:,} rows:[/] {said}.", soft_wrap=True)
