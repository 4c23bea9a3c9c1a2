"""The timeline of a run as figures for a drawing: one lane a chapter, one bar a level, on a common scale of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hydrateall.hydration.board import BoardRow, Cell
from hydrateall.hydration.enums import Level

WIDTH, LABEL, LANE, BAR, HEAD = 1180, 260, 24, 5, 26  # of the drawing, in its own units
LEAST = 2.0  # a bar that is narrower cannot be seen
LABEL_LETTERS = 36
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 172800, 604800)
MOST_TICKS = 10


@dataclass(frozen=True)
class Bar:
    """One level of one chapter: where it begins and how long it is."""

    level: Level
    x: float
    y: float
    width: float
    failed: bool
    minutes: float


@dataclass(frozen=True)
class Lane:
    """One chapter: its label as far as it fits, and its bars."""

    title: str
    label: str
    y: int
    bars: list[Bar]


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    x: float
    minutes: float


@dataclass(frozen=True)
class Timeline:
    """The drawing."""

    lanes: list[Lane]
    ticks: list[Tick]
    height: int
    begin: datetime
    minutes: float
    width: int = WIDTH
    label: int = LABEL
    bar: int = BAR


def timeline(matrix: Sequence[BoardRow], *, now: datetime, whole: str) -> Timeline | None:
    """Draw what has begun; None before anything has. `whole` names the lane of the whole subject."""
    begun = [cell for row in matrix for cell in row.cells.values() if cell.started_at]
    if not begun:
        return None
    begin = min(cell.started_at for cell in begun if cell.started_at)
    end = max(*(_end(cell, now) for cell in begun), begin + timedelta(seconds=1))
    seconds = (end - begin).total_seconds()
    scale = (WIDTH - LABEL - 8) / seconds
    rows = [row for row in matrix if any(cell.started_at for cell in row.cells.values())]
    lanes = [_lane(row, place, begin, now, scale, whole) for place, row in enumerate(rows)]
    step = next((each for each in STEPS if seconds / each <= MOST_TICKS), STEPS[-1])
    ticks = [Tick(LABEL + at * scale, at / 60) for at in range(0, int(seconds) + 1, step)]
    return Timeline(lanes, ticks, HEAD + LANE * len(lanes) + 4, begin, seconds / 60)


def _end(cell: Cell, now: datetime) -> datetime:
    """Work that is in flight lasts until now; work that was begun and given back ended somewhere unknown."""
    return cell.finished_at or (now if cell.running else cell.started_at) or now


def _lane(row: BoardRow, place: int, begin: datetime, now: datetime, scale: float, whole: str) -> Lane:
    title = whole if row.chapter is None else f"{row.chapter}. {row.title}"
    label = title if len(title) <= LABEL_LETTERS else f"{title[: LABEL_LETTERS - 1].rstrip()}…"
    y = HEAD + place * LANE
    bars = [_bar(cell, y, begin, now, scale) for cell in row.cells.values() if cell.started_at]
    return Lane(title, label, y, bars)


def _bar(cell: Cell, y: int, begin: datetime, now: datetime, scale: float) -> Bar:
    started = cell.started_at or begin
    seconds = (_end(cell, now) - started).total_seconds()
    row = 0 if cell.level in (Level.CHAPTERS, Level.TOPICS) else cell.level - Level.TOPICS
    return Bar(
        level=cell.level,
        x=round(LABEL + (started - begin).total_seconds() * scale, 1),
        y=y + 3 + row * (BAR + 1),
        width=round(max(LEAST, seconds * scale), 1),
        failed=bool(cell.failed),
        minutes=seconds / 60,
    )
