"""Where a word may be cut, if it must be: between what a reader sees as letters.

Stricter than Unicode's rules (UAX 29) in places, never looser: an Indic conjunct, an emoji built of several, a flag and
a Hangul syllable stay whole.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
VIRAMA = 9  # the combining class of the signs that tie two consonants together
HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]")
FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]*\\Z")
CLINGING = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u0e33\u0eb3\uff9e\uff9f]")
LONGEST = 64
"""Characters; what clings together for longer is no letter, and is cut anywhere."""


def cut_between_graphemes(text: str, *, low: int, high: int) -> int:
    """The last place in (low, high] where a letter ends; `high` itself if there is none nearby."""
    nearest = max(low, high - LONGEST)
    return next((place for place in range(high, nearest, -1) if _is_between(text, place)), high)


def _is_between(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if before < "\u0300" and after < "\u0300":
        return before + after != "\r\n" and before != "\u00ad"
    return not (
        _clings(after) or _is_bound(text, place) or _is_one_syllable(before, after) or _halves_flag(text, place)
    )


def _clings(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return unicodedata.category(character)[0] == "M" or character in JOINERS or bool(CLINGING.match(character))


def _is_bound(text: str, place: int) -> bool:
    """Whether what stands before binds the next letter: a virama, a joiner, a sign written before a number."""
    for at in range(place - 1, max(-1, place - LONGEST), -1):
        if unicodedata.combining(text[at]) == VIRAMA or unicodedata.category(text[at]) == "Cf":
            return True
        if not _clings(text[at]):
            return False
    return False


def _is_one_syllable(before: str, after: str) -> bool:
    """Whether both are parts of one Hangul syllable."""
    return all(HANGUL.match(each) for each in (before, after)) and not (_is_whole(before) and _is_whole(after))


def _is_whole(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _halves_flag(text: str, place: int) -> bool:
    """Whether the cut would part the two letters of a flag: an odd number of them stands before it."""
    before = FLAG_LETTERS.search(text, max(0, place - 2 * LONGEST), place)
    return before is not None and len(before[0]) % 2 == 1 and FLAG_LETTERS.match(text, place, place + 1) is not None
