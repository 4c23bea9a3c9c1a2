"""How much the gates catch of each kind of mistake, and how often they cry wolf."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.items import Labelled
from corpus.mutations import Mutation, spoilt
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.schemas import QuestionSetDraft
from hydrateall.validation.service import Context, Finding, read_draft, review_questions


@dataclass(frozen=True)
class Rate:
    """One kind of mistake: how many items carried it, and the names of those that went through."""

    kind: str
    mutated: int
    missed: tuple[str, ...]

    @property
    def caught(self) -> int:
        return self.mutated - len(self.missed)

    @property
    def share(self) -> float:
        return self.caught / self.mutated if self.mutated else 0.0


def findings(item: Labelled, question: dict[str, Any] | None = None) -> list[Finding]:
    """What the worker would find in a set of this one question, doubts too."""
    text = json.dumps({"questions": [question or item.question]}, ensure_ascii=False)
    draft, unread = read_draft(QuestionSetDraft, text)
    if draft is None:
        return unread
    return review_questions(
        draft,
        context=Context(item.language, item.grade, item.subject),
        count=1,
        difficulty=DifficultyLevel(item.question["difficultyLevel"]),
        avoid=[],
    )


def refused(item: Labelled, question: dict[str, Any] | None = None) -> bool:
    """Whether the model would be asked again."""
    return any(finding.severity == "error" for finding in findings(item, question))


def rate(mutation: Mutation, items: Iterable[Labelled]) -> Rate:
    """Spoil every item that a mutation fits, and count what is caught."""
    missed, mutated = list[str](), 0
    for item in items:
        question = spoilt(mutation, item.question, language=item.language, seed=item.name)
        if question is None:
            continue
        mutated += 1
        if not refused(item, question):
            missed.append(item.name)
    return Rate(mutation.__name__, mutated, tuple(missed))
