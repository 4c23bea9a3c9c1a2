"""Components that die and are started again, and processes that must all end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hydrateall.stack.airflow import MARKER
from hydrateall.stack.processes import end_all, kill_session, marked
from hydrateall.stack.supervisor import Component

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess as s, sys; print(s.Popen(['sleep', '60'], process_group=0).pid, flush=True); sys.stdin.read()"
)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Path]:
    """A state folder whose processes are ended at last."""
    yield tmp_path
    end_all(tmp_path, grace=0)


def start(code: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | environment, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestComponent:
    def test_is_started_again_after_its_death_and_a_pause(self, tmp_path: Path) -> None:
        component = Component("scheduler", ["sleep", "60"], tmp_path / "logs" / "scheduler.log")
        component.watch()
        first = component.state.process
        assert first is not None
        os.kill(first.pid, 9)

        wait_for(component.watch)
        assert (component.state.restarts, component.state.last_exit) == (1, "signal 9")
        assert not component.watch()
        wait_for(component.watch)

        assert component.state.process != first
        component.signal(9)

    def test_that_keeps_dying_is_a_crash_loop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hydrateall.stack.supervisor.LONGEST_PAUSE_SECONDS", 0.0)
        component = Component("scheduler", ["sh", "-c", "echo no such thing; exit 3"], tmp_path / "scheduler.log")

        wait_for(lambda: component.watch() and component.state.crash_loop)

        assert component.state.last_exit == "exit code 3"
        assert "no such thing" in component.state.log.read_text()


class TestEnd:
    def test_finds_by_the_mark_only(self, stack: Path) -> None:
        with start(STUBBORN, **{MARKER: str(stack)}) as ours, start(STUBBORN, **{MARKER: f"{stack}-2"}) as other:
            assert [found.pid for found in marked(stack)] == [ours.pid]

            end_all(stack, grace=0.2)

            assert marked(stack) == []
            assert other.poll() is None
            other.kill()

    def test_ends_one_that_ignores_the_request(self, stack: Path) -> None:
        with start(STUBBORN, **{MARKER: str(stack)}) as stubborn:
            assert stubborn.stdout is not None
            stubborn.stdout.readline()

            end_all(stack, grace=0.2)

            assert not psutil.pid_exists(stubborn.pid)

    def test_kills_what_a_dead_leader_left_in_its_session(self) -> None:
        with start(PARENT) as leader:
            assert leader.stdout is not None
            child = psutil.Process(int(leader.stdout.readline()))
            leader.kill()
            leader.wait()
            assert child.is_running()

            kill_session(leader.pid)

            wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
