"""Batch mode whose process dies at any point: one batch at the server, every item once, and both ledgers equal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from batch_factories import (
    ALL,
    CALLS,
    Killed,
    assert_complete,
    batches,
    items,
    poke,
    provider_batches,
    run_level,
    run_levels,
    runtime_at,
)

from factories import FakeClock, open_root
from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.hydration.batch_lines import BatchLines
from hydrateall.hydration.batches import BatchStep
from hydrateall.llm.batching import BatchDesk
from hydrateall.llm.openai_batches import OpenAIBatches
from mock_server import Mock, running


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as mock:
        yield mock


@pytest.fixture
def runtime(mock: Mock, database: Database, clock: FakeClock) -> Runtime:
    return runtime_at(mock, database, clock)


def dying(function: Callable[..., Any], *, after: bool, call: int = 1) -> Callable[..., Any]:
    """The function as it is in a process that dies at its n-th call, before it or after."""
    seen = 0

    def dies(*arguments: Any, **named: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == call and not after:
            raise Killed
        result = function(*arguments, **named)
        if seen == call:
            raise Killed
        return result

    return dies


POINTS = {
    "after the claim": (BatchDesk, "admit", False, 1),
    "after the admission": (BatchDesk, "admit", True, 1),
    "after the upload": (OpenAIBatches, "upload", True, 1),
    "before the creation": (OpenAIBatches, "create", False, 1),
    "after the creation, before its commit": (OpenAIBatches, "create", True, 1),
    "after the commit of the batch's id": (BatchStep, "_attach", True, 1),
    "after the download": (BatchLines, "take", False, 1),
    "half the lines later": (BatchLines, "take", False, 3),
    "between settlement and delivery": (BatchLines, "judge", False, 2),
    "after the last delivery": (BatchStep, "_close", False, 1),
    "between settling the rest and closing": (BatchDesk, "settle_rest", True, 1),
}


class TestDeath:
    @pytest.mark.parametrize("point", POINTS)
    def test_at_any_point_leads_to_one_batch_and_every_item_once(
        self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch, point: str
    ) -> None:
        whose, name, after, call = POINTS[point]
        root_id = open_root(runtime, mode="batch")
        for level in ("chapters", "topics"):
            run_level(runtime, mock, root_id, level)
        with monkeypatch.context() as dies:
            dies.setattr(whose, name, dying(getattr(whose, name), after=after, call=call))
            with pytest.raises(Killed):
                run_level(runtime, mock, root_id, "notes")

        run_levels(runtime, mock, root_id)

        assert len(batches(runtime)) == len(provider_batches(mock)) == 4
        assert mock.ledger()["totals"]["requests"] == CALLS
        assert_complete(runtime, mock, root_id)

    def test_again_and_again_submits_nothing_twice(
        self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root_id = open_root(runtime, mode="batch")
        for whose, name, after, call in POINTS.values():
            with monkeypatch.context() as dies:
                dies.setattr(whose, name, dying(getattr(whose, name), after=after, call=call))
                for level in ("chapters", "topics", "notes", "questions"):
                    try:
                        run_level(runtime, mock, root_id, level)
                    except Killed:
                        break

        run_levels(runtime, mock, root_id)

        assert len(provider_batches(mock)) == 4
        assert mock.ledger()["totals"]["requests"] == CALLS
        assert_complete(runtime, mock, root_id)

    def test_during_an_attempt_waits_until_its_end_is_certain(
        self, runtime: Runtime, mock: Mock, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root_id = open_root(runtime, mode="batch")
        with monkeypatch.context() as dies:
            dies.setattr(OpenAIBatches, "create", dying(OpenAIBatches.create, after=False))
            with pytest.raises(Killed):
                poke(runtime, mock, root_id)
        clock.advance(-140)

        poke(runtime, mock, root_id)
        too_early = len(provider_batches(mock))
        poke(runtime, mock, root_id)
        poke(runtime, mock, root_id)

        assert too_early == 0
        assert len(provider_batches(mock)) == 1


STEPS = """
import sys, uuid
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import load_settings
from hydrateall.hydration.tasks import advance_batch
settings = load_settings()
runtime = Runtime(settings, Database(settings.database_url))
for _ in range(int(sys.argv[3])):
    advance_batch(runtime, level=sys.argv[2], root_id=sys.argv[1])
