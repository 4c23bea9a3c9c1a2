"""What every request passes: its trace id, the limit of its body, the headers of its answer, and the last resort."""

from __future__ import annotations

import re

import structlog
from fastapi import Request
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hydrateall.core.clock import new_id
from hydrateall.core.database import connection_lost
from hydrateall.core.errors import Unavailable
from hydrateall.web.problems import BadRequest, FileTooLarge, TooLarge, problem_response

TRACE_HEADER = "X-Trace-Id"
TRACE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}  # an answer that brings its own keeps it
UPLOADS = re.compile(r"/documents(/[^/]+/file)?")
AROUND_A_FILE = 65_536  # what the other fields of a form and the borders of its parts may take

logger = structlog.get_logger(__name__)


class DatabaseAway(Unavailable):
    """The content database does not answer now."""

    def __init__(self) -> None:
        super().__init__("The content database does not answer.", "Try again soon; `hydrateall status` shows why.")


class Boundary:
    """ASGI middleware around the app."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, max_upload_bytes: int) -> None:
        self._app = app
        self._limit = max_body_bytes
        self._upload_limit = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request; whatever happens, the answer is a problem with a trace id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        given = request.headers.get(TRACE_HEADER)
        usable = given is not None and TRACE_ID.fullmatch(given) is not None
        trace_id = given if given is not None and usable else f"hydrate-{new_id().hex[-12:]}"
        request.state.trace_id = trace_id
        answer = _Answer(send, trace_id)
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            try:
                if given is not None and not usable:
                    raise BadRequest(
                        f"The header {TRACE_HEADER} is not usable.",
                        "Use up to 128 letters, digits, dots, dashes and underscores.",
                        field=TRACE_HEADER,
                    )
                await self._app(scope, self._limited(request, receive), answer)
            except Exception as error:
                if answer.begun:
                    raise
                await problem_response(request, told(request, error))(scope, receive, answer)

    def _limited(self, request: Request, receive: Receive) -> Receive:
        """Read the body as long as it stays within the limit."""
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        upload = UPLOADS.fullmatch(path) is not None
        limit = self._upload_limit + AROUND_A_FILE if upload else self._limit
        refusal = FileTooLarge(self._upload_limit) if upload else TooLarge(self._limit)
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > limit:
            raise refusal
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise refusal
            return message

        return counted


class _Answer:
    """Sends the answer with the headers that each one has."""

    def __init__(self, send: Send, trace_id: str) -> None:
        self._send = send
        self._trace_id = trace_id
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            headers[TRACE_HEADER] = self._trace_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def told(request: Request, error: Exception) -> Exception:
    """The error as the caller is told it; what nobody expected is logged with its traceback."""
    if connection_lost(error) or isinstance(error, PoolExhausted):
        logger.warning("database_away", reason=str(error).splitlines()[0])
        return DatabaseAway()
    if not hasattr(error, "status"):
        logger.exception("request_failed", path=request.scope["path"])
    return error
