"""Letters of a PDF that are drawn in several pieces and spelled once (`ActualText`), as browsers print Hindi.

PDFium gives the spelling to the first piece alone and sees a gap, and so a space, where the others stand.
"""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from hydrateall.documents.conversion.pdf_calls import (
    address_of,
    bounds_of,
    count_marks,
    mark_at,
    object_at,
    text_of_mark,
)

MOST_OBJECTS = 100_000
MOST_PIECES = 20


class Spelling:
    """Finds the pieces of a spelling. The page's objects are listed when the first is asked for."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = address_of(page.raw)
        self._count = min(pdfium.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)
        self._objects: list[int] = []
        self._places: dict[int, int] = {}
        self._needed = ctypes.c_ulong()
        self._bounds = (ctypes.c_float * 4)()  # left, bottom, right, top

    def right_edge(self, item: int) -> float | None:
        """Where all ends that is spelled with this text object; None if nothing is."""
        mark = self._mark(item) if item else 0
        if not mark:
            return None
        if not self._objects:
            self._objects = [object_at(self._page, number) or 0 for number in range(self._count)]
            self._places = {each: number for number, each in enumerate(self._objects)}
        edge, place = self._right(item), self._places.get(item, self._count)
        for other in self._objects[place + 1 : place + MOST_PIECES]:
            if self._mark(other) != mark:
                break
            edge = max(edge, self._right(other))
        return edge

    def _mark(self, item: int) -> int:
        """The mark with the spelling; pieces of one spelling share it."""
        for number in range(count_marks(item)):
            mark: int = mark_at(item, number) or 0
            if text_of_mark(mark, b"ActualText", None, 0, ctypes.addressof(self._needed)):
                return mark
        return 0

    def _right(self, item: int) -> float:
        start = ctypes.addressof(self._bounds)
        bounds_of(item, start, start + 4, start + 8, start + 12)
        return self._bounds[2]
