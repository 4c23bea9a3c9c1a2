"""What a question is for: the objective that it tests, and the level of thinking that its difficulty asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from hydrateall.curriculum.enums import BloomLevel, DifficultyLevel
from hydrateall.validation.choices import normalised
from hydrateall.validation.schemas import Finding, QuestionItem, QuestionSet

WORD = re.compile(r"[^\W\d_\u0900-\u097f]{3,}|[\u0900-\u0963\u0966-\u097f]{2,}")
STEM = 5  # letters; "calculate" and "calculation" begin alike
Levels = Annotated[tuple[BloomLevel, ...], Field(min_length=1)]


def fitting_bloom(
    item: QuestionItem,
    *,
    easy: Levels = (BloomLevel.REMEMBER, BloomLevel.UNDERSTAND, BloomLevel.APPLY),
    medium: Levels = (BloomLevel.UNDERSTAND, BloomLevel.APPLY, BloomLevel.ANALYZE),
    hard: Levels = (BloomLevel.APPLY, BloomLevel.ANALYZE, BloomLevel.EVALUATE, BloomLevel.CREATE),
) -> Iterator[Finding]:
    """Find a Bloom level that does not go with the difficulty.

    The bands are one level wider than the prompt's; the level is a label, so a person corrects it and the question
    is not written again.
    """
    question = item.question
    allowed = {DifficultyLevel.EASY: easy, DifficultyLevel.MEDIUM: medium, DifficultyLevel.HARD: hard}
    levels = allowed[question.difficulty_level]
    if question.bloom_taxonomy_level not in levels:
        wanted = ", ".join(level for level in BloomLevel if level in levels)
        message = (
            f"({question.bloom_taxonomy_level}) does not go with {question.difficulty_level}; that asks for {wanted}."
        )
        yield Finding("BLOOM_LEVEL", "bloomTaxonomyLevel", message, severity="review")


def known_objective(item: QuestionItem, *, related: Annotated[float, Field(ge=0, le=1)] = 0.34) -> Iterator[Finding]:
    """Find a learning objective that is none of the topic's.

    One in other words is advice. One that shares less than `related` of its words with each of them belongs to
    another topic, and perhaps the question does too: a person looks.
    """
    given, objectives = item.question.learning_objective, item.context.objectives
    if not objectives or normalised(given) in {normalised(each) for each in objectives}:
        return
    if max(_shared(given, each) for each in objectives) < related:
        yield Finding("OBJECTIVE_FOREIGN", "learningObjective", "is no objective of this topic.", severity="review")
    else:
        message = "is an objective of the topic in other words; give it word for word."
        yield Finding("OBJECTIVE_REWORDED", "learningObjective", message, severity="advice")


def _shared(given: str, objective: str) -> float:
    """The share of the words of `given` that the objective has too; 0 where it has no words."""
    words = _stems(given)
    return len(words & _stems(objective)) / len(words) if words else 0.0


@lru_cache(1024)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in WORD.findall(normalised(text)))


def covered_objectives(together: QuestionSet) -> Iterator[Finding]:
    """Find questions that test an objective again while another one of the topic is tested by none."""
    tested = [normalised(question.learning_objective) for question in together.questions]
    left = [each for each in together.context.objectives if normalised(each) not in tested]
    for item, objective in enumerate(tested, 1):
        if left and objective in tested[: item - 1]:
            message = f"is tested by another question of the set, and {left[0]!r} by none."
            yield Finding("OBJECTIVE_UNTESTED", "learningObjective", message, item, severity="advice")
