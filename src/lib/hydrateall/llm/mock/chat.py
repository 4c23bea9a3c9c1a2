"""The routes of model calls, straight on ASGI: what a call costs here distorts every benchmark of the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from hydrateall.llm.mock.ledger import Entry
from hydrateall.llm.mock.model import MockModel
from hydrateall.llm.mock.wire import Outcome, encode, new_id

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True)
class Calls:
    """The ASGI application of a route that is called thousands of times; `decide` says what becomes of a call."""

    model: MockModel
    decide: Callable[[bytes, str | None, Entry], Outcome]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        ledger, clock = self.model.ledger, self.model.clock
        arrived = asyncio.get_running_loop().time()
        entry = ledger.arrive(clock())
        outcome = None
        try:
            headers = dict(scope["headers"])
            _note(entry, headers)
            body = await _read_body(receive)
            if body is not None:
                planned = self.decide(body, _text(headers.get(b"authorization")), entry)
                payload = encode(planned.body)
                if await _waits_until(arrived + planned.delay, receive):
                    await _send(send, planned, payload)
                    outcome = planned
        finally:
            ledger.leave(entry, outcome, clock())


def _note(entry: Entry, headers: dict[bytes, bytes]) -> None:
    entry.client_request_id = _text(headers.get(b"x-client-request-id"))
    entry.job = _text(headers.get(b"x-hydrateall-job"))


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None when the client hung up before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _waits_until(moment: float, receive: Receive) -> bool:
    """Wait for a moment of the loop's clock; tell whether the client is still there then.

    The next thing that ASGI has to say after the body is that the client hung up, so no task of its own is needed.
    """
    try:
        async with asyncio.timeout_at(moment):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return True
    return False


async def _send(send: Send, outcome: Outcome, payload: bytes) -> None:
    """Send the answer; a dropped one ends in its middle, upon which uvicorn closes the connection."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(payload)).encode()),
        (b"x-request-id", new_id("req_").encode()),
        *((name.encode(), value.encode()) for name, value in outcome.headers.items()),
    ]
    dropped = outcome.fault == "dropped"
    await send({"type": "http.response.start", "status": outcome.status, "headers": headers})
    body = payload[: len(payload) // 2] if dropped else payload
    await send({"type": "http.response.body", "body": body, "more_body": dropped})
