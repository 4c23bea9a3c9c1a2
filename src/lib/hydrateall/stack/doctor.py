"""Examines the machine, the installation and the stack; every complaint comes with its remedy."""

from __future__ import annotations

import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg
from packaging.requirements import InvalidRequirement, Requirement
from sqlalchemy.exc import SQLAlchemyError

from hydrateall.core.database import pending_migrations
from hydrateall.core.errors import HydrateAllError
from hydrateall.core.paths import HOME
from hydrateall.core.settings import Settings
from hydrateall.stack.airflow import airflow_schema_is_current
from hydrateall.stack.airflow_settings import PATH, AirflowSettings, read_airflow_settings
from hydrateall.stack.api import AirflowApi, stack_api
from hydrateall.stack.databases import known_databases
from hydrateall.stack.ports import api_address, require_port
from hydrateall.stack.readiness import last_line
from hydrateall.stack.schemas import ComponentStatus, Finding, StackStatus
from hydrateall.stack.state import ComponentState, StackState, read_state
from hydrateall.stack.status import stack_status

LOCK = HOME / "requirements" / "runtime.txt"
OLDEST_PYTHON = (3, 11)
LOW_DISK_BYTES = 2**30
CLOCK_SECONDS = 5.0


def doctor(settings: Settings, models: Sequence[Finding]) -> list[Finding]:
    """Examine everything that a run needs; each finding that is not ok says what to do.

    `models` is what the gateway found of the language models.
    """
    return examine(settings, stack_status(settings), stack_api(settings), models)


def examine(settings: Settings, status: StackStatus, api: AirflowApi, models: Sequence[Finding]) -> list[Finding]:
    """Examine a stack in this state; what cannot be examined because something below it is down is left out."""
    components = {component.name: component for component in status.components}
    state = read_state(settings.state_dir)
    findings = [
        python_version(sys.version_info[:2]),
        packages(LOCK.read_text() if LOCK.exists() else "", installed_version),
        disk_space(settings.state_dir),
        *models,
        *other_provider(settings, state),
        *(component_health(component) for component in status.components),
        *(last_crash(part) for part in (state.components if state else []) if part.last_exit),
    ]
    if components["postgres"].up:
        findings += [*databases(settings)]
    if components["api-server"].up:
        findings += [*airflow_contents(api)]
    elif not components["supervisor"].up:
        findings.append(port(settings))
    return findings


def python_version(found: tuple[int, ...]) -> Finding:
    name = ".".join(map(str, found))
    if found >= OLDEST_PYTHON:
        return Finding(component="python", ok=True, message=f"Python {name} runs this.")
    return Finding(
        component="python", ok=False, message=f"Python {name} is too old; 3.11 is the oldest that works.",
        remedy="Install Python 3.11 and make the virtual environment anew.",
    )  # fmt: skip


def packages(lock: str, installed: Callable[[str], str | None]) -> Finding:
    """Compare the lock file's pins that apply to this machine with what is installed."""
    wrong = []
    for line in lock.splitlines():
        pin = _pin(line)
        if pin and installed(pin[0]) != pin[1]:
            wrong.append(f"{pin[0]} is {installed(pin[0]) or 'missing'}, not {pin[1]}")
    if not wrong:
        return Finding(component="packages", ok=True, message="The packages are those of the lock file.")
    return Finding(
        component="packages", ok=False,
        message=f"{len(wrong)} packages differ from requirements/runtime.txt; {wrong[0]}.",
        remedy="Install them with `make install`.",
    )  # fmt: skip


