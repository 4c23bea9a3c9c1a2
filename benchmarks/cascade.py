"""`make bench`: the cascade's wall time against its ideal, through the real scheduler.

ideal = calls × latency ÷ calls in flight. The model is the offline writer with a fixed latency, so all that is above
the ideal is ours: scheduling, process starts, claims, commits, and the tails of the levels.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
import uuid
from dataclasses import dataclass, replace
from importlib.metadata import version

import psutil
from model_server import model_server

from hydrateall.cli.context import open_runtime
from hydrateall.cli.hydrate import submit_and_deliver
from hydrateall.cli.stack import prepare
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration.enums import OPEN
from hydrateall.hydration.schemas import HydrateRequest
from hydrateall.hydration.views import job_view
from hydrateall.stack.trial import component, trial_stack

LATENCY_SECONDS = 2.0
IN_FLIGHT = 32
PACKAGES = ("apache-airflow", "sqlalchemy", "psycopg")
GRADES = ("6", "7", "8", "9", "10")  # a round needs a subject of its own, without an outline


@dataclass(frozen=True)
class Shape:
    """A subject's size, and the limit that the wall time should keep in terms of the ideal."""

    chapters: int
    topics: int
    goal: float
    language: str

    @property
    def calls(self) -> int:
        topics = self.chapters * self.topics
        return 1 + self.chapters + topics + 3 * topics


SHAPES = (Shape(12, 5, 1.5, "en"), Shape(30, 8, 1.2, "hi"))


@dataclass(frozen=True)
class Result:
    """Seconds of wall time, and of CPU in the executor's workers and their tasks."""

    wall: float
    cpu: float


def main() -> int:
    """Run every shape on a stack of its own; exit 1 if the median of one misses its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, choices=range(1, 6), help="runs a shape; the median counts")
    parser.add_argument("--shapes", type=int, default=len(SHAPES), help="only the first so many shapes")
    parser.add_argument("--mock", action="store_true", help="the first shape also through the mock model server")
    options = parser.parse_args()
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"versions  Python {platform.python_version()}, {packages}")
    print(f"model     {LATENCY_SECONDS:g} s a call, {IN_FLIGHT} calls in flight over the whole run\n")
    print(
        "writer    chapters × topics   calls    ideal      wall   wall ÷ ideal   goal   worker CPU a call", flush=True
    )
    ratios = [_play(shape, options.rounds) for shape in SHAPES[: options.shapes]]
    missed = [ratio > shape.goal for ratio, shape in zip(ratios, SHAPES, strict=False)]
    if options.mock:
        missed.append(_through_the_mock_server(options.rounds, goal=round(ratios[0] + 0.10, 2)))
    return int(any(missed))


def _through_the_mock_server(rounds: int, *, goal: float) -> bool:
    """Measure the first shape with the real client; say whether it is slower than in-process by over a tenth."""
    with model_server("--latency", str(LATENCY_SECONDS)) as server:
        client = {
            "MODEL_PROVIDER": "openai",
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_MODEL": "mock-writer",
            "OPENAI_API_KEY": "mock",
        }
        return _play(replace(SHAPES[0], goal=goal), rounds, "mock", **client) > goal


def _play(shape: Shape, rounds: int, writer: str = "offline", **variables: str) -> float:
    """Measure one shape; return wall ÷ ideal."""
    latency, in_flight = str(LATENCY_SECONDS), str(IN_FLIGHT)
    with (
        trial_stack(
            prepare,
            OFFLINE_LATENCY_SECONDS=latency,
            MAX_IN_FLIGHT=in_flight,
            DEFAULT_TOPICS=str(shape.topics),
            **variables,
        ) as settings,
        open_runtime() as runtime,
    ):
        results = [_measure(settings, runtime, shape, grade) for grade in GRADES[:rounds]]
    ideal = shape.calls * LATENCY_SECONDS / IN_FLIGHT
    wall = statistics.median(result.wall for result in results)
    cpu = statistics.median(result.cpu for result in results)
    size = f"{shape.chapters} × {shape.topics}"
    print(
        f"{writer:<9} {size:<17} {shape.calls:>7} {ideal:>6.1f} s {wall:>7.1f} s {wall / ideal:>14.2f} "
        f"{shape.goal:>6.2f} {1000 * cpu / shape.calls:>14.1f} ms",
        flush=True,
    )
    return wall / ideal


def _measure(settings: Settings, runtime: Runtime, shape: Shape, grade: str) -> Result:
    request = HydrateRequest.model_validate(
        {
            "language": shape.language,
            "boardCode": "CBSE",
            "grade": grade,
            "subjectCode": "SOCIAL_SCIENCE",
            "options": {"chapterLimit": shape.chapters},
        }
    )
    before = _worker_cpu(settings)
    job_id = submit_and_deliver(runtime, request).root_job_id
    return Result(_wall(runtime, job_id), _worker_cpu(settings) - before)


def _wall(runtime: Runtime, job_id: uuid.UUID) -> float:
    """Seconds from the submission's commit to the root's completion, as the database has them."""
    while True:
        with runtime.database.transaction() as session:
            view = job_view(session, job_id, logs=0)
        if view.status not in OPEN:
            if view.status != "completed":
                raise SystemExit(f"The job ended {view.status}: {view.error_message}")
            return 60 * (view.timing.actual_duration_mins or 0)
        time.sleep(0.5)


def _worker_cpu(settings: Settings) -> float:
    """CPU seconds of the executor's processes and of the tasks that they have reaped."""
    times = [child.cpu_times() for child in component(settings, "scheduler").children(recursive=True)]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


if __name__ == "__main__":
    sys.exit(main())
