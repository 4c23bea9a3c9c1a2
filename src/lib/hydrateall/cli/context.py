"""What the commands work with: the runtime over the configured or embedded database, Airflow, who is asking."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from hydrateall.core.database import Database, pending_migrations
from hydrateall.core.errors import Unavailable, UsageError
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import load_settings
from hydrateall.delivery.service import RestAirflow
from hydrateall.hydration.service import Actor
from hydrateall.stack.service import airflow_login, content_database_url


@contextmanager
def open_runtime() -> Iterator[Runtime]:
    """Open the content database; raise a sentence with its remedy if it is down or not migrated."""
    settings = load_settings()
    database = Database(content_database_url(settings, start=False))
    try:
        database.ping()
        if pending_migrations(database.url):
            raise Unavailable("The content database is not migrated to this version.", "Run `hydrateall db upgrade`.")
        yield Runtime(settings, database)
    finally:
        database.dispose()


def airflow_of(runtime: Runtime) -> RestAirflow:
    """Airflow's API, by the configured account or the local stack's."""
    settings = runtime.settings
    if not settings.airflow_password.get_secret_value():
        username, password = airflow_login(settings)
        settings = settings.model_copy(update={"airflow_username": username, "airflow_password": SecretStr(password)})
    return RestAirflow(settings)


def actor() -> Actor:
    """Who types: the account of the shell."""
    try:
        return Actor("shell", getpass.getuser(), UserRole.OPERATOR)
    except (KeyError, OSError):
        return Actor("shell", "unknown", UserRole.OPERATOR)


def read_id(text: str) -> uuid.UUID:
    """Read an id; raise UsageError if it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise UsageError(f"{text!r} is not an id.", "Ids look like 0192f0c1-2b3c-7d4e-8f50-617283940a1b.") from None
