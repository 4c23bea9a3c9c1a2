"""Characters as a reader means them: ligatures resolved, invisible signs gone, one form of each letter, plain spaces.

Formulas and code within a line keep their characters. Joiners stay where a script needs them (क्‍ष, emoji).
"""

from __future__ import annotations

import re
import unicodedata

from hydrateall.documents.optimizing.report import Report, shortened

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
SOFT_HYPHEN = "\u00ad"
LIGATURE = re.compile(f"[{''.join(LIGATURES)}]")
SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]| {2,}")
INVISIBLE = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff]|{SOFT_HYPHEN}(?!\\Z)"
    "|(?<![\u0590-\u1fff\u200c\u200d\u2c00-\ud7ff\ufe0f\U00010000-\U0001faff])[\u200c\u200d]"
    "(?![\u0590-\u1fff\u2c00-\ud7ff\U00010000-\U0001faff])"
)
"""A soft hyphen at the end of a line is kept until the line is joined to the next."""
BULLET = re.compile("(?:[•●▪‣⁃➢➤\uf0b7\uf0a7][ \t]*|[◦∙·■□◆○][ \t]+)(?=\\S|\\Z)")
AS_IT_IS = re.compile(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)|(?<!\\)\$\$.+?\$\$|(?<!\\)\$(?!\s)[^$]*?[^\s\\$]\$(?!\d)")


def is_tidy(body: str) -> bool:
    """Whether there is plainly nothing to do: but for the plain space, no space and no unseen sign is printable."""
    if "  " in body or not body.isprintable():
        return False
    if body.isascii():
        return True
    return not (LIGATURE.search(body) or BULLET.match(body)) and unicodedata.is_normalized("NFC", body)


def tidy(body: str, report: Report) -> str:
    """A line of prose, without the space around it, with tidy characters."""
    if bullet := BULLET.match(body):
        report.note("bullets", shortened(body))
        body = f"- {body[bullet.end() :]}".rstrip()
    return _tidy_around(body, report) if "$" in body or "`" in body else _tidy_prose(body, report)


def _tidy_around(body: str, report: Report) -> str:
    """Tidy what stands between formulas and code."""
    parts, place = [], 0
    for kept in AS_IT_IS.finditer(body):
        parts += [_tidy_prose(body[place : kept.start()], report), kept[0]]
        place = kept.end()
    return "".join([*parts, _tidy_prose(body[place:], report)])


def _tidy_prose(text: str, report: Report) -> str:
    if not text.isascii():
        text = _tidy_letters(text, report)
    spaced = SPACE.sub(" ", text)
    if spaced != text:
        report.note("spaces")
        spaced = re.sub(" {2,}", " ", spaced)
    return spaced


def _tidy_letters(text: str, report: Report) -> str:
    resolved, ligatures = LIGATURE.subn(lambda found: LIGATURES[found[0]], text)
    if ligatures:
        report.note("ligatures", shortened(text), ligatures)
    visible, invisible = INVISIBLE.subn("", resolved)
    if invisible:
        report.note("invisible characters", count=invisible)
    if unicodedata.is_normalized("NFC", visible):
        return visible
    report.note("composed characters", shortened(visible))
    return unicodedata.normalize("NFC", visible)
