"""Four distinct choices with one key."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from random import Random

LETTERS = "ABCD"
Options = tuple[tuple[str, str], ...]
FRACTION = re.compile(r"^(.*?)(?:\\frac\{(\d+)\}\{(\d+)\}|(\d+)/(\d+)|(\d+(?:\.\d+)?))(.*)$")


def canonical(text: str) -> str:
    """What two choices must not share: case, spacing and the way a number is written do not count."""
    bare = re.sub(r"[\s$]+", "", unicodedata.normalize("NFKC", text)).casefold().replace("−", "-").strip(".;,।")
    found = FRACTION.match(bare)
    if found is None:
        return bare
    before, top, bottom, upper, lower, number, after = found.groups()
    if number is not None:
        return f"{before}{Fraction(number)}{after}"
    denominator = int(bottom or lower)
    return bare if denominator == 0 else f"{before}{Fraction(int(top or upper), denominator)}{after}"


def four_choices(rng: Random, key: str, distractors: list[str]) -> tuple[Options, str] | None:
    """Shuffle the key among three distractors; None when fewer than three differ from it.

    When the key would be the longest choice, every other time a longer distractor from further down takes a place.
    """
    chosen, seen = [], {canonical(key)}
    for text in distractors:
        if canonical(text) not in seen:
            seen.add(canonical(text))
            chosen.append(text)
    if len(chosen) < 3:
        return None
    three, spare = chosen[:3], chosen[3:]
    longer = [text for text in spare if len(text) > len(key)]
    if longer and all(len(text) < len(key) for text in three) and rng.random() < 0.5:
        three[-1] = longer[0]
    texts = [key, *three]
    rng.shuffle(texts)
    return tuple(zip(LETTERS, texts, strict=True)), LETTERS[texts.index(key)]
