"""The embedded PostgreSQL server: real, durable, on a unix socket that only its owner can reach."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from hydrateall.stack import cluster
from hydrateall.stack.account import server_account
from hydrateall.stack.binaries import copy_installation, find_installation
from hydrateall.stack.errors import DatabaseUnavailable, DiskFull
from hydrateall.stack.locks import exclusive
from hydrateall.stack.placement import SOCKET_NAME, make_folder, place, remember

ACCEPTING, STARTING = 0, 1  # exit codes of pg_isready
PATIENCE_SECONDS = 5.0  # for a silent server, before it is ended
ORPHAN_SECONDS = 0.5  # for the rest of a killed server, which normally ends at once
RECOVERY_SECONDS = 300.0  # for a server that replays its log
LOG_BYTES = 10 * 2**20


def silent(_: str) -> None:
    """Report nothing."""


class EmbeddedPostgres:
    """One server whose files are in `directory`. Any number of processes may hold one; the first starts it.

    `durable=False` trades safety against power loss for speed, for tests.
    """

    def __init__(self, directory: Path, say: Callable[[str], None] = silent, *, durable: bool = True) -> None:
        self.directory = directory.absolute()
        self._say = say
        self._durable = durable
        self._account = server_account()
        self._placement = place(self.directory, self._account)
        self._programs: Path | None = None

    @property
    def data_directory(self) -> Path:
        """Where the data is; not below `directory` when root's server account cannot reach that."""
        return self._placement.data

    @property
    def log_path(self) -> Path:
        return self._placement.log

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://postgres:@/{quote(database)}?host={quote(str(self._placement.sockets))}"

    def is_ready(self) -> bool:
        """Ask the server itself; a pid file proves nothing."""
        return self._placement.sockets.exists() and self._probe() == ACCEPTING

    def ensure_running(self) -> None:
        """Start the server, or attach to it if it runs. Recovers from a killed server or an interrupted creation."""
        with self._disk_errors(), self._lock():
            self._prepare()
            self._settle()
            if not self._answers():
                self._start()

    def ensure_database(self, name: str) -> None:
        """Create a database unless it exists."""
        create_database(self._conninfo("postgres"), name)

    def drop_database(self, name: str) -> None:
        """Drop a database and whatever is connected to it."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server and leave no process of it; a second call does nothing."""
        if not self.directory.exists():
            return
        with self._lock():
            if not cluster.processes(self._placement):
                return
            self._run("pg_ctl", "stop", "-D", str(self.data_directory), "-m", "fast", "-w", "-t", "30", check=False)
            cluster.end(cluster.processes(self._placement))

    def destroy(self) -> None:
        """Stop the server and delete its data, wherever that is."""
        self.stop()
        for folder in {self._placement.home, self._placement.socket_home, self.directory}:
            shutil.rmtree(folder, ignore_errors=True)

    def _lock(self) -> AbstractContextManager[None]:
        return exclusive(self.directory / "lock", timeout=RECOVERY_SECONDS, what="starting or stopping PostgreSQL")

    def _prepare(self) -> None:
        make_folder(self.directory, self._account)
        make_folder(self._placement.home, self._account)
        make_folder(self._placement.socket_home, self._account)
        remember(self.directory, self._placement)

    def _settle(self) -> None:
        """Wait until an earlier server's processes answer or go; end those that do neither."""
        begun = time.monotonic()
        while found := cluster.processes(self._placement):
            state = self._probe() if self._placement.sockets.exists() else None
            if state == ACCEPTING and self._is_ours():
                return
            silence = PATIENCE_SECONDS if cluster.has_postmaster(found) else ORPHAN_SECONDS
            patience = RECOVERY_SECONDS if state == STARTING else silence
            if time.monotonic() - begun > patience or not self._is_ours():
                self._say("Ending the remains of an earlier PostgreSQL")
                cluster.end(found)
            time.sleep(0.05)

    def _answers(self) -> bool:
        return self._is_ours() and self.is_ready()

    def _is_ours(self) -> bool:
        """A server outlives its deleted data folder for a minute; that one is not ours any more."""
        return (self.data_directory / "PG_VERSION").exists()

    def _start(self) -> None:
        if not self._is_ours():
            self._say("Creating the database server's files")
        cluster.create(self._placement, self._account, self._run)
        cluster.configure(self._placement, self._account, durable=self._durable)
        # No process of it is left, whatever its lock files say: a number in them may be a zombie's or a stranger's.
        for stale in (self.data_directory / "postmaster.pid", *self._placement.sockets.glob(f"{SOCKET_NAME}*")):
            stale.unlink(missing_ok=True)
        self._open_log()
        self._run(
            "pg_ctl", "start", "-D", str(self.data_directory), "-l", str(self.log_path),
            "-w", "-t", str(int(RECOVERY_SECONDS)), "-s",
        )  # fmt: skip

    def _open_log(self) -> None:
        """Begin a new log when the old one is long, and let the server's account write it."""
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        self.log_path.touch(mode=0o600)
        if self._account:
            os.chown(self.log_path, self._account.uid, self._account.gid)

    def _probe(self) -> int:
        address = ["--host", str(self._placement.sockets), "--port=5432", "--dbname=postgres", "--username=postgres"]
        command = [str(self._program("pg_isready")), *address, "--timeout=2", "--quiet"]
        return subprocess.run(command, env=_environment(), check=False).returncode

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        """Run a program as the server's account; a failure is told with what the program or its log said last."""
        log_length = self.log_path.stat().st_size if self.log_path.exists() else 0
        done = subprocess.run(
            [self._program(program), *arguments], env=_environment(), cwd=self._placement.home,
            capture_output=True, text=True, check=False, **(self._account.run_options() if self._account else {}),
        )  # fmt: skip
        if done.returncode and check:
            raise self._explain(program, done.stderr + self._log_since(log_length))

    def _explain(self, program: str, said: str) -> Exception:
        if "No space left on device" in said or "Disk quota exceeded" in said:
            return DiskFull(self._placement.home, shutil.disk_usage(self._placement.home).free)
        lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line]
        reason = (lines or said.splitlines() or ["it gave no reason"])[-1].strip()
        return DatabaseUnavailable(f"PostgreSQL did not start ({program}): {reason}.", f"Its log is {self.log_path}.")

    def _log_since(self, offset: int) -> str:
        if not self.log_path.exists():
            return ""
        with self.log_path.open(errors="replace") as log:
            log.seek(offset)
            return log.read()

    def _program(self, name: str) -> Path:
        if self._programs is None:
            found = find_installation()
            if self._account and not self._account.reads(found / "bin" / "postgres"):
                make_folder(self._placement.home, self._account)
                found = copy_installation(found, self._placement.home / "programs")
            self._programs = found / "bin"
        return self._programs / name

    def _conninfo(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self._placement.sockets), user="postgres", dbname=database, connect_timeout=10
        )

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            raise DiskFull(self.directory, 0) from error


def create_database(conninfo: str, name: str) -> None:
    """Create a database unless it exists, or another process creates it at this moment."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def temporary_postgres(*, durable: bool = False) -> Iterator[EmbeddedPostgres]:
    """Run a server in a new temp folder and delete it at the end; for tests."""
    server = EmbeddedPostgres(Path(tempfile.mkdtemp(prefix="hydrateall-pg-")), durable=durable)
    try:
        server.ensure_running()
        yield server
    finally:
        server.destroy()


def _environment() -> dict[str, str]:
    """Return the little that the server's programs need: no PG* variable that redirects them, no secret, no mark."""
    kept = ("PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}
