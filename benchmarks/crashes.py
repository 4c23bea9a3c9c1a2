"""`make crashes`: kill -9 in the middle of a run, and compare what comes out with a calm run.

Four runs, each on a stack of its own with a database of its own: calm, then one in which a task process, the
scheduler, or the database server is killed. A run passes when its job ends completed, with the same content as the
calm run and no item twice.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import sqlalchemy as sa

from hydrateall.cli.context import open_runtime
from hydrateall.cli.hydrate import submit_and_deliver
from hydrateall.cli.stack import prepare
from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.service import content_digest
from hydrateall.hydration.enums import OPEN
from hydrateall.hydration.schemas import HydrateRequest, JobView
from hydrateall.hydration.views import job_view, subject_of, usage_of
from hydrateall.stack.trial import component, postmaster, task_processes, trial_stack

REQUEST = {"boardCode": "CBSE", "grade": "10", "subjectCode": "SCIENCE", "options": {"chapterLimit": 5}}
LATENCY_SECONDS = "1.5"
KILL_AT_PERCENT = 30.0
PATIENCE_SECONDS = 420.0

TWICE = sa.text(
    "SELECT count(*) FROM (SELECT job_id FROM ai_content_logs WHERE status = 'accepted' "
    "GROUP BY job_id HAVING count(*) > 1) twice"
)


@dataclass(frozen=True)
class Run:
    """How one run ended."""

    view: JobView
    digest: str
    twice: int
    discarded: int
    seconds: float


def kill_task(settings: Settings) -> None:
    """Kill the process of a task that is drafting."""
    task_processes(settings)[0].kill()


def kill_scheduler(settings: Settings) -> None:
    """Kill the scheduler; its executor and tasks lose their parent."""
    component(settings, "scheduler").kill()


def kill_database(settings: Settings) -> None:
    """Kill PostgreSQL's first process and all that it started."""
    server = postmaster(settings)
    for process in [server, *server.children(recursive=True)]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


SCENES: tuple[tuple[str, Callable[[Settings], None] | None], ...] = (
    ("calm", None),
    ("task process", kill_task),
    ("scheduler", kill_scheduler),
    ("database server", kill_database),
)


def main() -> int:
    """Run the four scenes; exit 1 if one ends otherwise than the calm run."""
    print(
        f"{'kill -9 of':<18} {'status':<10} {'items':>6} {'twice':>6} {'content':<10} {'lost calls':>10} {'seconds':>8}"
    )
    calm: Run | None = None
    failures = 0
    for name, kill in SCENES:
        run = _play(kill)
        calm = calm or run
        same = run.digest == calm.digest
        failures += run.view.status != "completed" or not same or bool(run.twice)
        items = sum(level.completed for level in run.view.progress.levels().values())
        print(
            f"{name:<18} {run.view.status:<10} {items:>6} {run.twice:>6} {'same' if same else 'DIFFERENT':<10} "
            f"{run.discarded:>10} {run.seconds:>8.1f}",
            flush=True,
        )
    return 1 if failures else 0


def _play(kill: Callable[[Settings], None] | None) -> Run:
    with (
        trial_stack(prepare, OFFLINE_LATENCY_SECONDS=LATENCY_SECONDS, MAX_IN_FLIGHT="16") as settings,
        open_runtime() as runtime,
    ):
        started = time.monotonic()
        job_id = submit_and_deliver(runtime, HydrateRequest.model_validate(REQUEST)).root_job_id
        killed = kill is None
        while True:
            view = _look(runtime, job_id)
            if not killed and kill and view.progress.overall >= KILL_AT_PERCENT:
                kill(settings)
                killed = True
            if view.status not in OPEN or time.monotonic() - started > PATIENCE_SECONDS:
                break
            time.sleep(0.3)
        seconds = time.monotonic() - started
        with runtime.database.transaction() as session:
            digest = content_digest(session, subject_of(session, job_id))
            twice = session.scalar(TWICE) or 0
            usage = usage_of(session, job_id)
        return Run(view, digest, twice, usage.discarded, seconds)


def _look(runtime: Runtime, job_id: uuid.UUID) -> JobView:
    """Read the job; while the database is down, keep trying."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with runtime.database.transaction() as session:
                return job_view(session, job_id, logs=0)
        except Exception as error:
            if not connection_lost(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
