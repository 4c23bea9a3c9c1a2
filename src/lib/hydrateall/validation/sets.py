"""What is seen over a whole set only: the places of the keys, their lengths, stems that repeat with other numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.choices import normalised
from hydrateall.validation.schemas import Finding

FEWEST = 4  # questions; of fewer, two keys in one place say nothing
MOST_SHARE = 0.7
LONGER = 1.3
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def spread_keys(questions: Sequence[QuestionDraft]) -> Iterator[Finding]:
    """Find a set whose keys stand in one place, or are always the longest option."""
    keyed = [(question, key) for question in questions if (key := _key(question))]
    if len(keyed) < FEWEST:
        return
    letter, most = Counter(key for _, key in keyed).most_common(1)[0]
    if most > MOST_SHARE * len(keyed):
        yield Finding("KEY_POSITION", "questions", f"{most} of {len(keyed)} keys are {letter}.", severity="review")
    if all(_longest(question, key) for question, key in keyed):
        yield Finding("KEY_LONGEST", "questions", "the key is the longest option every time.", severity="review")


def _key(question: QuestionDraft) -> str | None:
    keys = question.correct_answer.correct_options
    return keys[0] if question.question_type is QuestionType.MCQ and keys and len(keys) == 1 else None


def _longest(question: QuestionDraft, key: str) -> bool:
    lengths = {option.key: len(option.text) for option in question.options or ()}
    others = [length for letter, length in lengths.items() if letter != key]
    return bool(others) and lengths.get(key, 0) >= LONGER * max(others)


def varied_stems(questions: Sequence[QuestionDraft]) -> Iterator[Finding]:
    """Find questions that repeat another one of the set with other numbers."""
    seen: dict[str, int] = {}
    for item, question in enumerate(questions, 1):
        shape = NUMBER.sub("#", normalised(f"{question.scenario or ''} {question.question_text}"))
        if "#" in shape and shape in seen:
            message = f"repeats question {seen[shape]} with other numbers."
            yield Finding("SAME_SHAPE", "questionText", message, item, severity="review")
        seen.setdefault(shape, item)
