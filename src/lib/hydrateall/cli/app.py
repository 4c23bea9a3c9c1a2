"""The command tree, and how errors leave it."""

from __future__ import annotations

import sys

import typer
from rich.markup import escape
from sqlalchemy.exc import DBAPIError

from hydrateall.cli.output import INTERRUPTED, errors, print_json
from hydrateall.core.database import connection_lost
from hydrateall.core.errors import HydrateAllError, Unavailable

REPORT_IT = "That is a defect of HydrateAll, and nothing was changed. Please report it with what you typed."

app = typer.Typer(
    name="hydrateall",
    help="Turn a curriculum into reviewed, learnable content.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def main() -> None:
    """Run the command. What a user can cause ends in one sentence and exit code 1 or 2 (usage), not in a traceback."""
    from hydrateall.cli import (
        backfill,
        curriculum,
        database,
        documents,
        hydrate,
        jobs,
        llm,
        mock_llm,
        monitoring,
        notifications,
        reruns,
        review,
        stack,
        validation,
    )

    app.command("hydrate")(hydrate.hydrate)
    validation.app.command("rerun")(reruns.rerun)
    validation.app.command("report")(reruns.report)
    for name, group in (("jobs", jobs.app), ("curriculum", curriculum.app), ("backfill", backfill.app)):
        app.add_typer(group, name=name)
    app.add_typer(documents.app, name="documents")
    app.add_typer(database.app, name="db")
    app.add_typer(llm.app, name="llm")
    app.add_typer(mock_llm.app, name="mock-llm")
    app.add_typer(review.app, name="review")
    app.add_typer(notifications.app, name="notify")
    app.add_typer(validation.app, name="validation")
    for command in (stack.up, stack.down, stack.status, stack.doctor, monitoring.metrics, monitoring.reconcile):
        app.command()(command)
    try:
        app()
    except HydrateAllError as error:
        _report(error)
        sys.exit(error.exit_code)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        reason = f"The operating system refused: {error.strerror or error}{where}."
        _report(Unavailable(reason, "Check HYDRATEALL_STATE_DIR and the rights on its folder."))
        sys.exit(1)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        if connection_lost(error):
            _report(Unavailable(f"The content database went away: {reason}.", "`hydrateall status` shows what is up."))
        else:
            _report(HydrateAllError(f"The content database refused a statement: {reason}.", REPORT_IT))
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was submitted goes on; `hydrateall jobs list` shows it.")
        sys.exit(INTERRUPTED)


def _report(error: HydrateAllError) -> None:
    if "--json" in sys.argv:
        print_json({"error": error.message, "remedy": error.remedy, "field": error.field, "status": error.status})
    else:
        errors.print(f"[bad]{type(error).__name__}[/] · {escape(error.message)}", markup=True, soft_wrap=True)
        if error.remedy:
            errors.print(f"→ {error.remedy}", markup=False, soft_wrap=True)
