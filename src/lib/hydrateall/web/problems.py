"""Errors as the API tells them: problem details (RFC 9457), one shape for every status.

UsageError       BadRequest          the request cannot be read                             400
                 TooLarge            its body is larger than the limit                      413
                 WrongMediaType      its body is not what the route reads                   415
HydrateAllError  NotSignedIn         no token, or one that no longer counts                 401
                 NotAllowed          the caller's role is too low for this                  403
                 CrossSite           a browser sends it on behalf of another site           403
                 TooManyRequests     the caller writes faster than the limit                429
"""

from __future__ import annotations

import http
import math
import re
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from hydrateall.core.errors import HydrateAllError, UsageError

MEDIA_TYPE = "application/problem+json"
DOCS = "docs/api.md"
RETRY_AFTER = 15  # seconds; what the outbox and Airflow's own restarts take at most, as a rule


class BadRequest(UsageError):
    """The request cannot be read."""

    status = 400


class TooLarge(UsageError):
    """The body is larger than the limit."""

    status = 413

    def __init__(
        self, limit: int, *, what: str = "The body of the request", setting: str = "HYDRATEALL_MAX_BODY_BYTES"
    ) -> None:
        super().__init__(f"{what} is larger than {limit} bytes.", f"Send less, or raise {setting}.")


class FileTooLarge(TooLarge):
    """A file that is uploaded is larger than a document may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, what="The file", setting="HYDRATEALL_DOCUMENT_MOST_BYTES")


class WrongMediaType(UsageError):
    """The body is not of the type that the route reads."""

    status = 415

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(
            f"The body is of type {given or 'unknown'}; this route reads {wanted}.",
            f"Send it with Content-Type: {wanted}.",
        )


class NotSignedIn(HydrateAllError):
    """No token, or one that no longer counts."""

    status = 401

    def __init__(self, reason: str = "This needs a signed-in user.") -> None:
        super().__init__(reason, "Get a token from POST /auth/token and send it as Authorization: Bearer TOKEN.")


class NotAllowed(HydrateAllError):
    """The caller's role is too low."""

    status = 403

    def __init__(self, name: str, role: str, needed: str, what: str = "This") -> None:
        super().__init__(
            f"{what} needs the role {needed}; {name} is {role}.", "Ask an administrator of Airflow for the role."
        )


class CrossSite(HydrateAllError):
    """A browser sends a write with its cookie on behalf of another site."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "A write that is authorised by the cookie of the UI must come from a page of this server.",
            "Send a bearer token instead of the cookie.",
        )


class TooManyRequests(HydrateAllError):
    """The caller writes faster than the limit."""

    status = 429
    retryable = True

    def __init__(self, name: str, per_minute: int, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"{name} has sent more than {per_minute} writes within a minute.",
            f"Try again in {math.ceil(retry_after)} s.",
        )


class FieldProblem(BaseModel):
    """One field that cannot be used, and why."""

    field: str = Field(description="Where it stands, with dots: `options.chapterLimit`.")
    message: str


class Problem(BaseModel):
    """What went wrong, for people (`detail`) and programs (`code`)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Where the code is explained, relative to the repository.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What is wrong, and what to do about it.")
    code: str = Field(description="The kind of problem; it does not change between versions.")
    instance: str = Field(description="The path that was asked for.")
    traceId: str = Field(description="Finds the request in the logs.")  # noqa: N815 - the name on the wire
    field: str | None = Field(None, description="The field at fault, if it is one.")
    errors: list[FieldProblem] | None = Field(None, description="Every field at fault, if there are several.")
    jobId: str | None = Field(None, description="409 job_active: the job that is active.")  # noqa: N815
    documentId: str | None = Field(  # noqa: N815
        None, description="409 already_there: the document that is this file."
    )


def problem_of(error: BaseException) -> tuple[int, dict[str, Any]]:
    """Status and body of an error; the request's own parts (instance, traceId) are added by `problem_response`."""
    if isinstance(error, HydrateAllError):
        named = {"jobId": getattr(error, "job_id", None), "documentId": getattr(error, "document_id", None)}
        more = {name: str(value) for name, value in named.items() if value}
        return error.status, {"detail": str(error), "code": code_of(error), "field": error.field, **more}
    if isinstance(error, RequestValidationError):
        return _validation(error)
    if isinstance(error, HTTPException):
        return error.status_code, {"detail": _sentence(error), "code": _phrase(error.status_code).lower()}
    return 500, {
        "detail": "The server could not do this; the reason is in its log. Look for the trace id.",
        "code": "internal_error",
    }


def code_of(error: HydrateAllError) -> str:
    """The code of an error: the name of its class, JobActive → job_active."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def problem_response(request: Request, error: BaseException) -> JSONResponse:
    """Answer a request with the problem that an error stands for."""
    status, told = problem_of(error)
    body = {
        "type": f"{DOCS}#{told['code']}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "instance": request.scope["path"],
        "traceId": getattr(request.state, "trace_id", ""),
        **{key: value for key, value in told.items() if value is not None},
    }
    return JSONResponse(body, status, headers=_headers(error, status), media_type=MEDIA_TYPE)


def _headers(error: BaseException, status: int) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {})
    if status == http.HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (http.HTTPStatus.SERVICE_UNAVAILABLE, http.HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = str(math.ceil(getattr(error, "retry_after", RETRY_AFTER)))
    return headers


def _validation(error: RequestValidationError) -> tuple[int, dict[str, Any]]:
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return 400, {"detail": "The body is not JSON: " + found[0]["msg"] + ".", "code": "malformed_json"}
    fields = [FieldProblem(field=_place(each["loc"]), message=each["msg"]) for each in found]
    first = fields[0]
    detail = f"The field {first.field} is not usable: {first.message}. Correct it and send the request again."
    return 422, {
        "detail": detail,
        "code": "invalid_field",
        "field": first.field,
        "errors": [each.model_dump() for each in fields],
    }


def _place(location: tuple[int | str, ...]) -> str:
    """The path of a field without the part of the request that it stands in."""
    names = [str(part) for part in location if part not in ("body", "query", "path")]
    return ".".join(names) or "body"


def _sentence(error: HTTPException) -> str:
    known = {
        404: "There is nothing at this address. GET /api/admin/openapi.json lists what there is.",
        405: "This address does not know this method. The header Allow names those that it knows.",
    }
    return known.get(error.status_code, f"{str(error.detail).rstrip('.')}.")


def _phrase(status: int) -> str:
    return http.HTTPStatus(status).phrase.replace(" ", "_")
