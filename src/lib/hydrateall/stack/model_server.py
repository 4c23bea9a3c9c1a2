"""The mock model server as a component of the stack: started where HYDRATEALL_MOCK_URL says, asked whether it is well.

It is a process as any other, so tasks reach it over HTTP with the client that a real model server gets.
"""

from __future__ import annotations

import sys

import httpx

from hydrateall.core.settings import Settings
from hydrateall.stack.ports import MOCK, mock_address, require_port
from hydrateall.stack.state import StackState

MOCK_NAME = "mock-llm"
HEALTH_SECONDS = 5.0


def mock_command(settings: Settings) -> list[str]:
    """Return the command line of the server; it answers after half a second, as its own default is."""
    host, port = mock_address(settings)
    serve = ["mock-llm", "serve", "--host", host, "--port", str(port)]
    return [sys.executable, "-m", "hydrateall.cli", *serve]


def mock_url(settings: Settings) -> str:
    """Return the server's root, above /v1."""
    return settings.mock_url.rstrip("/").removesuffix("/v1")


def answers(url: str) -> bool:
    """Tell whether the server at this root is well."""
    try:
        with httpx.Client(trust_env=False, timeout=HEALTH_SECONDS) as client:
            return client.get(f"{url}/healthz").is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def require_mock_port(settings: Settings, state: StackState | None = None) -> None:
    """Raise PortTaken when the server is wanted where another program listens; our own of `state` may."""
    if settings.model_provider != "mock":
        return
    host, port = mock_address(settings)
    running = state.components if state and state.is_running() else []
    if not any(part.name == MOCK_NAME and part.url == mock_url(settings) for part in running):
        require_port(host, port, MOCK)
