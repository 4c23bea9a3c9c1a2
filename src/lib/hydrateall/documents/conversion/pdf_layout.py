"""A PDF page's lines as Markdown: headings, lists, tables, paragraphs. Lines within a paragraph stay lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from hydrateall.documents.conversion.pdf_headings import Headings, normal, rounded, style_of
from hydrateall.documents.conversion.pdf_tables import gap_table, tagged_tables
from hydrateall.documents.conversion.pdf_tags import Tags
from hydrateall.documents.conversion.pdf_words import MONOSPACED, Line
from hydrateall.documents.conversion.plain import escaped_line, table, tidied

BULLET = re.compile(r"^[•‣▪▫◦●○■□–—∙·➢➤✓❖◆\uf0b7\uf0a7\uf0d8*-]\s+(?=\S)")
NUMBER = re.compile(r"^(?:\(?(\d{1,3})[.)]|\(?([a-zA-Z]|[ivx]{1,5})[.)])\s+(?=\S)")
NEW_PARAGRAPH = 1.25  # of the usual distance of lines
INDENT = 0.8  # of the size: the first line of a paragraph stands in by more
SAME_HEADING = 2.0  # of the size: lines of one heading are no further apart


@dataclass
class Page:
    """What was read of a page before it is written. `number` counts from 1."""

    number: int
    lines: list[Line]
    tags: Tags = field(default_factory=Tags)
    images: int = 0
    scanned: bool = False


def written(page: Page, headings: Headings) -> str:
    """The page's Markdown without its marker."""
    writer = _Writer(page, headings)
    grids = tagged_tables(page.lines, page.tags)
    shown: set[int] = set()
    index = 0
    while index < len(page.lines):
        line = page.lines[index]
        number = grids.table_of(line)
        if number is not None:
            if number not in shown:
                writer.block(table(grids.rows(number)))
            shown.add(number)
            index += 1
        elif found := gap_table(page.lines, index):
            writer.block(table(found.rows))
            index += found.lines
        else:
            writer.line(line)
            index += 1
        writer.figures(line)
    return writer.text()


