"""The sandbox: its worker is one for many documents, bounded, replaced when it dies, and gone with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from document_files import ENGLISH, limits, text_pdf
from hydrateall.documents.conversion import Conversion, Limits, Sandbox
from hydrateall.documents.conversion.errors import ConverterDied, TookTooLong

PATIENCE = 20.0
PARENT = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from document_files import limits
from hydrateall.documents.conversion import Sandbox
sandbox = Sandbox()
sandbox.convert(Path({path!r}), mime_type="text/plain", source_name="a.txt", limits=limits(), language="en")
print(sandbox.worker_id, flush=True)
time.sleep(600)
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(ENGLISH)
    return path


def converted(sandbox: Sandbox, path: Path, own: Limits | None = None) -> Conversion:
    return sandbox.convert(path, mime_type="text/plain", source_name=path.name, limits=own or limits(), language="en")


def is_gone(process: int) -> bool:
    until = time.monotonic() + PATIENCE
    while psutil.pid_exists(process) and psutil.Process(process).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


class TestWorker:
    def test_is_one_for_many_documents(self, sandbox: Sandbox, text: Path) -> None:
        first = converted(sandbox, text)
        worker = sandbox.worker_id

        results = [converted(sandbox, text) for _ in range(50)]

        assert {sandbox.worker_id} == {worker}
        assert all(result == first for result in results)

    def test_is_in_a_process_group_of_its_own(self, sandbox: Sandbox, text: Path) -> None:
        converted(sandbox, text)

        assert sandbox.worker_id
        assert os.getpgid(sandbox.worker_id) == sandbox.worker_id

    def test_is_ended_and_replaced_when_the_time_is_over(self, sandbox: Sandbox, text: Path, tmp_path: Path) -> None:
        converted(sandbox, text)
        worker = sandbox.worker_id
        long = tmp_path / "long.pdf"
        long.write_bytes(text_pdf(*[ENGLISH] * 900))

        with pytest.raises(TookTooLong, match=r"took longer than 0\.2 s"):
            sandbox.convert(
                long, mime_type="application/pdf", source_name="long.pdf", limits=limits(seconds=0.2), language="en"
            )

        assert worker
        assert is_gone(worker)
        assert converted(sandbox, text).words > 10

    def test_that_was_killed_while_it_waited_is_replaced(self, sandbox: Sandbox, text: Path) -> None:
        converted(sandbox, text)
        assert sandbox.worker_id
        os.kill(sandbox.worker_id, signal.SIGKILL)

        assert converted(sandbox, text).words > 10

    def test_that_has_too_little_memory_says_so(self, sandbox: Sandbox, tmp_path: Path) -> None:
        large = tmp_path / "large.txt"
        large.write_bytes(b"word " * 8_000_000)

        with pytest.raises(ConverterDied, match="memory"):
            converted(sandbox, large, limits(memory_mb=400))

    def test_ends_when_the_sandbox_closes(self, text: Path) -> None:
        with Sandbox() as sandbox:
            converted(sandbox, text)
            worker = sandbox.worker_id

        assert worker
        assert is_gone(worker)

    def test_dies_with_a_parent_that_was_killed(self, text: Path) -> None:
        tests = str(Path(__file__).resolve().parents[1])
        code = PARENT.format(tests=tests, path=str(text))
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout
            worker = int(parent.stdout.readline())

            parent.kill()

        assert is_gone(worker)
