"""The process that keeps the local stack alive: `python -m hydrateall.stack.supervisor FINGERPRINT [--embedded]`.

It starts Airflow's components, and the mock model server if that is to write, each in a process group of its own,
starts again what dies, watches the embedded PostgreSQL, and stops all of it on SIGTERM. Its environment is the
components' environment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from hydrateall.core.errors import HydrateAllError
from hydrateall.core.settings import Settings, load_settings
from hydrateall.stack.component import COMPONENTS
from hydrateall.stack.locks import exclusive
from hydrateall.stack.model_server import MOCK_NAME, mock_command, mock_url
from hydrateall.stack.postgres import EmbeddedPostgres
from hydrateall.stack.processes import end, end_all, kill_session, marked, signal_group
from hydrateall.stack.state import ComponentState, ProcessId, StackState, write_state

LOOP_SECONDS = 0.25
PROBE_SECONDS = 1.0
SILENT_PROBES = 2  # pg_isready in vain this often, then PostgreSQL is started again
STEADY_SECONDS = 60.0  # a component that ran this long has recovered
LONGEST_PAUSE_SECONDS = 30.0
GRACE_SECONDS = 6.0
LOG_BYTES = 20 * 2**20


class Component:
    """One process of the stack: started, watched, started again."""

    def __init__(self, name: str, command: list[str], log: Path, *, url: str = "") -> None:
        self.state = ComponentState(name=name, log=log, url=url)
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._start_at = 0.0

    def watch(self) -> bool:
        """Start the component if it does not run and its pause is over; tell whether anything changed."""
        if self._process and self._process.poll() is not None:
            kill_session(self._process.pid)
            self._note_death(self._process.returncode)
            self._process = None
            return True
        if self._process is None and time.monotonic() >= self._start_at:
            self._start()
            return True
        if self.state.quick_deaths and time.monotonic() - self._started > STEADY_SECONDS:
            self.state.quick_deaths = 0
            return True
        return False

    def signal(self, number: signal.Signals) -> None:
        """Signal the component and the children in its group."""
        if self._process:
            signal_group(self._process.pid, number)

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _start(self) -> None:
        with _open_log(self.state.log) as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._started = time.monotonic()
        self.state.process = ProcessId.of(self._process.pid)
        self.state.since = datetime.now(UTC)

    def _note_death(self, code: int) -> None:
        quick = time.monotonic() - self._started < STEADY_SECONDS
        self.state.restarts += 1
        self.state.quick_deaths = self.state.quick_deaths + 1 if quick else 1
        self.state.last_exit = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.state.process = self.state.since = None
        pause = min(2.0 ** (self.state.quick_deaths - 1), LONGEST_PAUSE_SECONDS)
        self._start_at = time.monotonic() + pause
        _log(f"{self.state.name} ended with {self.state.last_exit}; it is started again in {pause:.0f} s")


class Supervisor:
    """The loop over all components."""

    def __init__(self, settings: Settings, *, fingerprint: str, postgres: EmbeddedPostgres | None) -> None:
        self._state_dir = state_dir = settings.state_dir.absolute()
        self._postgres = postgres
        self._stopping = threading.Event()
        self._silent = 0
        self._next_probe = 0.0
        now = datetime.now(UTC)
        self._components = components_of(settings, state_dir / "logs")
        self._state = StackState(
            supervisor=ProcessId.of(os.getpid()), fingerprint=fingerprint, since=now,
            model_provider=settings.model_provider,
            postgres_since=now if postgres else None, components=[component.state for component in self._components],
        )  # fmt: skip

    def run(self) -> None:
        """Keep everything up until SIGTERM, then stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        write_state(self._state_dir, self._state)
        while not self._stopping.is_set():
            try:
                self._watch()
            except OSError as error:  # a full disk or process table must not end the one process that waits for better
                _log(f"{error}; trying again")
            self._stopping.wait(LOOP_SECONDS)
        self._stop()

    def _watch(self) -> None:
        changed = [self._watch_postgres(), *(component.watch() for component in self._components)]
        if any(changed):
            write_state(self._state_dir, self._state)

    def _watch_postgres(self) -> bool:
        if self._postgres is None or time.monotonic() < self._next_probe:
            return False
        self._next_probe = time.monotonic() + PROBE_SECONDS
        self._silent = 0 if self._postgres.is_ready() else self._silent + 1
        if self._silent < SILENT_PROBES:
            return False
        _log("PostgreSQL does not answer; starting it")
        try:
            self._postgres.ensure_running()
        except HydrateAllError as error:
            _log(str(error))
            self._next_probe = time.monotonic() + LONGEST_PAUSE_SECONDS
            return False
        self._silent = 0
        self._state.postgres_restarts += 1
        self._state.postgres_since = datetime.now(UTC)
        return True

    def _stop(self) -> None:
        """End Airflow's components together, whatever else carries our mark, and last the database they write to.

        The model server outlives the tasks: one that vanished under them would look broken, and pause their job.
        """
        _log("stopping")
        asking = [component for component in self._components if component.state.name != MOCK_NAME]
        for component in asking:
            component.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and not all(component.has_ended() for component in asking):
            time.sleep(0.05)
        for component in asking:
            component.signal(signal.SIGKILL)
        servers = {component.state.process.pid for component in self._components if component.state.process}
        end([process for process in marked(self._state_dir) if process.pid not in servers], grace=0)
        end_all(self._state_dir, grace=0)
        if self._postgres:
            self._postgres.stop()
        _log("stopped")


def main() -> None:
    """Run the supervisor of the stack in HYDRATEALL_STATE_DIR; a second one for the same folder refuses to run."""
    settings = load_settings()
    state_dir = settings.state_dir.absolute()
    postgres = EmbeddedPostgres(state_dir / "postgres", _log) if "--embedded" in sys.argv else None
    with exclusive(state_dir / "supervisor.lock", timeout=5, what="supervising this stack"):
        Supervisor(settings, fingerprint=sys.argv[1], postgres=postgres).run()


def components_of(settings: Settings, logs: Path) -> list[Component]:
    """What these settings want to run: Airflow's processes, and before them the mock model server if it writes."""
    mock = (
        []
        if settings.model_provider != "mock"
        else [Component(MOCK_NAME, mock_command(settings), logs / f"{MOCK_NAME}.log", url=mock_url(settings))]
    )
    return [*mock, *(Component(name, _command(name), logs / f"{name}.log") for name in COMPONENTS)]


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "hydrateall.stack.component", name]


def _open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _log(message: str) -> None:
    with suppress(OSError):
        sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {message}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
