"""A process that converts: hostile files end it, not the caller, and its time and memory are bounded."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hydrateall.documents.conversion import errors
from hydrateall.documents.conversion.limits import Conversion, FileFacts, Limits

WORKER = "hydrateall.documents.conversion.worker"
PIECE = 1 << 16
GOODBYE_SECONDS = 2.0
OUT_OF_MEMORY = "it was ended, most likely for want of memory"


class Sandbox:
    """Converts in one worker process that is started at the first request and again after it was ended.

    One request at a time; threads wait for each other. Use it as a context manager, or call `close`.
    """

    def __init__(self) -> None:
        self._worker: subprocess.Popen[bytes] | None = None
        self._memory_mb = 0
        self._served = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def worker_id(self) -> int | None:
        """The process id of the worker, while there is one."""
        return self._worker.pid if self._worker else None

    def convert(
        self, path: Path | str, *, mime_type: str, source_name: str, limits: Limits, language: str
    ) -> Conversion:
        """As `converting.convert`; TookTooLong after `limits.seconds`, ConverterDied if the worker did."""
        request = {"ask": "convert", "mime_type": mime_type, "language": language}
        return Conversion(**self._asked(request, path, source_name, limits))

    def inspect(self, path: Path | str, source_name: str, limits: Limits) -> FileFacts:
        """As `inspection.inspect`, of a file on disk."""
        return FileFacts(**self._asked({"ask": "inspect"}, path, source_name, limits))

    def close(self) -> None:
        """Ends the worker: by its closed stdin, else by force."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(OSError):
            _stdin(worker).close()
        try:
            worker.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            _end(worker)
        _close_pipes(worker)

    def _asked(self, request: dict[str, Any], path: Path | str, name: str, limits: Limits) -> dict[str, Any]:
        request |= {"path": str(path), "source_name": name, "limits": asdict(limits)}
        with self._lock:
            worker = self._running(limits.memory_mb)
            answer = self._tried(worker, request, name, limits)
            if "died" in answer and self._served:  # perhaps of what came before, or killed while it waited
                answer = self._tried(self._running(limits.memory_mb), request, name, limits)
            self._served += "died" not in answer
        if "died" in answer:
            raise errors.ConverterDied(name, answer["died"])
        if "error" in answer:
            raise errors.named(answer["error"], answer["message"], answer["remedy"])
        return dict(answer["result"])

    def _tried(
        self, worker: subprocess.Popen[bytes], request: dict[str, Any], name: str, limits: Limits
    ) -> dict[str, Any]:
        """The worker's answer; {"died": why} from one that gave none."""
        try:
            answer = _exchange(worker, request, time.monotonic() + limits.seconds)
        except TimeoutError as error:
            self._drop()
            raise errors.TookTooLong(name, limits.seconds) from error
        except (EOFError, OSError, ValueError):
            return {"died": self._cause_of_death()}
        except BaseException:
            self._drop()  # interrupted: its answer must not be taken for that of the next request
            raise
        if "died" in answer:
            self._drop()
        return answer

    def _running(self, memory_mb: int) -> subprocess.Popen[bytes]:
        if self._worker and (self._worker.poll() is not None or self._memory_mb != memory_mb):
            self._drop()
        if self._worker is None:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", WORKER, str(memory_mb), str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._memory_mb, self._served = memory_mb, 0
        return self._worker

    def _cause_of_death(self) -> str:
        worker = self._worker
        self._drop()
        code = worker.returncode if worker else None
        if code is None or code >= 0:
            return f"exit status {code}"
        return OUT_OF_MEMORY if -code in (signal.SIGKILL, signal.SIGABRT) else signal.Signals(-code).name

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            _end(worker)
            _close_pipes(worker)


def _exchange(worker: subprocess.Popen[bytes], request: dict[str, Any], until: float) -> dict[str, Any]:
    stdin = _stdin(worker)
    stdin.write(json.dumps(request).encode() + b"\n")
    stdin.flush()
    return dict(json.loads(_line(worker, until)))


def _line(worker: subprocess.Popen[bytes], until: float) -> bytes:
    """The next line of the worker's answer. TimeoutError when the time is over, EOFError when the worker is gone."""
    if worker.stdout is None:
        raise EOFError
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(worker.stdout, selectors.EVENT_READ)
        while not pieces or not pieces[-1].endswith(b"\n"):
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            piece = os.read(worker.stdout.fileno(), PIECE)
            if not piece:
                raise EOFError
            pieces.append(piece)
    return b"".join(pieces)


def _stdin(worker: subprocess.Popen[bytes]) -> Any:
    return worker.stdin


def _end(worker: subprocess.Popen[bytes]) -> None:
    """The worker and all that it started: text recognition is in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _close_pipes(worker: subprocess.Popen[bytes]) -> None:
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
