"""Runs one of Airflow's components: `python -m hydrateall.stack.component NAME`.

It does what `airflow NAME` does, after three preparations that shorten the start and the first tasks:
it loads the component's modules while Airflow's database is still being migrated; it collects no garbage meanwhile,
since nearly all of the millions of new objects stay (API server 5.7 s instead of 7.5 s); and it has the API server
build the task API's routes for all its versions, which would otherwise stop the first task for 4 s.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import runpy
import sys
import time

import httpx

from hydrateall.core.settings import load_settings
from hydrateall.stack.airflow import migration_stamp_path

# What the `airflow` command gets.
COMPONENTS = {
    "api-server": ["api-server"],
    # Task logs are read from the disk, so the scheduler's log server (a port more) is not needed.
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
# Each has a function `warm_up`, for the processes that are forked from the scheduler.
WARM_UPS = ("hydrateall.hydration.warmup", "hydrateall.orchestration")
# What it would import, then or in its children: the scheduler's workers and their tasks are forks of it.
MODULES = {
    "api-server": ["airflow.api_fastapi.main"],
    "scheduler": [
        "airflow.cli.commands.scheduler_command",
        "airflow.executors.local_executor",
        "airflow.api_fastapi.auth.tokens",
        "airflow.sdk.execution_time.supervisor",
        "airflow.sdk.execution_time.task_runner",
        "airflow.dag_processing.dagbag",
        "airflow.dag_processing.bundles.local",
        "airflow.providers.standard.decorators.python",
        *WARM_UPS,
    ],
    "dag-processor": ["airflow.cli.commands.dag_processor_command", "airflow.providers.standard.decorators.python"],
}
NEW_OBJECTS_BEFORE_COLLECTION = 50_000


def main() -> None:
    """Load, wait for the database, run."""
    name = sys.argv[1]
    gc.disable()
    for module in MODULES[name]:
        importlib.import_module(module)
    if name == "scheduler":
        for module in WARM_UPS:
            sys.modules[module].warm_up()
    if name == "api-server":
        asyncio.run(_build_task_routes())
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BEFORE_COLLECTION, 20, 50)
    gc.enable()
    _await_migration()
    sys.argv = ["airflow", *COMPONENTS[name]]
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


async def _build_task_routes() -> None:
    """Send the application one request, within this process, before it listens; the answer does not matter."""
    app = sys.modules["airflow.api_fastapi.main"].app
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        await client.get("/execution/health")


def _await_migration() -> None:
    stamp = migration_stamp_path(load_settings().state_dir.absolute())
    while not stamp.exists():
        time.sleep(0.05)


if __name__ == "__main__":
    main()
