"""The words that full-text search goes by, the same for what is stored and for what is asked, in English and Hindi.

PostgreSQL gets finished lexemes: its own parser depends on the server's locale, and has no Hindi. A formula is one word
however it is written (H₂O, H2O, H<sub>2</sub>O, $\\mathrm{H_2O}$), and so is a number (१.३३, 1.33; 1,000, 1000).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hydrateall.documents.stems import lexeme_of

# Letters with the signs that belong to them (those of the scripts of India, joiners, soft hyphens), but no dandas.
_SIGNS = "\u0300-\u036f\u0900-\u0963\u0966-\u096f\u0971-\u0dff\u00ad\u200c\u200d"
WORD = re.compile(rf"\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[^\W\d_][^\W_]*(?:[{_SIGNS}]+[^\W_]*)*")
POSSESSIVE = re.compile(r"['’]s\b")
SUPERSCRIPT = re.compile("[⁰¹²³⁴-⁹⁺⁻]")
MARKUP = re.compile(
    r"</?sub>|(?P<apart></?sup>|<br ?/?>|<!--.*?-->"
    r"|\\(?:d?frac|sqrt|times|cdot|q?quad|left|right|l?dots|(?:long)?rightarrow)\b)"
    r"|\\(?:text\w*|math\w+|ce)\b ?|[_~]\{?(?P<below>\d+)\}?~?|(?P<between>\}\s*\{)|[{}]|\\"
)
SIGNS_OF_MARKUP = ("\\", "_", "~", "<")


def lexemes(text: str) -> list[str]:
    """The lexemes of a text in their order, without its stop words."""
    return [lexeme for word in WORD.findall(_folded(text)) if (lexeme := lexeme_of(word))]


def _folded(text: str) -> str:
    """One spelling for all: formulas on one line, powers apart, lower case."""
    if any(sign in text for sign in SIGNS_OF_MARKUP):
        text = MARKUP.sub(_plain, text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", SUPERSCRIPT.sub(r" \g<0>", text))
    text = text.lower()
    return POSSESSIVE.sub("", text) if "'s" in text or "’s" in text else text


def _plain(found: re.Match[str]) -> str:
    return found["below"] or (" " if found["apart"] or found["between"] else "")


def vector_of(text: str, *, headings: Iterable[str] = ()) -> str:
    """The literal of a tsvector: each lexeme with its positions; those of headings first, and of weight A."""
    places: dict[str, list[str]] = {}
    titles = [lexeme for heading in headings for lexeme in lexemes(heading)]
    for position, lexeme in enumerate(titles, 1):
        places.setdefault(lexeme, []).append(f"{position}A")
    for position, lexeme in enumerate(lexemes(text), len(titles) + 1):
        places.setdefault(lexeme, []).append(str(position))
    return " ".join(f"{quoted(lexeme)}:{','.join(positions)}" for lexeme, positions in places.items())


def quoted(lexeme: str) -> str:
    """A lexeme as tsvector and tsquery take it, whatever signs it holds."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def terms_of(question: str, *, most: int) -> list[str]:
    """The different lexemes of a question, the first `most` of them, in their order."""
    return list(dict.fromkeys(lexemes(question)))[:most]
