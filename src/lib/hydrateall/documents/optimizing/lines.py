"""A document as lines that know what they are, and the document again from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from hydrateall.documents.optimizing.characters import is_tidy, tidy
from hydrateall.documents.optimizing.report import Report, shortened


class Kind(Enum):
    TEXT = auto()
    ITEM = auto()  # begins something: a list entry, a numbered part, a labelled line
    HEADING = auto()
    PAGE = auto()  # <!-- page 3 -->
    ALONE = auto()  # a quotation, a rule, HTML: not joined with anything
    KEPT = auto()  # a code block, a table, a displayed formula, front matter: not touched


@dataclass(slots=True)
class Line:
    """A line, or several if they are kept as they are. `gap`: an empty line stands before it; `ends_hard`: what
    follows begins a new line on purpose (two spaces or a backslash at the end)."""

    kind: Kind
    text: str
    gap: bool = False
    ends_hard: bool = False


LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
FRONT_MATTER = re.compile(r"---[ \t]*\n(?:\w[\w-]*:[^\n]*\n(?:[ \t-](?!--)[^\n]*\n)*+)++---[ \t]*(?:\n|\Z)")
START = re.compile(
    r"""[ \t]*(?:
        (?P<fence>`{3,}(?=[^`]*\Z)|~{3,})
      | (?P<formula>\$\$)
      | (?P<table>\|)
      | (?P<page><!--[ ]page[ ]\d{1,6}[ ]-->[ \t]*\Z)
      | (?P<heading>\#{1,6}(?=[ \t]|\Z))
      | (?P<rule>(?:=+|(?:[-*_][ \t]*+){3,}+)\Z)
      | (?P<columns>:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)++\|?[ \t]*\Z)
      | (?P<alone>>|</?[A-Za-z]|<!)
      | (?P<item>(?:[-*+]|\(?[\d\u0966-\u096f]{1,3}[.)]|\(?[A-Za-z\u0904-\u0939][.)]|\(?[ivxIVX]{2,5}[.)])(?=[ \t]|\Z)
            |[Qq]\.?[ ]?\d|\[\^?[^\]]+\]:|\*{1,2}[^*\s][^*]*[.:।]?\*{1,2}[ :])
    )""",
    re.VERBOSE,
)
CLOSING_HASHES = re.compile(r"(?:\A|[ \t]+)#+[ \t]*\Z")
LONGEST_UNDERLINED = 100
ENDS_SENTENCE = re.compile(r"""[.!?…:;।॥]["'”’»)\]*_]*\Z""")
CODE_INDENT = 4
TAIL = 40
"""Characters at the end of a line that tell how it ends; paragraphs get long."""
SPACED = (Kind.HEADING, Kind.PAGE)


def read(text: str, report: Report) -> list[Line]:
    """The lines of a document."""
    return _Reader(text, report).lines


def write(lines: Iterable[Line]) -> str:
    """The document of these lines: one empty line where there were any, and around headings and page markers."""
    parts: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None:
            spaced = line.gap or line.kind in SPACED or before.kind in SPACED
            parts.append("\n\n" if spaced else "  \n" if _breaks(before) else "\n")
        parts.append(line.text)
        before = line
    return "".join([*parts, "\n"]) if parts else ""


def _breaks(line: Line) -> bool:
    return line.ends_hard and not line.text.endswith("\\")


KINDS = {"page": Kind.PAGE, "heading": Kind.HEADING, "alone": Kind.ALONE, "item": Kind.ITEM}


