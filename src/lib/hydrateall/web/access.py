"""Who calls, and what that person may do. Airflow decides both; its part is handed in as `Access`.

A route says what it needs by the type of a parameter: `caller: Viewer` reads, `caller: Writer` writes; or, where it
does not care who reads, by `dependencies=FOR_VIEWERS`.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.errors import NotDelivered
from hydrateall.delivery.service import AirflowApi
from hydrateall.documents.storage import Storage
from hydrateall.hydration.requests import count_write
from hydrateall.web.problems import CrossSite, NotAllowed, NotSignedIn, TooManyRequests, WrongMediaType

COOKIE = "_token"  # the cookie of Airflow's UI
SAFE = ("GET", "HEAD", "OPTIONS")
# A delivery asks this very server, which answers from the same pool of threads: some must be left for that.
DIRECT_DELIVERIES = threading.BoundedSemaphore(8)
ORDER = (UserRole.VIEWER, UserRole.OPERATOR, UserRole.ADMIN)

bearer_scheme = HTTPBearer(auto_error=False, description="A token of Airflow's POST /auth/token.")
cookie_scheme = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie of Airflow's UI.")


@dataclass(frozen=True)
class Caller:
    """A signed-in user: the name and role that Airflow knows, and the token that was shown."""

    name: str
    role: UserRole
    token: str
    by_cookie: bool = False

    def may(self, role: UserRole) -> bool:
        """Say whether this role, or a higher one, is the caller's."""
        return ORDER.index(self.role) >= ORDER.index(role)

    def needs(self, role: UserRole, what: str) -> None:
        """Raise NotAllowed unless the caller has the role that `what` needs ("A budget above $50")."""
        if not self.may(role):
            raise NotAllowed(self.name, self.role, role, what)


@dataclass(frozen=True)
class Access:
    """Airflow's side of authorisation.

    `user` gives the user of a request by its bearer token or cookie, or raises HTTPException;
    `role` gives that user's role (None: may see nothing of ours), `name` the name.
    """

    user: Callable[[Request, HTTPAuthorizationCredentials | None], Awaitable[Any]]
    role: Callable[[Any], UserRole | None]
    name: Callable[[Any], str]


def runtime_of(request: Request) -> Runtime:
    """The runtime of the app that answers this request."""
    runtime: Runtime = request.app.state.runtime()
    return runtime


def storage_of(request: Request) -> Storage:
    """Where the app that answers this request keeps documents."""
    storage: Storage = request.app.state.storage()
    return storage


@contextmanager
def delivering(request: Request, caller: Caller) -> Iterator[AirflowApi]:
    """Airflow's API with the authority of the caller; when too many deliver at once, one that takes nothing."""
    if not DIRECT_DELIVERIES.acquire(blocking=False):
        yield BusyAirflow()
        return
    try:
        yield request.app.state.airflow(caller)
    finally:
        DIRECT_DELIVERIES.release()


class BusyAirflow:
    """Stands for Airflow while this server has no thread to spare for it: the outbox keeps what is to be delivered."""

    def trigger(self, *_: object, **__: object) -> None:
        """Take nothing."""
        raise NotDelivered("The API server is busy")

    def active_runs(self, *_: object) -> set[str]:
        """Know nothing."""
        raise NotDelivered("The API server is busy")


async def caller_of(request: Request) -> Caller:
    """The caller, found once a request; raise NotSignedIn, NotAllowed or CrossSite."""
    if not hasattr(request.state, "caller"):
        request.state.caller = await _identify(request)
    found: Caller = request.state.caller
    return found


async def _identify(request: Request) -> Caller:
    access: Access = request.app.state.access
    bearer = await bearer_scheme(request)
    try:
        user = await access.user(request, bearer)
    except HTTPException as error:
        raise NotSignedIn(f"{str(error.detail).rstrip('.')}.") from None
    role = await run_in_threadpool(access.role, user)
    name = access.name(user)
    if role is None:
        raise NotAllowed(name, "none of ours", UserRole.VIEWER)
    token = bearer.credentials if bearer else request.cookies.get(COOKIE, "")
    caller = Caller(name, role, token, by_cookie=bearer is None)
    if caller.by_cookie and request.method not in SAFE and not from_own_page(request):
        raise CrossSite
    return caller


def from_own_page(request: Request) -> bool:
    """Say whether a browser sends this from a page of this server. A request that does not say counts as foreign."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")


def requires(role: UserRole) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """A dependency that gives the caller, or raises NotAllowed."""

    async def checked(
        request: Request,
        _bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
        _cookie: Annotated[str | None, Depends(cookie_scheme)],
    ) -> Caller:
        caller = await caller_of(request)
        caller.needs(role, "This")
        return caller

    checked.needs = role  # type: ignore[attr-defined]  # the matrix test reads it
    return checked


viewer, operator, admin = (requires(role) for role in ORDER)


def _within_rate(request: Request, caller: Caller) -> Caller:
    """Count one write of the caller; raise TooManyRequests. All API servers share the count."""
    runtime = runtime_of(request)
    if wait := count_write(runtime, caller.name):
        raise TooManyRequests(caller.name, runtime.settings.writes_per_minute, wait)
    return caller


def writer(request: Request, caller: Annotated[Caller, Depends(operator)]) -> Caller:
    """An operator who writes no faster than the limit."""
    return _within_rate(request, caller)


def administrator(request: Request, caller: Annotated[Caller, Depends(admin)]) -> Caller:
    """An admin who writes no faster than the limit."""
    return _within_rate(request, caller)


FOR_VIEWERS = [Depends(viewer)]  # of a route that reads, and does not care who
Viewer = Annotated[Caller, Depends(viewer)]
Operator = Annotated[Caller, Depends(operator)]
Writer = Annotated[Caller, Depends(writer)]
Admin = Annotated[Caller, Depends(administrator)]
CurrentRuntime = Annotated[Runtime, Depends(runtime_of)]
CurrentStorage = Annotated[Storage, Depends(storage_of)]


class JsonRoute(APIRoute):
    """A route that knows its caller before it reads the body, and reads JSON only."""

    reads = "application/json"

    async def admit(self, request: Request) -> None:
        """Look at the caller; raise NotSignedIn, NotAllowed or CrossSite."""
        await caller_of(request)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Authenticate, look at the content type, then do what FastAPI does."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            await self.admit(request)
            given = request.headers.get("content-type", "").split(";")[0].strip().lower()
            has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
            if has_body and request.method not in SAFE and given != self.reads:
                raise WrongMediaType(given, self.reads)
            return await handle(request)

        return guarded


class UploadRoute(JsonRoute):
    """A route for files. Role and rate are looked at before the body: nobody else's file is written anywhere."""

    reads = "multipart/form-data"

    async def admit(self, request: Request) -> None:
        """Count the write of an operator; raise NotAllowed or TooManyRequests too. The route names its `Operator`."""
        caller = await caller_of(request)
        caller.needs(UserRole.OPERATOR, "This")
        await run_in_threadpool(_within_rate, request, caller)
