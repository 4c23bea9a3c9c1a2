"""Tables of PDF pages: from tags, or from words that stand in columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from hydrateall.documents.conversion.pdf_lines import cells
from hydrateall.documents.conversion.pdf_tags import Tags
from hydrateall.documents.conversion.pdf_words import Line, Word, joined

FEWEST_ROWS = 3
FEWEST_COLUMNS = 2
MOST_COLUMNS = 30
ROW_DISTANCE = 3.5  # of the size: rows further apart are no rows of one table
MOST_CELL_CHARS = 120


@dataclass
class TaggedTables:
    """The words of each cell, by table, row and column; a line belongs to the table of its first word."""

    tags: Tags
    words: dict[int, dict[int, dict[int, list[Word]]]] = field(default_factory=dict)

    def table_of(self, line: Line) -> int | None:
        place = self.tags.places.get(line.words[0].content)
        return place.cell[0] if place and place.cell else None

    def rows(self, number: int) -> list[list[str]]:
        """Every row with as many cells as the widest column number asks for."""
        by_row = self.words[number]
        width = max(column for row in by_row.values() for column in row) + 1
        return [
            [joined(row[column]) if column in row else "" for column in range(width)]
            for _, row in sorted(by_row.items())
        ]


def tagged_tables(lines: list[Line], tags: Tags) -> TaggedTables:
    found = TaggedTables(tags)
    for line in lines:
        for word in line.words:
            place = tags.places.get(word.content)
            if place and place.cell:
                number, row, column = place.cell
                found.words.setdefault(number, {}).setdefault(row, {}).setdefault(column, []).append(word)
    return found


@dataclass
class GapTable:
    rows: list[list[str]]
    lines: int


def gap_table(lines: list[Line], start: int) -> GapTable | None:
    """The table that begins at this line, if at least three lines have the same columns."""
    first = cells(lines[start])
    if not FEWEST_COLUMNS <= len(first) <= MOST_COLUMNS:
        return None
    rows = [first]
    for above, line in zip(lines[start:], lines[start + 1 :], strict=False):
        parts = cells(line)
        if len(parts) < FEWEST_COLUMNS or not 0 < above.y - line.y < ROW_DISTANCE * line.size:
            break
        rows.append(parts)
    columns = _columns(rows)
    if len(rows) < FEWEST_ROWS or columns is None:
        return None
    return GapTable([_placed(row, columns) for row in rows], len(rows))


def _columns(rows: list[list[list[Word]]]) -> list[tuple[float, float]] | None:
    """(left, right) of each column: cells of different rows that overlap are of one column, and each row agrees."""
    spans = sorted((part[0].left, part[-1].right) for row in rows for part in row)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    full = sum(len(row) == len(columns) for row in rows)
    short = all(len(joined(part)) <= MOST_CELL_CHARS for row in rows for part in row)
    return columns if len(columns) >= FEWEST_COLUMNS and full >= 0.6 * len(rows) and short else None


def _placed(row: list[list[Word]], columns: list[tuple[float, float]]) -> list[str]:
    texts = [""] * len(columns)
    for part in row:
        index = next(number for number, (left, right) in enumerate(columns) if left <= part[0].left <= right)
        texts[index] = f"{texts[index]} {joined(part)}".strip()
    return texts
