"""A mock model server in a thread of the test process, and what to ask it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

import httpx
from openai import AsyncOpenAI, DefaultAioHttpClient

from hydrateall.llm.mock import MockSettings, create_app
from hydrateall.llm.mock.server import bind, server
from offline_assignments import about, prompt

MODEL = "mock-writer"
SYSTEM = "You write notes."
SCHEMA = {
    "type": "object",
    "properties": {"content": {"type": "string"}},
    "required": ["content"],
    "additionalProperties": False,
}
Result = TypeVar("Result")


class Seconds:
    """A clock in epoch seconds that moves when it is told to."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Mock:
    """A running server, asked as its users do."""

    def __init__(self, url: str, clock: Seconds) -> None:
        self.url = url
        self.clock = clock
        self.http = httpx.Client(base_url=url, headers={"authorization": "Bearer any"}, trust_env=False)

    def using(self, work: Callable[[AsyncOpenAI], Awaitable[Result]], *, key: str = "any") -> Result:
        """Run something with the real client; it does not retry."""

        async def run() -> Result:
            http = DefaultAioHttpClient(trust_env=False)
            async with AsyncOpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, http_client=http) as client:
                return await work(client)

        return asyncio.run(run())

    def ask(self, topic: str = "Volcanoes", *, key: str = "any", **changes: Any) -> Any:
        """One completion, as the client parses it; its errors are raised."""
        body = request(topic) | changes
        return self.using(lambda client: client.chat.completions.create(**body), key=key)

    def post(self, topic: str = "Volcanoes", **changes: Any) -> httpx.Response:
        """One completion, as it stands on the wire."""
        return self.http.post("/v1/chat/completions", json=request(topic) | changes)

    def change(self, **settings: Any) -> httpx.Response:
        return self.http.put("/mock/settings", json=settings)

    def ledger(self, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get("/mock/ledger", params=query).json()
        return found

    def last(self) -> dict[str, Any]:
        entry: dict[str, Any] = self.ledger()["entries"][-1]
        return entry

    def billed(self) -> Decimal:
        return Decimal(self.ledger()["totals"]["billed_usd"])


def request(topic: str = "Volcanoes", *, system: str = SYSTEM) -> dict[str, Any]:
    """A request for a note, with its strict schema."""
    user = prompt(about(topic, "en", "notes", wordRange=[300, 900]))
    described = {"name": "NoteDraft", "schema": SCHEMA, "strict": True}
    return {
        "model": MODEL,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "response_format": {"type": "json_schema", "json_schema": described},
        "max_completion_tokens": 8000,
    }


def batch_file(topics: list[str]) -> bytes:
    """The input file of a batch, a topic a line."""
    lines = [
        {"custom_id": topic, "method": "POST", "url": "/v1/chat/completions", "body": request(topic)}
        for topic in topics
    ]
    return "\n".join(json.dumps(line) for line in lines).encode()


@contextmanager
def running(clock: Seconds | None = None, **settings: Any) -> Iterator[Mock]:
    """A server on a free port that answers at once, unless told otherwise."""
    clock = clock or Seconds()
    listener = bind("127.0.0.1", 0)
    app = create_app(MockSettings(**({"latency": 0, "batch_seconds": 10} | settings)), clock=clock)
    served = server(app)
    thread = threading.Thread(target=served.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not served.started and time.monotonic() < deadline:
        time.sleep(0.005)
    mock = Mock(f"http://127.0.0.1:{listener.getsockname()[1]}", clock)
    try:
        yield mock
    finally:
        mock.http.close()
        served.should_exit = True
        thread.join(10)
        listener.close()
