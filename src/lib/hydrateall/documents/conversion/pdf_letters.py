"""The letters of a PDF page as PDFium keeps them: their boxes, and the runs of one font and height they belong to."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from hydrateall.documents.conversion.pdf_calls import (
    address_of,
    char_box,
    char_object,
    char_origin,
    char_size,
    content_of,
    font_of,
)

BOLD = re.compile(r"(?i)bold|black|heavy|semib|demi")
BOLD_WEIGHT = 600
LIKE_SPACES = str.maketrans({"\r": " ", "\u00a0": " ", "\u2028": "\n"})
SMALLEST_SIZE = 2.5
NAME_BYTES = 256


@dataclass(slots=True, frozen=True)
class Run:
    """What all letters of one text object share; `y` is the baseline, `content` the marked content (-1: none)."""

    object: int
    font: str
    bold: bool
    size: float
    y: float
    content: int


class Letters:
    """One page's letters by their index. Its buffers are made once a page."""

    def __init__(self, page: pypdfium2.PdfPage, *, tagged: bool) -> None:
        self.page = page
        self._text = page.get_textpage()
        self._raw = self._text.raw
        self._address = address_of(self._raw)
        self._tagged = tagged
        self._runs: dict[int, Run] = {}
        self._fonts: dict[int, tuple[str, bool]] = {}
        self._box = (ctypes.c_double * 4)()  # left, right, bottom, top
        start = ctypes.addressof(self._box)
        self._places = (start, start + 8, start + 16, start + 24)
        self._name = ctypes.create_string_buffer(NAME_BYTES)
        self._flags = ctypes.c_int()

    def close(self) -> None:
        self._text.close()

    def characters(self) -> str:
        """One sign for each of PDFium's, which are halves beyond U+FFFF: places in the text are PDFium's indices."""
        count = max(0, pdfium.FPDFText_CountChars(self._raw))
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._raw, 0, count, buffer)
        codes = buffer[:count]
        if written != count + 1:
            codes = [pdfium.FPDFText_GetUnicode(self._raw, index) & 0xFFFF for index in range(count)]
        return "".join(map(chr, codes)).translate(LIKE_SPACES)

    def left(self, index: int) -> float:
        char_box(self._address, index, *self._places)
        return self._box[0]

    def right(self, index: int) -> float:
        char_box(self._address, index, *self._places)
        return self._box[1]

    def bottom(self, index: int) -> float:
        char_box(self._address, index, *self._places)
        return self._box[2]

    def is_generated(self, index: int) -> bool:
        """Whether PDFium put the sign in: a space that it saw between two letters."""
        return bool(pdfium.FPDFText_IsGenerated(self._raw, index) == 1)

    def run(self, index: int) -> Run:
        found = char_object(self._address, index) or 0
        run = self._runs.get(found)
        if run is None or not found:
            run = self._runs[found] = self._measured(found, index)
        return run

    def _measured(self, found: int, index: int) -> Run:
        char_origin(self._address, index, *self._places[:2])
        y = self._box[1]
        font, bold = self._font(found, index)
        content = content_of(found) if self._tagged and found else -1
        return Run(found, font, bold, self._size(index), y, content)

    def _size(self, index: int) -> float:
        """Points. Some programs set all type in size 1 and stretch it; then the letter's box tells."""
        size: float = char_size(self._address, index)
        if size > SMALLEST_SIZE:
            return size
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._raw, index, box)
        return abs(box.top - box.bottom) / 1.2 or size

    def _font(self, found: int, index: int) -> tuple[str, bool]:
        font = font_of(found) or 0 if found else 0
        if not font or font not in self._fonts:
            pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, NAME_BYTES, self._flags)
            name = self._name.value.decode("utf-8", "replace")
            heavy = pdfium.FPDFText_GetFontWeight(self._raw, index) >= BOLD_WEIGHT
            self._fonts[font] = (name, bool(BOLD.search(name)) or heavy)
        return self._fonts[font]
