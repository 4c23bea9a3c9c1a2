"""Language and script as asked: Devanagari and danda in Hindi, none of it in English, one form of each character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem

LATEX = re.compile(r"\$[^$]*\$")
DEVANAGARI = re.compile(r"[\u0900-\u0963\u0966-\u097f]")
HINDI_WORD = re.compile(r"[\u0900-\u0963\u0966-\u097f]{2,}")
OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u0980-\u0dff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
LATIN = re.compile(r"[A-Za-z]")
# Names and terms stand in brackets, quotes or code; prose does not.
SET_APART = re.compile(r"\([^()]*\)|“[^“”]*”|‘[^‘’]*’|\"[^\"]*\"|`[^`]*`|https?://\S+")
ENGLISH_RUN = re.compile(r"(?:(?<=[\s(])|^)(?:[A-Za-z]+[,;:]?\s+){3,}[A-Za-z]+|(?:\b[a-z]{2,}[,;:]?\s+){2,}[a-z]{2,}\b")
SMALL_WORD = re.compile(
    r"\b(?:the|is|are|of|and|in|to|which|that|with|because|it|an?|by|for|this|from|when|as|has|have|at|on|was|were|be)\b"
)
FULL_STOP = re.compile(
    r"(?:(?<![\u0900-\u097f])(?:है|हैं|था|थी|थे|हो|हुआ|हुई|गया|गई|जाता|जाती|करें|दें|लें)|(?<![\u0900-\u0963\u0970-\u097f])(?!(?:प्रो|श्री|सेमी|किमी|मिमी|किग्रा)\.)[\u0900-\u0963\u0970-\u097f]{3,})"
    r"\.(?=\s|$|[”’\"])"
)


def in_its_language(
    item: QuestionItem | NoteItem,
    *,
    latin_letters: Annotated[int, Field(ge=4)] = 16,
    devanagari_share: Annotated[float, Field(ge=0, le=1)] = 0.45,
) -> Iterator[Finding]:
    """Find texts in another language or script than the one asked for, whole or in part.

    A Hindi text with `latin_letters` or more in words must have this share of its letters in Devanagari.
    """
    hindi = item.context.language == "hi"
    for field, text in item.texts:
        problem = hindi_problem(text, latin_letters, devanagari_share) if hindi else english_problem(text)
        if problem:
            yield Finding("LANGUAGE", field, problem)
        elif hindi and (match := FULL_STOP.search(text)):
            yield Finding("DANDA", field, f"ends a sentence with a full stop ({match[0]!r}); Hindi ends it with ।")


def english_problem(text: str) -> str | None:
    """What of an English text is not English, or None."""
    if text.isascii():
        return None
    if match := DEVANAGARI.search(text) or OTHER_SCRIPT.search(text):
        return f"must be English, but holds {text[match.start() : match.start() + 20]!r}."
    return None


def hindi_problem(text: str, latin_letters: int, devanagari_share: float) -> str | None:
    """What of a Hindi text is not Hindi, or None."""
    if match := OTHER_SCRIPT.search(text):
        return f"must be Hindi in Devanagari, but holds {text[match.start() : match.start() + 20]!r}."
    if not LATIN.search(text):
        return None
    prose = LATEX.sub(" ", text)
    run = _english_prose(SET_APART.sub(" | ", prose))
    if run is None and (apart := _english_prose(prose)) and SMALL_WORD.search(apart):
        run = apart
    if run is not None:
        return f"must be Hindi in Devanagari throughout, but holds English: {run[:50]!r}."
    words = re.findall(r"(?<![A-Za-z])[A-Z]?[a-z]{2,}", prose)
    latin, devanagari = sum(map(len, words)), len(DEVANAGARI.findall(prose))
    if latin >= latin_letters and devanagari < devanagari_share * (latin + devanagari):
        return "must be Hindi in Devanagari; only formulas, symbols and units stay in Latin script."
    return None


def _english_prose(text: str) -> str | None:
    """A run of English words that is no unit, symbol or name, or None."""
    for match in ENGLISH_RUN.finditer(text):
        words = [word.strip(",;:") for word in match[0].split()]
        if sum(len(word) > 2 and not word.isupper() for word in words) >= 2 and (
            SMALL_WORD.search(match[0])
            or ("," not in match[0] and sum(word.islower() and len(word) > 2 for word in words) >= 3)
        ):
            return match[0]
    return None


def in_normal_form(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find characters in another form than NFC. `read_draft` puts drafts into it; this finds what came another way."""
    for field, text in item.texts:
        if not unicodedata.is_normalized("NFC", text):
            yield Finding("NOT_NFC", field, "is not in Unicode normal form C.", severity="review")
