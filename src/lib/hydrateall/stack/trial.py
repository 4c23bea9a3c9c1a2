"""A stack of its own in a temporary folder on a free port, for end-to-end tests and benchmarks."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from hydrateall.core.settings import Settings, load_settings
from hydrateall.stack.databases import embedded_server
from hydrateall.stack.postgres import silent
from hydrateall.stack.service import Say, down, up
from hydrateall.stack.state import read_state


@contextmanager
def trial_stack(prepare: Callable[[str], None], *, say: Say = silent, **variables: str) -> Iterator[Settings]:
    """Start a stack with these `HYDRATEALL_*` variables; take it down at the end, whatever happens between.

    The variables stand in this process's environment meanwhile, so that the command line finds the same stack.
    """
    with tempfile.TemporaryDirectory(prefix="hydrateall-trial-", ignore_cleanup_errors=True) as folder:
        given = {"STATE_DIR": folder, "AIRFLOW_URL": f"http://127.0.0.1:{free_port()}", **variables}
        ours = {f"HYDRATEALL_{name}": value for name, value in given.items()}
        before = {name: value for name, value in os.environ.items() if name.startswith("HYDRATEALL_")}
        for name in before:
            del os.environ[name]
        os.environ.update(ours)
        settings = load_settings()
        try:
            up(settings, say, prepare=prepare)
            yield settings
        finally:
            down(settings, say)
            for name in ours:
                os.environ.pop(name, None)
            os.environ.update(before)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def component(settings: Settings, name: str) -> psutil.Process:
    """The process of one of Airflow's components."""
    state = read_state(settings.state_dir)
    found = next((each for each in state.components if each.name == name), None) if state else None
    if found is None or found.process is None:
        raise LookupError(f"{name} is not up")
    return psutil.Process(found.process.pid)


def task_processes(settings: Settings) -> list[psutil.Process]:
    """The processes that run task code now: children of the executor's workers."""
    workers = component(settings, "scheduler").children()
    return [task for worker in workers for task in worker.children()]


def postmaster(settings: Settings) -> psutil.Process:
    """The embedded server's first process."""
    written = embedded_server(settings).data_directory / "postmaster.pid"
    return psutil.Process(int(written.read_text().split()[0]))
