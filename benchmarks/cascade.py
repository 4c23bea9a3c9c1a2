"""`make bench`: the cascade's wall time against its ideal, through the real scheduler.

ideal = calls × latency ÷ calls in flight. The model is the offline writer with a fixed latency, so all that is above
the ideal is ours: scheduling, process starts, claims, commits, and the tails of the levels.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

LATENCY_SECONDS = 2.0
IN_FLIGHT = 32


@dataclass(frozen=True)
class Shape:
    """A subject's size, and the limit that the wall time should keep in terms of the ideal."""

    chapters: int
    topics: int
    goal: float
    grade: str

    @property
    def calls(self) -> int:
        topics = self.chapters * self.topics
        return 1 + self.chapters + topics + 3 * topics


SHAPES = (Shape(12, 5, 1.5, "6"), Shape(30, 8, 1.2, "7"))


@dataclass(frozen=True)
class Result:
    wall: float
    cpu: float


def main() -> int:
    """Run every shape on a stack of its own; exit 1 if the median of one misses its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="runs a shape; the median counts")
    parser.add_argument("--shapes", type=int, default=len(SHAPES), help="only the first so many shapes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hydrateall-bench-") as state:
        os.environ.update(_environment(Path(state)))
        return _run(options.rounds, SHAPES[: options.shapes])


def _environment(state: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "HYDRATEALL_STATE_DIR": str(state),
        "HYDRATEALL_AIRFLOW_URL": f"http://127.0.0.1:{port}",
        "HYDRATEALL_OFFLINE_LATENCY_SECONDS": str(LATENCY_SECONDS),
        "HYDRATEALL_MAX_IN_FLIGHT": str(IN_FLIGHT),
    }


def _run(rounds: int, shapes: tuple[Shape, ...]) -> int:
    from hydrateall.cli.stack import prepare
    from hydrateall.core.settings import load_settings
    from hydrateall.stack.service import down, up

    say = lambda text: print(f"  {text}", file=sys.stderr)  # noqa: E731
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB")
    print(
        f"versions  Python {platform.python_version()}, Airflow {version('apache-airflow')}, SQLAlchemy {version('sqlalchemy')}"
    )
    print(f"model     offline writer, {LATENCY_SECONDS:g} s a call, {IN_FLIGHT} calls in flight over the whole run\n")
    print("chapters × topics   calls   ideal     wall   wall ÷ ideal   goal   worker CPU a call")
    settings = load_settings()
    up(settings, say, prepare=prepare)
    missed = 0
    try:
        for shape in shapes:
            results = [_measure(shape, round_) for round_ in range(rounds)]
            missed += _report(shape, results)
    finally:
        down(settings, say)
    return 1 if missed else 0


def _report(shape: Shape, results: list[Result]) -> bool:
    ideal = shape.calls * LATENCY_SECONDS / IN_FLIGHT
    wall = statistics.median(result.wall for result in results)
    cpu = statistics.median(result.cpu for result in results)
    size = f"{shape.chapters} × {shape.topics}"
    print(
        f"{size:<17} {shape.calls:>7} {ideal:>6.1f} s {wall:>6.1f} s {wall / ideal:>14.2f} {shape.goal:>6.2f}"
        f" {1000 * cpu / shape.calls:>15.1f} ms",
        flush=True,
    )
    return wall / ideal > shape.goal


def _measure(shape: Shape, round_: int) -> Result:
    os.environ["HYDRATEALL_DEFAULT_TOPICS"] = str(shape.topics)
    from hydrateall.cli.context import open_runtime
    from hydrateall.cli.hydrate import submit_and_deliver
    from hydrateall.hydration.schemas import HydrateRequest

    request = HydrateRequest.model_validate(
        {
            "boardCode": "CBSE",
            "grade": str(int(shape.grade) + 2 * round_) if round_ else shape.grade,
            "subjectCode": "SOCIAL_SCIENCE",
            "options": {"chapterLimit": shape.chapters},
        }
    )
    with open_runtime() as runtime:
        before = _worker_cpu(runtime.settings.state_dir)
        submission = submit_and_deliver(runtime, request)
        wall = _wall(runtime, submission.root_job_id)
        return Result(wall, _worker_cpu(runtime.settings.state_dir) - before)


def _wall(runtime, job_id: uuid.UUID) -> float:  # type: ignore[no-untyped-def]
    """Seconds from the submission's commit to the root's completion, as the database has them."""
    from hydrateall.hydration.enums import OPEN
    from hydrateall.hydration.views import job_view

    while True:
        with runtime.database.transaction() as session:
            view = job_view(session, job_id, logs=0)
        if view.status not in OPEN:
            if view.status != "completed":
                raise SystemExit(f"The job ended {view.status}: {view.error_message}")
            return 60 * (view.timing.actual_duration_mins or 0)
        time.sleep(0.5)


def _worker_cpu(state: Path) -> float:
    """CPU seconds of the executor's processes and of the tasks that they have reaped."""
    from hydrateall.stack.state import read_state

    stack = read_state(state)
    scheduler = next(each for each in stack.components if each.name == "scheduler") if stack else None
    if scheduler is None or scheduler.process is None:
        raise SystemExit("The scheduler is not up.")
    times = [child.cpu_times() for child in psutil.Process(scheduler.process.pid).children(recursive=True)]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


if __name__ == "__main__":
    sys.exit(main())
