"""Many calls, some at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


async def complete_all(calls: Sequence[Callable[[], Awaitable[Result]]], *, most_in_flight: int) -> list[Result]:
    """Make calls, so many at once at most; return what they return, in their order.

    After the first failure no further one begins. Those under way are waited for, since they are paid for and their
    answers are kept; then the failure is raised. A cancellation ends all of them at once.
    """
    results: dict[int, Result] = {}
    failures: list[Exception] = []
    waiting = iter(enumerate(calls))

    async def work() -> None:
        for number, call in waiting:
            if failures:
                return
            try:
                results[number] = await call()
            except Exception as error:  # noqa: BLE001 — raised below
                failures.append(error)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(most_in_flight, len(calls))):
            group.create_task(work())
    if failures:
        raise failures[0]
    return [results[number] for number in range(len(calls))]
