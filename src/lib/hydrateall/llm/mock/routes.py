"""The routes: OpenAI's below /v1, the mock's own below /mock."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hydrateall.llm.mock.batches import Batches
from hydrateall.llm.mock.chat import Calls
from hydrateall.llm.mock.model import Clock, MockModel
from hydrateall.llm.mock.prices import priced_models, require_model
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import WireError, decode_object, encode, listed, new_id

Endpoint = Callable[[Request], Awaitable[Response]]
Answers = Callable[[Request], Awaitable[object]]
MOST_BATCHES = 100


def create_app(settings: MockSettings, clock: Clock = time.time) -> Starlette:
    """The application; the clock (epoch seconds) moves limits and batches, latency is real time."""
    model = MockModel(settings, clock)
    desk = Desk(model, Batches(model))
    routes = [
        Route("/v1/chat/completions", Calls(model, model.call), methods=["POST"]),
        Route("/v1/embeddings", Calls(model, model.embed), methods=["POST"]),
        Route("/v1/models", desk.guarded(desk.list_models)),
        Route("/v1/models/{id:path}", desk.guarded(desk.show_model)),
        Route("/v1/files", desk.guarded(desk.upload), methods=["POST"]),
        Route("/v1/files/{id}", desk.guarded(desk.show_file)),
        Route("/v1/files/{id}", desk.guarded(desk.delete_file), methods=["DELETE"]),
        Route("/v1/files/{id}/content", desk.guarded(desk.read_file)),
        Route("/v1/batches", desk.guarded(desk.submit_batch), methods=["POST"]),
        Route("/v1/batches", desk.guarded(desk.list_batches)),
        Route("/v1/batches/{id}", desk.guarded(desk.show_batch)),
        Route("/v1/batches/{id}/cancel", desk.guarded(desk.cancel_batch), methods=["POST"]),
        Route("/mock/ledger", desk.open(desk.show_ledger)),
        Route("/mock/ledger", desk.open(desk.empty_ledger), methods=["DELETE"]),
        Route("/mock/settings", desk.open(desk.show_settings)),
        Route("/mock/settings", desk.open(desk.change_settings), methods=["PUT"]),
        Route("/healthz", desk.open(desk.health)),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refused})


class Desk:
    """The endpoints that are called a few times a run."""

    def __init__(self, model: MockModel, batches: Batches) -> None:
        self._model = model
        self._batches = batches

    def open(self, endpoint: Answers) -> Endpoint:
        """Answer with JSON, or with OpenAI's error shape."""

        async def answered(request: Request) -> Response:
            try:
                value = await endpoint(request)
            except WireError as error:
                return _json(error.body, error.status, error.headers)
            return value if isinstance(value, Response) else _json(value)

        return answered

    def guarded(self, endpoint: Answers) -> Endpoint:
        """The same, for those who have a key."""

        async def checked(request: Request) -> object:
            self._model.check_key(request.headers.get("authorization"))
            return await endpoint(request)

        return self.open(checked)

    async def list_models(self, _: Request) -> object:
        return listed([_model(name) for name in priced_models()])

    async def show_model(self, request: Request) -> object:
        require_model(request.path_params["id"])
        return _model(request.path_params["id"])

    async def upload(self, request: Request) -> object:
        form = await request.form()
        file, purpose = form.get("file"), form.get("purpose")
        if not isinstance(file, UploadFile):
            raise WireError(400, "'file' is a required property: a multipart upload.", param="file")
        if purpose != "batch":
            raise WireError(400, "The mock server takes files with the purpose 'batch'.", param="purpose")
        content, name = await file.read(), file.filename or "upload"
        now = self._model.clock()
        return self._batches.files.add(content, filename=name, purpose="batch", now=now).wire()

    async def show_file(self, request: Request) -> object:
        return self._batches.files.find(request.path_params["id"]).wire()

    async def read_file(self, request: Request) -> object:
        content = self._batches.files.find(request.path_params["id"]).content
        return Response(content, media_type="application/octet-stream")

    async def delete_file(self, request: Request) -> object:
        return self._batches.files.remove(request.path_params["id"])

    async def submit_batch(self, request: Request) -> object:
        batch = self._batches.submit(decode_object(await request.body()))
        return batch.wire(batch.created_at)

    async def list_batches(self, request: Request) -> object:
        limit = int(min(max(1, _number(request, "limit", 20)), MOST_BATCHES))
        return self._batches.page(limit=limit, after=request.query_params.get("after"))

    async def show_batch(self, request: Request) -> object:
        return self._batches.find(request.path_params["id"]).wire(self._model.clock())

    async def cancel_batch(self, request: Request) -> object:
        batch = self._batches.cancel(request.path_params["id"])
        return batch.wire(batch.ends_at)

    async def show_ledger(self, request: Request) -> object:
        """Totals of everything; `since` and `entries` choose among the entries only."""
        self._batches.advance()
        ledger = self._model.ledger
        wanted = request.query_params.get("entries") != "0"
        entries = ledger.since(_number(request, "since", 0)) if wanted else []
        return {"totals": ledger.totals(), "entries": entries}

    async def empty_ledger(self, _: Request) -> object:
        self._batches.advance()
        self._model.forget()
        return {"emptied": True}

    async def show_settings(self, _: Request) -> object:
        return self._model.settings.public()

    async def change_settings(self, request: Request) -> object:
        """Replace the settings that are named; the others stay."""
        try:
            self._model.settings = self._model.settings.changed(decode_object(await request.body()))
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise WireError(400, f"These settings cannot be used. {problems}.") from None
        return self._model.settings.public()

    async def health(self, _: Request) -> object:
        return {"status": "ok"}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "mock"}


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    shown = {"x-request-id": new_id("req_"), **(headers or {})}
    return Response(encode(value), status, shown, media_type="application/json")


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError:
        raise WireError(400, f"Invalid '{name}': expected a number.", param=name) from None


async def _refused(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses (no such route, wrong method, broken upload), in OpenAI's shape."""
    status, reason = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, str(error))
    told = WireError(status, f"{reason} ({request.method} {request.url.path})", code="invalid_request")
    return _json(told.body, status)
