"""Fill chunks: sections stay whole where they fit, long ones are cut, small neighbours under one heading join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hydrateall.documents.chunking.boundaries import SMALL, Boundaries
from hydrateall.documents.chunking.outline import Outline, Path


class Span(NamedTuple):
    """A chunk to be. `section` is where the section begins that it continues: its overlap reaches back to there."""

    start: int
    end: int
    weight: int
    path: Path
    section: int


def pack(outline: Outline, boundaries: Boundaries, *, most: int, overlap: int) -> Iterator[Span]:
    """Yield spans that together are the text, none heavier than `most`, and those that get an overlap lighter by it."""
    over: Path = ()
    begun, until, held, section, room = 0, 0, 0, 0, most  # the span held back, because what follows may join
    for start, body, end, path in outline.sections:
        weight = boundaries.weight_within(start, end, most)
        if held:
            if held + weight <= room and SMALL * min(held, weight) <= most:
                joint = _joint_path(over, path, is_bare=body >= end)
                if joint:
                    until, held, over = end, held + weight, joint
                    continue
            yield Span(begun, until, held, over, section)
        begun, room, section, over = start, most, start, path
        while weight > room:
            until = boundaries.cut(begun, body, end, room=room, most=most)
            if until >= end:  # a block at the end that takes the room of the overlap
                weight = boundaries.weight(begun, end)
                break
            yield Span(begun, until, boundaries.weight(begun, until), path, section)
            begun, room = until, most - overlap
            weight = boundaries.weight_within(begun, end, room)
        until, held = end, weight
    if held:
        yield Span(begun, until, held, over, section)


def _joint_path(held: Path, path: Path, *, is_bare: bool) -> Path:
    """The headings over both; headings without text go with what is before them."""
    return held if is_bare or held == path else _common(held, path)


def _common(one: Path, other: Path) -> Path:
    length = min(len(one), len(other))
    while one[:length] != other[:length]:
        length -= 1
    return one[:length]
