"""`hydrateall mock-llm serve`: it says where it is, and why it cannot start."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time

import httpx
import pytest
from typer.testing import CliRunner

from hydrateall.cli import mock_llm
from hydrateall.core.errors import UsageError
from hydrateall.llm.mock.server import bind


class TestServe:
    def test_prints_what_to_set_and_ends_cleanly(self) -> None:
        command = [sys.executable, "-m", "hydrateall.cli", "mock-llm", "serve", "--port", "0", "--key", "sk-secret"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(6)]
            await_answer(lines[0].split()[4].removesuffix("/v1"))
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()

        assert lines[0].startswith("Mock model server on http://127.0.0.1:")
        assert [line.split("=")[0] for line in lines[2:]] == [
            "export HYDRATEALL_MODEL_PROVIDER",
            "export HYDRATEALL_OPENAI_BASE_URL",
            "export HYDRATEALL_OPENAI_API_KEY",
            "export HYDRATEALL_OPENAI_MODEL",
        ]
        assert "sk-secret" not in "".join(lines)
        assert (process.returncode, rest) == (0, "")

    def test_names_the_address_that_is_taken(self) -> None:
        with bind("127.0.0.1", 0) as taken:
            port = str(taken.getsockname()[1])

            with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}"):
                serve("--port", port)

    @pytest.mark.parametrize(
        ("fault", "said"), [("slow", "is not a fault"), ("x=1", "no fault x"), ("slow=2", "share")]
    )
    def test_names_the_fault_that_cannot_be_drawn(self, fault: str, said: str) -> None:
        with pytest.raises(UsageError, match=said):
            serve("--port", "0", "--fault", fault)


def await_answer(address: str) -> None:
    """Wait until the server that has printed its address answers there."""
    for _ in range(200):
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{address}/healthz", trust_env=False)
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}")


def serve(*options: str) -> None:
    CliRunner().invoke(mock_llm.app, ["serve", *options], catch_exceptions=False)
