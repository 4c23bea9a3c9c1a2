"""What the command line calls: bring the local stack up, take it down, tell its state."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from hydrateall.core.settings import Settings
from hydrateall.stack.airflow import (
    airflow_environment,
    airflow_schema_is_current,
    migrate_airflow,
    migration_stamp_path,
    process_environment,
)
from hydrateall.stack.airflow_settings import PATH, load_airflow_settings, read_airflow_settings
from hydrateall.stack.api import stack_api
from hydrateall.stack.bytecode import start_compiling
from hydrateall.stack.credentials import (
    airflow_login,
    are_lost,
    load_credentials,
    metrics_token,
    write_metrics_token,
    write_password_file,
)
from hydrateall.stack.databases import (
    Databases,
    content_database_url,
    embedded_server,
    forget_airflow,
    start_databases,
    uses_embedded_server,
)
from hydrateall.stack.doctor import doctor
from hydrateall.stack.errors import StackUnavailable
from hydrateall.stack.locks import exclusive
from hydrateall.stack.model_server import require_mock_port
from hydrateall.stack.ports import api_address, require_port
from hydrateall.stack.postgres import silent
from hydrateall.stack.processes import end_all
from hydrateall.stack.readiness import await_ready
from hydrateall.stack.schemas import StackStatus
from hydrateall.stack.state import StackState, read_state
from hydrateall.stack.status import stack_status

__all__ = ["airflow_login", "content_database_url", "doctor", "down", "status", "up"]

Say = Callable[[str], None]
STOP_SECONDS = 60.0


def up(settings: Settings, say: Say, *, prepare: Callable[[str], None] = silent) -> StackStatus:
    """Start what does not run yet and return when Airflow can take a job; a second call starts nothing.

    `prepare` gets the content database's URL and migrates and seeds it, while Airflow's own database is migrated.
    Changed settings start Airflow's processes anew, since they read them at their start.
    """
    state_dir = settings.state_dir.absolute()
    host, port = api_address(settings)
    with exclusive(state_dir / "up.lock", timeout=settings.airflow_start_seconds, what="starting the stack"):
        if not _is_supervised(state_dir):
            end_all(state_dir, grace=2)
            require_port(host, port)
        require_mock_port(settings, read_state(state_dir))
        if are_lost(settings):
            say("The stack's secrets are lost: creating Airflow's database anew")
            _stop_supervisor(state_dir)
            end_all(state_dir, grace=2)
            forget_airflow(settings)
        compiler = start_compiling()
        databases = start_databases(settings, say)
        credentials = load_credentials(settings)
        variables = airflow_environment(settings, credentials, databases, port)
        wanted = read_airflow_settings(PATH, variables)
        passwords = state_dir / "airflow" / "passwords.json"
        write_password_file(passwords, settings.airflow_username, credentials.airflow_password)
        write_metrics_token(settings.state_dir / "metrics-token", metrics_token(settings, credentials))
        if compiler:
            compiler.wait()
        with ThreadPoolExecutor(1) as beside:
            prepared = beside.submit(prepare, databases.content)
            _start_airflow(settings, variables, databases, say)
            prepared.result()
        say("Waiting for Airflow")
        api = stack_api(settings)
        await_ready(api, settings, load=lambda: load_airflow_settings(api, wanted))
    return status(settings)


def down(settings: Settings, say: Say) -> None:
    """Stop every process of the stack, the database server last; a second call does nothing."""
    state_dir = settings.state_dir.absolute()
    if not state_dir.exists():
        return
    with exclusive(state_dir / "up.lock", timeout=settings.airflow_start_seconds, what="starting the stack"):
        say("Stopping Airflow and PostgreSQL")
        _stop_supervisor(state_dir)
        end_all(state_dir, grace=3)
        embedded_server(settings).stop()


def status(settings: Settings) -> StackStatus:
    """Tell what is up, without starting anything."""
    return stack_status(settings)


def _start_airflow(settings: Settings, variables: dict[str, str], databases: Databases, say: Say) -> None:
    """Start the supervisor, unless one runs with these very settings, and migrate Airflow's database meanwhile."""
    state_dir = settings.state_dir.absolute()
    fingerprint = _fingerprint(variables)
    state = read_state(state_dir)
    if state and state.is_running():
        if state.fingerprint == fingerprint:
            return
        say(_what_changed(settings, state))
        _stop_supervisor(state_dir)
        end_all(state_dir, grace=2)
        require_port(*api_address(settings))
        start_databases(settings)
    environment = process_environment(variables)
    current = airflow_schema_is_current(state_dir, databases.airflow)
    say("Starting Airflow" if current else "Creating Airflow's database and starting Airflow")
    if not current:
        migration_stamp_path(state_dir).unlink(missing_ok=True)  # the components load, and wait for it
    embedded = ["--embedded"] if uses_embedded_server(settings) else []
    _launch(state_dir, environment, [fingerprint, *embedded])
    try:
        migrate_airflow(state_dir, databases.airflow, environment)
    except BaseException:
        _stop_supervisor(state_dir)
        raise


def _what_changed(settings: Settings, state: StackState) -> str:
    before, now = state.model_provider, settings.model_provider
    changed = (
        f"The model provider changes from {before} to {now}" if before not in ("", now) else "The settings changed"
    )
    return f"{changed}: starting Airflow anew; jobs that run go on by themselves"


def _launch(state_dir: Path, environment: dict[str, str], arguments: list[str]) -> None:
    log_path = state_dir / "logs" / "supervisor.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hydrateall.stack.supervisor", *arguments],
            env=environment, cwd=state_dir, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and process.poll() is None:
        state = read_state(state_dir)
        if state and state.supervisor.pid == process.pid:
            return
        time.sleep(0.02)
    raise StackUnavailable("The stack's supervisor did not start.", f"The reason is in {log_path}.")


def _stop_supervisor(state_dir: Path) -> None:
    """Ask the supervisor to stop everything, and wait for it; what it leaves is ended by the caller."""
    state = read_state(state_dir)
    if not (state and state.is_running()):
        return
    psutil.Process(state.supervisor.pid).terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while state.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_supervised(state_dir: Path) -> bool:
    state = read_state(state_dir)
    return bool(state and state.is_running())


def _fingerprint(variables: dict[str, str]) -> str:
    """Hash the settings that the processes would see: those of the stack and the user's own."""
    prefixes = ("HYDRATEALL_", "AIRFLOW_")
    seen = {name: value for name, value in process_environment(variables).items() if name.startswith(prefixes)}
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
