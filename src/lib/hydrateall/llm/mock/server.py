"""The server process: one uvicorn worker on a socket that is bound before anything is said."""

from __future__ import annotations

import logging
import socket
from collections.abc import Awaitable, Callable

import uvicorn

from hydrateall.core.errors import UsageError
from hydrateall.llm.mock.routes import create_app
from hydrateall.llm.mock.settings import MockSettings

BACKLOG = 512
SHUTDOWN_SECONDS = 1


def bind(host: str, port: int) -> socket.socket:
    """Listen on the address; port 0 is a free one. Raise UsageError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = f"The mock server cannot listen on {host}:{port}: {error}."
        raise UsageError(reason, "Choose another with --port or --host.", field="port") from None
    return listener


def server(app: Callable[..., Awaitable[None]]) -> uvicorn.Server:
    """The server of an application, silent but for real errors."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="error",
        lifespan="off",
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_fault_of_ours)
    return uvicorn.Server(config)


def serve(settings: MockSettings, listener: socket.socket) -> None:
    """Answer until SIGINT or SIGTERM."""
    server(create_app(settings)).run(sockets=[listener])


def _is_no_fault_of_ours(record: logging.LogRecord) -> bool:
    """An answer that ends in its middle is what the fault `dropped` asks for."""
    return not record.getMessage().startswith("ASGI callable returned without completing response")
