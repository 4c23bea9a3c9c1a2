"""Markdown and plain text: their encoding, and lines that only look like marks."""

from __future__ import annotations

import re
import unicodedata

from hydrateall.documents.conversion import errors
from hydrateall.documents.conversion.limits import Conversion

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
WINDOWS_1252 = "the text is not UTF-8; it was read as Windows-1252"
WINDOWS_LETTERS = re.compile("[A-Za-z0-9À-ÖØ-öø-ÿœŒšŠžŽ\\s‘’“”–—…•€£°§©®™±×÷½¼¾²³µ«»¿¡·ªº´¨¸^~¬¦¢¥ƒˆ˜‚„†‡‰‹›]")
SAMPLE = 200_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
PAGE_MARK = re.compile(r"^([ \t]*)<!--([ \t]*page[ \t]+\d+[ \t]*-->[ \t]*)$", re.MULTILINE)
STARTS_AS_MARK = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|```|~~~|=+$|-{3,}$)")
STARTS_AS_LIST = re.compile(r"^(\s*)(\d{1,9})([.)])(?=\s)")
STARTS_AS_BULLET = re.compile(r"^(\s*)([-+*])(?=\s)")
FIRST_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)


def convert_text(content: bytes, name: str, *, is_markdown: bool) -> Conversion:
    """The text in UTF-8 with "\\n". Plain text keeps its paragraphs; its lines never turn into headings."""
    text, warnings = decoded(content, name)
    text = tidied(text)
    if not is_markdown:
        text = "\n".join(escaped_line(line) for line in text.split("\n"))
    heading = FIRST_HEADING.search(text) if is_markdown else None
    return Conversion(markdown=text, title=heading.group(1) if heading else None, warnings=warnings)


def decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """The characters, and what was doubtful: by byte order mark, else UTF-8, else Windows-1252 if that reads well."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding, name), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _windows_1252(content, name, error)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise errors.UnknownEncoding(name, f"it begins as {encoding.upper()} but byte {error.start} is not") from error


def _windows_1252(content: bytes, name: str, first: UnicodeDecodeError) -> tuple[str, list[str]]:
    why = f"byte {first.start} is not UTF-8, and it does not read as Windows-1252 either"
    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise errors.UnknownEncoding(name, why) from error
    foreign = [sign for sign in text[:SAMPLE] if ord(sign) > 127]
    odd = sum(not WINDOWS_LETTERS.match(sign) for sign in foreign)
    if odd > 0.1 * len(foreign) or len(foreign) > 0.3 * len(text[:SAMPLE]):
        raise errors.UnknownEncoding(name, why)
    return text, [WINDOWS_1252]


def tidied(text: str) -> str:
    """One kind of line end, no control characters, Unicode NFC, and no page marker but our own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\u2028", "\n")
    text = unicodedata.normalize("NFC", CONTROL.sub("", text)).replace("\ufeff", "")
    return PAGE_MARK.sub(r"\1\\<!--\2", text)


def escaped_line(line: str) -> str:
    """The line with a backslash where Markdown would take its start for a heading, a quotation or code."""
    return STARTS_AS_MARK.sub(r"\1\\\2", line)


def escaped_paragraph_line(line: str) -> str:
    """As `escaped_line`, for text that is known to be no list either."""
    line = STARTS_AS_LIST.sub(r"\1\2\\\3", escaped_line(line))
    return STARTS_AS_BULLET.sub(r"\1\\\2", line)


def cell(text: str) -> str:
    """Text for a cell of a Markdown table: one line, with its bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def table(rows: list[list[str]]) -> str:
    """A Markdown table whose first row is its head. Short rows are filled."""
    width = max(map(len, rows))
    lines = [f"| {' | '.join([*map(cell, row), *[''] * (width - len(row))])} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])
