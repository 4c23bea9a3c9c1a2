"""Assignments as the prompts carry them, and what the offline writer answers."""

from __future__ import annotations

import json
import re
from typing import Any

from hydrateall.curriculum.schemas import QuestionSetDraft
from hydrateall.llm.offline import write
from hydrateall.llm.offline.bank import Library
from offline_library import CHAPTER, TITLES

LANGUAGES = ("en", "hi")
DIFFICULTIES = ("easy", "medium", "hard")
UNKNOWN = {"en": "Volcanoes", "hi": "ज्वालामुखी"}


def prompt(assignment: dict[str, Any]) -> str:
    return f"Write.\n<assignment>\n{json.dumps(assignment, ensure_ascii=False)}\n</assignment>\n"


def assignment(purpose: str, language: str = "en", **values: Any) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "board": "CBSE",
        "grade": "10",
        "subject": {"code": "SCIENCE", "name": {"en": "Science", "hi": "विज्ञान"}[language]},
        "language": language,
        "attempt": 1,
        "issues": [],
    } | values


def about(title: str, language: str, purpose: str, **values: Any) -> dict[str, Any]:
    """An assignment on one topic."""
    goals = {"en": ["Explain the idea", "Apply the idea"], "hi": ["विचार को समझाना", "विचार को लागू करना"]}[language]
    topic = {"number": 1, "title": title, "objectives": goals, "difficulty": "medium"}
    chapter = {"number": 11, "title": CHAPTER[language]}
    return assignment(purpose, language, chapter=chapter, topic=topic, **values)


def question_set(
    library: Library, title: str, language: str = "en", difficulty: str = "easy", count: int = 5, **values: Any
) -> list[dict[str, Any]]:
    wanted = {"difficulty": difficulty, "count": count, "types": None, "avoid": []} | values
    draft = write(prompt(about(title, language, "questions", **wanted)), library=library)
    QuestionSetDraft.model_validate(draft)
    return draft["questions"]


def texts(questions: list[dict[str, Any]]) -> set[str]:
    return {question["questionText"].casefold() for question in questions}


def titles(language: str) -> list[str]:
    """A topic with numericals, one without, and one that the library does not have."""
    return [TITLES[0][language], TITLES[1][language], UNKNOWN[language]]


def devanagari_share(text: str) -> float:
    letters = re.sub(r"\$[^$]*\$", "", text)
    hindi = len(re.findall(r"[\u0900-\u097f]", letters))
    return hindi / (hindi + len(re.findall(r"[A-Za-z]", letters)))
