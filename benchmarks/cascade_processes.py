"""A cascade in plain processes, without Airflow: each works as a task does, on every n-th chapter."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import time
import uuid
from typing import Any

import sqlalchemy as sa
import structlog
import uvloop

from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration import service
from hydrateall.hydration.enums import Level
from hydrateall.hydration.schemas import HydrateRequest
from hydrateall.hydration.service import Actor
from hydrateall.hydration.worker import Scope, Worker
from hydrateall.llm.service import Gateway, open_gateway

ME = Actor("shell", "drills")


def start_job(runtime: Runtime, *, chapters: int, **options: Any) -> uuid.UUID:
    """Submit a subject without an outline, and open it."""
    asked = {
        "boardCode": "CBSE",
        "grade": "8",
        "subjectCode": "SOCIAL_SCIENCE",
        "language": "en",
        "options": {"chapterLimit": chapters, **options},
    }
    with runtime.database.transaction() as session:
        request = HydrateRequest.model_validate(asked)
        root = service.submit(session, request, actor=ME, settings=runtime.settings, now=utc_now()).root_job_id
    open_job(runtime, root)
    return root


def open_job(runtime: Runtime, root: uuid.UUID) -> None:
    """Do what the first task of a DAG run does."""
    with runtime.database.transaction() as session:
        service.open_root(session, root, dag_run_id=f"drill__{uuid.uuid4()}", now=utc_now())


def run_cascade(settings: Settings, url: str, root: uuid.UUID, processes: int) -> float:
    """Work until nothing of the root is open or it no longer runs, then close it; return the seconds."""
    started = time.perf_counter()
    _run(settings, url, root, [None])
    database = Database(url)
    with database.transaction() as session:
        rows = session.execute(sa.text("SELECT id FROM chapters ORDER BY chapter_number")).scalars().all()
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_run, args=(settings, url, root, list(rows[number::processes])))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.transaction() as session:
        service.close(session, root, now=utc_now())
    database.dispose()
    return time.perf_counter() - started


def _run(settings: Settings, url: str, root: uuid.UUID, chapters: list[uuid.UUID | None]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    database = Database(url, pool_size=2)
    runtime = Runtime(settings, database, utc_now)
    uvloop.run(_work(runtime, root, chapters))
    database.dispose()


async def _work(runtime: Runtime, root: uuid.UUID, chapters: list[uuid.UUID | None]) -> None:
    async with open_gateway(runtime.settings, runtime.database) as gateway:
        await asyncio.gather(*(_chapter(runtime, gateway, root, chapter) for chapter in chapters))


async def _chapter(runtime: Runtime, gateway: Gateway, root: uuid.UUID, chapter: uuid.UUID | None) -> None:
    levels = (Level.TOPICS, Level.NOTES, Level.QUESTIONS) if chapter else (Level.CHAPTERS,)
    for level in levels:
        await Worker(runtime, gateway, Scope(root, level, chapter), f"drill/{root}/{level}/{chapter}").run()
