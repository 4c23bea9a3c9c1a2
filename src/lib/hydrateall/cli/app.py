"""The command tree, and how errors leave it."""

from __future__ import annotations

import sys

import typer

from hydrateall.cli.output import errors, print_json
from hydrateall.core.errors import HydrateAllError

app = typer.Typer(
    name="hydrateall",
    help="Turn a curriculum into reviewed, learnable content.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

INTERRUPTED = 130


def main() -> None:
    """Run the command. What a user can cause ends in one sentence and exit code 1 or 2 (usage), not in a traceback."""
    from hydrateall.cli import backfill, curriculum, database, hydrate, jobs, stack

    app.command("hydrate")(hydrate.hydrate)
    for name, group in (("jobs", jobs.app), ("curriculum", curriculum.app), ("backfill", backfill.app)):
        app.add_typer(group, name=name)
    app.add_typer(database.app, name="db")
    for command in (stack.up, stack.down, stack.status, stack.doctor):
        app.command()(command)
    try:
        app()
    except HydrateAllError as error:
        _report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was submitted goes on; `hydrateall jobs list` shows it.")
        sys.exit(INTERRUPTED)


def _report(error: HydrateAllError) -> None:
    if "--json" in sys.argv:
        print_json({"error": error.message, "remedy": error.remedy, "field": error.field, "status": error.status})
    else:
        errors.print(f"[bad]{type(error).__name__}[/] · {error.message}", markup=True, soft_wrap=True)
        if error.remedy:
            errors.print(f"→ {error.remedy}", markup=False, soft_wrap=True)
