"""The processes of one stack, found by the mark in their environment, and their end."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import psutil

from hydrateall.stack.airflow import MARKER


def marked(state_dir: Path) -> list[psutil.Process]:
    """Return every live process that this stack started, grandchildren in sessions of their own included."""
    mark = str(state_dir.absolute())
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [process for process in psutil.process_iter() if process.pid not in ours and _mark(process) == mark]


def end(found: list[psutil.Process], *, grace: float) -> None:
    """Ask processes to end, then make them."""
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(found, timeout=grace)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def end_all(state_dir: Path, *, grace: float) -> None:
    """End every process of a stack, also those that are started while others end."""
    for attempt in range(5):
        found = marked(state_dir)
        if not found:
            return
        end(found, grace=0 if attempt else grace)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the process group that `pid` leads; a group that is gone is none the worse."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def kill_session(leader: int) -> None:
    """Kill what is left of the session that `leader` led. Tasks have process groups of their own, but its session."""
    for pid in psutil.pids():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)


def _mark(process: psutil.Process) -> str | None:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(MARKER)
    except (psutil.Error, OSError):
        return None
