"""Which lines of a PDF are headings, and of what level: its tags say so, its bookmarks, or its type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hydrateall.documents.conversion.pdf_words import Line

LARGER = 1.12  # than the body's type
MOST_CHARS = 200
MOST_BOLD_CHARS = 100
MOST_LEVEL = 6
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")  # a line of a table of contents
LETTER = re.compile(r"[^\W\d_]")
SENTENCE_END = (".", ",", ";", "।", ":")
NORMAL = re.compile(r"[\W_]+")
FEWEST_BOLD_SHARE = 0.5  # of a document's lines: bold type that is everywhere marks nothing
Style = tuple[float, bool]


@dataclass
class Headings:
    """The document's body size, a level for each style of heading, and its bookmarks by page."""

    body: float
    levels: dict[Style, int] = field(default_factory=dict)
    bookmarks: dict[int, dict[str, int]] = field(default_factory=dict)

    def level(self, line: Line, page: int) -> int | None:
        """The level of a line that is a heading by its bookmark or its type."""
        marked = self.bookmarks.get(page, {}).get(normal(line.text))
        if marked:
            return marked
        return self.levels.get(style_of(line)) if is_candidate(line, self.body) else None


def headings_of(lines: Iterable[Line], bookmarks: dict[int, dict[str, int]]) -> Headings:
    """The body's size is that of most letters; larger or bold styles are levels, the largest first."""
    sizes: Counter[float] = Counter()
    styles: Counter[Style] = Counter()
    lines = list(lines)
    for line in lines:
        sizes[rounded(line.size)] += len(line.text)
        styles[style_of(line)] += 1
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    wanted = {style_of(line) for line in lines if is_candidate(line, body)}
    if styles[(body, True)] > FEWEST_BOLD_SHARE * len(lines):
        wanted.discard((body, True))
    ordered = sorted(wanted, key=lambda style: (-style[0], not style[1]))
    levels = {style: min(level, MOST_LEVEL) for level, style in enumerate(ordered, 1)}
    return Headings(body, levels, bookmarks)


def is_candidate(line: Line, body: float) -> bool:
    """Larger than the body, or bold and short and no sentence."""
    if not LETTER.search(line.text) or len(line.text) > MOST_CHARS or LEADERS.search(line.text):
        return False
    if rounded(line.size) >= LARGER * body:
        return True
    bold = all(word.bold for word in line.words)
    return bold and rounded(line.size) >= 0.95 * body and _is_short_title(line.text)


def _is_short_title(text: str) -> bool:
    return len(text) <= MOST_BOLD_CHARS and not text.endswith(SENTENCE_END)


def style_of(line: Line) -> Style:
    return rounded(line.size), all(word.bold for word in line.words)


def rounded(size: float) -> float:
    """To half a point: producers round differently from line to line."""
    return round(size * 2) / 2


def normal(text: str) -> str:
    return NORMAL.sub("", text).casefold()
