"""The OpenAPI description: which problems a route answers with, and what all routes share."""

from __future__ import annotations

import http
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter, ValidationError

from hydrateall.web.boundary import TRACE_HEADER, TRACE_ID
from hydrateall.web.problems import MEDIA_TYPE, Problem

ALWAYS = (400, 401, 403, 413, 422, 500, 503)
WRITES = (415, 429)
RETRY_HEADER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}}
TRACE_PARAMETER = {
    "name": TRACE_HEADER,
    "in": "header",
    "required": False,
    "description": "Names the request in the logs; made if it is missing. A job keeps the one that it was made with.",
    "schema": {"type": "string", "pattern": f"^{TRACE_ID.pattern}$"},
}
TRACE_ANSWER = {"description": "The trace id of the request.", "schema": {"type": "string"}}


def problems(*statuses: int, writes: bool = False) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: these problems, and those that any route (or any that writes) can answer with."""
    found = sorted({*ALWAYS, *statuses, *(WRITES if writes else ())})
    return {status: _problem(status) for status in found}


def _problem(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": http.HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {**described, "headers": RETRY_HEADER} if status in (429, 503) else described


def exactly(model: Any) -> Callable[[Request], Awaitable[None]]:
    """A dependency that holds a JSON body to its types: without it, "5" passes as a number and 1 as a boolean."""

    adapter = TypeAdapter(model)

    async def checked(request: Request) -> None:
        body = await request.body()
        if not body or body.strip() == b"null":
            return
        try:
            adapter.validate_json(json.dumps(json.loads(body, parse_float=_number)), strict=True)
        except ValidationError as error:
            found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
            raise RequestValidationError(found) from None

    return checked


def _number(text: str) -> float:
    """Read 5.0 as 5: JSON knows no difference, and so the description allows it."""
    number = float(text)
    return int(number) if number.is_integer() else number


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of the app, made once."""
    if not app.openapi_schema:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        found["servers"] = [{"url": "/api/admin"}]
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}), Problem=problem)
        for operation in (each for path in found["paths"].values() for each in path.values()):
            operation.setdefault("parameters", []).append(TRACE_PARAMETER)
            for answer in operation["responses"].values():
                answer.setdefault("headers", {})[TRACE_HEADER] = TRACE_ANSWER
        app.openapi_schema = found
    return app.openapi_schema
