"""Answer completeness by difficulty, from seed 000 (whose JavaScript `'a' || 'b'` was meant as "either field")."""

from __future__ import annotations

from collections.abc import Iterator

from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.validation.schemas import Finding, QuestionItem

EMPTY_WORDS = {"", "null", "none", "nil", "n/a", "undefined", "tbd", "-"}

# For each difficulty: groups of fields, of each group at least one must be filled.
REQUIRED: dict[DifficultyLevel, tuple[tuple[str, ...], ...]] = {
    DifficultyLevel.EASY: (("answer",), ("explanation",), ("final_answer",)),
    DifficultyLevel.MEDIUM: (("solution_steps",), ("final_answer",)),
    DifficultyLevel.HARD: (
        ("direct_answer",),
        ("scientific_explanation", "solution_steps"),
        ("final_answer",),
        ("discussion", "key_takeaway"),
    ),
}


def filled(value: object) -> bool:
    """Say whether an answer field has content; "null" and the like are no content."""
    if isinstance(value, str):
        return value.strip().lower() not in EMPTY_WORDS
    if isinstance(value, list):
        return bool(value) and all(filled(each) for each in value)
    return value is not None


def answer_completeness(item: QuestionItem) -> Iterator[Finding]:
    """Find the answer fields that the question's difficulty requires and that are missing or empty."""
    question = item.question
    answer = question.correct_answer
    for group in REQUIRED[question.difficulty_level]:
        if not any(filled(getattr(answer, name)) for name in group):
            yield Finding(
                "ANSWER_INCOMPLETE",
                "correctAnswer",
                f"needs {' or '.join(group)} at difficulty {question.difficulty_level}, not null and not empty.",
            )
    for name, value in answer:
        if value is not None and name not in ("pairs",) and not filled(value):
            yield Finding("ANSWER_EMPTY", f"correctAnswer.{name}", "is empty or says null; fill it or set it to null.")
