"""Flaws on purpose: what the validation must catch. Each spoils one item of a question set in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Question = dict[str, Any]


def spoil(question_set: dict[str, Any], rotation: int) -> None:
    """Apply the flaw whose turn it is; where it finds nothing to spoil, the final answer goes missing."""
    questions = question_set["questions"]
    if not FLAWS[rotation % len(FLAWS)](questions):
        _drop_final_answer(questions)


def _drop_final_answer(questions: list[Question]) -> bool:
    questions[0]["correctAnswer"]["finalAnswer"] = None
    return True


def _repeat_choice(questions: list[Question]) -> bool:
    for question in questions:
        if question["options"]:
            question["options"][1]["text"] = question["options"][0]["text"]
            return True
    return False


def _drop_question(questions: list[Question]) -> bool:
    questions.pop()
    return True


def _drop_reasoning(questions: list[Question]) -> bool:
    answer = questions[-1]["correctAnswer"]
    for field in ("explanation", "solutionSteps", "scientificExplanation"):
        answer[field] = None
    return True


FLAWS: tuple[Callable[[list[Question]], bool], ...] = (
    _drop_final_answer,
    _repeat_choice,
    _drop_question,
    _drop_reasoning,
)
