"""What the supervisor knows, in state/stack.json: written in one step, read by everyone."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import psutil
from pydantic import BaseModel

FILE_NAME = "stack.json"


class ProcessId(BaseModel):
    """A process, told apart from a later one with the same number by its start time."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        return cls(pid=pid, started=psutil.Process(pid).create_time())

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            return abs(process.create_time() - self.started) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


class ComponentState(BaseModel):
    """One of the stack's processes as the supervisor sees it."""

    name: str
    process: ProcessId | None = None
    since: datetime | None = None
    restarts: int = 0
    quick_deaths: int = 0
    last_exit: str = ""
    log: Path
    url: str = ""

    @property
    def crash_loop(self) -> bool:
        """Three deaths in a row, each soon after the start."""
        return self.quick_deaths >= 3


class StackState(BaseModel):
    """A running, or once running, supervisor and its components."""

    supervisor: ProcessId
    fingerprint: str
    model_provider: str = ""
    since: datetime
    postgres_restarts: int = 0
    postgres_since: datetime | None = None
    components: list[ComponentState] = []

    def is_running(self) -> bool:
        return self.supervisor.is_alive()


def read_state(state_dir: Path) -> StackState | None:
    """Return the last written state; None when there is none that can be read."""
    try:
        return StackState.model_validate_json((state_dir / FILE_NAME).read_text())
    except (FileNotFoundError, ValueError):
        return None


def write_state(state_dir: Path, state: StackState) -> None:
    """Replace the state file in one step."""
    unfinished = state_dir / f"{FILE_NAME}.{os.getpid()}"
    unfinished.write_text(state.model_dump_json(indent=2))
    unfinished.replace(state_dir / FILE_NAME)
