"""What a text is made of, in one scan: sections under headings, blocks to keep whole, and where pages begin.

Headings are ATX headings (`## Mirrors`); in a code block a `#` is none. Kept whole where they fit: code blocks, tables
and displayed formulas. Pages begin at lines `<!-- page 3 -->`, wherever these stand.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache

PAGE_LINE = r"<!--[ ]page[ ](?P<number>\d{1,6})[ ]-->[ \t\r]*(?=\n|\Z)"
MARKER = re.compile(rf"\n{PAGE_LINE}")
NO_CONTENT = re.compile(r"(?:\s++|<!-- page \d{1,6} -->)*+")
EVENT = re.compile(
    rf"""\n(?=[ \#`~$|:\-<])(?!-[ ])[ ]{{0,3}}(?:
        (?P<level>\#{{1,6}})(?:[ \t]+(?P<title>[^\n]*))?(?=\n|\Z)(?=(?P<gap>\s*))
      | (?P<fence>`{{3,}}(?=[^`\n]*(?:\n|\Z))|~{{3,}})
      | (?P<formula>\$\$)
      | (?P<rows>\|[^\n]*+(?:\n[ ]{{0,3}}\|[^\n]*+)*+)
      | (?P<rule>:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)++\|?[ \t\r]*(?:\n(?=[^\n]*\|)[^\n]++)*+)(?=\n|\Z)
      | (?<=\n)(?P<page>{PAGE_LINE})
    )""",
    re.VERBOSE,
)
"""Opens with what most lines fail at once, list entries too."""
LONGEST_HEADING = 200  # signs of a heading that each chunk under it repeats
CLOSING_HASHES = re.compile(r"(?:^|[ \t]+)#+\Z")


Path = tuple[str, ...]
Section = tuple[int, int, int, Path]
"""A heading (with those right above it) and the text under it: start, where its text begins, end, headings over it."""


@dataclass
class Outline:
    """The structure of a text; lists of places are in ascending order. The sections together are the text, and each
    has text of its own, but for one whose headings end the document."""

    sections: list[Section] = field(default_factory=list)
    block_starts: list[int] = field(default_factory=list)
    block_ends: list[int] = field(default_factory=list)
    marker_starts: list[int] = field(default_factory=list)
    marker_ends: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def block_across(self, place: int) -> tuple[int, int] | None:
        """The block that a cut at this place would part."""
        index = bisect_left(self.block_starts, place) - 1
        if index >= 0 and self.block_ends[index] > place:
            return self.block_starts[index], self.block_ends[index]
        return None

    def page_at(self, place: int) -> int | None:
        """The page that this place stands on; none before the first marker."""
        index = bisect_right(self.marker_starts, place)
        return self.pages[index - 1] if index else None


def is_blank(text: str, start: int, end: int) -> bool:
    """Whether a span holds nothing but space and page markers."""
    blank = NO_CONTENT.match(text, start, end)
    return blank is not None and blank.end() >= end


def outline_of(text: str) -> Outline:
    """Scan a text once."""
    return _Scan(text).run()


class _Scan:
    """One run over a text. What is searched has a line end before it, so that the first line begins as all others do:
    the line end before a line then stands at the place where the line begins in the text itself."""

    def __init__(self, text: str) -> None:
        self.text, self.lines = text, f"\n{text}"
        self.outline = Outline()
        self.above: list[tuple[int, Path]] = [(0, ())]  # the headings that the present place is under: level and path
        self.path: Path = ()
        self.start, self.body = 0, self._content_after(0)

    def run(self) -> Outline:
        place, search = 0, EVENT.search
        while event := search(self.lines, place):
            place = self._heading(event) if event.lastgroup == "gap" else self._take(event, place)
        if self.start < len(self.text):
            self.outline.sections.append((self.start, min(self.body, len(self.text)), len(self.text), self.path))
        return self.outline

    def _heading(self, event: re.Match[str]) -> int:
        """Close the section that was begun, unless it has no text yet: then its headings go with this one."""
        start, place = event.span()
        if self.outline.marker_starts:
            start = self._before_markers(start)
        if self.body < start:
            self.outline.sections.append((self.start, self.body, start, self.path))
            self.start = start
        level, title, above = event.end("level") - event.start("level"), event["title"], self.above
        while above[-1][0] >= level:
            above.pop()
        over, name = above[-1][1], _name(title) if title else ""
        self.path = (*over, name) if name else over
        above.append((level, self.path))
        self.body = event.end("gap") - 1
        return place

    def _content_after(self, place: int) -> int:
        blank = NO_CONTENT.match(self.text, place)
        return blank.end() if blank else place

    def _take(self, event: re.Match[str], place: int) -> int:
        """Note what was found, and say where the search goes on."""
        start = event.start()
        match event.lastgroup:
            case "page":
                return self._page(event)
            case "fence":
                return self._block(start, self._end_of_fence(event))
            case "formula":
                return self._block(start, self._end_of_formula(event))
            case "rows":
                return self._block(start, event.end())
            case _:  # the rule of a table without outer bars, whose head is the line before
                return self._block(max(place, self.lines.rfind("\n", 0, start)), event.end())

    def _before_markers(self, place: int) -> int:
        """A page begins with its marker: a heading at the top of a page takes along the markers before it."""
        starts, ends = self.outline.marker_starts, self.outline.marker_ends
        index = len(starts)
        while index and starts[index - 1] >= self.start and is_blank(self.text, ends[index - 1], place):
            index -= 1
            place = starts[index]
        return place

    def _page(self, event: re.Match[str]) -> int:
        outline = self.outline
        outline.marker_starts.append(event.start())
        outline.marker_ends.append(event.end() - 1)
        outline.pages.append(int(event["number"]))
        if event.start() == self.body:
            self.body = self._content_after(self.body)
        return event.end()

    def _block(self, start: int, end: int) -> int:
        """Keep [start, end) of the searched lines together; pages may begin within."""
        self.outline.block_starts.append(start)
        self.outline.block_ends.append(end - 1)
        if self.lines.find("<!-- page ", start, end) >= 0:
            for marker in MARKER.finditer(self.lines, start, end):
                self._page(marker)
        return end

    def _end_of_fence(self, event: re.Match[str]) -> int:
        """Behind the closing line; a code block that nobody closes reaches to the end, as Markdown has it."""
        opened = event["fence"]
        closing = _closing_line(opened[0], len(opened)).search(self.lines, event.end())
        return closing.end() if closing else len(self.lines)

    def _end_of_formula(self, event: re.Match[str]) -> int:
        """Behind the closing signs; a formula has no empty line, so signs that nobody closes are text."""
        closing = self.lines.find("$$", event.end())
        is_closed = closing >= 0 and self.lines.find("\n\n", event.end(), closing) < 0
        return closing + 2 if is_closed else event.end()


def _name(title: str) -> str:
    name = title.strip()
    name = CLOSING_HASHES.sub("", name) if name.endswith("#") else name
    return name if len(name) <= LONGEST_HEADING else f"{name[: LONGEST_HEADING - 1]}…"


@cache
def _closing_line(sign: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{0,3}}{re.escape(sign)}{{{length},}}[ \t\r]*(?=\n|\Z)")
