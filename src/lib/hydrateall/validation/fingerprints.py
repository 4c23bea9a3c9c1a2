"""Fingerprints of questions: the same for the same wording, and mostly the same for nearly the same wording.

A question becomes a set of shingles: the words and the neighbouring words of its stem, and the words of its options in
any order. How near two questions are is the Jaccard similarity of these sets. MinHash turns a set into `BANDS` numbers
of which two questions share one with a probability of 1 - (1 - s^5)^12: 99 % at a similarity of 0.8, 3 % at 0.3. Words
and pairs of words, because a question is short: of a stem of ten words, one changed word leaves 0.8 with words and
pairs, 0.6 with triples.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from rensa import RMinHash

from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.choices import normalised

BANDS, ROWS = 12, 5
SEED = 1
OWN_VERSION = 1  # raise it when the shingles change: `index_missing` then makes every stored fingerprint anew
ALGORITHM = 100 * int(RMinHash.ALGORITHM_VERSION) + OWN_VERSION
FEWEST_WORDS = 4  # of a shape; "$# + #$ = ?" is no stem that one could repeat
# Numbers, gaps, words (with the vowel signs of Devanagari), and the signs that change what is asked.
TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|_{2,}|[^\W\d_]+(?:[\u0900-\u0963\u200c\u200d]+[^\W\d_]*)*|[+\-−×÷*/=<>≤≥≠±^%°√∠△⊥∥∼≅→]"
)


@dataclass(frozen=True)
class Fingerprint:
    """What is compared of a question. `text` is its exact wording, `shape` its stem without the numbers."""

    language: str
    text: tuple[str, ...]
    numbers: tuple[str, ...]
    asked: frozenset[str]
    whole: frozenset[str]
    shape: int | None

    @cached_property
    def bands(self) -> list[int]:
        """The keys of the index. They hold the language and the algorithm, so that strangers never meet."""
        sketch = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
        sketch.update(sorted(self.whole))
        slots = sketch.digest()
        return [self._key(str(band), struct.pack(f"<{ROWS}Q", *slots[band::BANDS])) for band in range(BANDS)]

    def _key(self, name: str, content: bytes) -> int:
        salted = f"{self.language}/{ALGORITHM}/{name}/".encode() + content
        return int.from_bytes(hashlib.blake2b(salted, digest_size=4).digest(), "big", signed=True)

    def similarity(self, other: Fingerprint) -> float:
        """How much of both is the same, from 0 to 1. A shared passage alone makes no repeat, nor a shared question."""
        return min(_jaccard(self.asked, other.asked), _jaccard(self.whole, other.whole))


def fingerprint(language: str, stem: str, options: Iterable[str] = (), passage: str | None = None) -> Fingerprint:
    """Take the fingerprint of a question; its options count as a set, its passage only together with what is asked."""
    told, asked = normalised(passage or ""), normalised(stem)
    choices = sorted(normalised(option) for option in options)
    words = TOKEN.findall(asked)
    own = frozenset([*_shingles(words), *(f"o:{word}" for choice in choices for word in TOKEN.findall(choice))])
    before = TOKEN.findall(told)
    return Fingerprint(
        language=str(language),
        text=(told, asked, *choices),
        numbers=tuple(_numbers([*before, *words])),
        asked=own,
        whole=own | {f"p:{shingle}" for shingle in _shingles(before)},
        shape=_shape(language, [*before, *words]),
    )


def fingerprint_of_draft(language: str, question: QuestionDraft) -> Fingerprint:
    """Take the fingerprint of a question as a model sends it."""
    columns = question.match_columns
    entries = [*columns.left, *columns.right] if columns else question.options or []
    return fingerprint(language, question.question_text, [entry.text for entry in entries], question.scenario)


def fingerprint_of_row(row: Mapping[Any, Any]) -> Fingerprint:
    """Take the fingerprint of a stored question, given as language, question_text, scenario and options."""
    options = row["options"] or []
    entries: Sequence[Mapping[str, str]] = (
        [*options["left"], *options["right"]] if isinstance(options, dict) else options
    )
    texts = [entry["text"] for entry in entries]
    return fingerprint(str(row["language"]), row["question_text"], texts, row["scenario"])


def _shingles(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{one} {next_}" for one, next_ in pairwise(words))]


def _numbers(words: Sequence[str]) -> Iterator[str]:
    """The numbers with their signs: $(-3, 4)$ and $(-3, -4)$ are two points."""
    for before, word in zip(["", *words], words, strict=False):
        if word[0].isdigit():
            yield f"-{word}" if before in ("-", "−") else word


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _shape(language: str, words: Sequence[str]) -> int | None:
    """The stem with each number as #; None without a number, or when hardly any words are left."""
    masked = ["#" if word[0].isdigit() else word for word in words]
    if "#" not in masked or sum(word[0].isalpha() for word in masked) < FEWEST_WORDS:
        return None
    salted = f"{language}/{ALGORITHM}/{' '.join(masked)}".encode()
    return int.from_bytes(hashlib.blake2b(salted, digest_size=8).digest(), "big", signed=True)
