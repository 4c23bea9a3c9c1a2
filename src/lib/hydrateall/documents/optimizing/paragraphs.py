"""Make paragraphs whole: lines of one paragraph become one line, and a sentence that a page break parted is whole."""

from __future__ import annotations

import re

from hydrateall.documents.optimizing.hyphens import Hyphens
from hydrateall.documents.optimizing.lines import TAIL, Kind, Line, ends_sentence
from hydrateall.documents.optimizing.report import Report

JOINABLE = (Kind.TEXT, Kind.ITEM)
SMALL_WORD = re.compile(r"[a-zß-ÿ][a-zß-ÿ'’-]+(?=[ ,.;:?!)-]|\Z)(?! ?=)|a ")
OPEN_END = re.compile(
    r"(?:[,–—-]|\b(?:the|an?|of|in|on|at|to|by|for|with|from|and|or|is|are|was|that|which|as|its?)|\u00ad)\Z"
)
DEVANAGARI = re.compile("[\u0904-\u0939\u0958-\u0961]")
DANDA = re.compile("[।॥?!]")
SENTENCE = re.compile(
    r"""[.!?…।॥](?<!\b[A-Za-z]\.)(?<!\b[DM]r\.)(?<!\bMrs\.)(?<!\b(?:Fig|fig|Eqn|eqn)\.)(?<!\b(?:No|vs)\.)"""
    r"""[.!?…।॥]*["'”’»)\]*_]*(?:[ ]+|\Z)"""
)
LONGEST_PARAGRAPH = 20_000
LEAST_LINE = 60
"""Characters; a shorter line before a page break may be a title."""


def join_lines(lines: list[Line], hyphens: Hyphens, report: Report) -> list[Line]:
    """Join what stands on one page. The parts of a paragraph are put together once, however many they are."""
    joined: list[Line] = []
    parts: list[str] = []
    for line in lines:
        if joined and _belongs(joined[-1], parts[-1], line):
            text = line.text.lstrip()
            report.note("joined paragraphs" if line.gap else "joined lines", _seam(parts[-1], text))
            dropped, between = hyphens.seam(parts[-1], text)
            parts[-1] = parts[-1][: len(parts[-1]) - dropped]
            parts += [between, text]
            joined[-1].ends_hard = line.ends_hard
        else:
            _put_together(joined, parts)
            joined.append(line)
            parts = [line.text]
    _put_together(joined, parts)
    return joined


def _put_together(joined: list[Line], parts: list[str]) -> None:
    if len(parts) > 1:
        joined[-1].text = "".join(parts)


def join_over_pages(lines: list[Line], hyphens: Hyphens, report: Report) -> list[Line]:
    """Join sentences over page markers: a marker goes behind the sentence that began before it."""
    joined: list[Line] = []
    before: Line | None = None  # the last line that is no marker
    paged = False  # whether markers follow it
    for line in lines:
        if line.kind is Kind.PAGE:
            paged = True
        elif before is not None and paged and _goes_on_over_page(before, line):
            report.note("sentences over pages", _seam(before.text, line.text))
            rest = _finish_sentence(before, line, hyphens)
            if rest.text:
                joined.append(rest)
                before, paged = rest, False
            continue
        else:
            before, paged = line, False
        joined.append(line)
    return joined


def _finish_sentence(before: Line, line: Line, hyphens: Hyphens) -> Line:
    """Move the end of a sentence from the line that it stands in to the line that it began in; return the rest."""
    end = found.end() if (found := SENTENCE.search(line.text)) else len(line.text)
    before.text = hyphens.glue(before.text, line.text[:end].strip())
    return Line(Kind.TEXT, line.text[end:].strip(), gap=True, ends_hard=line.ends_hard)


def _seam(before: str, after: str) -> str:
    return f"{before[-TAIL:]} ⏎ {after[:TAIL]}"


def _belongs(before: Line, end: str, line: Line) -> bool:
    """Whether a line goes on with the paragraph `before`, of which `end` is the last line."""
    if before.kind not in JOINABLE or line.kind is not Kind.TEXT:
        return False
    if (before.text.startswith("$") and end.endswith("$")) or (line.text.startswith("$") and line.text.endswith("$")):
        return False  # a formula on a line of its own
    if line.gap:
        return before.kind is Kind.TEXT and _goes_on(end, line.text)
    return not before.ends_hard and not end.endswith(":")


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence is plainly unfinished, although an empty line stands there."""
    if ends_sentence(before) or before.endswith(("$", "|")):
        return False
    return bool(SMALL_WORD.match(after) or (OPEN_END.search(before[-TAIL:]) and after[0].isalpha()))


def _goes_on_over_page(before: Line, line: Line) -> bool:
    """Devanagari has no small letters: there a long line without its danda goes on, if what follows is a sentence."""
    first, second = before.text, line.text
    if before.kind not in JOINABLE or line.kind is not Kind.TEXT or len(first) > LONGEST_PARAGRAPH:
        return False
    if ends_sentence(first):
        return False
    is_hindi = DEVANAGARI.match(second) and DANDA.search(second) and DEVANAGARI.search(first[-3:])
    return _goes_on(first, second) or bool(is_hindi and len(first) >= LEAST_LINE)