class _Reader:
    """Reads a document line by line; knows whether it is in a list, and how far that list's text is indented."""

    def __init__(self, text: str, report: Report) -> None:
        self.report, self.lines = report, list[Line]()
        self.gap, self.list_indent = True, 0
        for line_end in LINE_ENDS:
            text = text.replace(line_end, "\n")
        if front := FRONT_MATTER.match(text):
            self.lines.append(Line(Kind.KEPT, front[0].rstrip("\n")))
            text = text[front.end() :]
        self.raw = text.split("\n")
        place = 0
        while place < len(self.raw):
            place = self._read(place, self.raw[place])

    def _read(self, place: int, raw: str) -> int:
        """Read a line, or a block that is kept; return the place of the next."""
        if not raw or raw.isspace():
            self.gap = True
            return place + 1
        if self.gap and raw[0] in " \t" and self._is_code(raw):
            return self._keep(place, self._until(place, lambda line: bool(line.strip()) and not self._is_code(line)))
        found = START.match(raw)
        kind = found.lastgroup if found else None
        match kind:
            case "fence":
                return self._keep(place, self._end_of_fence(place, raw.strip()))
            case "formula":
                return self._keep(place, self._end_of_formula(place, raw.strip()))
            case "table":
                return self._keep(place, self._until(place, lambda line: not line.lstrip(" \t").startswith("|")))
            case "columns" if self._is_head_of_table():
                self.lines.pop()
                return self._keep(place - 1, self._until(place, lambda line: "|" not in line))
            case "rule":
                self._rule(raw.strip())
            case _:
                self._line(raw, KINDS.get(kind or "", Kind.TEXT))
        self.gap = False
        return place + 1

    def _is_code(self, raw: str) -> bool:
        return _indent(raw) >= self.list_indent + CODE_INDENT

    def _until(self, place: int, ends: Callable[[str], bool]) -> int:
        return next((at for at in range(place + 1, len(self.raw)) if ends(self.raw[at])), len(self.raw))

    def _keep(self, place: int, stop: int) -> int:
        """Keep these lines as they are, but for the empty ones at their end."""
        block = "\n".join(self.raw[place:stop])
        kept = block.rstrip()
        self.lines.append(Line(Kind.KEPT, kept + block[len(kept) :].split("\n", 1)[0], gap=self.gap))
        self.gap = "\n" in block[len(kept) :]
        return stop

    def _end_of_fence(self, place: int, opening: str) -> int:
        fence = opening[: len(opening) - len(opening.lstrip(opening[0]))]
        closes = re.compile(rf"[ \t]*{re.escape(fence)}{re.escape(fence[0])}*[ \t]*\Z").match
        return min(len(self.raw), self._until(place, lambda line: bool(closes(line))) + 1)

    def _end_of_formula(self, place: int, opening: str) -> int:
        """Behind the closing signs; without them before the next empty line, it was no formula of several lines."""
        if "$$" in opening[2:]:
            return place + 1
        stop = self._until(place, lambda line: "$$" in line or not line.strip())
        return stop + 1 if stop < len(self.raw) and "$$" in self.raw[stop] else place + 1

    def _is_head_of_table(self) -> bool:
        """Whether the line before is the head of a table without outer bars."""
        before = self.lines[-1] if self.lines else None
        return before is not None and not self.gap and before.kind is Kind.TEXT and "|" in before.text

    def _rule(self, rule: str) -> None:
        """A rule stands alone, or underlines the heading before it."""
        before = self.lines[-1] if self.lines else None
        level = {"=": "#", "-": "##"}.get(rule[0] if len(rule) > 2 and len(set(rule)) == 1 else "")
        if level and before and not self.gap and self._is_title(before):
            self.report.note("underlined headings", shortened(before.text))
            self.lines[-1] = Line(Kind.HEADING, f"{level} {before.text}", gap=True)
        else:
            self.lines.append(Line(Kind.ALONE, rule, gap=self.gap))

    def _is_title(self, line: Line) -> bool:
        short = len(line.text) <= LONGEST_UNDERLINED and not ends_sentence(line.text)
        return line.kind is Kind.TEXT and line.gap and short

    def _line(self, raw: str, kind: Kind) -> None:
        body = raw.strip()
        text = body if is_tidy(body) else tidy(body, self.report).strip()
        if text is not body and (found := START.match(text)):
            kind = KINDS.get(found.lastgroup or "", kind)
        if not text:
            return
        indent = _indent(raw) if raw[0] in " \t" else 0
        if kind is Kind.HEADING:
            kind, text = (Kind.HEADING, _heading(text)) if indent < CODE_INDENT else (Kind.TEXT, text)
        if kind is Kind.ITEM or (self.gap and kind is Kind.TEXT):
            text = self._indented(text, indent, kind)
        self.lines.append(Line(kind, text, self.gap, raw[-1] in " \\" and raw.endswith(("  ", "\\"))))

    def _indented(self, text: str, indent: int, kind: Kind) -> str:
        """Indentation means something in lists only."""
        if kind is Kind.ITEM:
            marker = text.find(" ")
            self.list_indent = indent + (marker if marker > 0 else len(text)) + 1
            return " " * indent + text
        if self.list_indent and indent >= 2:
            return " " * indent + text
        self.list_indent = 0
        return text


def _indent(raw: str) -> int:
    spread = raw.expandtabs(CODE_INDENT)
    return len(spread) - len(spread.lstrip())


def _heading(text: str) -> str:
    level = len(text) - len(text.lstrip("#"))
    return f"{text[:level]} {CLOSING_HASHES.sub('', text[level:]).strip()}".rstrip()


def ends_sentence(text: str) -> bool:
    """Whether a sentence, a list or an introduction ends with this text."""
    return ENDS_SENTENCE.search(text[-TAIL:]) is not None
