"""Optimize the Markdown of a document until nothing is left to do, and tell what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hydrateall.documents.optimizing.headings import order_headings
from hydrateall.documents.optimizing.hyphens import Hyphens
from hydrateall.documents.optimizing.lines import read, write
from hydrateall.documents.optimizing.paragraphs import join_lines, join_over_pages
from hydrateall.documents.optimizing.report import Report
from hydrateall.documents.optimizing.running_lines import remove_running_lines

MOST_PASSES = 20
"""A document needs two or three: one that is optimized, and one that finds nothing more."""


@dataclass(frozen=True)
class Optimized:
    """The Markdown, and what was changed: sentences, removed lines with their count, changes with examples."""

    markdown: str
    report: dict[str, Any]


def optimize(markdown: str, *, language: str) -> Optimized:
    """Repair the Markdown of a conversion; no sentence is lost, and a second run changes nothing.

    Code blocks, tables and formulas stay as they are; page markers stay, behind the sentence that they parted.
    """
    report = Report()
    text, before = markdown, None
    for _ in range(MOST_PASSES):
        text, before = _once(text, language, report), text
        if text == before:
            break
    return Optimized(text, report.as_dict())


def _once(text: str, language: str, report: Report) -> str:
    lines = remove_running_lines(read(text, report), report)
    hyphens = Hyphens(text, language, report)
    lines = join_over_pages(join_lines(lines, hyphens, report), hyphens, report)
    order_headings(lines, report)
    return write(lines)
