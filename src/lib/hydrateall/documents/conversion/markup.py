"""HTML to Markdown: markdownify, with the tables, numbers, pictures and formulas that it leaves out."""

# ruff: noqa: ARG002 - markdownify calls every `convert_*` with the same three arguments

from __future__ import annotations

from collections import Counter
from typing import Any

import markdownify
from bs4 import Tag
from bs4.element import PageElement

from hydrateall.documents.conversion.mathml import to_latex
from hydrateall.documents.conversion.plain import cell, escaped_paragraph_line, table

BLOCKS = {"p", "div", "li", "blockquote", "section", "article", "main", "body", "dd", "dt", "figcaption", "caption"}
RAISED = str.maketrans("0123456789+-−()nia", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱᵃ")
MOST_SPAN = 50  # a table's cells may span more in honest files, but never in sensible ones
SIGNS_RAISED = set("0123456789+-−()n")


class Writer(markdownify.MarkdownConverter):
    """Writes one document; `images` counts its pictures."""

    class Options:
        heading_style = markdownify.ATX
        bullets = "-"
        escape_asterisks = False
        escape_underscores = False
        escape_misc = False
        newline_style = markdownify.SPACES
        wrap = True  # line ends of the source are spaces; with no width nothing is wrapped anew
        wrap_width = None

    def __init__(self) -> None:
        super().__init__()
        self.images = 0
        self._numbers: Counter[int] = Counter()
        self._cells: dict[int, str] = {}

    def process_text(self, el: PageElement, parent_tags: set[str] | None = None) -> str:
        """A text that begins a block must not read as a heading or a list."""
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        begins = el.previous_sibling is None or getattr(el.previous_sibling, "name", None) == "br"
        if begins and el.parent is not None and el.parent.name in BLOCKS:
            return escaped_paragraph_line(text)
        return text

    def written(self, element: Tag) -> str:
        """Markdown of one element and all below it."""
        text: str = self.process_tag(element)  # type: ignore[attr-defined]
        return text

    def convert_math(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        latex = to_latex(el)
        if not latex:
            return text
        if el.get("display") == "block" and "_inline" not in parent_tags:
            return f"\n\n$${latex}$$\n\n"
        return f"${latex}$"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The alternative text stays; where the picture lay is of no use outside its file."""
        self.images += 1
        alternative = " ".join(str(el.get("alt") or el.get("title") or "").split())
        return f"![{alternative.replace('[', '(').replace(']', ')')}]()" if alternative else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The words of a link stay in their sentence, its address does not."""
        return text

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """An exponent stays one: 10⁻³ is not 10-3."""
        bare = text.strip()
        return text.translate(RAISED) if bare and set(bare) <= SIGNS_RAISED else text

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = text.strip()
        if not text:
            return "\n"
        bullet = self._bullet(el)
        indented = "\n".join(f"{' ' * len(bullet)}{line}" if line else "" for line in text.split("\n"))
        return f"{bullet}{indented[len(bullet) :]}\n"

    def _bullet(self, el: Tag) -> str:
        parent = el.parent
        if parent is None or parent.name != "ol":
            return "- "
        self._numbers[id(parent)] += 1
        start, value = str(parent.get("start", "1")), str(el.get("value", ""))
        if value.isdecimal() and len(value) < 9:
            self._numbers[id(parent)] = int(value) - (int(start) if start.isdecimal() and len(start) < 9 else 1) + 1
        return f"{(int(start) if start.isdecimal() and len(start) < 9 else 1) + self._numbers[id(parent)] - 1}. "

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self._cells[id(el)] = text
        return f"{text.strip()}\n"

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_td(el, text, parent_tags)

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A grid, with spans filled by empty cells. A table of one column is no table: its cells become paragraphs."""
        grid = self._grid(el)
        caption = next((each for each in el.find_all("caption", recursive=False)), None)
        above = f"{cell(caption.get_text())}\n\n" if caption else ""
        if not grid:
            return f"\n\n{text.strip()}\n\n"
        if max(map(len, grid)) == 1 or "_inline" in parent_tags:
            between = " " if "_inline" in parent_tags else "\n\n"
            return "\n\n" + above + between.join(part.strip() for row in grid for part in row if part.strip()) + "\n\n"
        return f"\n\n{above}{table(grid)}\n\n"

    def _grid(self, el: Tag) -> list[list[str]]:
        grid: list[list[str]] = []
        hanging: dict[int, int] = {}  # column → rows that a cell above still covers
        for row in (row for row in el.find_all("tr") if row.find_parent("table") is el):
            texts: list[str] = []
            for each in row.find_all(["td", "th"], recursive=False):
                self._skip(texts, hanging)
                width, height = _span(each, "colspan"), _span(each, "rowspan")
                for column in range(len(texts), len(texts) + width):
                    hanging[column] = height - 1
                texts += [self._cells.get(id(each), ""), *[""] * (width - 1)]
            self._skip(texts, hanging)
            if any(text.strip() for text in texts):
                grid.append(texts)
        return grid

    def _skip(self, texts: list[str], hanging: dict[int, int]) -> None:
        while hanging.get(len(texts), 0) > 0:
            hanging[len(texts)] -= 1
            texts.append("")


def _span(el: Tag, name: str) -> int:
    value: Any = el.get(name)
    return min(max(int(value), 1), MOST_SPAN) if value and str(value).isdecimal() and len(str(value)) < 6 else 1
