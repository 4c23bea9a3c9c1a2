"""PDF documents: each page behind its marker; scanned pages by text recognition."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from hydrateall.documents.conversion import errors, old_fonts, recognition
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.pdf_calls import address_of, object_at, type_of
from hydrateall.documents.conversion.pdf_checks import opened
from hydrateall.documents.conversion.pdf_headings import headings_of, normal
from hydrateall.documents.conversion.pdf_layout import Page, written
from hydrateall.documents.conversion.pdf_lines import whole_lines
from hydrateall.documents.conversion.pdf_tags import Tags, read_tags
from hydrateall.documents.conversion.pdf_words import Line, PageText
from hydrateall.documents.schemas import PAGE_MARKER

FEW_CHARS = 25  # a page number and a stamp; a scan may carry them
COVERED = 0.5  # of the page, by pictures
MANY_PATHS = 300  # letters drawn as outlines
MOST_OBJECTS = 20_000
MOST_BOOKMARKS = 10_000


def convert_pdf(content: bytes, name: str, limits: Limits, language: str) -> Conversion:
    """All pages in their order. Pages without text are recognised, or the error says which they are."""
    until = time.monotonic() + limits.seconds
    document = opened(name, content)
    try:
        if len(document) > limits.most_pages:
            raise errors.TooManyPages(name, len(document), limits.most_pages)
        starts: dict[int, int] = {}
        pages = [_read(document, index, name, starts) for index in range(len(document))]
        unreadable = {page.number: "" for page in pages if page.scanned} | _old_hindi(pages)
        recognised, warnings = _recognise(document, unreadable, name, limits, language, until)
        headings = headings_of(
            (line for page in pages if page.number not in recognised for line in page.lines), _bookmarks(document)
        )
        texts = [recognised[page.number] if page.number in recognised else written(page, headings) for page in pages]
        title = document.get_metadata_value("Title").strip() or None
    finally:
        document.close()
    marked = [f"{PAGE_MARKER.format(number=page.number)}\n\n{text}" for page, text in zip(pages, texts, strict=True)]
    return Conversion(
        markdown="\n\n".join(part.rstrip() for part in marked) if any(texts) else "",
        pages=len(pages),
        title=title,
        warnings=warnings,
        ocr_pages=len(recognised),
        images=sum(page.images for page in pages),
    )


def _read(document: pypdfium2.PdfDocument, index: int, name: str, starts: dict[int, int]) -> Page:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise errors.CorruptFile(name, f"page {index + 1} of {len(document):,} is missing") from error
    tagged = bool(pdfium.FPDFCatalog_IsTagged(document.raw))
    try:
        text = PageText(page, tagged=tagged)
        lines = whole_lines(text.lines())
        text.close()
        pictures, covered, paths = _objects(page)
        letters = sum(len(line.text) for line in lines)
        scanned = letters < FEW_CHARS and (covered > COVERED or (not letters and paths > MANY_PATHS))
        return Page(index + 1, lines, read_tags(page, starts) if tagged else Tags(), pictures, scanned)
    finally:
        page.close()


def _objects(page: pypdfium2.PdfPage) -> tuple[int, float, int]:
    """How many pictures, how much of the page they cover, how many drawn paths."""
    width, height = page.get_size()
    pictures, area, paths, address = 0, 0.0, 0, address_of(page.raw)
    for number in range(min(pdfium.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)):
        kind = type_of(object_at(address, number))
        paths += kind == pdfium.FPDF_PAGEOBJ_PATH
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            item = pdfium.FPDFPage_GetObject(page.raw, number)
            is_picture = kind == pdfium.FPDF_PAGEOBJ_IMAGE or pdfium.FPDFFormObj_CountObjects(item) == 1
            pictures += kind == pdfium.FPDF_PAGEOBJ_IMAGE
            area += _area(item) if is_picture else 0.0
    return pictures, area / max(width * height, 1), paths


def _area(item: Any) -> float:
    left, bottom, right, top = (pdfium.FS_FLOAT() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return float(abs(right.value - left.value) * abs(top.value - bottom.value))


def _old_hindi(pages: list[Page]) -> dict[int, str]:
    """The pages whose Hindi is no Unicode, with the evidence."""
    found = {}
    for page in pages:
        font = old_fonts.used_old_font(_uses(page.lines))
        evidence = f"the font {font}" if font else old_fonts.gibberish("\n".join(line.text for line in page.lines))
        if evidence:
            found[page.number] = evidence
    return found


def _uses(lines: list[Line]) -> Iterator[tuple[str, str]]:
    return ((word.font, word.text) for line in lines for word in line.words)


def _recognise(
    document: pypdfium2.PdfDocument,
    unreadable: dict[int, str],
    name: str,
    limits: Limits,
    language: str,
    until: float,
) -> tuple[dict[int, str], list[str]]:
    """Texts by page number. Without Tesseract the first reason is the error."""
    if not unreadable:
        return {}, []
    remedy = recognition.missing(language) if limits.ocr else "Switch text recognition on, or send a version with text."
    if remedy:
        evidence = next((each for each in unreadable.values() if each), None)
        raise errors.OldHindiFont(name, evidence) if evidence else errors.ScannedPages(name, ranges(unreadable), remedy)
    texts = {number: _recognised(document, number, name, limits, language, until) for number in unreadable}
    empty = [number for number, text in texts.items() if not text]
    warnings = [f"{ranges(texts)}: read by text recognition, which makes mistakes"]
    return texts, warnings + ([f"{ranges(empty)}: a picture without letters"] if empty else [])


def _recognised(
    document: pypdfium2.PdfDocument, number: int, name: str, limits: Limits, language: str, until: float
) -> str:
    page = document[number - 1]
    try:
        return recognition.recognise(page, language, max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise errors.TookTooLong(name, limits.seconds) from error
    except subprocess.CalledProcessError as error:
        raise errors.ConverterDied(name, f"Tesseract ended with {error.returncode} on page {number}") from error
    finally:
        page.close()


def ranges(numbers: dict[int, str] | list[int]) -> str:
    """Page numbers for people: "page 3", "pages 3-5, 9"."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    words = ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
    return f"{'page' if len(numbers) == 1 else 'pages'} {words}"


def _bookmarks(document: pypdfium2.PdfDocument) -> dict[int, dict[str, int]]:
    """By page number: the normalised title of each bookmark and its level."""
    found: dict[int, dict[str, int]] = {}
    for count, bookmark in enumerate(document.get_toc(max_depth=6)):
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if count >= MOST_BOOKMARKS:
            break
        if index is not None and (words := normal(bookmark.get_title())):
            found.setdefault(index + 1, {})[words] = bookmark.level + 1
    return found
