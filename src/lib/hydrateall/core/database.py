"""The content database: engine, transactions, SQL files, migrations."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg.errors
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from hydrateall.core.errors import Conflict, Unavailable, UsageError
from hydrateall.core.paths import HOME, SQL

CONNECTION_LOST = (OperationalError, InterfaceError)
MIGRATION_LOCK = 7_204_114  # any number that nobody else uses as an advisory lock
MIGRATION_PATIENCE = "5s"  # that a revision waits for a lock, and holds up whoever comes after it
MIGRATION_TRIES = 24
LOCKED_OUT = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
PLAN_ANEW = sa.text("SET LOCAL plan_cache_mode = force_custom_plan")


class SchemaBusy(Unavailable):
    """The tables that a migration changes are in use all the time."""

    def __init__(self) -> None:
        super().__init__(
            "The schema could not be changed, since its tables were in use all the time.",
            "Pause all hydrations (`hydrateall jobs pause --all`), then try again.",
        )


class Base(DeclarativeBase):
    """The declarative base; the naming convention makes every constraint addressable in migrations."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@functools.cache
def sql(name: str) -> sa.TextClause:
    """Load `include/sql/<name>.sql`; its first line says which rows come back."""
    return sa.text((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def _checked(url: str) -> str:
    """Return the URL; raise UsageError unless it names a PostgreSQL database and its driver."""
    try:
        driver = sa.make_url(url).drivername
    except sa.exc.ArgumentError:
        driver = ""
    if driver != "postgresql+psycopg":
        raise UsageError(
            "The database URL is not one of PostgreSQL with the driver psycopg.",
            "Write HYDRATEALL_DATABASE_URL like postgresql+psycopg://user:password@host:5432/hydrateall.",
        )
    return url


class Database:
    """One engine and its transactions; without `pre_ping`, a caller that tries again itself finds lost connections."""

    def __init__(self, url: str, *, pool_size: int = 5, pre_ping: bool = True) -> None:
        self.url = _checked(url)
        self.engine = sa.create_engine(
            url,
            pool_pre_ping=pre_ping,
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args={"connect_timeout": 10, "application_name": "hydrateall"},
        )
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back on any error."""
        with self._sessions.begin() as session:
            yield session

    def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
            raise Unavailable(
                f"The content database does not answer: {reason}.",
                "Start it with `hydrateall up`, or correct HYDRATEALL_DATABASE_URL.",
            ) from None

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def connection_lost(error: BaseException) -> bool:
    """Say whether `error` means that the server or the connection went away, so that trying again can help."""
    if isinstance(error, CONNECTION_LOST):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def rows(session: Session, statement: sa.TextClause, **values: Any) -> Sequence[sa.RowMapping]:
    """Execute a statement and return its rows as mappings."""
    return session.execute(statement, values).mappings().all()


def plan_anew(session: Session) -> None:
    """Have the transaction's statements planned for the values that they get.

    A statement whose filters are optional is otherwise planned once for all of them, after its tenth use on a
    connection; over 2,000 jobs, the list then took 4 s instead of 10 ms.
    """
    session.execute(PLAN_ANEW)


def migrate(url: str) -> None:
    """Bring the schema to the newest revision. Two at once queue on an advisory lock; a second run changes nothing.

    Workers may be at work meanwhile: a revision that does not get its locks within a moment lets them pass and tries
    again. Raise SchemaBusy when they never let it in.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    engine = sa.create_engine(url)
    try:
        with engine.connect() as guard:
            guard.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            for attempt in range(1, MIGRATION_TRIES + 1):
                try:
                    with engine.connect() as connection:
                        connection.execute(sa.text(f"SET lock_timeout = '{MIGRATION_PATIENCE}'"))
                        connection.commit()
                        config = Config(str(HOME / "alembic.ini"))
                        config.set_main_option("script_location", str(HOME / "migrations"))
                        config.attributes["connection"] = connection
                        command.upgrade(config, "head")
                    return
                except OperationalError as error:
                    if not isinstance(error.orig, LOCKED_OUT):
                        raise
                    if attempt == MIGRATION_TRIES:
                        raise SchemaBusy from None
                    time.sleep(1)
    except CommandError as error:
        raise Conflict(
            f"The content database cannot be migrated by this version: {error}.",
            "A newer version migrated it; use that one, or another database.",
        ) from None
    finally:
        engine.dispose()


def pending_migrations(url: str) -> bool:
    """Say whether the schema lags behind the migrations of this checkout."""
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config(str(HOME / "alembic.ini"))
    config.set_main_option("script_location", str(HOME / "migrations"))
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current != ScriptDirectory.from_config(config).get_current_head()
