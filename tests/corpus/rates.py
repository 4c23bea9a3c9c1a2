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
from hydrateall.validation.service import Context, Finding, default_rulebook, judge_questions, read_draft


@dataclass(frozen=True)
class Rate:
    """One kind of mistake: how many items carried it, the names of those that went through, and how many of these
    carry an advice at least, which does not count as caught.
    """

    kind: str
    mutated: int
    missed: tuple[str, ...]
    advised: int = 0

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
    return judge_questions(
        draft,
        rules=default_rulebook(),
        context=Context(item.language, item.grade, item.subject),
        count=1,
        difficulty=DifficultyLevel(item.question["difficultyLevel"]),
        avoid=[],
        objectives=[item.question["learningObjective"]],
    ).findings


def severities(item: Labelled, question: dict[str, Any] | None = None) -> set[str]:
    """What is found: errors are asked for again, a person looks at reviews, and advice only stands in the report."""
    return {finding.severity for finding in findings(item, question)}


def refused(item: Labelled, question: dict[str, Any] | None = None) -> bool:
    """Whether the item would not be stored as it is: the model is asked again, or a person looks at it."""
    return bool(severities(item, question) & {"error", "review"})


def rate(mutation: Mutation, items: Iterable[Labelled]) -> Rate:
    """Spoil every item that a mutation fits, and count what is caught."""
    missed, mutated, advised = list[str](), 0, 0
    for item in items:
        question = spoilt(mutation, item.question, language=item.language, seed=item.name)
        if question is None:
            continue
        mutated += 1
        if not refused(item, question):
            missed.append(item.name)
            advised += bool(severities(item, question))
    return Rate(mutation.__name__, mutated, tuple(missed), advised)
