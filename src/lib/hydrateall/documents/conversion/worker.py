"""The converting process: one line of JSON per request on stdin, one per answer on stdout.

Started by `sandbox.Sandbox` as `python -m hydrateall.documents.conversion.worker MEMORY_MB PARENT`. It ends when stdin
closes, and dies with the process that started it.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from hydrateall.documents.conversion.converting import convert
from hydrateall.documents.conversion.inspection import inspect
from hydrateall.documents.conversion.limits import Limits
from hydrateall.documents.errors import DocumentError

PR_SET_PDEATHSIG = 1


def main(memory_mb: int, parent: int) -> None:
    """Answers until stdin ends."""
    die_with(parent)
    leave_out_numpy()
    limit_memory(memory_mb)
    answers = take_stdout()
    for request in sys.stdin:
        answers.write(json.dumps(answer(json.loads(request))) + "\n")
        answers.flush()


def die_with(parent: int) -> None:
    """Linux ends this process when its parent dies; elsewhere the closed stdin does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(0)


def limit_memory(megabytes: int) -> None:
    """Address space, on top of what the libraries have mapped already; no core files."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_out_numpy() -> None:
    """openpyxl loads it where it is installed, has no use for it here, and spends 0.7 s and much address space."""
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]


def take_stdout() -> TextIO:
    """The answers' own channel: what libraries print goes to stderr, so that no answer is ever broken."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The result's fields, or the error's class and words."""
    limits = Limits(**request["limits"])
    try:
        if request["ask"] == "inspect":
            return {"result": asdict(inspect(Path(request["path"]), request["source_name"], limits))}
        result = convert(
            Path(request["path"]),
            mime_type=request["mime_type"],
            source_name=request["source_name"],
            limits=limits,
            language=request["language"],
        )
        return {"result": asdict(result)}
    except DocumentError as error:
        return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
    except MemoryError:
        return {"died": "it needed too much memory"}
    except Exception as error:  # noqa: BLE001 - a library's fault must reach the caller as a sentence
        return {"died": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
