"""Charts of days as figures for a drawing: columns on a scale with round steps. Templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 460, 150  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 44, 4, 10, 20
GAP = 3.0
STEPS = 3  # lines of the scale, as a rule


@dataclass(frozen=True)
class Piece:
    """One part of a column, of one kind (a class of the style sheet)."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """One day: its parts from the bottom up, and what it stands for in words."""

    day: date
    x: float
    pieces: list[Piece]
    words: str


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    y: float
    value: float


@dataclass(frozen=True)
class Chart:
    """The drawing; `marks` are the days that are named below it."""

    columns: list[Column]
    ticks: list[Tick]
    marks: list[Column]
    column_width: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def columns(days: Sequence[tuple[date, Sequence[tuple[str, float]], str]], *, whole_numbers: bool = False) -> Chart:
    """Draw days, each with its parts by kind and its words, as stacked columns; at least one day."""
    most = max(sum(value for _kind, value in parts) for _day, parts, _words in days)
    step = _step(most, whole_numbers=whole_numbers)
    top = max(step, math.ceil(most / step) * step)
    scale = (HEIGHT - TOP - BOTTOM) / top
    room = (WIDTH - LEFT - RIGHT) / len(days)
    drawn = [
        Column(day, round(LEFT + number * room + GAP / 2, 1), _stack(parts, scale), words)
        for number, (day, parts, words) in enumerate(days)
    ]
    ticks = [Tick(HEIGHT - BOTTOM - count * step * scale, count * step) for count in range(round(top / step) + 1)]
    return Chart(drawn, ticks, drawn[:: max(1, len(drawn) // 5)], round(room - GAP, 1))


def _stack(parts: Sequence[tuple[str, float]], scale: float) -> list[Piece]:
    pieces, base = [], float(HEIGHT - BOTTOM)
    for kind, value in parts:
        if value > 0:
            height = max(1.0, value * scale)
            base -= height
            pieces.append(Piece(kind, round(base, 1), round(height, 1)))
    return pieces


def _step(most: float, *, whole_numbers: bool) -> float:
    """The round distance between two lines: 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return 1.0
    rough = most / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough - 1e-12)
    return max(1.0, step) if whole_numbers else float(step)
