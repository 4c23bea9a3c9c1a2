"""What a tagged PDF says of itself: headings, cells of tables, alternative texts of figures."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from hydrateall.documents.conversion.pdf_calls import (
    address_of,
    alternative_of,
    content_at,
    count_parts,
    kind_of,
    part_at,
)

HEADING = re.compile(r"H([1-6])$")
MOST_ELEMENTS, MOST_DEPTH = 50_000, 100
LONG_LIST, WINDOW = 200, 100
CELLS = ("TD", "TH")


@dataclass(frozen=True)
class Place:
    """Where marked content belongs: a heading's level, or a cell (table, row, column)."""

    heading: int | None = None
    cell: tuple[int, int, int] | None = None


@dataclass
class Tags:
    """Of one page. `figures` are (the marked content before the figure, alternative text)."""

    places: dict[int, Place] = field(default_factory=dict)
    figures: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Walk:
    tags: Tags
    starts: dict[int, int]  # by depth, where the parts of the page before began in a long list
    tables: int = 0
    row: int = -1
    column: int = -1
    last: int = -1
    visited: int = 0


def read_tags(page: pypdfium2.PdfPage, starts: dict[int, int]) -> Tags:
    """The page's part of the structure tree; empty for a page without one. `starts` is kept from page to page."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    walk = _Walk(Tags(), starts)
    if not tree:
        return walk.tags
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            _visit(address_of(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)), Place(), walk, 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return walk.tags


def _visit(element: int, place: Place, walk: _Walk, depth: int) -> None:
    """Parts that stand on other pages are none here: the root lists those of the whole document."""
    walk.visited += 1
    if not element or depth > MOST_DEPTH or walk.visited > MOST_ELEMENTS:
        return
    kind = _string(kind_of, element)
    place = _entered(kind, place, walk)
    if kind == "Figure" and (words := " ".join(_string(alternative_of, element).split())):
        walk.tags.figures.append((walk.last, words))
    for index in _parts_here(element, walk, depth):
        part = part_at(element, index)
        if part:
            _visit(part, place, walk, depth + 1)
        elif (content := content_at(element, index)) >= 0:
            walk.tags.places[content] = place
            walk.last = content


def _parts_here(element: int, walk: _Walk, depth: int) -> Iterator[int]:
    """The parts to look at. A long list is that of a whole document: a page's parts stand together in it, behind those
    of the page before, so that not every page must ask all of them."""
    count = count_parts(element)
    start = max(0, walk.starts.get(depth, 0) - WINDOW) if count > LONG_LIST else 0
    if start == 0 and count <= LONG_LIST:
        yield from range(count)
        return
    first, last = None, start
    for index in range(start, count):
        if part_at(element, index) or content_at(element, index) >= 0:
            first, last = index if first is None else first, index
            yield index
        elif first is not None and index - last > WINDOW:
            break
    if first is None and start:
        yield from range(start)
    walk.starts[depth] = first if first is not None else walk.starts.get(depth, 0)


def _entered(kind: str, place: Place, walk: _Walk) -> Place:
    """The place of what is inside an element of this kind. A table within a cell counts as the cell's text."""
    if heading := HEADING.match(kind):
        return Place(heading=int(heading.group(1)))
    if place.cell is not None:
        return place
    if kind == "Table":
        walk.tables, walk.row = walk.tables + 1, -1
    elif kind == "TR":
        walk.row, walk.column = walk.row + 1, -1
    elif kind in CELLS and walk.tables:
        walk.column += 1
        return Place(cell=(walk.tables, max(walk.row, 0), walk.column))
    return place


def _string(ask: Callable[[int, Any, int], int], element: int) -> str:
    size = ask(element, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(element, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")
