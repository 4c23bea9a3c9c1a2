"""Waits until Airflow can take a job, or says why it will not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hydrateall.core.settings import Settings
from hydrateall.stack.api import AirflowApi
from hydrateall.stack.errors import StackUnavailable
from hydrateall.stack.model_server import answers, mock_url
from hydrateall.stack.state import read_state

POLL_SECONDS = 0.2
PARTS = ("metadatabase", "scheduler", "dag_processor")


def await_ready(api: AirflowApi, settings: Settings, *, load: Callable[[], object]) -> None:
    """Return when API, scheduler and DAG processor are healthy, every DAG file is parsed, and the mock model
    server answers if it is to write.

    `load` puts connections and pools there as soon as the API answers.
    """
    deadline = time.monotonic() + settings.airflow_start_seconds
    _await(lambda: bool(api.health()), "Airflow's API server", settings, deadline)
    load()
    _await(lambda: not _unhealthy(api), "Airflow's scheduler or DAG processor", settings, deadline)
    expected = expected_dags(settings.airflow_dags_dir)
    _await(lambda: _parsed(api, expected), "the parsing of the DAGs", settings, deadline)
    if settings.model_provider == "mock":
        _await(lambda: answers(mock_url(settings)), "the mock model server", settings, deadline)


def expected_dags(folder: Path) -> set[str]:
    """Return the ids of all DAGs: a DAG's file is named after it."""
    return {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}


def _unhealthy(api: AirflowApi) -> list[str]:
    health = api.health()
    return [part for part in PARTS if health.get(part) != "healthy"]


def _parsed(api: AirflowApi, expected: set[str]) -> bool:
    """A DAG that cannot be imported counts as parsed: `doctor` tells of it, and the others can run."""
    missing = expected - api.dags().keys()
    return not missing or missing <= {Path(name).stem for name in api.import_errors()}


def _await(ready: Callable[[], bool], what: str, settings: Settings, deadline: float) -> None:
    while not ready():
        _raise_on_crash_loop(settings.state_dir)
        if time.monotonic() > deadline:
            raise StackUnavailable(
                f"{what[0].upper()}{what[1:]} was not ready within {settings.airflow_start_seconds:.0f} s.",
                f"The logs are in {settings.state_dir / 'logs'}; `hydrateall doctor` says more.",
            )
        time.sleep(POLL_SECONDS)


def _raise_on_crash_loop(state_dir: Path) -> None:
    state = read_state(state_dir)
    for component in state.components if state else []:
        if component.crash_loop:
            raise StackUnavailable(
                f"The stack's {component.name} dies soon after each start ({component.last_exit}): "
                f"{last_line(component.log)}",
                f"Its log is {component.log}.",
            )


def last_line(log: Path) -> str:
    """Return the last line of a log that says something."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "its log is empty"
