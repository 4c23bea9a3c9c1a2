"""Flaws on purpose: what the validation must catch. Each spoils one question in place, if it finds a hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Question = dict[str, Any]
UNBALANCED = " $\\frac{1}{2$"


def spoil(question: Question, rotation: int) -> None:
    """Apply the flaw whose turn it is, or the next one that finds something to spoil; the last always does."""
    for step in range(len(FLAWS)):
        if FLAWS[(rotation + step) % len(FLAWS)](question):
            return


def _repeat_choice(question: Question) -> bool:
    if not question["options"]:
        return False
    question["options"][1]["text"] = question["options"][0]["text"]
    return True


def _point_key_nowhere(question: Question) -> bool:
    if not question["options"]:
        return False
    question["correctAnswer"]["correctOptions"] = ["E"]
    return True


def _drop_reasoning(question: Question) -> bool:
    for field in ("explanation", "solutionSteps", "scientificExplanation"):
        question["correctAnswer"][field] = None
    return True


def _break_formula(question: Question) -> bool:
    question["questionText"] += UNBALANCED
    return True


def _leave_placeholder(question: Question) -> bool:
    question["questionText"] = "[Insert question text here]"
    return True


def _talk_about_itself(question: Question) -> bool:
    answer = question["correctAnswer"]
    field = next((name for name in ("explanation", "directAnswer") if answer[name]), None)
    if field is None:
        return False
    answer[field] = f"As an AI language model, I cannot check this. {answer[field]}"
    return True


def _drop_final_answer(question: Question) -> bool:
    question["correctAnswer"]["finalAnswer"] = None
    return True


FLAWS: tuple[Callable[[Question], bool], ...] = (
    _repeat_choice,
    _point_key_nowhere,
    _drop_reasoning,
    _break_formula,
    _leave_placeholder,
    _talk_about_itself,
    _drop_final_answer,
)
