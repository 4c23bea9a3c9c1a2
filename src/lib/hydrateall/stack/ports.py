"""The ports of the local stack: that of Airflow's API server, and that of the mock model server."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import psutil

from hydrateall.core.errors import UsageError
from hydrateall.core.settings import Settings
from hydrateall.stack.errors import PortTaken


@dataclass(frozen=True)
class Listener:
    """A program of the stack that listens, and the setting that says where."""

    name: str
    setting: str
    example: str


AIRFLOW = Listener("Airflow's API server", "HYDRATEALL_AIRFLOW_URL", "http://127.0.0.1:8080")
MOCK = Listener("the mock model server", "HYDRATEALL_MOCK_URL", "http://127.0.0.1:8181/v1")


def api_address(settings: Settings) -> tuple[str, int]:
    """Return host and port where the API server listens, from the setting `airflow_url`."""
    parts, port = _split(settings.airflow_url)
    if parts.scheme != "http" or not parts.hostname:
        raise _no_address(AIRFLOW, settings.airflow_url, "Airflow")
    return parts.hostname, port


def mock_address(settings: Settings) -> tuple[str, int]:
    """Return host and port where the mock model server listens, from the setting `mock_url`."""
    parts, port = _split(settings.mock_url)
    if parts.scheme != "http" or not parts.hostname or parts.path.rstrip("/") != "/v1":
        raise _no_address(MOCK, settings.mock_url, MOCK.name)
    return parts.hostname, port


def require_port(host: str, port: int, listener: Listener = AIRFLOW) -> None:
    """Raise PortTaken, naming the program, when another one listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                path = urlsplit(listener.example).path
                raise PortTaken(
                    host, port, _holder(port), listener=listener.name, setting=listener.setting, path=path
                ) from None
            raise UsageError(
                f"{listener.name[0].upper()}{listener.name[1:]} cannot listen on {host}:{port}: {error.strerror}.",
                f"Give an address of this machine in {listener.setting}, like {listener.example}.",
            ) from None


def _split(url: str) -> tuple[SplitResult, int]:
    """The parts of a URL and its port; nothing of one that cannot be read."""
    try:
        parts = urlsplit(url)
        return parts, parts.port or 80
    except ValueError:
        return urlsplit(""), 0


def _no_address(listener: Listener, url: str, what: str) -> UsageError:
    return UsageError(
        f"{listener.setting}={url} is not an address to start {what} at.", f"Give one like {listener.example}."
    )


def _holder(port: int) -> str:
    """Name the program that listens; empty when we may not know."""
    try:
        for connection in psutil.net_connections("tcp"):
            address = connection.laddr
            if connection.status == psutil.CONN_LISTEN and connection.pid and address and address.port == port:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""
