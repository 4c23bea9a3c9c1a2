"""The offline writer's questions for all official outlines: a bank to look for repeats in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml

from hydrateall.core.paths import HOME
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.writer import write
from hydrateall.validation.duplicates import Fingerprint, fingerprint_of_draft
from offline_assignments import prompt

NAMES = {"SCIENCE": {"en": "Science", "hi": "विज्ञान"}, "MATH": {"en": "Mathematics", "hi": "गणित"}}
COUNTS = {"easy": 5, "medium": 3, "hard": 2}


class Placed(NamedTuple):
    """A question and where it stands."""

    language: str
    subject: str
    grade: str
    topic: str
    question: QuestionDraft

    @property
    def fingerprint(self) -> Fingerprint:
        return fingerprint_of_draft(self.language, self.question)

    def where(self, other: Placed) -> str:
        """How near the other question's place is, as the index says it."""
        if self.subject != other.subject:
            return "elsewhere"
        if self.grade != other.grade:
            return "grade"
        return "topic" if self.topic == other.topic else "subject"


@cache
def outline_questions() -> tuple[Placed, ...]:
    """All questions: four subjects in two languages, ten a topic."""
    library = Library()
    return tuple(
        placed
        for subject in NAMES
        for grade in ("9", "10")
        for language in ("en", "hi")
        for placed in _questions(library, subject, grade, language)
    )


def _questions(library: Library, subject: str, grade: str, language: str) -> Iterator[Placed]:
    outline = yaml.safe_load((HOME / f"include/curricula/cbse/{subject.lower()}-{grade}.yaml").read_text())
    named = {"code": subject, "name": NAMES[subject][language]}
    base: dict[str, Any] = {"board": "CBSE", "grade": grade, "subject": named, "language": language}
    base |= {"purpose": "questions", "attempt": 1, "issues": [], "types": None, "avoid": []}
    for chapter in outline["chapters"]:
        base["chapter"] = {"number": chapter["number"], "title": chapter["title"][language]}
        for number, topic in enumerate(chapter["topics"], 1):
            about = {"number": number, "title": topic["title"][language], "objectives": [], "difficulty": "medium"}
            for level, count in COUNTS.items():
                asked = prompt({**base, "topic": about, "difficulty": level, "count": count})
                for drafted in write(asked, library=library)["questions"]:
                    place = f"{chapter['number']}.{number}"
                    yield Placed(language, subject, grade, place, QuestionDraft.model_validate(drafted))
