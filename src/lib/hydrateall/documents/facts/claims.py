"""What a sentence claims, as far as its words tell: its content words in order, numbers, negations, clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from hydrateall.documents.facts.contrasts import (
    CONTRASTING,
    FINITE,
    HEDGES,
    IRREGULAR,
    JOINING,
    NEGATIONS,
    NEUTRAL,
    NO_NEGATION_BEFORE,
    NUMBERS,
    SUBORDINATING,
    UNITS,
)
from hydrateall.documents.stems import lexeme_of, spelt_alike

MARKS = "\u0300-\u036f\u0900-\u0963\u0971-\u097f"
TOKEN = re.compile(
    r"(?P<number>(?:(?<![\w)])[-−–])?\d+(?:,\d{2,3})*(?:\.\d+)?)"
    rf"|(?P<word>[^\W\d_](?:[^\W_]|[{MARKS}]|['’](?=\w)|-(?=[^\W\d_]))*)"
    r"|(?P<unit>[%Ω]|°\s?[cfk]?)"
    r"|(?P<end>[,;:()।॥–—]|\.(?=\s|$))"
)
SUPERSCRIPT = re.compile("(?<![⁰¹²³⁴-⁹])[⁰¹²³⁴-⁹⁺⁻]+")
DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
FORMULA = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]+")
TERM = r"[^\s,;=∝≈→+×*/−-]+"  # holds no operator, so that there is one way only to read a chain of them
EQUATION = re.compile(rf"{TERM}(?:\s?[-−+×*/]\s?{TERM})*\s?[=∝≈→]\s?[-−+]?{TERM}(?:\s?[-−+×*/=→]\s?{TERM})*")
NUMBER_SIGNS = str.maketrans({"−": "-", "–": "-", ",": "", " ": ""})
BREAK = ""
REACH = 2  # content words on a side of a negation
WINDOW = 15  # words among which they are looked for


@dataclass(frozen=True)
class Quantity:
    """A number and its unit, if it has one of those that are known."""

    number: str
    unit: str | None


@dataclass(frozen=True)
class Part:
    """One of the statements that a sentence joins by a semicolon, a "but", or a comma and an "and"."""

    words: tuple[str, ...]
    content: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    negated: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Claim:
    """A sentence, read. Words are in lower case, with BREAK between clauses; `content` holds their lexemes in order."""

    text: str
    parts: tuple[Part, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for part in self.parts for word in (*part.words, BREAK))

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The words that are said, as a set."""
        return frozenset(self.words) - {BREAK}

    @cached_property
    def equations(self) -> tuple[str, ...]:
        """The relations of symbols, as they are written: F = ma."""
        return tuple(found[0].rstrip(".।") for found in EQUATION.finditer(self.text.replace("$", "")))

    @cached_property
    def content(self) -> tuple[str, ...]:
        return tuple(word for part in self.parts for word in part.content)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantity for part in self.parts for quantity in part.quantities)

    @cached_property
    def negated(self) -> tuple[frozenset[str], ...]:
        """For each negation, the content words that it reaches."""
        return tuple(reached for part in self.parts for reached in part.negated)

    @cached_property
    def hedged(self) -> frozenset[str]:
        """The content words that stand right behind a "some", "usually" and the like."""
        found = (next(_content_of(self.words[place + 1 : place + WINDOW]), "") for place in self._places(HEDGES))
        return frozenset(found) - {""}

    def own_words(self, part: Part) -> frozenset[str]:
        """The content words of a part that no other part has."""
        others = (word for other in self.parts if other is not part for word in other.content)
        return frozenset(part.content).difference(others)

    def _places(self, words: frozenset[str]) -> list[int]:
        return [place for place, word in enumerate(self.words) if word in words]


@lru_cache(4096)
def read(text: str) -> Claim:
    """Read a sentence or a longer text."""
    parts: list[Part] = []
    words: list[str] = []
    quantities: list[Quantity] = []
    tokens = list(_tokens(text))
    for place, (kind, token) in enumerate(tokens):
        if _begins_part(tokens, place) and words:
            parts.append(_part(words, quantities))
            words, quantities = [], []
        if kind == "number" or token in NUMBERS:
            quantities.append(Quantity(NUMBERS.get(token, token), None))
        elif token in UNITS and place and _is_number(tokens[place - 1][1]):
            quantities[-1:] = [Quantity(tokens[place - 1][1], UNITS[token])]
        if kind == "end" or token in SUBORDINATING:
            words.append(BREAK)
        elif kind == "word" and not _is_number(token):
            words.append(token)
    return Claim(text, (*parts, _part(words, quantities)))


def _part(words: list[str], quantities: list[Quantity]) -> Part:
    return Part(tuple(words), tuple(_content_of(words)), tuple(quantities), tuple(_negated(words)))


def _begins_part(tokens: list[tuple[str, str]], place: int) -> bool:
    word = tokens[place][1]
    before = tokens[place - 1][1] if place else ""
    return word == ";" or word in CONTRASTING or (word in JOINING and (before in FINITE or before == ","))


def lexeme(word: str) -> str:
    """The one form of a word's endings and spellings; a word that says little keeps its own."""
    word = IRREGULAR.get(word, word)
    return lexeme_of(word) or spelt_alike(word)


def is_formula(content: str) -> bool:
    """Whether a content word is one of letters and digits, as H2O is."""
    return FORMULA.fullmatch(content) is not None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    apart = SUPERSCRIPT.sub(r" \g<0>", text)  # 10⁸ is not 108
    plain = unicodedata.normalize("NFKC", apart).lower().translate(DIGITS).replace("’", "'").replace("n't", " not")
    for found in TOKEN.finditer(plain):
        kind = found.lastgroup or ""
        yield kind, found[0].translate(NUMBER_SIGNS) if kind in ("number", "unit") else found[0].removesuffix("'s")


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in NUMBERS


def _content_of(words: Iterable[str]) -> Iterator[str]:
    """The lexemes of the words that say something; numbers, negations and stop words are looked at by themselves."""
    for word in words:
        if word and word not in NEGATIONS and word not in HEDGES:
            for part in word.split("-"):
                found = lexeme_of(IRREGULAR.get(part, part))
                if found and found not in _neutral():
                    yield found


@cache
def _neutral() -> frozenset[str]:
    return frozenset(map(lexeme, NEUTRAL))


def _negated(words: list[str]) -> Iterator[frozenset[str]]:
    """For each negation, the content words of its clause that it reaches: those after it, in Hindi before it too."""
    for place, word in enumerate(words):
        if word not in NEGATIONS or _denies_nothing(words, place):
            continue
        after = list(_content_of(_clause(words[place + 1 : place + WINDOW])))[:REACH]
        before = list(_content_of(_clause(words[max(0, place - WINDOW) : place][::-1])))[:REACH]
        yield frozenset(after[:1] + before if "\u0900" <= word[0] <= "\u097f" else after or before)


def _denies_nothing(words: list[str], place: int) -> bool:
    """Whether it is the "not" of "not only heat but also light"."""
    after = words[place + 1 : place + 2]
    return bool(NO_NEGATION_BEFORE.intersection(after)) or words[place - 1 : place] == ["ही"]


def _clause(words: list[str]) -> list[str]:
    return words[: words.index(BREAK)] if BREAK in words else words
