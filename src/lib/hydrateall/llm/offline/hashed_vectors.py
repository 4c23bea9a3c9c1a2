"""Vectors without a model: hashed n-grams of words and of characters.

They carry no meaning. Two texts are near when they share spellings, so this finds "refracted" by "refraction" but
never "bending" by "refraction", and nothing across languages. They need no weights, no download and no server.

A text's features are its words, its pairs of words, and the runs of three to five characters within its words. Each
feature is hashed to one of the vector's numbers and to a sign (so that chance meetings cancel out on average), counts
with 1 + ln(how often it occurs), and the whole is scaled to length 1. Works on code points, so on Devanagari too.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384

Ids = NDArray[np.uint32]

WORD = re.compile(r"[^\W_]|[\u0900-\u0963\u0966-\u097f]")  # the danda stands among the Devanagari letters
JOINERS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
BETWEEN, LETTER, NOTHING = 0, 1, 2
SPACE = np.uint32(32)
BASE = 0x9E3779B1  # odd, so that its powers have inverses modulo 2**32
STEPS = np.array([0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646C | 1], dtype=np.uint32)
MIX = (np.uint32(0x7FEB352D), np.uint32(0x846CA68B))
PAIR = (np.uint32(0x2C1B3C6D), np.uint32(0x297A2D39))
SHORTEST, LONGEST = 3, 5  # characters in a run
RUN_WEIGHT = 0.5  # a text has ten times as many runs as words, and they say less each
COUNTED = 1 + np.log(np.maximum(np.arange(4097), 1))  # by how often the feature occurs; more often than that is alike
START = np.zeros(1, dtype=np.intp)
WHOLE, LOWEST = np.uint32(2), np.uint32(3)  # the bit that tells words from runs; it and the bit of the sign
WEIGHTS = np.array([RUN_WEIGHT, -RUN_WEIGHT, 1.0, -1.0])  # by these two bits


def vectors_of(texts: Iterable[str], dimensions: int = DIMENSIONS) -> list[list[float]]:
    """One vector of length 1 a text; the same text has the same vector on every machine."""
    return [_vector(text, dimensions).tolist() for text in texts]


def _vector(text: str, dimensions: int) -> NDArray[np.float64]:
    letters = _letters(text)
    words = _word_ids(letters)
    pairs = words[:-1] * PAIR[0] + words[1:] * PAIR[1]
    runs = _run_ids(letters)
    ids = _mixed(np.concatenate((words, pairs, *runs)))
    ids[: len(words) + len(pairs)] |= WHOLE
    ids[len(words) + len(pairs) :] &= ~WHOLE
    vector = _hashed(ids, dimensions)
    length = float(np.sqrt(vector @ vector))
    if length == 0:  # no word at all: still a direction, since a vector of zeros has no angle to any other
        vector[sum(text.encode("utf-8", "replace")) % dimensions] = length = 1.0
    return vector / length


def _letters(text: str) -> Ids:
    """The code points of the words, with one space before, between and after them."""
    plain = f" {unicodedata.normalize('NFKC', text).casefold()} "
    points = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32)
    kinds = _kinds().take(points, mode="clip")
    if kinds.max() == NOTHING:
        points, kinds = points[kinds != NOTHING], kinds[kinds != NOTHING]
    kept = kinds.copy()
    kept[0] = LETTER
    kept[1:] |= kinds[:-1]  # of all that stands between two words, the first sign is kept as their space
    return np.where(kinds, points, SPACE)[kept.view(np.bool_)]


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point of the Basic Multilingual Plane is; what lies beyond it separates words."""
    kinds = np.fromiter((WORD.match(chr(point)) is not None for point in range(0xFFFF)), dtype=np.uint8)
    kinds[[ord(joiner) for joiner in JOINERS]] = NOTHING
    return np.append(kinds, np.uint8(BETWEEN))


def _word_ids(letters: Ids) -> Ids:
    """A number for each word: its polynomial in BASE, from the running sums of the whole text's."""
    spaces = np.flatnonzero(letters == SPACE)
    powers, inverses = _powers(1 << (len(letters) - 1).bit_length())
    sums = np.cumsum(letters * powers[: len(letters)], dtype=np.uint32)
    starts = spaces[:-1]
    ids: Ids = (sums[spaces[1:] - 1] - sums[starts]) * inverses[starts]
    return ids[np.diff(spaces) > 1]


@functools.cache
def _powers(size: int) -> tuple[Ids, Ids]:
    """The powers of BASE modulo 2**32, and of its inverse."""
    powers = np.full(size, BASE, dtype=np.uint32)
    inverses = np.full(size, pow(BASE, -1, 2**32), dtype=np.uint32)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers, dtype=np.uint32), np.cumprod(inverses, dtype=np.uint32)


def _run_ids(letters: Ids) -> list[Ids]:
    """A number for each run of characters that does not span two words; a space marks where a word begins or ends."""
    inside = letters != SPACE
    found: list[Ids] = []
    size = len(letters) - SHORTEST + 1
    if size < 1:
        return found
    ids = letters[:size] * STEPS[0] + letters[1 : size + 1] * STEPS[1] + letters[2:] * STEPS[2]
    within = inside[1 : size + 1]
    found.append(ids[within])
    for length in range(SHORTEST + 1, min(LONGEST, len(letters)) + 1):
        size = len(letters) - length + 1
        ids = ids[:size] + letters[length - 1 :] * STEPS[length - 1]
        within = within[:size] & inside[length - 2 : length - 2 + size]
        found.append(ids[within])
    return found


def _hashed(ids: Ids, dimensions: int) -> NDArray[np.float64]:
    """Count each different feature, and add it with its sign and weight to the number that it is hashed to."""
    ids.sort()
    changes = np.flatnonzero(ids[1:] != ids[:-1]) + 1
    edges = np.concatenate((START, changes, (len(ids),))) if len(ids) else START
    features, counts = ids[edges[:-1]], edges[1:] - edges[:-1]
    weights = COUNTED.take(counts, mode="clip") * WEIGHTS.take(features & LOWEST)
    slots = (features.astype(np.uint64) * np.uint64(dimensions)) >> np.uint64(32)
    return np.bincount(slots.view(np.intp), weights, minlength=dimensions).astype(np.float64, copy=False)


def _mixed(ids: Ids) -> Ids:
    """Spread the ids over all 32 bits: the upper ones choose the number, the lowest the sign."""
    ids = (ids ^ (ids >> np.uint32(16))) * MIX[0]
    ids = (ids ^ (ids >> np.uint32(15))) * MIX[1]
    return ids ^ (ids >> np.uint32(16))
