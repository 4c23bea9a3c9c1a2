"""The API server that the tests of a worker share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from api_server import PASSWORD, USERS, ApiServer, serving
from database_server import TestServer

END_ALL = "UPDATE hydration_jobs SET status = 'cancelled' WHERE status IN ('pending', 'running', 'paused')"


@pytest.fixture(scope="session")
def api_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("airflow-api")
    (folder / "passwords.json").write_text(json.dumps(dict.fromkeys(USERS, PASSWORD)))
    return folder


@pytest.fixture(scope="session")
def api(server: TestServer, api_home: Path) -> Iterator[ApiServer]:
    """One server for all tests of a worker, with room for many writes and every mode."""
    with server.empty_database() as metadata, server.fresh_database() as content:
        room = {"HYDRATEALL_WRITES_PER_MINUTE": "100000", "HYDRATEALL_MODEL_PROVIDER": "mock"}
        room |= {"HYDRATEALL_STORAGE_URL": str(api_home / "storage"), "HYDRATEALL_DOCUMENT_MOST_BYTES": "2000000"}
        with serving(api_home, metadata=metadata, content=content, **room) as found:
            yield found


@pytest.fixture
def admin_api(api: ApiServer) -> Iterator[ApiServer]:
    """The server; after the test no hydration is open, and none is paused."""
    yield api
    with api.database.transaction() as session:
        session.execute(sa.text("UPDATE hydration_control SET paused = false, reason = NULL"))
        session.execute(sa.text(END_ALL))