class _Writer:
    """Takes lines one by one and puts them into blocks."""

    def __init__(self, page: Page, headings: Headings) -> None:
        self.page, self.headings = page, headings
        self.blocks: list[str] = []
        self.open: list[str] = []
        self.code: list[Line] = []
        self.before: Line | None = None
        self.level: int | None = None
        self.item: float | None = None  # where the text of the open list item begins
        self.item_indent = ""
        self.indents: list[float] = []
        self.leading = _leading(page.lines)
        self.pending = list(page.tags.figures)

    def line(self, line: Line) -> None:
        level = self._level(line)
        if self._is_code(line):
            self._code(line)
        elif level is not None:
            self._heading(line, level)
        elif BULLET.match(line.text) or NUMBER.match(line.text):
            self._item(line)
        elif self.item is not None and not self.code and self._continues_item(line):
            self.open.append(self.item_indent + escaped_line(line.text))
        else:
            self._paragraph(line)
        self.before = line

    def block(self, text: str) -> None:
        self._close()
        self.blocks.append(text)
        self.before = None

    def figures(self, line: Line) -> None:
        """Alternative texts that belong behind this line."""
        contents = {word.content for word in line.words}
        for figure in [each for each in self.pending if each[0] in contents]:
            self.pending.remove(figure)
            self.block(_image(figure[1]))

    def text(self) -> str:
        self._close()
        blocks = [*self.blocks, *(_image(words) for _, words in self.pending)]
        return tidied("\n\n".join(block for block in blocks if block.strip()))

    def _level(self, line: Line) -> int | None:
        places = [self.page.tags.places.get(word.content) for word in line.words]
        tagged = next((place.heading for place in places if place and place.heading), None)
        if tagged:
            return tagged
        if any(places) and not self.headings.bookmarks.get(self.page.number, {}).get(normal(line.text)):
            return None if self._has_tagged_headings() else self.headings.level(line, self.page.number)
        return self.headings.level(line, self.page.number)

    def _has_tagged_headings(self) -> bool:
        return any(place.heading for place in self.page.tags.places.values())

    def _is_code(self, line: Line) -> bool:
        return all(MONOSPACED.search(word.font) for word in line.words)

    def _code(self, line: Line) -> None:
        """Typewriter's type is a fenced block; its indents are measured by its letters."""
        if not self.code:
            self._close()
            self.code = [line]
        elif 0 < self.code[-1].y - line.y < 3 * line.size:
            self.code.append(line)
        else:
            self._close()
            self.code = [line]

    def _heading(self, line: Line, level: int) -> None:
        near = self.before is not None and abs(self.before.y - line.y) < SAME_HEADING * line.size
        if self.level == level and near and self.before and style_of(self.before) == style_of(line) and self.blocks:
            self.blocks[-1] += f" {line.text}"
            return
        self._close()
        self.blocks.append(f"{'#' * level} {line.text}")
        self.level = level

    def _item(self, line: Line) -> None:
        if self.code:
            self._close()
        bullet, number = BULLET.match(line.text), NUMBER.match(line.text)
        found = bullet or number
        rest = line.text[found.end() :] if found else line.text
        mark = (
            "- "
            if bullet or not number
            else f"{number.group(1)}. "
            if number.group(1)
            else f"- {found.group() if found else ''}"
        )
        if self.item is None:
            self._close()
            self.indents = []
        self.level = None
        depth = self._depth(line.left, line.size)
        self.item_indent = "   " * depth + " " * (3 if mark[0].isdigit() else 2)
        self.item = line.words[1].left if len(line.words) > 1 else line.left + line.size
        self.open.append(f"{'   ' * depth}{mark}{rest}")

    def _depth(self, left: float, size: float) -> int:
        self.indents = [indent for indent in self.indents if indent < left - 0.4 * size]
        self.indents.append(left)
        return len(self.indents) - 1

    def _continues_item(self, line: Line) -> bool:
        """Hanging lines: they begin where the item's text begins, not where its mark does."""
        assert self.item is not None
        near = self.before is None or 0 < self.before.y - line.y < NEW_PARAGRAPH * max(self.leading, line.size)
        return near and line.left > self.item - 0.6 * line.size

    def _paragraph(self, line: Line) -> None:
        if self.code or self.item is not None or self.level is not None or self._begins_paragraph(line):
            self._close()
        self.open.append(escaped_line(line.text))

    def _begins_paragraph(self, line: Line) -> bool:
        before = self.before
        if before is None or not self.open:
            return True
        distance = before.y - line.y
        if distance < -0.5 * line.size or distance > NEW_PARAGRAPH * max(self.leading, line.size):
            return True
        if abs(rounded(before.size) - rounded(line.size)) > 1:
            return True
        return INDENT * line.size < line.left - before.left < 4 * line.size and before.text.endswith(
            (".", "।", "?", "!", ":")
        )

    def _close(self) -> None:
        if self.code:
            self.blocks.append(_fenced(self.code))
        self.code = []
        if self.open:
            self.blocks.append("\n".join(self.open))
        self.open, self.item, self.level, self.indents = [], None, None, []


def _fenced(lines: list[Line]) -> str:
    edge = min(line.left for line in lines)
    letter = 0.6 * max(line.size for line in lines)
    body = [" " * round((line.left - edge) / max(letter, 1)) + line.text for line in lines]
    fence = "~~~" if any("```" in line for line in body) else "```"
    return "\n".join([fence, *body, fence])


def _leading(lines: list[Line]) -> float:
    """The usual distance of two lines on the page."""
    distances = sorted(above.y - below.y for above, below in pairwise(lines) if 0 < above.y - below.y < 3 * above.size)
    return distances[len(distances) // 3] if distances else 12.0


def _image(words: str) -> str:
    return f"![{words.replace('[', '(').replace(']', ')')}]()"
