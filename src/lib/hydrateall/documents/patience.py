"""The time that a stage may take in this process; the converter has a process of its own, and its own limit."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hydrateall.documents.errors import DocumentError


class StageTookTooLong(DocumentError):
    """A stage was ended because its time was over."""

    def __init__(self, stage: str, seconds: float) -> None:
        super().__init__(
            f"The stage {stage} took longer than {seconds:g} s, so it was ended.",
            "Split the document, or raise HYDRATEALL_DOCUMENT_STAGE_SECONDS.",
        )


@contextmanager
def time_limit(stage: str, seconds: float) -> Iterator[None]:
    """Raise StageTookTooLong in the block when its time is over. Outside the main thread, nobody can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise StageTookTooLong(stage, seconds)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
