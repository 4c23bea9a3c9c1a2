"""CSV files as spreadsheet programs write and read them: encodings, separators, and cells that they would change."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hydrateall.core.errors import UsageError

SAVE_AS = "In the spreadsheet program, save it as “CSV UTF-8 (comma delimited)”."
EXPORT_AGAIN = "Export the file again (`hydrateall review export`) and keep its header as it is."
SEPARATORS = (",", ";", "\t")
MOST_CHARACTERS = 1_000_000  # of one cell; the csv module's own limit is shorter than a long note in Hindi
MONTHS = (
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|"
    r"sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
# A spreadsheet program takes these for formulas (the wide forms too), and would run them.
FORMULA = re.compile(r"[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]")
# These it takes for dates, truth values or numbers, and would write back changed: 1/2 as the first of February.
REWRITTEN = re.compile(
    r"(?i:true|false)|(?=.*\d)[\s\d.,:/%$€£₹e^()+\-]+|(?i:(\d+[\s/-]+)?(" + MONTHS + r")\.?([\s/,-]+\d+)*)",
    re.IGNORECASE,
)
PLAIN_NUMBER = re.compile(r"(0|[1-9]\d{0,14})(\.\d{0,9}[1-9])?")


class CsvUnreadable(UsageError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Record:
    """One row of a file: the line on which it begins, and its cells by column."""

    line: int
    cells: dict[str, str]


def guard(cell: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program would run or rewrite."""
    return f"'{cell}" if _needs_guard(cell) else cell


def unguard(cell: str) -> str:
    """Take the apostrophe off that `guard` put there; every other one stays."""
    return cell[1:] if cell.startswith("'") and _needs_guard(cell[1:]) else cell


def _needs_guard(cell: str) -> bool:
    if not cell:
        return False
    bare = cell.lstrip("'")  # a text that looks guarded needs one apostrophe more, or it would lose its own
    if FORMULA.match(bare):
        return True
    return len(bare) < 40 and bool(REWRITTEN.fullmatch(bare)) and not PLAIN_NUMBER.fullmatch(bare)


def write_rows(out: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a CSV file in UTF-8, with the mark by which spreadsheet programs know that; return the number of rows."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    # Every cell in quotes: where a semicolon separates, what follows one in a bare text would be a cell, and run.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def read_rows(path: Path, *, known: Sequence[str], required: Sequence[str]) -> Iterator[Record]:
    """Yield the rows of a file that are not empty, one by one; raise CsvUnreadable that names the line at fault.

    UTF-8 is read with or without its mark, UTF-16 with it; the separator is that of the header.
    """
    encoding = _encoding(path)
    csv.field_size_limit(MOST_CHARACTERS)
    try:
        with path.open(encoding=encoding, newline="") as file:
            separator = _separator(file.readline())
            file.seek(0)
            yield from _records(csv.reader(file, delimiter=separator, strict=True), known, required)
    except UnicodeError:
        line = _undecodable_line(path, encoding)
        raise CsvUnreadable(
            f"Line {line} of {path.name} is not in {encoding.removesuffix('-sig').upper()}.", SAVE_AS
        ) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CsvUnreadable(f"{path.name} is a spreadsheet, not a CSV file.", SAVE_AS)
    if b"\0" in start:
        raise CsvUnreadable(f"{path.name} is neither UTF-8 nor UTF-16 with its mark.", SAVE_AS)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise CsvUnreadable(f"{path.name} is empty.", EXPORT_AGAIN)
    return "utf-8-sig"


def _undecodable_line(path: Path, encoding: str) -> int:
    if encoding == "utf-16":
        return 1
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def _separator(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _records(reader: Iterator[list[str]], known: Sequence[str], required: Sequence[str]) -> Iterator[Record]:
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = _checked_header([cell.strip().strip("\ufeff") for cell in cells], known, required)
            elif any(cell.strip() for cell in cells):
                yield _record(line, header, cells)
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise CsvUnreadable(
            f"The row that begins on line {line} cannot be read: {error}.",
            "A quotation mark is open or too many; text with quotation marks or line breaks stands between quotation "
            "marks, and those inside are doubled.",
        ) from None


def _record(line: int, header: Sequence[str], cells: Sequence[str]) -> Record:
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        raise CsvUnreadable(
            f"The row on line {line} has {len(cells)} cells, but the header has {len(header)}.",
            "A separator stands in a text that is not between quotation marks, or cells were cut off.",
        )
    if any("\0" in cell for cell in cells):
        raise CsvUnreadable(f"The row on line {line} holds a character that is no text (NUL).", SAVE_AS)
    return Record(line, {name: unguard(cell) for name, cell in zip(header, cells, strict=False) if name})


def _checked_header(header: list[str], known: Sequence[str], required: Sequence[str]) -> list[str]:
    """Refuse columns that nobody reads: a renamed column would lose its corrections without a word."""
    while header and not header[-1]:
        header.pop()
    missing = [name for name in required if name not in header]
    if missing:
        raise CsvUnreadable(f"The column {missing[0]!r} is missing.", EXPORT_AGAIN, field=missing[0])
    for name in header:
        if name not in known:
            like = difflib.get_close_matches(name, known, 1)
            hint = f" Is it {like[0]!r}?" if like else ""
            raise CsvUnreadable(f"There is no column {name!r}.{hint}", EXPORT_AGAIN, field=name or None)
        if header.count(name) > 1:
            raise CsvUnreadable(f"The column {name!r} is there twice.", EXPORT_AGAIN, field=name)
    return header