def installed_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def disk_space(directory: Path) -> Finding:
    existing = next(folder for folder in (directory.absolute(), *directory.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    ok = free >= LOW_DISK_BYTES
    return Finding(
        component="disk", ok=ok, message=f"{free / 2**30:.1f} GB are free under {directory}.",
        remedy="" if ok else "Free some space, or set HYDRATEALL_STATE_DIR to a folder on another disk.",
    )  # fmt: skip


def other_provider(settings: Settings, state: StackState | None) -> Iterable[Finding]:
    """Tell that the running stack writes by another provider than this shell's settings name."""
    if state and state.is_running() and state.model_provider not in ("", settings.model_provider):
        message = (
            f"The running stack writes by {state.model_provider}; this shell says HYDRATEALL_MODEL_PROVIDER="
            f"{settings.model_provider}, which counts for estimates and for what is found here."
        )
        yield Finding(component="model", ok=True, message=message)


def component_health(component: ComponentStatus) -> Finding:
    if component.up:
        return Finding(component=component.name, ok=True, message=f"{component.name} is up.")
    return Finding(
        component=component.name, ok=False, message=f"{component.name} is down: {component.detail or 'stopped'}.",
        remedy="Start it with `hydrateall up`.",
    )  # fmt: skip


def last_crash(component: ComponentState) -> Finding:
    """Tell of a past death; it is a complaint only while the component keeps dying."""
    said = last_line(component.log) if component.log.exists() else "its log is gone"
    return Finding(
        component=component.name, ok=not component.crash_loop,
        message=f"{component.name} was started again {component.restarts} times, last after {component.last_exit}; "
        f"its log ends with: {said}",
        remedy=f"Read {component.log}." if component.crash_loop else "",
    )  # fmt: skip


def port(settings: Settings) -> Finding:
    """Tell whether a stopped stack could start where it should."""
    try:
        require_port(*api_address(settings))
    except HydrateAllError as error:
        return Finding(component="port", ok=False, message=error.message, remedy=error.remedy)
    return Finding(component="port", ok=True, message=f"{settings.airflow_url} is free.")


def databases(settings: Settings) -> Iterable[Finding]:
    """Tell whether both schemas are current, and whether the server's clock agrees with ours."""
    urls = known_databases(settings)
    try:
        behind = pending_migrations(urls.content)
        airflow_current = airflow_schema_is_current(settings.state_dir.absolute(), urls.airflow)
        yield clock(_server_time(urls.content), time.time())
    except (SQLAlchemyError, psycopg.Error, HydrateAllError) as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding(
            component="database", ok=False, message=f"A database does not answer: {reason}",
            remedy="Run `hydrateall up`, or correct HYDRATEALL_DATABASE_URL.",
        )  # fmt: skip
        return
    yield _schema("content schema", not behind, "hydrateall db upgrade")
    yield _schema("airflow schema", airflow_current, "hydrateall up")


def clock(theirs: float, ours: float) -> Finding:
    off = abs(theirs - ours)
    ok = off <= CLOCK_SECONDS
    return Finding(
        component="clock", ok=ok, message=f"The clock differs from the database server's by {off:.0f} s.",
        remedy="" if ok else "Synchronise the clocks (NTP): leases and tokens depend on them.",
    )  # fmt: skip


def airflow_contents(api: AirflowApi) -> Iterable[Finding]:
    """Tell of DAGs that cannot be imported or are paused, and of connections and pools that are missing."""
    try:
        errors, dags, pools, connections = api.import_errors(), api.dags(), api.pools(), api.connections()
        wanted = read_airflow_settings(PATH, _AnyVariable())
    except HydrateAllError as error:
        yield Finding(component="airflow", ok=False, message=error.message, remedy=error.remedy)
        return
    for file, reason in errors.items():
        yield Finding(
            component="dags", ok=False, message=f"{file} cannot be imported: {reason}.", remedy="Correct the file."
        )
    for dag in (dag for dag, is_paused in dags.items() if is_paused):
        yield Finding(
            component="dags", ok=False, message=f"The DAG {dag} is paused, so nothing of it runs.",
            remedy="Unpause it in Airflow's UI.",
        )  # fmt: skip
    if not errors:
        yield Finding(component="dags", ok=True, message=f"{len(dags)} DAGs are parsed.")
    yield loaded_settings(wanted, connections, pools.keys())


def loaded_settings(wanted: AirflowSettings, connections: Iterable[str], pools: Iterable[str]) -> Finding:
    missing = [
        *(entry.conn_id for entry in wanted.airflow.connections if entry.conn_id not in set(connections)),
        *(entry.pool_name for entry in wanted.airflow.pools if entry.pool_name not in set(pools)),
    ]
    if not missing:
        return Finding(component="airflow settings", ok=True, message="All connections and pools are there.")
    return Finding(
        component="airflow settings", ok=False,
        message=f"Airflow lacks {', '.join(missing)} of airflow_settings.yaml.",
        remedy="Delete the Airflow variable hydrateall_airflow_settings_sha256 and run `hydrateall up`.",
    )  # fmt: skip


class _AnyVariable(dict[str, str]):
    """Stands for an environment in which everything is set: only the names of the entries matter here."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return name


def _schema(name: str, current: bool, command: str) -> Finding:
    if current:
        return Finding(component=name, ok=True, message=f"The {name} is current.")
    return Finding(component=name, ok=False, message=f"The {name} is behind this version.", remedy=f"Run `{command}`.")


def _server_time(url: str) -> float:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=10) as connection:
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
        return float(row[0]) if row else 0.0


def _pin(line: str) -> tuple[str, str] | None:
    """Return name and version of a line like `name==1.0 ; marker \\`, if it applies to this machine."""
    if "==" not in line or line.startswith((" ", "#")):
        return None
    try:
        requirement = Requirement(line.rstrip("\\").strip())
    except InvalidRequirement:
        return None
    if requirement.marker and not requirement.marker.evaluate({"platform_machine": platform.machine()}):
        return None
    return requirement.name, str(requirement.specifier).removeprefix("==")
