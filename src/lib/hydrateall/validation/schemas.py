"""What a gate is given (items), what it says (findings, each a sentence), and what comes of it (judgements)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hydrateall.curriculum.enums import ContentType, DifficultyLevel, ValidationStatus
from hydrateall.curriculum.schemas import QuestionDraft

Severity = Literal["error", "review", "advice"]
# What a finding without a rule takes from the score; a finding of a rule takes the rule's weight.
WEIGHT_WITHOUT_RULE: dict[Severity, float] = {"error": 0.5, "review": 0.2, "advice": 0.05}
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

    An "error" is certain, and the model is asked again; a "review" is a doubt that a person settles; an "advice"
    stands in the report and lowers the score. `rule` and `rule_version` name the rule whose gate found it; the
    checks that no rule can switch off leave them empty.
    """

    code: str
    field: str
    message: str
    item: int | None = None
    severity: Severity = "error"
    rule: str = ""
    rule_version: int = 0

    def __str__(self) -> str:
        where = f"item {self.item}, " if self.item else ""
        return f"{where}{self.field}: {self.message}"


@dataclass(frozen=True)
class Context:
    """What was asked for: the language to write in, for which grade and subject, about which objectives."""

    language: str
    grade: str
    subject: str
    objectives: tuple[str, ...] = ()


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
class QuestionSet:
    """The questions of one answer, seen together."""

    questions: tuple[QuestionDraft, ...]
    context: Context


@dataclass(frozen=True)
class NoteItem:
    """One note as the gates see it."""

    content: str
    context: Context

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The one text with its field."""
        return (("content", self.content),)

    @property
    def joined(self) -> str:
        """All texts as one: the note."""
        return self.content


@dataclass(frozen=True)
class Judgement:
    """What was found in one item, its score from 0 to 1, and the fingerprint of the rulebook that judged it."""

    findings: tuple[Finding, ...]
    score: float
    rulebook: str

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is certainly wrong: such an item is not stored."""
        return self._of("error")

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What a person must settle."""
        return self._of("review")

    @property
    def reasons(self) -> list[str]:
        """The codes of the doubts, sorted, each once: why the item is on the review queue."""
        return sorted({finding.code for finding in self.doubts})

    @property
    def status(self) -> ValidationStatus:
        """How the item is stored, if it has no errors: waiting for a person where there is a doubt."""
        return ValidationStatus.PENDING if self.doubts else ValidationStatus.VALIDATED

    def adding(self, findings: Iterable[Finding]) -> Self:
        """Return the judgement with findings that no rule made (of the duplicate index, of a second opinion)."""
        more = tuple(findings)
        lost = sum(WEIGHT_WITHOUT_RULE[severity] for _, severity in {(each.code, each.severity) for each in more})
        return replace(self, findings=(*self.findings, *more), score=round(max(0.0, self.score - lost), 3))

    def report(self) -> dict[str, Any]:
        """The judgement as it is stored and sent, ready for JSON."""
        findings = [
            {
                "code": each.code,
                "field": each.field,
                "severity": each.severity,
                "message": each.message,
                "rule": each.rule,
                "ruleVersion": each.rule_version,
            }
            for each in self.findings
        ]
        return {"rulebook": self.rulebook, "score": self.score, "findings": findings}

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)


@dataclass(frozen=True)
class SetJudgement:
    """A judgement for each question of a set, in order, and what is wrong with the set itself."""

    items: tuple[Judgement, ...]
    whole: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """All errors, those of the set first; each names its item by number."""
        return errors(self.findings)

    @property
    def findings(self) -> list[Finding]:
        """Everything found, the set's own first; each names its item by number."""
        numbered = [
            replace(finding, item=number)
            for number, judgement in enumerate(self.items, 1)
            for finding in judgement.findings
        ]
        return [*self.whole, *numbered]


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


class RuleView(BaseModel):
    """A rule as people read it: its gate with all thresholds, what it is for, whether it is on."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    name: str
    description: str
    content_type: ContentType
    difficulty: DifficultyLevel | None
    grades: str | None
    gate: str
    parameters: dict[str, Any]
    severity: Severity | None
    weight: float
    version: int
    is_active: bool
    problem: str = Field(description="Why the row does not fit its gate, so that a default rule stands in; else empty.")


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings for which the model is asked again."""
    return [finding for finding in findings if finding.severity == "error"]


def sentences(findings: Sequence[Finding]) -> list[str]:
    """The findings as the model is told them."""
    return [str(finding) for finding in findings]
