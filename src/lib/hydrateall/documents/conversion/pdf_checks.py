"""Checks of PDF files at upload: they open, without a password, and none of their streams unpacks without end."""

from __future__ import annotations

import re
import zlib

import pypdfium2

from hydrateall.documents.conversion import errors, kinds
from hydrateall.documents.conversion.limits import Limits

PIECE = 1 << 20
DICTIONARY_BYTES = 2048  # how far before "stream" its dictionary is looked for
STREAM = re.compile(rb"(?<!end)stream\r?\n")
FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
IMAGE = re.compile(rb"/Subtype\s*/Image")
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22


def check(name: str, content: bytes, limits: Limits) -> None:
    """Refuses a PDF that cannot be opened or that unpacks too far."""
    if not content.startswith(kinds.PDF_START):
        _refuse_start(name, content)
    if _ends_as_zip(content):
        raise errors.TwoFilesInOne(name, "a PDF", "a zip archive")
    _check_streams(name, content, limits)
    document = opened(name, content)
    try:
        pages = len(document)
        if pages > limits.most_pages:
            raise errors.TooManyPages(name, pages, limits.most_pages)
        _check_first_and_last(name, document, pages)
    finally:
        document.close()


def opened(name: str, content: bytes) -> pypdfium2.PdfDocument:
    """The document, or why it cannot be opened. One with only an owner's password opens: reading is allowed."""
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise errors.EncryptedFile(name) from error
        raise errors.CorruptFile(name, "its table of contents cannot be read, or its end is missing") from error


def _refuse_start(name: str, content: bytes) -> None:
    """Readers that search for the start further on would see other bytes as the file than we do."""
    if kinds.PDF_START in content[:1024]:
        raise errors.TwoFilesInOne(name, "a PDF", "something before it")
    holds = kinds.foreign(content) or ("a zip archive" if content.startswith(kinds.ZIP_START) else "something else")
    raise errors.MislabelledFile(
        name, kinds.PDF.words, holds, "Give it the extension of what it holds, or save it as PDF."
    )


def _ends_as_zip(content: bytes) -> bool:
    """Whether zip programs would open it: their directory's end record reaches to the last byte."""
    at = content.rfind(ZIP_END, max(0, len(content) - ZIP_END_BYTES - 65_535))
    if at < 0 or at + ZIP_END_BYTES > len(content):
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    return at + ZIP_END_BYTES + comment == len(content)


def _check_streams(name: str, content: bytes, limits: Limits) -> None:
    """Unpacks what is no picture piece by piece, without keeping it. Pictures are unpacked by the page, if at all."""
    unpacked = 0
    for start in STREAM.finditer(content):
        dictionary = content[max(0, start.start() - DICTIONARY_BYTES) : start.start()].rpartition(b"obj")[2]
        filters = len(FLATE.findall(dictionary))
        if filters > 1:
            raise errors.UnpacksTooFar(name, "packs a stream twice")
        if filters and not IMAGE.search(dictionary):
            unpacked += _unpacked_bytes(content, start.end(), limits.most_unpacked_bytes - unpacked)
        if unpacked > limits.most_unpacked_bytes:
            raise errors.UnpacksTooFar(name, f"unpacks to more than {errors.megabytes(limits.most_unpacked_bytes)}")


def _unpacked_bytes(content: bytes, start: int, most: int) -> int:
    """The unpacked size, counted no further than just above `most`."""
    end = content.find(b"endstream", start)
    packed = content[start : end if end > 0 else len(content)]
    unpacking, size = zlib.decompressobj(), 0
    try:
        while packed and size <= most and not unpacking.eof:
            size += len(unpacking.decompress(packed, PIECE))
            packed = unpacking.unconsumed_tail
    except zlib.error:
        return size
    return size


def _check_first_and_last(name: str, document: pypdfium2.PdfDocument, pages: int) -> None:
    """A page count can be declared without pages; the first and the last must be there."""
    if not pages:
        raise errors.CorruptFile(name, "it has no pages")
    for index in {0, pages - 1}:
        try:
            document[index].close()
        except pypdfium2.PdfiumError as error:
            raise errors.CorruptFile(name, f"page {index + 1} of {pages:,} is missing") from error
