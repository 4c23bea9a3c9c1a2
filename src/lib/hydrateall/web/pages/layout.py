"""What all pages share: templates, the headers that protect them, static files, errors as pages.

A page is a route of a router made by `page_router()`. It returns `page(request, caller, "name.html", …)`, or
`fragment(…)` for a part that htmx swaps in. Every word of a template goes through `_()`.
"""

from __future__ import annotations

import functools
import hashlib
import http
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hydrateall.core.errors import HydrateAllError
from hydrateall.core.markdown import render, render_inline
from hydrateall.web.access import FOR_VIEWERS, SAFE, Caller, caller_of
from hydrateall.web.boundary import told
from hydrateall.web.pages import formats, translation
from hydrateall.web.problems import CrossSite, problem_of

PREFIX = "/api/admin"  # where Airflow mounts the admin app
UI = "/ui"
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
STATIC = Path(__file__).resolve().parents[1] / "static"
SIGN_IN = "/api/v2/auth/login"  # Airflow's; it knows which auth manager asks for the password
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
}
# No eval and no style element of htmx's own: the policy above would refuse them. Errors are swapped in as messages.
HTMX = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "[45]..", "swap": True, "error": True},
    ],
}
TO_NOTICES = {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
SECTIONS = (
    ("start", "Start"),
    ("jobs", "Jobs"),
    ("documents", "Documents"),
    ("review", "Review"),
    ("health", "Health"),
)


def page(
    request: Request, caller: Caller | None, template: str, *, section: str = "", http_status: int = 200, **context: Any
) -> HTMLResponse:
    """A whole page; `section` marks the entry of the navigation that it belongs to."""
    return fragment(request, template, http_status=http_status, caller=caller, section=section, **context)


def fragment(
    request: Request, template: str, *, http_status: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """A part of a page, that htmx swaps in."""
    given = {
        "url": functools.partial(url, request),
        "asset": functools.partial(asset, request),
        "airflow": functools.partial(airflow, request),
        "api": functools.partial(api, request),
        "caller": None,
        "section": "",
        "tab": "",
        **context,
    }
    text = _environment().get_template(template).render(given)
    return HTMLResponse(text, http_status, headers={**SECURITY, **(headers or {})})


def url(request: Request, place: str = "", /, **query: Any) -> str:
    """The address of a page of ours, e.g. url(request, "jobs", status="failed"); empty values are left out."""
    given = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    path = f"{request.scope.get('root_path', '')}{UI}/{quote(place)}"
    return f"{path}?{given}" if given else path


def api(request: Request, path: str) -> str:
    """The address of a route of the admin API."""
    return f"{request.scope.get('root_path', '')}/{path}"


def airflow(request: Request, path: str) -> str:
    """The address of a page of Airflow's, which may be served below a prefix."""
    root: str = request.scope.get("root_path", "")
    return root.removesuffix(PREFIX) + path


def asset(request: Request, name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it for good."""
    return f"{url(request, f'static/{name}')}?v={_digest(name)}"


def go_to(request: Request, place: str, /, **query: Any) -> Response:
    """Tell htmx to go to another page of ours."""
    return Response(status_code=204, headers={"HX-Redirect": url(request, place, **query)})


@functools.cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True
    )
    for filter_ in (
        formats.money,
        formats.duration,
        formats.number,
        formats.percent,
        formats.status_name,
        formats.time_taken,
        formats.took,
        formats.size,
    ):
        environment.filters[filter_.__name__] = filter_
    environment.filters["markdown"] = lambda text: Markup(render(text))
    environment.filters["markdown_inline"] = lambda text: Markup(render_inline(text))
    environment.globals.update(
        moment=formats.moment, sections=SECTIONS, htmx_config=json.dumps(HTMX), spoken=translation.spoken
    )
    return environment


class PageRoute(APIRoute):
    """A route that knows its caller first, speaks the caller's language, and tells errors as a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Do what FastAPI does, between the question who calls and the page that tells what went wrong."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            translation.speak(translation.preferred(request.headers.get("accept-language", "")))
            try:
                await caller_of(request)
                if request.method not in SAFE and not is_swap(request):
                    raise CrossSite
                return await handle(request)
            except (HydrateAllError, RequestValidationError, HTTPException) as error:
                return error_page(request, error)
            except Exception as error:  # noqa: BLE001 - nothing inside is told outside
                return error_page(request, told(request, error))

        return guarded


def is_swap(request: Request) -> bool:
    """Say whether htmx asks. No other site can make a browser send this header."""
    return request.headers.get("hx-request") == "true"


def error_page(request: Request, error: BaseException) -> Response:
    """What went wrong as a page, or as the message that htmx shows; who is not signed in is sent to sign in."""
    status, told = problem_of(error)
    if status == http.HTTPStatus.UNAUTHORIZED:
        return Response(status_code=204, headers={"HX-Refresh": "true"}) if is_swap(request) else _sign_in(request)
    message = getattr(error, "message", told["detail"])
    context: dict[str, Any] = {"status": status, "title": http.HTTPStatus(status).phrase, "message": message}
    context |= {"remedy": getattr(error, "remedy", ""), "trace_id": getattr(request.state, "trace_id", "")}
    if is_swap(request):
        return fragment(request, "error_message.html", http_status=status, headers=TO_NOTICES, **context)
    return page(request, getattr(request.state, "caller", None), "error.html", http_status=status, **context)


def _sign_in(request: Request) -> Response:
    return RedirectResponse(f"{airflow(request, SIGN_IN)}?{urlencode({'next': str(request.url)})}", 303)


def page_router() -> APIRouter:
    """A router for pages: below /ui, for viewers, not in the description of the API."""
    return APIRouter(prefix=UI, route_class=PageRoute, include_in_schema=False, dependencies=FOR_VIEWERS)


class Assets(StaticFiles):
    """Static files that browsers keep: their addresses change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
