"""A question before its answer is laid out for a difficulty, and the layout.

Families fill a Core once; `draft` puts its parts into the fields that the difficulty asks for, so that any type
can be asked at any difficulty.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.phrases import TAGS, choose, lead, phrase

MARKS = {
    "easy": {},
    "medium": {"NUMERICAL": 3, "SHORT_ANSWER": 3},
    "hard": {"CASE_STUDY": 4, "HOTS": 4, "LONG_ANSWER": 5, "NUMERICAL": 5},
}
FEWEST_MARKS = {"easy": 1, "medium": 2, "hard": 4}
MINUTES_PER_MARK = 2


@dataclass(frozen=True)
class Desk:
    """What a family works with: the lesson, what is asked for, and the source of all randomness."""

    lesson: Lesson
    language: str
    difficulty: str
    rng: Random
    numericals: tuple[str, ...]

    def say(self, name: str, /, **values: object) -> str:
        return phrase(self.language, name, **values)

    def shuffled(self, items: Any) -> list[Any]:
        """The items in a random order, the original untouched."""
        mixed = list(items)
        self.rng.shuffle(mixed)
        return mixed


@dataclass(frozen=True)
class Core:
    """One question with everything an answer may need. `source` names the material it uses up."""

    kind: str
    native: str
    source: str
    text: str
    answer: str
    final: str
    why: str
    steps: tuple[str, ...]
    discussion: str
    takeaway: str
    bloom: str
    tag: str
    scenario: str | None = None
    options: tuple[tuple[str, str], ...] | None = None
    correct: tuple[str, ...] | None = None
    columns: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] | None = None
    pairs: tuple[tuple[str, str], ...] | None = None


def wording(core: Core, desk: Desk, layer: int) -> str:
    """The question text. Foreign difficulties and repeated rounds get a lead-in, so that no text occurs twice.

    The plain text belongs to the core's native difficulty alone, and every difficulty has lead-ins of its own.
    Without a written lesson the same statements serve many topics, so the text names the topic.
    """
    text = core.text
    if not desk.lesson.written and core.tag != "calculation" and desk.lesson.title not in text:
        text = f"{desk.say('on', title=desk.lesson.about)} {text}"
    if layer == 0 and core.native == desk.difficulty:
        return text
    return f"{lead(desk.language, desk.difficulty, layer)} {text}"


def draft(core: Core, desk: Desk, text: str, objective: str) -> dict[str, Any]:
    """The question as QuestionDraft JSON."""
    marks = MARKS[desk.difficulty].get(core.kind, FEWEST_MARKS[desk.difficulty])
    return {
        "questionType": core.kind,
        "difficultyLevel": desk.difficulty,
        "questionText": text,
        "scenario": core.scenario,
        "diagramDescription": None,
        "options": _entries(core.options) if core.options else None,
        "matchColumns": _columns(core),
        "correctAnswer": _answer(core, desk.difficulty),
        "marks": marks,
        "estimatedTimeMins": max(1, marks * MINUTES_PER_MARK),
        "learningObjective": objective,
        "bloomTaxonomyLevel": core.bloom,
        "tags": [desk.lesson.title, choose(desk.language, TAGS[core.tag])],
    }


def _entries(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for key, text in pairs]


def _columns(core: Core) -> dict[str, Any] | None:
    if core.columns is None:
        return None
    left, right = core.columns
    return {"left": _entries(left), "right": _entries(right)}


def _answer(core: Core, difficulty: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "answer": None,
        "explanation": None,
        "solutionSteps": None,
        "directAnswer": None,
        "scientificExplanation": None,
        "finalAnswer": core.final,
        "discussion": None,
        "keyTakeaway": None,
        "correctOptions": list(core.correct) if core.correct else None,
        "pairs": [{"left": left, "right": right} for left, right in core.pairs] if core.pairs else None,
    }
    if difficulty == "easy":
        return answer | {"answer": core.answer, "explanation": core.why}
    if difficulty == "medium":
        return answer | {"solutionSteps": list(core.steps)}
    return answer | {
        "directAnswer": core.answer,
        "solutionSteps": list(core.steps) if core.tag == "calculation" else None,
        "scientificExplanation": None if core.tag == "calculation" else core.why,
        "discussion": core.discussion,
        "keyTakeaway": core.takeaway,
    }
