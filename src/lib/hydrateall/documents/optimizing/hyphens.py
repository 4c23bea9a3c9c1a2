"""Put a word together that was hyphenated at the end of a line.

Whether the hyphen belongs to the word is decided by the rest of the text: where the whole word stands elsewhere, and
the hyphenated one does not, the hyphen goes. In doubt it stays.
"""

from __future__ import annotations

import re

from hydrateall.documents.optimizing.report import Report

LETTER = "[^\\W\\d_]|[\u0900-\u0963\u200c\u200d]"
WORD = re.compile(f"(?:{LETTER})++(?:[-‐](?:{LETTER})++)*+")
BROKEN = re.compile(f"((?:{LETTER})+(?:[-‐](?:{LETTER})+)*)[-‐]\\Z")
CONTINUED = re.compile(f"(?![A-Z])(?:{LETTER})+")
CONNECTING = {
    "en": frozenset({"and", "or", "to", "nor", "but", "und"}),
    "hi": frozenset({"और", "या", "एवं", "तथा", "व", "से"}),
}
"""After these, the hyphen stands for a word left out: "pre- and post-war"."""
SOFT_HYPHEN = "\u00ad"
HYPHENS = ("-", "‐")
LONGEST_WORD = 100


class Hyphens:
    """Joins line ends of one document."""

    def __init__(self, text: str, language: str, report: Report) -> None:
        self.text, self.report = text, report
        self.connecting = CONNECTING.get(language, CONNECTING["en"])
        self.known: frozenset[str] | None = None

    def glue(self, before: str, after: str) -> str:
        """Two lines as one."""
        dropped, between = self.seam(before, after)
        return f"{before[: len(before) - dropped]}{between}{after}"

    def seam(self, before: str, after: str) -> tuple[int, str]:
        """How many characters to drop from the end of a line, and what to put before the next."""
        if before.endswith(SOFT_HYPHEN):
            self.report.note("rejoined words", f"{_last(before)}{_first(after)}")
            return len(before) - len(before.rstrip(SOFT_HYPHEN)), ""
        if before[-1:] not in HYPHENS:
            return 0, " "
        broken, continued = BROKEN.search(before[-LONGEST_WORD:]), CONTINUED.match(after)
        if not (broken and continued) or _in_formula(before) or continued[0] in self.connecting:
            return 0, " "
        if self._is_one_word(broken[1], continued[0]):
            self.report.note("rejoined words", f"{broken[0]} {continued[0]} → {broken[1]}{continued[0]}")
            return 1, ""
        self.report.note("kept hyphens", f"{broken[0]}{continued[0]}")
        return 0, ""

    def _is_one_word(self, first: str, second: str) -> bool:
        if self.known is None:
            pieces = set(self.text.casefold().split())
            self.known = frozenset(word for piece in pieces for word in WORD.findall(piece))
        whole, hyphenated = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        return whole in self.known and hyphenated not in self.known


def _in_formula(text: str) -> bool:
    return text.count("$") % 2 == 1


def _last(text: str) -> str:
    return text.rstrip(SOFT_HYPHEN).rsplit(None, 1)[-1] if text.strip(f"{SOFT_HYPHEN} ") else ""


def _first(text: str) -> str:
    return text.split(None, 1)[0] if text.strip() else ""
