"""The two databases of a stack, configured or on the embedded server.

`python -m hydrateall.stack.databases` creates the configured ones that are missing, for a server of one's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa

from hydrateall.core.errors import HydrateAllError
from hydrateall.core.settings import Settings, load_settings
from hydrateall.stack.errors import DatabaseUnavailable
from hydrateall.stack.postgres import EmbeddedPostgres, create_database, silent

CONTENT, AIRFLOW = "hydrateall", "airflow"


@dataclass(frozen=True)
class Databases:
    """SQLAlchemy URLs: our content, Airflow's metadata."""

    content: str
    airflow: str


def uses_embedded_server(settings: Settings) -> bool:
    """Tell whether at least one database is left to the embedded server."""
    return not (settings.database_url and settings.airflow_database_url)


def embedded_server(settings: Settings, say: Callable[[str], None] = silent) -> EmbeddedPostgres:
    """Return the stack's server, running or not."""
    return EmbeddedPostgres(settings.state_dir.absolute() / "postgres", say)


def start_databases(settings: Settings, say: Callable[[str], None] = silent) -> Databases:
    """Return both URLs, starting the embedded server for those that are not configured."""
    if settings.database_url and settings.airflow_database_url:
        return Databases(settings.database_url, settings.airflow_database_url)
    server = embedded_server(settings, say)
    if not server.is_ready():
        say("Starting PostgreSQL")
    server.ensure_running()
    for name, configured in ((CONTENT, settings.database_url), (AIRFLOW, settings.airflow_database_url)):
        if not configured:
            server.ensure_database(name)
    return known_databases(settings)


def forget_airflow(settings: Settings) -> None:
    """Drop Airflow's database from the embedded server. It holds run history only; jobs and content are ours."""
    if settings.airflow_database_url:
        raise DatabaseUnavailable(
            "The stack's secrets are lost, and Airflow cannot read the connections in its database without them.",
            f"Restore secrets.json in {settings.state_dir}, or empty the database of HYDRATEALL_AIRFLOW_DATABASE_URL.",
        )
    server = embedded_server(settings)
    server.ensure_running()
    server.drop_database(AIRFLOW)


def known_databases(settings: Settings) -> Databases:
    """Return both URLs without starting anything."""
    server = embedded_server(settings)
    return Databases(settings.database_url or server.url(CONTENT), settings.airflow_database_url or server.url(AIRFLOW))


def content_database_url(settings: Settings, *, start: bool = True) -> str:
    """Return the content database's URL: the configured one, or the embedded server's, started if need be."""
    if settings.database_url:
        return settings.database_url
    server = embedded_server(settings)
    if start:
        server.ensure_running()
        server.ensure_database(CONTENT)
    return server.url(CONTENT)


def create_configured(url: str) -> None:
    """Create the database that a URL names, unless it exists, by way of the server's own one."""
    target = sa.make_url(url)
    server = target.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        create_database(server, target.database or "")
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            f"The database {target.database} cannot be created on {target.host}: {str(error).strip().splitlines()[0]}.",
            "Correct its URL, or have its administrator create it.",
        ) from None


def main() -> int:
    """Create what HYDRATEALL_DATABASE_URL and HYDRATEALL_AIRFLOW_DATABASE_URL name."""
    try:
        settings = load_settings()
        for url in filter(None, (settings.database_url, settings.airflow_database_url)):
            create_configured(url)
    except HydrateAllError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
