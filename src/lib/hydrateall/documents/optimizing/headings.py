"""Put the levels of headings in order: one title at most, and no level left out on the way down."""

from __future__ import annotations

from hydrateall.documents.optimizing.lines import Kind, Line
from hydrateall.documents.optimizing.report import Report, shortened

DEEPEST = 6


def order_headings(lines: list[Line], report: Report) -> None:
    """Change the levels in place."""
    headings = [line for line in lines if line.kind is Kind.HEADING]
    for line, level in zip(headings, _in_order([_level(line) for line in headings]), strict=True):
        if level != _level(line):
            changed = "#" * level + line.text.lstrip("#")
            report.note("heading levels", f"{shortened(line.text)} → {'#' * level}")
            line.text = changed


def _level(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip("#"))


def _in_order(levels: list[int]) -> list[int]:
    """The levels that the outline means. With several titles, the first is the document's if it comes first, and all
    else goes one level down."""
    if levels.count(1) > 1:
        levels = [level if at == 0 and level == 1 else level + 1 for at, level in enumerate(levels)]
    ordered: list[int] = []
    above: list[tuple[int, int]] = []  # level as written, level as it should be
    for level in levels:
        while above and above[-1][0] >= level:
            above.pop()
        proper = above[-1][1] + 1 if above else min(level, 2)
        above.append((level, proper))
        ordered.append(min(proper, DEEPEST))
    return ordered
