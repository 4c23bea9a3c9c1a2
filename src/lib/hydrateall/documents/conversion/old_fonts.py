"""Hindi that is no Unicode: fonts of the time before, whose Latin letters look like Devanagari in print only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

OLD_FONTS = re.compile(
    r"(?i)kruti|dev\s*lys|chanakya|walkman|shusha|shivaji|kundli|narad|susha\b|amar\s*ujala|bhaskar\b|jagran"
    r"|shree[\s_-]*dev|dvb?w?[\s_-]*tt|surekh|(?:^|[+\s])aps[\s_-]|richa\b|aryan2|agra\b|4c\s*gandhi|nai\s*dunia"
)
UNICODE_FONT = re.compile(r"(?i)unicode|uni\b")
LATIN = re.compile(r"[A-Za-z]")
DEVANAGARI = re.compile("[\u0900-\u097f]")

KRUTI_DEV_WORDS = frozenset(
    [
        "gS",
        "gSa",
        "ds",
        "dk",
        "dh",
        "esa",
        "vkSj",
        "ls",
        "dks",
        "ij",
        "ugha",
        "fd",
        "rFkk",
        "rks",
        ";g",
        ";s",
        "og",
        "os",
        "bl",
        "bls",
        "bldk",
        "blds",
        "mls",
        "mldk",
        "mlds",
        "us",
        "Hkh",
        "gks",
        "gksrk",
        "gksrh",
        "gksrs",
        "Fkk",
        "Fks",
        "Fkh",
        ",d",
        ";k",
        "tks",
        "fdlh",
        "dj",
        "djds",
        "djuk",
        "djrs",
        "djrk",
        "djrh",
        "tkrk",
        "tkrh",
        "tkrs",
        "fy,",
        "fy;s",
        "viuk",
        "vius",
        "lkFk",
        "}kjk",
        "Hkkjr",
        "fd;k",
        "gqvk",
        "gqbZ",
        "gq,",
        "dqN",
        "lHkh",
        "cgqr",
        "tc",
        "rc",
        "vc",
        "D;k",
        "dkSu",
        "fdruk",
        "nks",
        "rhu",
        "jgk",
        "jgs",
        "jgh",
        "fn;k",
        "fy;k",
        "x;k",
        "xbZ",
        "x,",
        "izdk'k",
        "ty",
        "ikuh",
        "okys",
        "okyk",
        "okyh",
        "izdkj",
        "iz'u",
        "mÙkj",
    ]
)
SHUSHA_WORDS = frozenset(
    [
        "hO",
        "hOM",
        "maoM",
        "AaOr",
        "kI",
        "ko",
        "ka",
        "sao",
        "nao",
        "nahIM",
        "yah",
        "[sa",
        "]sa",
        "pr",
        "Baart",
        "ijasa",
        "haota",
        "haoto",
        "haotI",
    ]
)
AMBIGUOUS = frozenset(
    ["ls", "os", "us", "ko", "ka", "ds", "dk", "dh", "pr", "bl", ";k", "x,", "ij", "fd", "cgqr", "tc", "rc", "vc", "ty"]
)
"""Of those lists, words that occur in honest text too (`ls`, `OS`, abbreviations): they count, but prove nothing."""

HIGH = re.compile(
    "[\u00a1-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2020-\u2022\u2030\u2122]"
)
MIS_DECODED = re.compile("à¤|à¥|Ã\u00a0Â¤")
PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\ufffe\uffff\x00-\x08\x0e-\x1f]")
WORD = re.compile(r"\S+")
EDGES = '"().!?:।*_|#>`'
CODE = re.compile(r"^```.*?^```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", re.MULTILINE | re.DOTALL)
WINDOW_WORDS = 60
MOST_CHARS = 2_000_000


@lru_cache(maxsize=1024)
def is_old_font(name: str) -> bool:
    """Whether a font's name is that of an old Hindi font. A subset's prefix ("ABCDEF+") may stand before it."""
    return bool(OLD_FONTS.search(name)) and not UNICODE_FONT.search(name)


def used_old_font(uses: Iterable[tuple[str, str]]) -> str | None:
    """The first old font that Latin letters are set in, of (font, text). Unicode text is safe in any font."""
    return next(
        (font for font, text in uses if is_old_font(font) and LATIN.search(text) and not DEVANAGARI.search(text)), None
    )


def gibberish(text: str) -> str | None:
    """Why the text is no honest text, in words; None if it is. Code and formulas are left out."""
    plain = CODE.sub(" ", text[:MOST_CHARS])
    return next((why for window in _windows(plain) if (why := _verdict(window))), None)


def _windows(text: str) -> Iterator[list[str]]:
    """Each line, and each run of words: a Hindi sentence between English ones is found as well."""
    for line in text.split("\n"):
        if len(line) > 7:
            yield line.split()[:WINDOW_WORDS]
    words = WORD.findall(text)
    for start in range(0, len(words), WINDOW_WORDS):
        yield words[start : start + WINDOW_WORDS]


def _verdict(words: list[str]) -> str | None:
    joined = "".join(words)
    if len(joined) < 8:
        return None
    signs = len(joined)
    if joined.isascii():
        return _by_words([word.strip(EDGES) for word in words])
    if len(MIS_DECODED.findall(joined)) * 3 > 0.3 * signs:
        return "its Hindi was saved in a wrong encoding and shows signs like à¤"
    if signs >= 20 and len(PRIVATE.findall(joined)) > 0.2 * signs:
        return "its fonts do not say which letters they show"
    if signs >= 40 and len(HIGH.findall(joined)) > 0.3 * signs:
        return "more than a third of its signs are accented letters, as in Chanakya or Walkman"
    if DEVANAGARI.search(joined):
        words = [word for word in words if not DEVANAGARI.search(word)]
    return _by_words([word.strip(EDGES) for word in words])


def _by_words(words: list[str]) -> str | None:
    for font, known in (("Kruti Dev", KRUTI_DEV_WORDS), ("Shusha", SHUSHA_WORDS)):
        proofs = known.intersection(words) - AMBIGUOUS
        found = [word for word in words if word in known] if proofs else []
        if len(words) >= 4 and proofs and len(found) >= 0.12 * len(words) and _is_proof(words, found, proofs):
            return f'words such as "{" ".join(words[:6])}" are letters for {font}'
    return None


def _is_proof(words: list[str], found: list[str], proofs: frozenset[str]) -> bool:
    """Three different words that only the font has; or fewer, among words that no language spells so."""
    odd = sum(_is_odd(word) for word in words)
    return len(proofs) >= 3 or (len(found) >= 1 and odd >= 0.5 * len(words))


def _is_odd(word: str) -> bool:
    """Capitals or signs inside, or hardly a vowel: as hundreds of Kruti Dev words are."""
    letters = LATIN.findall(word)
    if not letters:
        return bool(re.search("[;,}{'~¼½]", word))
    vowels = sum(letter in "aeiouAEIOU" for letter in letters)
    return vowels / len(letters) < 0.2 or bool(re.search(r"[a-z][A-Z]|\w[;'}{~]\w|^[,;}{\[]\w", word))
