"""Fixtures: a real PostgreSQL with a fresh database for each test, a clock that stands still, a runtime."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator

import pytest

from database_server import TestServer, remove_leftovers
from factories import FakeClock, settings_for_tests
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings

KEPT = ("HYDRATEALL_HOME", "HYDRATEALL_TEST_DATABASE_URL")  # the variables that a test run itself reads
RUN = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden renders of the prompts anew")


def pytest_configure(config: pytest.Config) -> None:
    """Name this run: the same name in every xdist worker, so that all share one server."""
    given = getattr(config, "workerinput", {}).get("hydrateall_run")
    config.stash[RUN] = given or uuid.uuid4().hex[:10]
    signal.signal(signal.SIGTERM, interrupt)  # a CI that gives up sends SIGTERM, which would skip every teardown


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their parameter: a file that was built now has other bytes in each worker, and all must agree."""
    return argname if isinstance(val, bytes) else None


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind: neither this run's, if its workers were killed, nor that of an old run."""
    if not hasattr(config, "workerinput") and RUN in config.stash:
        TestServer(config.stash[RUN], "controller").remove_unless_in_use()
        remove_leftovers()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker the name of the run."""
    node.workerinput["hydrateall_run"] = node.config.stash[RUN]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults of the settings, whatever the shell has set."""
    for name in [name for name in os.environ if name.startswith("HYDRATEALL_") and name not in KEPT]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, worker_id: str) -> Iterator[TestServer]:
    """The server of this run."""
    with TestServer(request.config.stash[RUN], worker_id).in_use() as server:
        yield server


@pytest.fixture
def database(server: TestServer) -> Iterator[Database]:
    """A migrated and seeded database of this test alone."""
    with server.fresh_database() as database:
        yield database


@pytest.fixture
def settings() -> Settings:
    """Small and fast: two chapters of two topics where there is no outline."""
    return settings_for_tests()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when it is told to."""
    return FakeClock()


@pytest.fixture
def runtime(settings: Settings, database: Database, clock: FakeClock) -> Runtime:
    """What a process works with, on this test's database and clock."""
    return Runtime(settings, database, clock)
