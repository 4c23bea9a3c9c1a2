"""Excel workbooks: each sheet with words behind its page marker, as a table."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from hydrateall.documents.conversion import errors
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.packages import Package, attribute, named
from hydrateall.documents.conversion.plain import cell, table, tidied
from hydrateall.documents.schemas import PAGE_MARKER

MOST_CELLS = 2_000_000
MOST_COLUMNS = 16_384
Rows = dict[int, dict[int, str]]


def convert_sheets(content: bytes, name: str, limits: Limits) -> Conversion:
    """Values as the workbook keeps them; formulas give their last result."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        alternatives = _alternative_texts(Package(archive, name, limits))
    import openpyxl  # late: the worker leaves out what it loads, and other formats need not wait for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of extensions that hold no text
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = [(sheet.title, _rows(sheet, name)) for sheet in workbook.worksheets]
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, ElementTree.ParseError) as error:
        raise errors.CorruptFile(name, "its sheets cannot be read") from error
    if len(sheets) > limits.most_pages:
        raise errors.TooManyPages(name, len(sheets), limits.most_pages)
    pages = [_page(number, title, rows) for number, (title, rows) in enumerate(sheets, 1)]
    pictures = "\n\n".join(f"![{words}]()" for words in alternatives if words)
    markdown = "\n\n".join([*pages, pictures]).strip()
    return Conversion(
        markdown=markdown if any(rows for _, rows in sheets) else "", pages=len(sheets), images=len(alternatives)
    )


def _rows(sheet: Any, name: str) -> Rows:
    """The cells that hold something. Rows and columns that a file only declares cost nothing."""
    sheet.reset_dimensions()
    rows: Rows = {}
    count = 0
    for row in sheet.iter_rows():
        filled = {each.column: text for each in row if each.value is not None and (text := _shown(each))}
        count += len(filled)
        if count > MOST_CELLS:
            raise errors.UnpacksTooFar(name, f"has more than {MOST_CELLS:,} cells")
        if filled:
            rows[len(rows)] = filled
    return rows


def _shown(each: Any) -> str:
    """The value much as Excel shows it."""
    value, form = each.value, str(each.number_format or "")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (int, float)) and form.rstrip().endswith("%"):
        return f"{value * 100:.10g}%"
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def _page(number: int, title: str, rows: Rows) -> str:
    head = f"{PAGE_MARKER.format(number=number)}\n\n## {cell(title)}"
    return f"{head}\n\n{tidied(_grid(rows))}" if rows else head


def _grid(rows: Rows) -> str:
    """Columns that are empty throughout are left out, so that far cells make no wide table."""
    columns = sorted({column for row in rows.values() for column in row})
    if len(columns) == 1:
        return "\n\n".join(text for row in rows.values() for text in row.values())
    return table([[row.get(column, "") for column in columns] for row in _in_order(rows)])


def _in_order(rows: Rows) -> Iterable[dict[int, str]]:
    return (rows[number] for number in sorted(rows))


def _alternative_texts(package: Package) -> list[str]:
    """Of the pictures on all sheets."""
    drawings = [part for part in package.archive.namelist() if part.startswith("xl/drawings/drawing")]
    return [
        " ".join((attribute(properties, "descr") or "").split()).replace("[", "(").replace("]", ")")
        for part in sorted(drawings)
        if part.endswith(".xml")
        for picture in named(package.tree(part), "nvPicPr")
        for properties in picture
        if properties.tag.endswith("}cNvPr")
    ]
