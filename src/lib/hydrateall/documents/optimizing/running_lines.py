"""Find the lines that the printer put on every page: headers, footers, page numbers.

They stand at the top or the bottom of at least three pages close to each other (left and right pages may differ), alike
but for a number that runs with the pages. A heading stays where it stands first; what is all of a page stays too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hydrateall.documents.optimizing.lines import Kind, Line, ends_sentence
from hydrateall.documents.optimizing.report import Report, RunningLine

LEAST_PAGES = 3
LEAST_NUMBERED = 2
FARTHEST = 2
LONGEST = 100
SHARE_OF_SENTENCES, LEAST_PAGES_OF_SENTENCES = 0.6, 5
"""A line that ends like a sentence must stand on most pages: "Not to be republished." does."""
MOSTLY = 10
PAGE = "{page}"
SENTENCE_WITHIN = re.compile(r"[.!?।॥]\s+\w{2,}.*\w{2}")
NUMBER = re.compile(r"\d{1,4}")
PAGE_WORDS = re.compile(r"(?:pages?|pg?|of|पृष्ठ|पेज|का|[\d\W_])*+\Z", re.IGNORECASE)
COUNTED = re.compile(
    r"(?:\b(?:example|exercise|question|chapter|unit|lesson|activity|figure|fig|table|step|section|problem|slide|sheet|q)"
    r"|उदाहरण|प्रश्न|अध्याय|इकाई|पाठ|क्रियाकलाप|अभ्यास|चित्र|तालिका|सारणी|चरण)[\W_]*\{page\}",
    re.IGNORECASE,
)
"""Words whose number counts something else than pages, though it may run along with them."""


@dataclass(frozen=True)
class Look:
    """How a line looks on all its pages; `offset` is what its number is ahead of the page."""

    text: str
    offset: int | None = None


def remove_running_lines(lines: list[Line], report: Report) -> list[Line]:
    """The lines without headers, footers and page numbers; no pages, nothing to find."""
    pages = _pages(lines)
    if len(pages) < LEAST_NUMBERED:
        return lines
    removed: set[int] = set()
    totals = Counter(_plain(line) for line in lines if len(line.text) <= LONGEST)
    for place in ("top", "bottom"):
        while found := _edges(lines, pages, place, totals):
            for page, (at, look) in found.items():
                report.note_running(RunningLine(look.text, place), pages[page].number)
                removed.add(at)
                totals[_plain(lines[at])] -= 1
                pages[page].drop(place)
    return [line for at, line in enumerate(lines) if at not in removed]


@dataclass
class _Page:
    """The lines [first, last) of a page."""

    number: int
    first: int
    last: int

    def edge(self, place: str) -> int | None:
        if self.first >= self.last:
            return None
        return self.first if place == "top" else self.last - 1

    @property
    def has_more(self) -> bool:
        """Whether more than one line is left: a line that is all of a page is content, unless it counts the pages."""
        return self.last - self.first > 1

    def drop(self, place: str) -> None:
        if place == "top":
            self.first += 1
        else:
            self.last -= 1


def _pages(lines: list[Line]) -> list[_Page]:
    markers = [at for at, line in enumerate(lines) if line.kind is Kind.PAGE]
    ends = [*markers, len(lines)][1:]
    return [_Page(_number(lines[at].text), at + 1, end) for at, end in zip(markers, ends, strict=True) if end > at + 1]


def _number(text: str) -> int:
    found = NUMBER.search(text)
    return int(found[0]) if found else 0


def _edges(lines: list[Line], pages: list[_Page], place: str, totals: Counter[str]) -> dict[int, tuple[int, Look]]:
    """The outermost lines that run over pages: by the index of the page, the index of the line and how it looks."""
    seen: dict[Look, list[int]] = defaultdict(list)
    for index, page in enumerate(pages):
        at = page.edge(place)
        if at is not None:
            for look in _looks(lines[at], page.number):
                seen[look].append(index)
    found: dict[int, tuple[int, Look]] = {}
    for look, indexes in seen.items():
        if look.offset is None and totals[look.text] - len(indexes) > 1 + len(indexes) // MOSTLY:
            continue  # it stands within pages too, as the heading of an exercise may
        for index in _running(look, indexes, len(pages)):
            at = pages[index].edge(place)
            if at is None or index in found or _is_first_heading(lines[at], index, indexes):
                continue
            if look.offset is not None or pages[index].has_more:
                found[index] = at, look
    return found


def _is_first_heading(line: Line, index: int, indexes: list[int]) -> bool:
    return line.kind is Kind.HEADING and index == indexes[0]


def _looks(line: Line, page: int) -> Iterable[Look]:
    """As it stands, and with its first or its last number read as the page's."""
    if line.kind not in (Kind.TEXT, Kind.ITEM, Kind.HEADING) or len(line.text) > LONGEST:
        return
    text = _plain(line)
    if SENTENCE_WITHIN.search(text):
        return
    numbers = list(NUMBER.finditer(text))
    for number in dict.fromkeys([*numbers[:1], *numbers[-1:]]):
        yield Look(f"{text[: number.start()]}{PAGE}{text[number.end() :]}", int(number[0]) - page)
    if re.search(r"\w", text):
        yield Look(text)


def _plain(line: Line) -> str:
    return line.text.replace("**", "").strip(" #_")


def _running(look: Look, indexes: list[int], pages: int) -> list[int]:
    """Those pages on which the line is one of a run."""
    bare, enough = PAGE_WORDS.match(look.text.replace(PAGE, " ")), max(LEAST_NUMBERED, pages / 2)
    if bare:
        numbered = indexes if len(indexes) >= enough else _runs(indexes)
        return numbered if look.offset is not None else []
    if look.offset is not None:
        return [] if COUNTED.search(look.text) or ends_sentence(look.text) else _runs(indexes)
    if ends_sentence(look.text) and len(indexes) < max(LEAST_PAGES_OF_SENTENCES, SHARE_OF_SENTENCES * pages):
        return []
    return _runs(indexes)


def _runs(indexes: list[int]) -> list[int]:
    """The indexes that stand close together in sufficient number."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index - runs[-1][-1] <= FARTHEST:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [index for run in runs if len(run) >= LEAST_PAGES for index in run]
