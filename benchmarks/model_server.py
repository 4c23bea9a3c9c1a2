"""The mock model server in a process of its own, as the benchmarks ask it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from hydrateall.stack.trial import free_port


@dataclass(frozen=True)
class ModelServer:
    """A running mock server."""

    address: str

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def ledger(self, *, entries: bool = False) -> dict[str, Any]:
        """What the server answered and billed."""
        answer = httpx.get(f"{self.address}/mock/ledger", params={} if entries else {"entries": 0}, timeout=30)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def change(self, **settings: Any) -> None:
        """Change the server's settings while it runs."""
        httpx.put(f"{self.address}/mock/settings", json=settings, timeout=30).raise_for_status()

    def forget(self) -> None:
        """Empty the ledger."""
        httpx.delete(f"{self.address}/mock/ledger", timeout=30).raise_for_status()


@contextmanager
def model_server(*options: str) -> Iterator[ModelServer]:
    """Start `hydrateall mock-llm serve` with these options on a free port."""
    port = free_port()
    program = "from hydrateall.cli import main; main()"
    command = [sys.executable, "-c", program, "mock-llm", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    server = ModelServer(f"http://127.0.0.1:{port}")
    try:
        _await(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _await(server: ModelServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{server.address}/healthz").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise SystemExit("The mock model server did not start.")
