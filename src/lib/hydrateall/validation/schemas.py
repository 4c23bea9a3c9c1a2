"""What a gate is given (items), and what it says: findings, each a sentence for the model and for the person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from hydrateall.curriculum.schemas import QuestionDraft

Severity = Literal["error", "review"]
ANSWER_TEXTS = (
    "answer",
    "explanation",
    "direct_answer",
    "scientific_explanation",
    "final_answer",
    "discussion",
    "key_takeaway",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `item` is the item's number in its set, from 1; None speaks of the whole set.

    An "error" is certain, and the model is asked again; a "review" is a doubt that a person settles.
    """

    code: str
    field: str
    message: str
    item: int | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"item {self.item}, " if self.item else ""
        return f"{where}{self.field}: {self.message}"


@dataclass(frozen=True)
class Context:
    """What was asked for: the language to write in, for which grade and subject."""

    language: str
    grade: str
    subject: str


@dataclass(frozen=True)
class QuestionItem:
    """One question as the gates see it, with its texts gathered once."""

    question: QuestionDraft
    context: Context

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text that a learner or teacher reads, with the field it stands in."""
        return tuple((name, text) for name, text in _texts(self.question) if text)

    @cached_property
    def joined(self) -> str:
        """All texts as one, to see in one search that nothing is in any of them."""
        return "\n".join(text for _, text in self.texts)

    @cached_property
    def reasoning(self) -> str:
        """What the answer says about why it is right, as one text."""
        answer = self.question.correct_answer
        parts = [
            answer.explanation,
            *(answer.solution_steps or []),
            answer.direct_answer,
            answer.scientific_explanation,
        ]
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class NoteItem:
    """One note as the gates see it, with the number of words it may have."""

    content: str
    context: Context
    word_range: tuple[int, int]
    texts: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", (("content", self.content),))

    @property
    def joined(self) -> str:
        """All texts as one: the note."""
        return self.content


def _texts(question: QuestionDraft) -> Iterator[tuple[str, str | None]]:
    yield "questionText", question.question_text
    yield "scenario", question.scenario
    yield "diagramDescription", question.diagram_description
    for option in question.options or ():
        yield f"options.{option.key}", option.text
    if question.match_columns:
        for option in (*question.match_columns.left, *question.match_columns.right):
            yield f"matchColumns.{option.key}", option.text
    answer = question.correct_answer
    for name in ANSWER_TEXTS:
        yield f"correctAnswer.{name}", getattr(answer, name)
    for number, step in enumerate(answer.solution_steps or (), 1):
        yield f"correctAnswer.solutionSteps.{number}", step


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings for which the model is asked again."""
    return [finding for finding in findings if finding.severity == "error"]


def sentences(findings: Sequence[Finding]) -> list[str]:
    """The findings as the model is told them."""
    return [str(finding) for finding in findings]
