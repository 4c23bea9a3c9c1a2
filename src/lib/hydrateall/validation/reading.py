"""Length and reading level. Bands: words a note, from the house rules; Flesch-Kincaid for English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem, Severity

LATEX = re.compile(r"\$[^$]*\$")
WORD = re.compile(r"[A-Za-z]{2,}")
VOWELS = re.compile(r"[aeiouy]+")
SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n")


def note_length(
    note: NoteItem,
    *,
    fewest: Annotated[int, Field(ge=1)] = 800,
    most: Annotated[int, Field(ge=1)] = 1500,
    far_below: Annotated[float, Field(gt=0, le=1)] = 0.6,
    far_above: Annotated[float, Field(ge=1)] = 1.25,
) -> Iterator[Finding]:
    """Find a note outside of its band of words.

    Below far_below × fewest or above far_above × most it is written again. Somewhat too long is for a person to
    judge. Somewhat too short is advice: a study guide on a small topic has 490 words and need not pad itself.
    """
    words = len(note.content.split())
    if not fewest <= words <= most:
        near: Severity = "advice" if words < fewest else "review"
        far = words < fewest * far_below or words > most * far_above
        message = f"must have {fewest} to {most} words, not {words}."
        yield Finding("NOTE_LENGTH", "content", message, severity="error" if far else near)


def reading_level(
    item: QuestionItem | NoteItem,
    *,
    years_above: Annotated[float, Field(ge=0, le=20)] = 6.0,
    least_words: Annotated[int, Field(ge=20)] = 40,
) -> Iterator[Finding]:
    """Find English that reads far above its grade.

    The formula is coarse and science has long words, so `years_above` is wide; a text of fewer than `least_words`
    says nothing about its level. Hindi has no formula that is as well founded.
    """
    if item.context.language != "en" or not item.context.grade.isdigit():
        return
    if isinstance(item, NoteItem):
        field, text = "content", item.content
    else:
        field, text = "questionText", f"{item.question.scenario or ''} {item.question.question_text}"
    level = english_level(text, least_words) if text.count(" ") >= least_words else None
    if level is not None and level > int(item.context.grade) + years_above:
        message = f"reads like school year {level:.0f}; write shorter sentences and simpler words."
        yield Finding("READING_LEVEL", field, message, severity="review")


def english_level(text: str, least_words: int) -> float | None:
    """The Flesch-Kincaid grade of a text, or None where it is too short for one."""
    prose = LATEX.sub(" ", text)
    words = WORD.findall(prose)
    if len(words) < least_words:
        return None
    sentences = max(1, len(SENTENCE_END.findall(prose)))
    syllables = sum(max(1, len(VOWELS.findall(word.lower()))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
