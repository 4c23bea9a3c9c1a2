"""Choices: four, distinct, and a key that is among them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.schemas import Finding, QuestionItem

KEYS = ["A", "B", "C", "D"]
ONE_KEY = (QuestionType.MCQ, QuestionType.ASSERTION_REASON)
CHOICES = (*ONE_KEY, QuestionType.MULTI_SELECT)


def normalised(text: str) -> str:
    """Fold case, space and trailing punctuation, so that two spellings of one choice compare equal."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(" .;,।")


def well_formed_choices(item: QuestionItem) -> Iterator[Finding]:
    """Find choice questions whose options or key are not as their type asks."""
    question = item.question
    if question.question_type not in CHOICES:
        return
    options = question.options or []
    if [option.key for option in options] != KEYS:
        yield Finding("OPTION_COUNT", "options", "must be exactly four, with the keys A, B, C, D in this order.")
    if len({normalised(option.text) for option in options}) < len(options):
        yield Finding("OPTION_DUPLICATE", "options", "two options say the same; all four must differ.")
    yield from _key_findings(question)


def _key_findings(question: QuestionDraft) -> Iterator[Finding]:
    keys = question.correct_answer.correct_options or []
    wanted = "exactly one key" if question.question_type in ONE_KEY else "two or three keys"
    numbers = (1,) if question.question_type in ONE_KEY else (2, 3)
    if len(keys) not in numbers or len(set(keys)) != len(keys) or not set(keys) <= set(KEYS):
        yield Finding("KEY_COUNT", "correctAnswer.correctOptions", f"must hold {wanted} out of A, B, C, D.")
    elif question.correct_answer.final_answer.replace(" ", "") != ",".join(sorted(keys)):
        yield Finding(
            "KEY_MISMATCH",
            "correctAnswer.finalAnswer",
            "must be the letter(s) of correctOptions and nothing else.",
        )


def well_formed_match(item: QuestionItem) -> Iterator[Finding]:
    """Find MATCH questions whose pairs are not a one-to-one matching of their columns."""
    question = item.question
    if question.question_type is not QuestionType.MATCH:
        return
    if question.match_columns is None:
        yield Finding("MATCH_COLUMNS", "matchColumns", "a MATCH question needs two columns.")
        return
    left = {entry.key for entry in question.match_columns.left}
    right = {entry.key for entry in question.match_columns.right}
    pairs = question.correct_answer.pairs or []
    complete = {pair.left for pair in pairs} == left and {pair.right for pair in pairs} == right
    if not complete or len(pairs) != len(left) or len(left) != len(right):
        yield Finding("MATCH_PAIRS", "correctAnswer.pairs", "must pair every left entry with one right entry.")
