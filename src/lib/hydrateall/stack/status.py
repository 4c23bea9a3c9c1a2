"""Tells what of the stack is up, without starting anything."""

from __future__ import annotations

from hydrateall.core.settings import Settings
from hydrateall.stack.api import AirflowApi
from hydrateall.stack.credentials import FILE_NAME
from hydrateall.stack.databases import embedded_server, uses_embedded_server
from hydrateall.stack.model_server import MOCK_NAME, answers
from hydrateall.stack.processes import marked
from hydrateall.stack.schemas import ComponentStatus, StackStatus
from hydrateall.stack.state import ComponentState, StackState, read_state

# What Airflow's health endpoint calls the components. It says nothing of the API server, which answers for itself.
HEALTH_NAMES = {"api-server": "metadatabase", "scheduler": "scheduler", "dag-processor": "dag_processor"}


def stack_status(settings: Settings) -> StackStatus:
    """Return the state of PostgreSQL, the supervisor and what it supervises."""
    state_dir = settings.state_dir.absolute()
    state = read_state(state_dir)
    return StackStatus(
        components=[_postgres(settings, state), _supervisor(settings, state), *_supervised(settings, state)],
        url=settings.airflow_url.rstrip("/"),
        username=settings.airflow_username,
        password_file=str(state_dir / FILE_NAME),
        logs=str(state_dir / "logs"),
    )


def component_status(component: ComponentState, health: dict[str, str | None]) -> ComponentStatus:
    """Judge a component by its process and by what Airflow's health endpoint says of it."""
    alive = bool(component.process and component.process.is_alive())
    silent = "the API server, which knows its health, does not answer" if component.name != "api-server" else ""
    said = health.get(HEALTH_NAMES[component.name]) or (silent if not health and silent else "starting")
    up = alive and said == "healthy"
    return ComponentStatus(
        name=component.name,
        up=up,
        since=component.since if alive else None,
        restarts=component.restarts,
        detail="" if up else _detail(component, said if alive else "stopped"),
    )


def _detail(component: ComponentState, said: str) -> str:
    if component.crash_loop:
        return f"dies again and again, last with {component.last_exit}; its log is {component.log}"
    return f"{said}, ended last with {component.last_exit}" if component.last_exit else said


def _postgres(settings: Settings, state: StackState | None) -> ComponentStatus:
    if not uses_embedded_server(settings):
        return ComponentStatus(name="postgres", up=True, detail="configured, not embedded")
    ready = embedded_server(settings).is_ready()
    return ComponentStatus(
        name="postgres",
        up=ready,
        since=state.postgres_since if state and ready else None,
        restarts=state.postgres_restarts if state else 0,
        detail="embedded" if ready else "embedded, stopped",
    )


def _supervisor(settings: Settings, state: StackState | None) -> ComponentStatus:
    if state and state.is_running():
        return ComponentStatus(name="supervisor", up=True, since=state.since)
    left = len(marked(settings.state_dir))
    detail = f"stopped, {left} processes are left; `hydrateall down` ends them" if left else "stopped"
    return ComponentStatus(name="supervisor", up=False, detail=detail)


def mock_status(component: ComponentState) -> ComponentStatus:
    """Judge the mock model server by its process and by its own word."""
    alive = bool(component.process and component.process.is_alive())
    up = alive and answers(component.url)
    said = f"it does not answer at {component.url}" if alive else "stopped"
    return ComponentStatus(
        name=component.name,
        up=up,
        since=component.since if alive else None,
        restarts=component.restarts,
        detail=f"{component.url}/v1" if up else _detail(component, said),
    )


def _supervised(settings: Settings, state: StackState | None) -> list[ComponentStatus]:
    if state is None:
        return [ComponentStatus(name=name, up=False, detail="stopped") for name in HEALTH_NAMES]
    api = AirflowApi(settings.airflow_url, settings.airflow_username, "")
    health = api.health() if any(part.process and part.process.is_alive() for part in state.components) else {}
    return [
        mock_status(component) if component.name == MOCK_NAME else component_status(component, health)
        for component in state.components
    ]
