"""`make bench-gateway`: what the gateway adds to a call, with ledger, limits, cache look-up and content log on.

The same requests go to the same mock server through the bare `openai` client with its aiohttp transport, in the same
run, turn and turn about. ideal = calls × latency ÷ calls in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import version

import openai
import uvloop
from model_server import ModelServer, model_server
from openai import DefaultAioHttpClient

from hydrateall.core.database import Database, migrate
from hydrateall.core.settings import Settings
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.llm.openai_chat import Server, body_of
from hydrateall.llm.schemas import ModelRequest
from hydrateall.llm.service import Purpose, open_gateway, request_for
from hydrateall.stack.postgres import temporary_postgres

CALLS, LATENCY_SECONDS, IN_FLIGHT = 256, 1.0, 32
WALL_GOAL, CPU_GOAL = 1.05, 1.5
numbers = itertools.count()


def main() -> int:
    """Measure both clients; exit 1 if the gateway misses one of its goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 10), help="of each; the medians count")
    options = parser.parse_args()
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores")
    print(f"versions  Python {platform.python_version()}, openai {version('openai')}, aiohttp {version('aiohttp')}")
    print(f"load      {CALLS} calls, {LATENCY_SECONDS:g} s latency, {IN_FLIGHT} in flight\n", flush=True)
    with model_server("--latency", str(LATENCY_SECONDS)) as server, temporary_postgres(durable=True) as postgres:
        postgres.ensure_database("bench")
        migrate(postgres.url("bench"))
        settings = Settings(
            model_provider="mock",
            mock_url=server.base_url,
            requests_per_minute=1_000_000,
            tokens_per_minute=2_000_000_000,
        )
        database = Database(postgres.url("bench"), pool_size=2)
        runs: dict[str, list[tuple[float, float]]] = {"bare openai + aiohttp": [], "gateway": []}
        for _ in range(options.rounds):
            runs["bare openai + aiohttp"].append(_measure(server, lambda work: _bare(server, work)))
            runs["gateway"].append(_measure(server, lambda work: _gateway(settings, database, work)))
        database.dispose()
    return _report(runs)


def _measure(server: ModelServer, client: Callable[[list[ModelRequest]], Awaitable[None]]) -> tuple[float, float]:
    """Seconds of wall time, and of this process's CPU a call.

    The server writes each answer before, at once: what it costs to make content up is not the client's.
    """
    requests = [_request(next(numbers)) for _ in range(CALLS)]
    server.change(latency=0.0)
    uvloop.run(_bare(server, requests))
    server.change(latency=LATENCY_SECONDS)
    started, cpu = time.perf_counter(), time.process_time()
    uvloop.run(client(requests))
    return time.perf_counter() - started, (time.process_time() - cpu) / CALLS


def _request(number: int) -> ModelRequest:
    assignment = {
        "purpose": "notes",
        "board": "CBSE",
        "grade": "8",
        "subject": {"code": "SCIENCE", "name": "Science"},
        "language": "en",
        "attempt": 1,
        "issues": [],
        "chapter": {"number": 1, "title": "Measuring"},
        "topic": {"number": number, "title": f"Measuring {number}", "objectives": ["Measure"], "difficulty": "medium"},
        "wordRange": [600, 1200],
    }
    return request_for("curriculum/draft_note", NoteDraft, assignment)


async def _bare(server: ModelServer, requests: list[ModelRequest]) -> None:
    there = Server("mock-writer", server.base_url, "mock", 0.2, 60.0, strict_schema=True)
    client = openai.AsyncOpenAI(
        api_key="mock", base_url=server.base_url, max_retries=0, http_client=DefaultAioHttpClient()
    )

    async def ask(request: ModelRequest) -> None:
        await client.chat.completions.create(**body_of(request, there, 0.2))

    await _in_flight(ask, requests)
    await client.close()


async def _gateway(settings: Settings, database: Database, requests: list[ModelRequest]) -> None:
    async with open_gateway(settings, database) as gateway:

        async def ask(request: ModelRequest) -> None:
            caps = {"job:bench": 1_000_000, "tenant:bench:month": None, "day:bench": None}
            await gateway.complete(request, Purpose("NOTE", "bench", caps))  # type: ignore[arg-type]

        await _in_flight(ask, requests)


async def _in_flight(ask: Callable[[ModelRequest], Awaitable[None]], requests: list[ModelRequest]) -> None:
    queue = iter(requests)

    async def worker() -> None:
        for request in queue:
            await ask(request)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


def _report(runs: dict[str, list[tuple[float, float]]]) -> int:
    ideal = CALLS * LATENCY_SECONDS / IN_FLIGHT
    medians = {name: [statistics.median(part) for part in zip(*found, strict=True)] for name, found in runs.items()}
    bare_cpu = medians["bare openai + aiohttp"][1]
    print(f"{'client':<24} {'ideal':>8} {'wall':>8} {'wall ÷ ideal':>13} {'CPU a call':>12} {'÷ bare':>8}")
    for name, (wall, cpu) in medians.items():
        walls = f"{ideal:>6.2f} s {wall:>6.2f} s {wall / ideal:>13.3f}"
        print(f"{name:<24} {walls} {1000 * cpu:>9.2f} ms {cpu / bare_cpu:>8.2f}")
    wall, cpu = medians["gateway"]
    print(f"\ngoals     wall ÷ ideal ≤ {WALL_GOAL:g}, CPU ÷ bare ≤ {CPU_GOAL:g}")
    return int(wall / ideal > WALL_GOAL or cpu / bare_cpu > CPU_GOAL)


if __name__ == "__main__":
    sys.exit(main())
