"""`db`: the content database."""

from __future__ import annotations

import typer

from hydrateall.cli.context import open_runtime
from hydrateall.cli.output import console
from hydrateall.core.database import migrate
from hydrateall.core.settings import load_settings
from hydrateall.curriculum.service import seed
from hydrateall.stack.service import content_database_url
from hydrateall.validation.service import seed_rules

app = typer.Typer(help="The content database: schema and seed.", no_args_is_help=True)


@app.command("upgrade")
def upgrade() -> None:
    """Bring the schema to the newest revision; starts the embedded server if none is configured."""
    migrate(content_database_url(load_settings()))
    console.print("[good]The schema is at the newest revision.[/]")


@app.command("seed")
def load() -> None:
    """Load boards, subjects and the default rules. What is there already is not changed."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        report, added = seed(session), seed_rules(session)
    rules = f"added {added} validation rules" if added else "all default validation rules are there"
    console.print(f"[good]Loaded {report.boards} boards and {report.subjects} subjects; {rules}.[/]", soft_wrap=True)
