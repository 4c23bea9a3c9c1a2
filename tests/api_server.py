"""Airflow's real API server with our plugin in a process of its own, its users, and clients that are signed in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from hydrateall.core.database import Database

ROOT = Path(__file__).parents[1]
USERS = {"vera": "viewer", "udo": "user", "otto": "op", "anna": "admin"}
PATIENCE_SECONDS = 240.0  # Airflow imports for seconds, and longer on a busy machine
PASSWORD = "correct-horse"


@dataclass
class ApiServer:
    """Where the server listens, its content database, and the tokens of its users."""

    url: str
    database: Database
    tokens: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def client(self, user: str | None = "anna", **headers: str) -> Iterator[httpx.Client]:
        """A client that is signed in as this user (None: as nobody)."""
        sent = {**headers, **({"Authorization": f"Bearer {self.token(user)}"} if user else {})}
        with httpx.Client(base_url=self.url, timeout=30, trust_env=False, headers=sent) as client:
            yield client

    def token(self, user: str) -> str:
        if user not in self.tokens:
            account = {"username": user, "password": PASSWORD}
            answer = httpx.post(f"{self.url}/auth/token", json=account, timeout=30, trust_env=False)
            self.tokens[user] = answer.json()["access_token"]
        return self.tokens[user]


@contextmanager
def serving(home: Path, *, metadata: str, content: Database, **variables: str) -> Iterator[ApiServer]:
    """Start the server and wait until it answers; end it with the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    log = home / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "api" / "serve.py"), str(listening.fileno())],
            env=os.environ | environment(home, url, metadata, content.url) | variables,
            pass_fds=[listening.fileno()],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await_answer(process, url, log)
        yield ApiServer(url, content)
    finally:
        process.terminate()
        process.wait(20)
        listening.close()


def environment(home: Path, url: str, metadata: str, content: str) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata,
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-tests-" * 6,
        "AIRFLOW_CONN_HYDRATEALL": content,
        "AIRFLOW_CONN_HYDRATEALL_API": url,
        "_AIRFLOW_PROCESS_CONTEXT": "server",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if httpx.get(f"{url}/api/v2/version", timeout=1, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer in time: {log.read_text()[-3000:]}")
