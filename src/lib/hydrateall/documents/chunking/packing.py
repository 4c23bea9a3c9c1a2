"""Fill chunks: sections stay whole where they fit, long ones are cut, small neighbours under one heading join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hydrateall.documents.chunking.boundaries import SMALL, Boundaries
from hydrateall.documents.chunking.outline import Outline, Path, Section, is_blank


class Span(NamedTuple):
    """A chunk to be. `section` is where the section begins that it continues: its overlap reaches back to there."""

    start: int
    end: int
    weight: int
    path: Path
    section: int


def pack(outline: Outline, boundaries: Boundaries, *, most: int, overlap: int) -> Iterator[Span]:
    """Yield spans that together are the text, none heavier than `most`, and those that get an overlap lighter by it."""
    held, room = None, most  # the latest span is held back, because what follows may join it
    for section in outline.sections:
        start, body, end, path = section
        weight = boundaries.weight_within(start, end, most)
        if held is not None:
            if held.weight + weight <= room and SMALL * min(held.weight, weight) <= most:
                joint = _joint_path(held, section, boundaries.text)
                if joint is not None:
                    held = Span(held.start, end, held.weight + weight, joint, held.section)
                    continue
            yield held
        room = most
        while weight > room:
            place = boundaries.cut(start, body, end, room=room, most=most)
            if place >= end:  # a block at the end that takes the room of the overlap
                weight = boundaries.weight(start, end)
                break
            yield Span(start, place, boundaries.weight(start, place), path, section[0])
            start, room = place, most - overlap
            weight = boundaries.weight_within(start, end, room)
        held = Span(start, end, weight, path, section[0])
    if held is not None:
        yield held


def _joint_path(held: Span, section: Section, text: str) -> Path | None:
    """The headings over both, if there are any; what has no text of its own goes with either."""
    _, body, end, path = section
    if held.path == path or body >= end:
        return held.path or None
    if not held.path:
        return path if is_blank(text, held.start, held.end) else None
    return _common(held.path, path) or None


def _common(one: Path, other: Path) -> Path:
    length = min(len(one), len(other))
    while one[:length] != other[:length]:
        length -= 1
    return one[:length]
