"""Length and reading level. Bands: words a note, by grade, from the house rules; Flesch-Kincaid for English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem

# A study guide for a topic without a lesson has 490 words and does not pad itself: short of 800, but no error.
FAR_BELOW, FAR_ABOVE = 0.6, 1.25
LEAST_WORDS = 40  # a shorter text says nothing about its level
HARDER = 6.0  # school years above the grade; the formula is coarse, and science has long words
LATEX = re.compile(r"\$[^$]*\$")
WORD = re.compile(r"[A-Za-z]{2,}")
VOWELS = re.compile(r"[aeiouy]+")
SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n")


def note_length(note: NoteItem) -> Iterator[Finding]:
    """Find a note outside of its grade's band: far outside it is asked for again, else a person decides."""
    words, (fewest, most) = len(note.content.split()), note.word_range
    if not fewest <= words <= most:
        far = words < fewest * FAR_BELOW or words > most * FAR_ABOVE
        message = f"must have {fewest} to {most} words, not {words}."
        yield Finding("NOTE_LENGTH", "content", message, severity="error" if far else "review")


def reading_level(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find English far above its grade. Hindi has no formula that is as well founded."""
    if item.context.language != "en" or not item.context.grade.isdigit():
        return
    if isinstance(item, NoteItem):
        field, text = "content", item.content
    else:
        field, text = "questionText", f"{item.question.scenario or ''} {item.question.question_text}"
    level = english_level(text) if text.count(" ") >= LEAST_WORDS else None
    if level is not None and level > int(item.context.grade) + HARDER:
        message = f"reads like school year {level:.0f}; write shorter sentences and simpler words."
        yield Finding("READING_LEVEL", field, message, severity="review")


def english_level(text: str) -> float | None:
    """The Flesch-Kincaid grade of a text, or None where it is too short for one."""
    prose = LATEX.sub(" ", text)
    words = WORD.findall(prose)
    if len(words) < LEAST_WORDS:
        return None
    sentences = max(1, len(SENTENCE_END.findall(prose)))
    syllables = sum(max(1, len(VOWELS.findall(word.lower()))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