"""


def step_process(runtime: Runtime, url: str, root_id: uuid.UUID, level: str, steps: int = 1) -> subprocess.Popen[bytes]:
    """A process of its own that takes steps."""
    variables = {
        "HYDRATEALL_DATABASE_URL": runtime.database.url,
        "HYDRATEALL_MODEL_PROVIDER": "mock",
        "HYDRATEALL_MOCK_URL": f"{url}/v1",
    }
    command = [sys.executable, "-c", STEPS, str(root_id), level, str(steps)]
    return subprocess.Popen(command, env=os.environ | variables, stderr=subprocess.DEVNULL)


@contextmanager
def between(mock: Mock, meanwhile: Callable[[str, str], None]) -> Iterator[str]:
    """A proxy before the server that does something after the server has answered, and before its client knows."""

    class Passage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.forward()

        def do_POST(self) -> None:
            self.forward()

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            kept = {name: self.headers[name] for name in ("authorization", "content-type") if name in self.headers}
            with httpx.Client(trust_env=False) as client:
                answer = client.request(self.command, f"{mock.url}{self.path}", headers=kept, content=body)
            meanwhile(self.command, self.path)
            try:
                self.send_response(answer.status_code)
                self.send_header("content-type", answer.headers["content-type"])
                self.send_header("content-length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Passage)
    threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()


class TestKill:
    """SIGKILL of a real process."""

    @pytest.fixture
    def runtime(self, mock: Mock, database: Database) -> Runtime:
        return runtime_at(mock, database, utc_now)

    def test_between_submission_and_the_commit_of_its_id(self, runtime: Runtime, mock: Mock) -> None:
        started: list[subprocess.Popen[bytes]] = []
        root_id = open_root(runtime, mode="batch")

        def kill(method: str, path: str) -> None:
            if (method, path) == ("POST", "/v1/batches"):
                os.kill(started[0].pid, signal.SIGKILL)
                started[0].wait()

        with between(mock, kill) as url:
            started.append(step_process(runtime, url, root_id, "chapters"))
            ended = started[0].wait(60)
        [left] = batches(runtime)
        run_levels(runtime, mock, root_id)

        assert ended == -signal.SIGKILL
        assert (left.status, left.provider_batch_id, len(provider_batches(mock))) == ("prepared", None, 4)
        assert mock.ledger()["totals"]["requests"] == CALLS
        assert_complete(runtime, mock, root_id)

    def test_between_download_and_the_commit_of_half_of_the_lines(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        for level in ("chapters", "topics"):
            run_level(runtime, mock, root_id, level)
        poke(runtime, mock, root_id, "notes")

        process = step_process(runtime, mock.url, root_id, "notes")
        while items(runtime)["notes"] < ALL["notes"] // 2 and process.poll() is None:
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        stored = items(runtime)["notes"]
        run_levels(runtime, mock, root_id)

        assert stored >= ALL["notes"] // 2
        assert len(provider_batches(mock)) == 4
        assert mock.ledger()["totals"]["requests"] == CALLS
        assert_complete(runtime, mock, root_id)

    def test_of_none_while_two_processes_step_at_once(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")

        processes = [step_process(runtime, mock.url, root_id, "chapters", steps=5) for _ in range(2)]
        codes = [process.wait(60) for process in processes]
        mock.clock.now += 100
        run_levels(runtime, mock, root_id)

        assert codes == [0, 0]
        assert len(provider_batches(mock)) == 4
        assert_complete(runtime, mock, root_id)
