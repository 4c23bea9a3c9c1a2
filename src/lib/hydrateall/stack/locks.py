"""A lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hydrateall.stack.errors import StackUnavailable


@contextmanager
def exclusive(path: Path, *, timeout: float, what: str) -> Iterator[None]:
    """Hold the lock file `path`; `what` names the work in the error when another process holds it too long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, time.monotonic() + timeout, path, what)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, deadline: float, path: Path, what: str) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StackUnavailable(
                    f"Another process has been {what} for a long time (it holds {path}).",
                    "Wait for it, or end it, then try again.",
                ) from None
            time.sleep(0.05)
