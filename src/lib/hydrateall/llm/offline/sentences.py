"""The sentences of a passage of Markdown: whole ones of text and lists; no headings, tables, code, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(
    r"^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\Z)|^\$\$.*?\$\$[ \t]*$", re.DOTALL | re.MULTILINE
)
HIDDEN = re.compile(r"<!--(?:(?!<!--).)*?-->|!\[[^\[\]]*\]\([^()]*\)", re.DOTALL)
NO_TEXT = re.compile(r"^[ \t]*(?:#{1,6}\s|\||[-=*_]{3,}[ \t]*$)")
BULLET = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+]|\d{1,3}[.)]|\(?[a-z][.)]|\([ivx]+\))[ \t]+|^[ \t]*(?:>[ \t]?)+")
END = re.compile(r"[.!?।॥][\"'”’)\]*_]*(?=\s|$)")
ABBREVIATIONS = set(
    """e.g i.e etc fig figs eq eqs dr mr mrs ms prof no nos vs approx cf sec ch vol p pp st ex viz resp ca
    डॉ श्री सं पृ ई क्र""".split()  # noqa: SIM905
)
NEAR = 60  # characters before a point that tell whether it ends a sentence
INITIAL = re.compile("[A-Z]")
LAST_WORD = re.compile(r"[\w.\u0900-\u0963]+$")
EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True)
class Sentence:
    """One sentence: as it stands in the passage (`raw`), and as it reads (`plain`)."""

    raw: str
    plain: str


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a passage, in their order; a paragraph's rest without a full stop is none."""
    for paragraph in _paragraphs(text):
        start = 0
        for end in END.finditer(paragraph):
            if end[0][0] == "." and not _is_full_stop(paragraph, end):
                continue
            raw = paragraph[start : end.end()].strip()
            start = end.end()
            if raw:
                yield Sentence(raw, plain(raw))


def plain(raw: str) -> str:
    """The words as they read: no markup, no line ends."""
    return " ".join(EMPHASIS.sub("", LINK.sub(r"\1", raw)).split())


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs and list items; their lines stay as they are."""
    lines: list[str] = []
    for line in HIDDEN.sub("", FENCE.sub("\n\n", text)).splitlines():
        is_other = not line.strip() or NO_TEXT.match(line)
        bullet = BULLET.match(line)
        if lines and (is_other or bullet):
            yield "\n".join(lines)
            lines = []
        if not is_other:
            lines.append(line[bullet.end() :] if bullet else line)
    if lines:
        yield "\n".join(lines)


def _is_full_stop(paragraph: str, end: re.Match[str]) -> bool:
    """Whether a point ends a sentence: not after an abbreviation or an initial, and not before a small letter."""
    before = LAST_WORD.search(paragraph, max(0, end.start() - NEAR), end.start())
    rest = paragraph[end.end() :].lstrip()
    if not before or not rest:
        return True
    word = before[0]
    if rest[0].islower() or (word.lower() in ABBREVIATIONS and word.lower() != "etc"):
        return False
    return not (INITIAL.fullmatch(word) and _follows_a_name(paragraph[max(0, before.start() - NEAR) : before.start()]))


def _follows_a_name(text: str) -> bool:
    """Whether a letter behind this text is an initial ("C. V. Raman"), and no unit or point ("between P and F")."""
    words = text.split()
    return not words or words[-1][:1].isupper() or words[-1].endswith(".")
