"""The admin app that Airflow's API server mounts at /api/admin."""

from __future__ import annotations

import http
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from hydrateall.core.errors import HydrateAllError
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.routes import router as curriculum_routes
from hydrateall.delivery.service import AirflowApi
from hydrateall.documents.routes import router as document_routes
from hydrateall.documents.routes import uploads as document_uploads
from hydrateall.documents.storage import Storage
from hydrateall.hydration.routes import router as hydration_routes
from hydrateall.monitoring.routes import router as monitoring_routes
from hydrateall.review.routes import router as review_routes
from hydrateall.web.access import FOR_VIEWERS, Access, Caller
from hydrateall.web.boundary import Boundary
from hydrateall.web.description import describe
from hydrateall.web.pages.routers import add_pages
from hydrateall.web.problems import problem_response

PREFIX = "/api/admin"

description = APIRouter()


@description.get("/openapi.json", include_in_schema=False, dependencies=FOR_VIEWERS)
def openapi(request: Request) -> dict[str, Any]:
    """The description of this API, for the signed-in."""
    return describe(request.app)


ROUTERS = (
    description,
    curriculum_routes,
    hydration_routes,
    document_uploads,
    document_routes,
    review_routes,
    monitoring_routes,
)


def create_admin_app(
    runtime: Callable[[], Runtime],
    access: Access,
    airflow: Callable[[Caller], AirflowApi],
    storage: Callable[[], Storage],
    *,
    max_body_bytes: int,
    max_upload_bytes: int,
) -> FastAPI:
    """Put the routes together. Each request calls `runtime`, those that deliver or touch files the others."""
    app = FastAPI(title="HydrateAll", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.runtime, app.state.access, app.state.airflow, app.state.storage = runtime, access, airflow, storage
    app.add_middleware(Boundary, max_body_bytes=max_body_bytes, max_upload_bytes=max_upload_bytes)
    for kind in (HydrateAllError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer_problem)
    for router in ROUTERS:
        app.include_router(router)
    add_pages(app)
    return app


def _methods(request: Request) -> set[str]:
    """The methods that the address knows, over all routes: the router names those of the first one only."""
    found = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in found for method in getattr(route, "methods", None) or ()}


async def _answer_problem(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED:
        error.headers = {"Allow": ", ".join(sorted(_methods(request)))}
    cause = error.__cause__  # FastAPI wraps what reading the body raises
    return problem_response(request, cause if isinstance(cause, HydrateAllError) else error)
