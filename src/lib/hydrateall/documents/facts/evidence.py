"""Where a quotation stands in a text, whatever the white space and the markup of either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->"  # the page markers too
    r"|</?[A-Za-z][A-Za-z0-9]*\s*/?>"
    r"|\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"  # where a link leads
    r"|^[ \t]*(?:[-+*][ \t]+|>[ \t]?|(?:={3,}|-{3,})[ \t]*$)",
    re.DOTALL | re.MULTILINE,
)
PAGE = re.compile(r"^<!-- page (\d+) -->$", re.MULTILINE)
NO_SIGNS_OF_MATHEMATICS = "|~^`"  # markup, though Unicode counts them among the symbols
MINUS = "-−–"
INSIDE_NUMBERS = ".,:/"
OPENING = "([{“‘\"'$*_`\\"
CLOSING = ")]}”’\"'$*_`.,;!?।॥…"


@dataclass(frozen=True)
class Quotation:
    """Where a quotation stands: `text[start:end]` of the text that it was looked for in."""

    start: int
    end: int


@dataclass(frozen=True)
class Squeezed:
    """A text without white space, punctuation and markup, with the place of each of its signs in the text."""

    signs: str
    places: list[int]


def locate(quotation: str, text: str) -> Quotation | None:
    """Find a quotation whose words and numbers stand in the text in the same order, whole; the first, if it recurs."""
    wanted, searched = squeeze(quotation).signs, squeeze(text)
    place = searched.signs.find(wanted) if wanted else -1
    while place >= 0:
        first, last = searched.places[place], searched.places[place + len(wanted) - 1]
        if not _continues(text, first - 1, first) and not _continues(text, last, last + 1):
            return Quotation(*_with_signs_around(text, first, last + 1))
        place = searched.signs.find(wanted, place + 1)
    return None


def page_at(text: str, place: int) -> int | None:
    """The page that a place of a text is on, by the last marker before it; None if there is none."""
    found = [int(marker[1]) for marker in PAGE.finditer(text, 0, place)]
    return found[-1] if found else None


@lru_cache(256)
def squeeze(text: str) -> Squeezed:
    """Keep letters, digits, and the signs that change what is said: 9.8 is not 98, and -5 is not 5."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in _seen(text):
        kept = _kept(sign) or _number_sign(text, place, sign)
        signs.append(kept)
        places.extend([place] * len(kept))
    return Squeezed("".join(signs), places)


def _seen(text: str) -> Iterator[tuple[int, str]]:
    """The signs of a text with their places, without what a reader of the rendered text does not see."""
    shown = 0
    for hidden in HIDDEN.finditer(text):
        yield from enumerate(text[shown : hidden.start()], shown)
        shown = hidden.end()
    yield from enumerate(text[shown:], shown)


@lru_cache(4096)
def _kept(sign: str) -> str:
    """A letter, mark, digit or mathematical sign, in its simplest form; nothing for all else."""
    kind = unicodedata.category(sign)
    if kind[0] in "LMN" or (kind in ("Sm", "Sc", "So") and sign not in NO_SIGNS_OF_MATHEMATICS and sign != "−"):
        plain = unicodedata.normalize("NFKD", sign).casefold()
        return "".join(each for each in plain if not each.isspace())
    return "%" if sign == "%" else ""


def _number_sign(text: str, place: int, sign: str) -> str:
    """A minus before a digit, or a point within a number; nothing for all else."""
    after = text[place + 1 : place + 2]
    if sign in MINUS:
        return "-" if after.isdigit() else ""
    return sign if sign in INSIDE_NUMBERS and after.isdigit() and text[place - 1 : place].isdigit() else ""


def _continues(text: str, left: int, right: int) -> bool:
    """Whether a word or number goes on from one place to the next."""
    if left < 0 or right >= len(text):
        return False
    before, after = text[left], text[right]
    if before.isdigit() and after in INSIDE_NUMBERS:
        return text[right + 1 : right + 2].isdigit()
    if before in INSIDE_NUMBERS and after.isdigit():
        return left > 0 and text[left - 1].isdigit()
    return _is_of_word(before) and _is_of_word(after)


def _is_of_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


def _with_signs_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the brackets, quotes and the full stop that belong to the quotation."""
    while start > 0 and text[start - 1] in OPENING:
        start -= 1
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return start, end
