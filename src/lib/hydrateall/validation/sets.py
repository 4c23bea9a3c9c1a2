"""What is seen over a whole set only: the places of the keys, their lengths, stems that repeat with other numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.validation.choices import normalised
from hydrateall.validation.schemas import Finding, QuestionSet

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def spread_keys(
    together: QuestionSet,
    *,
    fewest: Annotated[int, Field(ge=2)] = 4,
    one_place: Annotated[float, Field(gt=0.25, le=1)] = 0.7,
    longer: Annotated[float, Field(ge=1)] = 1.3,
) -> Iterator[Finding]:
    """Find a set whose keys stand in one place, or are always the longest option.

    Of fewer than `fewest` questions two keys in one place say nothing; `one_place` is the share of keys, `longer`
    how much longer a key is than every other option. Each question that takes part is told.
    """
    keyed = [(item, question, key) for item, question in enumerate(together.questions, 1) if (key := _key(question))]
    if len(keyed) < fewest:
        return
    letter, most = Counter(key for *_, key in keyed).most_common(1)[0]
    if most > one_place * len(keyed):
        message = f"{most} of {len(keyed)} keys of the set are {letter}."
        found = (item for item, _, key in keyed if key == letter)
        yield from (Finding("KEY_POSITION", "correctAnswer", message, item, severity="advice") for item in found)
    if all(_longest(question, key, longer) for _, question, key in keyed):
        message = "the key is the longest option in every question of the set."
        yield from (Finding("KEY_LONGEST", "options", message, item, severity="advice") for item, *_ in keyed)


def _key(question: QuestionDraft) -> str | None:
    keys = question.correct_answer.correct_options
    return keys[0] if question.question_type is QuestionType.MCQ and keys and len(keys) == 1 else None


def _longest(question: QuestionDraft, key: str, longer: float) -> bool:
    lengths = {option.key: len(option.text) for option in question.options or ()}
    others = [length for letter, length in lengths.items() if letter != key]
    return bool(others) and lengths.get(key, 0) >= longer * max(others)


def varied_stems(together: QuestionSet) -> Iterator[Finding]:
    """Find questions that repeat another one of the set with other numbers."""
    seen: dict[str, int] = {}
    for item, question in enumerate(together.questions, 1):
        shape = NUMBER.sub("#", normalised(f"{question.scenario or ''} {question.question_text}"))
        if "#" in shape and shape in seen:
            message = f"repeats question {seen[shape]} of its set with other numbers."
            yield Finding("SAME_SHAPE", "questionText", message, item, severity="review")
        seen.setdefault(shape, item)
