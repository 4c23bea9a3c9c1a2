"""The embedded server on real processes: its start, its deaths, its end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from hydrateall.stack import cluster, postgres
from hydrateall.stack.errors import DiskFull
from hydrateall.stack.placement import Placement
from hydrateall.stack.postgres import EmbeddedPostgres, temporary_postgres

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop to another account")


@pytest.fixture
def directory() -> Iterator[Path]:
    """A folder that the server's account can reach, unlike pytest's own, which is 0700."""
    path = Path(tempfile.mkdtemp(prefix="hydrateall-pg-"))
    path.chmod(0o755)
    yield path
    EmbeddedPostgres(path / "postgres").destroy()
    shutil.rmtree(path)


@pytest.fixture
def server(directory: Path) -> EmbeddedPostgres:
    """A running server."""
    server = EmbeddedPostgres(directory / "postgres", durable=False)
    server.ensure_running()
    return server


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data_directory / "postmaster.pid").read_text().splitlines()[0])


def connect(server: EmbeddedPostgres, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(server.url(database).replace("+psycopg", ""), autocommit=True)


def processes(server: EmbeddedPostgres) -> list[psutil.Process]:
    home = server.data_directory.parent
    return cluster.processes(Placement(home, home))


class TestStart:
    def test_serves_a_new_database_with_vectors_and_hindi(self, server: EmbeddedPostgres) -> None:
        server.ensure_database("content")
        server.ensure_database("content")

        with connect(server, "content") as connection:
            connection.execute("CREATE EXTENSION vector")
            row = connection.execute("SELECT length('धातु'), upper('é')").fetchone()
        assert row == (4, "É")

    def test_attaches_to_a_server_that_runs(self, server: EmbeddedPostgres) -> None:
        first = postmaster(server)

        EmbeddedPostgres(server.directory).ensure_running()

        assert postmaster(server) == first

    def test_listens_on_its_socket_only(self, server: EmbeddedPostgres) -> None:
        with connect(server) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert server.data_directory.stat().st_mode & 0o077 == 0

    def test_works_below_a_path_too_long_for_a_socket(self, directory: Path) -> None:
        server = EmbeddedPostgres(directory / ("long" * 30) / "postgres", durable=False)
        try:
            server.ensure_running()
            with connect(server) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            server.destroy()

    def test_works_below_a_path_with_odd_characters(self, directory: Path) -> None:
        server = EmbeddedPostgres(directory / "it's 100% odd & हिन्दी", durable=False)
        try:
            server.ensure_running()
            with connect(server) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            server.destroy()

    def test_makes_what_an_interrupted_creation_left_anew(self, directory: Path) -> None:
        server = EmbeddedPostgres(directory / "postgres", durable=False)
        for half in ("data", "data.4711"):
            (directory / "postgres" / half / "base").mkdir(parents=True)

        server.ensure_running()

        assert server.is_ready()
        assert not list(server.data_directory.parent.glob("data.*"))

    def test_says_that_the_disk_is_full_and_writes_nothing(
        self, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usage = shutil.disk_usage(directory)._replace(free=2**20)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

        with pytest.raises(DiskFull, match=r"is full \(1 MB are free\)"):
            EmbeddedPostgres(directory / "postgres").ensure_running()

        assert not list((directory / "postgres").glob("data*"))


class TestRecovery:
    def test_after_its_postmaster_was_killed(self, server: EmbeddedPostgres) -> None:
        with connect(server) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(postmaster(server), signal.SIGKILL)

        server.ensure_running()

        with connect(server) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)

    def test_while_a_busy_orphan_holds_its_memory(self, server: EmbeddedPostgres) -> None:
        busy = psycopg.connect(server.url("postgres").replace("+psycopg", ""))
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
        time.sleep(0.3)
        os.kill(postmaster(server), signal.SIGKILL)

        server.ensure_running()

        with connect(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        busy.close()

    def test_when_a_stranger_has_the_number_in_the_pid_file(self, server: EmbeddedPostgres) -> None:
        pid_file = server.data_directory / "postmaster.pid"
        text = pid_file.read_text()
        server.stop()
        with subprocess.Popen(["sleep", "60"]) as stranger:
            pid_file.write_text(text.replace(text.splitlines()[0], str(stranger.pid), 1))

            server.ensure_running()

            assert stranger.poll() is None
            stranger.kill()
        assert server.is_ready()

    def test_when_its_postmaster_is_frozen(self, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.5)
        frozen = postmaster(server)
        os.kill(frozen, signal.SIGSTOP)

        server.ensure_running()

        assert postmaster(server) != frozen
        assert server.is_ready()

    def test_when_its_files_were_deleted_under_it(self, server: EmbeddedPostgres) -> None:
        shutil.rmtree(server.directory)

        server.ensure_running()

        assert server.is_ready()
        assert len([found for found in processes(server) if "-D" in found.cmdline()]) == 1


class TestStop:
    def test_leaves_no_process_even_with_a_client(self, server: EmbeddedPostgres) -> None:
        client = connect(server)

        server.stop()
        server.stop()

        assert not processes(server)
        assert not server.is_ready()
        client.close()

    def test_leaves_another_server_alone(self, server: EmbeddedPostgres) -> None:
        with temporary_postgres() as other:
            server.stop()

            assert other.is_ready()
        assert not other.directory.exists()


@as_root
class TestAccounts:
    def test_root_runs_it_as_nobody_and_keeps_others_out(self, server: EmbeddedPostgres) -> None:
        assert {found.uids().real for found in processes(server)} == {NOBODY}

        assert run_as_nobody(lambda: server.data_directory.iterdir().__next__()) == "PermissionError"

    def test_root_puts_the_files_elsewhere_when_nobody_cannot_reach_them(self) -> None:
        private = Path(tempfile.mkdtemp(prefix="hydrateall-pg-"))  # mode 0700
        server = EmbeddedPostgres(private / "postgres", durable=False)
        try:
            server.ensure_running()

            assert server.is_ready()
            assert not server.data_directory.is_relative_to(private)
            private.chmod(0o755)
            assert EmbeddedPostgres(private / "postgres").data_directory == server.data_directory
        finally:
            server.destroy()
            shutil.rmtree(private)

    def test_a_user_without_privileges_runs_it_too(self, directory: Path) -> None:
        os.chown(directory, NOBODY, NOBODY)

        assert run_as_nobody(lambda: start_and_stop(directory / "plain")) == "done"


def start_and_stop(directory: Path) -> None:
    server = EmbeddedPostgres(directory, durable=False)
    server.ensure_running()
    with connect(server) as connection:
        connection.execute("SELECT 1")
    os.kill(postmaster(server), signal.SIGKILL)
    server.ensure_running()
    server.destroy()
    assert not processes(server)


def run_as_nobody(work: object) -> str:
    """Run a function in a child without privileges; return "done", or the name of its error."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = "done"
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            work()
        except BaseException as error:  # noqa: BLE001 - it is the result
            said = type(error).__name__
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as result:
        said = result.read()
    os.waitpid(child, 0)
    return said
