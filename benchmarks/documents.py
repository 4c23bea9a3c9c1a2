"""`make bench-documents`: small documents through all five stages, through the real scheduler, at several sizes.

A run's time goes from its order's commit to the last stage's end. What grows faster than the number of documents is a
defect of ours, so the figure that counts is the time a document at the largest size over that at the smallest.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx
import psutil

from hydrateall.cli.context import actor, airflow_of, open_runtime
from hydrateall.cli.stack import prepare
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.delivery.service import deliver_due
from hydrateall.documents import service
from hydrateall.documents.service import open_storage
from hydrateall.stack.service import airflow_login
from hydrateall.stack.trial import component, trial_stack

SIZES = (100, 1_000)
GOAL = 1.2  # time a document at the largest size, over that at the smallest
PACKAGES = ("apache-airflow", "sqlalchemy", "psycopg", "snowballstemmer", "numpy")
SUBJECTS = ("mirror", "lens", "acid", "base", "salt", "magnet", "circuit", "metal", "cell", "ecosystem")
VERBS = ("is", "contains", "forms", "produces", "changes", "absorbs", "reflects", "conducts")


@dataclass(frozen=True)
class Result:
    """One size: seconds to take the files in, seconds of the run, task instances, CPU seconds of the workers."""

    documents: int
    intake: float
    wall: float
    instances: int
    cpu: float

    @property
    def cpu_a_document(self) -> float:
        return self.cpu / self.documents


def main() -> int:
    """Measure every size on one stack; exit 1 if the time a document grows with the number of documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    options = parser.parse_args()
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB")
    print(f"versions  Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES))
    print("documents Markdown of about 2 kB, each its own text; facts by the offline writer, hashed vectors\n")
    print("documents    taken in      run   documents/s   task instances   worker CPU a document", flush=True)
    with trial_stack(prepare) as settings, open_runtime() as runtime:
        _measure(settings, runtime, 2)  # the first run of a DAG on a new stack pays what is paid once
        results = [_told(_measure(settings, runtime, size)) for size in options.sizes]
    smallest, largest = results[0], results[-1]
    growth = (largest.wall / largest.documents) / (smallest.wall / smallest.documents)
    cost = largest.cpu_a_document / smallest.cpu_a_document
    print(f"\ntime a document, {largest.documents} over {smallest.documents}: {growth:.2f} (goal: at most {GOAL})")
    print(f"CPU a document, {largest.documents} over {smallest.documents}: {cost:.2f}")
    return int(growth > GOAL)


def _told(result: Result) -> Result:
    print(
        f"{result.documents:>9} {result.intake:>9.1f} s {result.wall:>6.1f} s {result.documents / result.wall:>13.1f} "
        f"{result.instances:>16} {1000 * result.cpu_a_document:>20.0f} ms",
        flush=True,
    )
    return result


def _measure(settings: Settings, runtime: Runtime, size: int) -> Result:
    started = time.perf_counter()
    ids = _take_in(runtime, size)
    intake = time.perf_counter() - started
    before = _worker_cpu(settings)
    with runtime.database.transaction() as session:
        by = actor().user_id(session)
        order = service.order(session, ids, by=by, now=runtime.now(), most=size)
    started = time.perf_counter()
    deliver_due(runtime, airflow_of(runtime), entry_ids=[order.entry_id] if order.entry_id else [])
    _wait(runtime, ids)
    wall = time.perf_counter() - started
    instances = _instances(settings, order.dag_run_id)
    return Result(size, intake, wall, instances, _worker_cpu(settings) - before)


def _take_in(runtime: Runtime, size: int) -> list[uuid.UUID]:
    with runtime.database.transaction() as session:
        by = actor().user_id(session)
    storage = open_storage(runtime.settings)
    with tempfile.TemporaryDirectory() as folder:
        ids = []
        for number in range(size):
            path = Path(folder, f"document-{size}-{number}.md")
            path.write_text(_text(size * 1_000_000 + number), encoding="utf-8")
            ids.append(service.add_document(runtime, storage, path, realm="bench", by=by).id)
    return ids


def _text(seed: int) -> str:
    """About 2 kB of sentences that no other document has."""
    draw = random.Random(seed)
    sections = []
    for section in range(3):
        sentences = [
            f"A {draw.choice(SUBJECTS)} of kind {draw.randrange(10_000)} {draw.choice(VERBS)} the "
            f"{draw.choice(SUBJECTS)} that holds {draw.randrange(1, 900)} units of {draw.choice(SUBJECTS)}."
            for _ in range(8)
        ]
        sections.append(f"## Section {section + 1} of {seed}\n\n" + " ".join(sentences))
    return f"# Document {seed}\n\n" + "\n\n".join(sections) + "\n"


def _wait(runtime: Runtime, ids: list[uuid.UUID]) -> None:
    while True:
        with runtime.database.transaction() as session:
            states = {each.state for each in service.document_rows(session, ids)}
        if states == {"completed"}:
            return
        if "failed" in states:
            raise SystemExit("A document failed; `hydrateall documents list --state failed` would say why.")
        time.sleep(0.5)


def _instances(settings: Settings, dag_run_id: str) -> int:
    """How many task instances a DAG run has, as Airflow counts them, once it has ended."""
    name, password = airflow_login(settings)
    with httpx.Client(base_url=settings.airflow_url, trust_env=False, timeout=30) as client:
        token = client.post("/auth/token", json={"username": name, "password": password}).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        run = f"/api/v2/dags/process_documents/dagRuns/{dag_run_id}"
        while client.get(run).json()["state"] in ("queued", "running"):
            time.sleep(0.5)
        return int(client.get(f"{run}/taskInstances").json()["total_entries"])


def _worker_cpu(settings: Settings) -> float:
    """CPU seconds of the executor's processes and of the tasks that they have reaped."""
    times = [child.cpu_times() for child in component(settings, "scheduler").children(recursive=True)]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


if __name__ == "__main__":
    sys.exit(main())
