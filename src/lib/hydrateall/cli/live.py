"""Live progress: a bar per level, the cost so far, what is running."""

from __future__ import annotations

import time
import uuid

import typer
from rich.console import Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.text import Text

from hydrateall.cli.output import INTERRUPTED, console, duration, errors, usd
from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.hydration.enums import OPEN
from hydrateall.hydration.schemas import JobView
from hydrateall.hydration.views import RunningNow, job_view, running_now

REFRESH_SECONDS = 0.5
LINE_SECONDS = 5.0  # between two lines where there is no screen to redraw


def watch(runtime: Runtime, job_id: uuid.UUID, *, quiet: bool = False) -> JobView:
    """Show the job until it ends; return it as it ended. Needs no terminal: elsewhere it prints a line now and then."""
    try:
        if quiet:
            return _wait(runtime, job_id)
        return _watch_on_screen(runtime, job_id) if console.is_terminal else _watch_in_lines(runtime, job_id)
    except KeyboardInterrupt:
        errors.print(
            f"Not watching any more; the job goes on. `hydrateall jobs show {job_id} --wait` watches it again."
        )
        raise typer.Exit(INTERRUPTED) from None


def _look(runtime: Runtime, job_id: uuid.UUID) -> tuple[JobView, list[RunningNow]]:
    """Read the job; while the database is away (it may be starting again), keep trying for a while."""
    deadline = time.monotonic() + runtime.settings.outage_seconds
    while True:
        try:
            with runtime.database.transaction() as session:
                return job_view(session, job_id, logs=0), running_now(session, job_id)
        except Exception as error:
            if not connection_lost(error) or time.monotonic() > deadline:
                raise
            time.sleep(1)


def _wait(runtime: Runtime, job_id: uuid.UUID) -> JobView:
    while True:
        view, _ = _look(runtime, job_id)
        if view.status not in OPEN:
            return view
        time.sleep(REFRESH_SECONDS)


def _watch_on_screen(runtime: Runtime, job_id: uuid.UUID) -> JobView:
    bars = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=40),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        console=console,
    )
    started = time.monotonic()
    levels: dict[str, TaskID] = {}
    with Live(console=console, refresh_per_second=8) as live:
        while True:
            view, running = _look(runtime, job_id)
            for name, level in view.progress.levels().items():
                if name not in levels:
                    levels[name] = bars.add_task(name)
                bars.update(
                    levels[name], total=max(level.expected, 1), completed=_shown(level.completed, level.expected)
                )
            live.update(Group(Text(view.subject, style="bold"), bars, _line(view, running, time.monotonic() - started)))
            if view.status not in OPEN:
                return view
            time.sleep(REFRESH_SECONDS)


def _shown(completed: int, expected: int) -> int:
    """A level with nothing to do shows as complete."""
    return completed if expected else 1


def _watch_in_lines(runtime: Runtime, job_id: uuid.UUID) -> JobView:
    started, last = time.monotonic(), -LINE_SECONDS
    while True:
        view, running = _look(runtime, job_id)
        ended = view.status not in OPEN
        if ended or time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            levels = " · ".join(
                f"{name} {level.completed}/{level.expected}" for name, level in view.progress.levels().items()
            )
            console.print(f"{view.progress.overall:5.1f} %  {levels}  ", end="", soft_wrap=True)
            console.print(_line(view, running, time.monotonic() - started), soft_wrap=True)
        if ended:
            return view
        time.sleep(REFRESH_SECONDS)


def _line(view: JobView, running: list[RunningNow], seconds: float) -> Text:
    spent = f"{usd(float(view.cost.actual))} so far · {duration(seconds)}"
    return Text(f"{spent} · {_activity(view, running)}", style="bright_black", no_wrap=True, overflow="ellipsis")


def _activity(view: JobView, running: list[RunningNow]) -> str:
    """What runs now, e.g. "14 calls in flight: notes of 3, 4 · questions of 1". Numbers only: titles in a script
    whose width terminals disagree about would break the lines of the display."""
    if running:
        chapters: dict[str, list[str]] = {}
        for each in running:
            chapters.setdefault(each.name, []).extend([str(each.chapter)] if each.chapter else [])
        parts = " · ".join(f"{name} of {', '.join(found)}" if found else name for name, found in chapters.items())
        return f"{sum(each.calls for each in running)} calls in flight: {parts}"
    if view.status == "pending":
        return "waiting for Airflow to start the run"
    return "between tasks" if view.status in OPEN else view.status.value
