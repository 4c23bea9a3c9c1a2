"""The stack that `chaos.py` shoots at: fresh content for each run, kills by process id, and how to see who is back."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import sqlalchemy as sa
from model_server import ModelServer, model_server
from psycopg import sql

from hydrateall.cli.context import open_runtime
from hydrateall.cli.hydrate import submit_and_deliver
from hydrateall.cli.stack import prepare
from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration.schemas import HydrateRequest
from hydrateall.stack.credentials import airflow_login
from hydrateall.stack.databases import CONTENT, embedded_server
from hydrateall.stack.state import ProcessId, read_state
from hydrateall.stack.trial import postmaster, task_processes, trial_stack

TEMPLATE = "chaos_template"
LATENCY_SECONDS = "1.0"
REQUEST = {
    "boardCode": "CBSE",
    "grade": "10",
    "subjectCode": "SCIENCE",
    "options": {"chapterLimit": 3, "questionCounts": {"easy": 2, "medium": 1, "hard": 1}},
}
COMPONENTS = {"scheduler": "scheduler", "API server": "api-server", "DAG processor": "dag-processor"}
HEARTBEATS = {
    "scheduler": ("scheduler", "latest_scheduler_heartbeat"),
    "DAG processor": ("dag_processor", "latest_dag_processor_heartbeat"),
}
CONTENT_DAGS = ("hydrate_subject", "hydrate_subject_in_batches", "validate_content")
QUIET_SECONDS = 120.0


class Gone(Exception):
    """The victim does not live at this moment."""


@dataclass
class ChaosStack:
    """A running stack, the model server that it asks, and what a calm run wrote (`reference`: place → content)."""

    settings: Settings
    runtime: Runtime
    models: ModelServer
    reference: dict[str, Any] = field(default_factory=dict)
    calls: int = 0

    @property
    def logs(self) -> Path:
        return self.settings.state_dir / "logs"

    def start_afresh(self) -> None:
        """Wait until nothing of the last run is left in Airflow, then give the stack a content database as new."""
        self._await_health()
        self._await_quiet()
        server = embedded_server(self.settings)
        self.runtime.database.dispose()
        server.drop_database(CONTENT)
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(CONTENT), sql.Identifier(TEMPLATE))
            )
        self.models.forget()

    def make_template(self) -> None:
        """Migrate and seed a database that nobody else connects to; each run gets a copy of it."""
        server = embedded_server(self.settings)
        server.ensure_database(TEMPLATE)
        prepare(server.url(TEMPLATE))

    def submit(self) -> uuid.UUID:
        """Submit the subject as `hydrateall hydrate` does."""
        return submit_and_deliver(self.runtime, HydrateRequest.model_validate(REQUEST)).root_job_id

    def status(self, job_id: uuid.UUID) -> str | None:
        """The job's status; None while the database is away."""
        try:
            return str(self.value("SELECT status::text FROM hydration_jobs WHERE id = :id", id=job_id))
        except Exception as error:
            if not connection_lost(error):
                raise
            return None

    def completed_after(self, job_id: uuid.UUID, moment: datetime) -> datetime | None:
        """When the first item, or the job itself, was completed after a moment."""
        found: datetime | None = self.value(
            "SELECT min(finished_at) FROM hydration_jobs "
            "WHERE (id = :id OR root_job_id = :id) AND status = 'completed' AND finished_at > :moment",
            id=job_id,
            moment=moment,
        )
        return found

    def value(self, statement: str, **values: Any) -> Any:
        """The first column of a query's first row."""
        with self.runtime.database.transaction() as session:
            return session.scalar(sa.text(statement), values)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """The rows of a query."""
        with self.runtime.database.transaction() as session:
            return list(session.execute(sa.text(statement), values).all())

    def kill(self, victim: str, pick: float) -> Callable[[], bool] | None:
        """Kill -9; return how to ask whether the victim is back (None: a task has no successor). Raise Gone."""
        if victim == "task process":
            self._kill_task(pick)
            return None
        return self._kill_database() if victim == "database server" else self._kill_component(victim)

    def _kill_task(self, pick: float) -> None:
        try:
            tasks = sorted(task_processes(self.settings), key=lambda process: process.pid)
            tasks[int(pick * len(tasks))].kill()
        except (LookupError, psutil.NoSuchProcess):
            raise Gone from None

    def _kill_component(self, victim: str) -> Callable[[], bool]:
        found = self._process(victim)
        if found is None or not found.is_alive():
            raise Gone
        killed_at = time.time()
        psutil.Process(found.pid).kill()
        return lambda: self._is_back(victim, found, killed_at)

    def _kill_database(self) -> Callable[[], bool]:
        server = embedded_server(self.settings)
        try:
            first = postmaster(self.settings)
            if str(server.data_directory) not in first.cmdline():
                raise Gone  # the number in the file is a stranger's by now
            victims = [first, *first.children(recursive=True)]
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            raise Gone from None
        for process in victims:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        return server.is_ready

    def _process(self, victim: str) -> ProcessId | None:
        state = read_state(self.settings.state_dir)
        parts = state.components if state else []
        return next((part.process for part in parts if part.name == COMPONENTS[victim]), None)

    def _is_back(self, victim: str, killed: ProcessId, killed_at: float) -> bool:
        """Say whether a new process answers, or has reported to Airflow's database since the kill."""
        now = self._process(victim)
        if now is None or now == killed or not now.is_alive():
            return False
        health = self._health()
        if victim not in HEARTBEATS:
            return bool(health)
        part, name = HEARTBEATS[victim]
        beat = health.get(part, {}).get(name)
        return bool(beat) and datetime.fromisoformat(beat).timestamp() > killed_at

    def _health(self) -> dict[str, Any]:
        try:
            answer = httpx.get(f"{self.settings.airflow_url}/api/v2/monitor/health", timeout=5, trust_env=False)
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            return {}
        return found

    def _await_health(self) -> None:
        _await(lambda: all(part["status"] == "healthy" for part in self._parts()), "the stack is not healthy")

    def _parts(self) -> list[dict[str, Any]]:
        health = self._health()
        return [health.get(name) or {"status": ""} for name in ("metadatabase", "scheduler", "dag_processor")]

    def _await_quiet(self) -> None:
        _await(lambda: self._active_runs() == [], "DAG runs of the last job have not ended")

    def _active_runs(self) -> list[str] | None:
        """The DAG runs that work on content and are queued or running; None while Airflow does not answer."""
        found = []
        try:
            with self.airflow() as client:
                for dag in CONTENT_DAGS:
                    answer = client.get(f"/api/v2/dags/{dag}/dagRuns?state=queued&state=running&limit=100")
                    found += [run["dag_run_id"] for run in answer.raise_for_status().json()["dag_runs"]]
        except httpx.HTTPError:
            return None
        return found

    def dispatch(self, name: str) -> None:
        """Have the outbox delivered now, as *Trigger* does, instead of at the next full minute."""
        with suppress(httpx.HTTPError), self.airflow() as client:
            client.post("/api/v2/dags/dispatch_outbox/dagRuns", json={"dag_run_id": name, "logical_date": None})

    @contextmanager
    def airflow(self) -> Iterator[httpx.Client]:
        """A signed-in client of Airflow's REST API."""
        username, password = airflow_login(self.settings)
        with httpx.Client(base_url=self.settings.airflow_url, timeout=30, trust_env=False) as client:
            answer = client.post("/auth/token", json={"username": username, "password": password})
            client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
            yield client

    @contextmanager
    def _maintenance(self) -> Iterator[psycopg.Connection[Any]]:
        url = sa.make_url(embedded_server(self.settings).url("postgres")).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            yield connection


@contextmanager
def chaos_stack() -> Iterator[ChaosStack]:
    """Start the stack in a folder of its own, beside a model server that bills what it answers."""
    with model_server("--latency", LATENCY_SECONDS) as models:
        asked = {
            "MODEL_PROVIDER": "openai",
            "OPENAI_BASE_URL": models.base_url,
            "OPENAI_MODEL": "mock-writer",
            "OPENAI_API_KEY": "mock",
        }
        with trial_stack(prepare, MAX_IN_FLIGHT="16", **asked) as settings, open_runtime() as runtime:
            stack = ChaosStack(settings, runtime, models)
            stack.make_template()
            yield stack


def _await(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + QUIET_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"After {QUIET_SECONDS:.0f} s {otherwise}; the load is {os.getloadavg()[0]:.1f}.")
        time.sleep(0.5)
