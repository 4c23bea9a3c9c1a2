"""The one port of the local stack, that of Airflow's API server."""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

import psutil

from hydrateall.core.errors import UsageError
from hydrateall.core.settings import Settings
from hydrateall.stack.errors import PortTaken


def api_address(settings: Settings) -> tuple[str, int]:
    """Return host and port where the API server listens, from the setting `airflow_url`."""
    try:
        parts = urlsplit(settings.airflow_url)
        port = parts.port or 80
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "http" or not parts.hostname:
        raise UsageError(
            f"HYDRATEALL_AIRFLOW_URL={settings.airflow_url} is not an address to start Airflow at.",
            "Give one like http://127.0.0.1:8080.",
        )
    return parts.hostname, port


def require_port(host: str, port: int) -> None:
    """Raise PortTaken, naming the program, when another one listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(host, port, _listener(port)) from None
            raise UsageError(
                f"Airflow's API server cannot listen on {host}:{port}: {error.strerror}.",
                "Give an address of this machine in HYDRATEALL_AIRFLOW_URL, like http://127.0.0.1:8080.",
            ) from None


def _listener(port: int) -> str:
    """Name the program that listens; empty when we may not know."""
    try:
        for connection in psutil.net_connections("tcp"):
            address = connection.laddr
            if connection.status == psutil.CONN_LISTEN and connection.pid and address and address.port == port:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""
