"""The PostgreSQL server of a test run: one for all xdist workers, one template, a fresh copy for each test."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from hydrateall.core.database import Database, migrate
from hydrateall.curriculum.service import seed
from hydrateall.stack.locks import exclusive
from hydrateall.stack.postgres import EmbeddedPostgres

GIVEN = "HYDRATEALL_TEST_DATABASE_URL"
OLD_SECONDS = 3600  # a younger run may be about to lock what it has just made


class TestServer:
    """The embedded server, or the one that HYDRATEALL_TEST_DATABASE_URL names (any database of it)."""

    __test__ = False

    def __init__(self, run: str, worker: str) -> None:
        self._folder = Path(tempfile.gettempdir()) / f"hydrateall-tests-{run}"
        self._template = f"hydrateall_template_{run}"
        self._names = (f"hydrateall_{run}_{worker}_{number}" for number in itertools.count(1))
        given = os.environ.get(GIVEN)
        self._given = sa.make_url(given) if given else None
        self._embedded = EmbeddedPostgres(self._folder, say=lambda _: None, durable=False)

    @contextmanager
    def in_use(self) -> Iterator[TestServer]:
        """Hold the server; the last worker that lets go of it stops it.

        Each worker holds a shared lock, which even a killed worker gives back; who can turn it into an exclusive
        one is alone.
        """
        descriptor = os.open(self._lock("users"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            self._prepare()
            yield self
        finally:
            if self._alone(descriptor):
                self.remove()
            os.close(descriptor)

    def remove_unless_in_use(self) -> None:
        """Do what the last worker should have done, had it not been killed."""
        lock = self._lock("users")
        if not lock.exists():
            return
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
        try:
            if self._alone(descriptor):
                self.remove()
        finally:
            os.close(descriptor)

    def remove(self) -> None:
        """Stop the embedded server and delete its files; on a given server drop the template only."""
        if self._given:
            self._drop(self._template)
        else:
            self._embedded.destroy()
        for name in ("users", "template"):
            self._lock(name).unlink(missing_ok=True)

    @contextmanager
    def fresh_database(self) -> Iterator[Database]:
        """A copy of the migrated and seeded template, dropped at the end."""
        name = next(self._names)
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")  # half the time of the default strategy
        self._admin(copy.format(sql.Identifier(name), sql.Identifier(self._template)))
        database = Database(self.url(name))
        try:
            yield database
        finally:
            database.dispose()
            self._drop(name)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The URL of a database without any table, dropped at the end."""
        name = next(self._names)
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database on this server."""
        if self._given:
            return self._given.set(database=name).render_as_string(hide_password=False)
        return self._embedded.url(name)

    def _prepare(self) -> None:
        with exclusive(self._lock("template"), timeout=120, what="preparing the test database"):
            if not self._given:
                self._embedded.ensure_running()
            if not self._admin(sql.SQL("SELECT FROM pg_database WHERE datname = {}").format(self._template)):
                self._make_template()

    def _make_template(self) -> None:
        """Fill a database under another name first, so that an interrupted template is never copied."""
        draft = f"{self._template}_draft"
        self._drop(draft)
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft)))
        migrate(self.url(draft))
        database = Database(self.url(draft))
        with database.transaction() as session:
            seed(session)
        database.dispose()
        self._admin(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(self._template))
        )

    def _drop(self, name: str) -> None:
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _admin(self, statement: sql.Composed) -> int:
        """Execute a statement in a database that always exists; return how many rows it touched or found."""
        address = sa.make_url(self.url("postgres"))
        conninfo = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            return connection.execute(statement).rowcount

    def _lock(self, name: str) -> Path:
        return self._folder.with_name(f"{self._folder.name}.{name}.lock")

    def _alone(self, descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def remove_leftovers() -> None:
    """Remove the servers of old runs that were killed with no chance to clean up."""
    for lock in Path(tempfile.gettempdir()).glob("hydrateall-tests-*.users.lock"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > OLD_SECONDS:
                run = lock.name.removeprefix("hydrateall-tests-").removesuffix(".users.lock")
                TestServer(run, "sweeper").remove_unless_in_use()
