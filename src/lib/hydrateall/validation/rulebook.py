"""A rulebook: the rules in force, and which of them apply to what. Plain values, so that it can be pickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from hydrateall.curriculum.enums import ContentType, DifficultyLevel
from hydrateall.validation.gates import GATES, Judged
from hydrateall.validation.schemas import Finding, Severity

HIGHEST_GRADE = 12


@dataclass(frozen=True)
class Rule:
    """A rule that was checked: its gate is known and `parameters` are all of the gate's thresholds."""

    name: str
    content_type: ContentType
    gate: str
    parameters: dict[str, Any]
    weight: float
    severity: Severity | None = None
    difficulty: DifficultyLevel | None = None
    grades: tuple[int, int] | None = None
    version: int = 1
    description: str = ""

    def applies(self, *, judged: Judged, grade: int, difficulty: DifficultyLevel | None) -> bool:
        """Whether it has a say about such content."""
        return (
            judged in GATES[self.gate].judges
            and self.content_type is (ContentType.NOTE if judged == "note" else ContentType.QUESTION)
            and (self.grades is None or self.grades[0] <= grade <= self.grades[1])
            and self.difficulty in (None, difficulty)
        )

    @property
    def printed(self) -> list[Any]:
        """What makes it judge as it does; the description is for people only."""
        limits = (str(self.content_type), self.difficulty and str(self.difficulty), self.grades)
        return [self.name, self.version, *limits, self.gate, self.parameters, self.severity, self.weight]


@dataclass(frozen=True)
class Check:
    """A rule that is ready to run: its gate with the thresholds filled in."""

    rule: Rule
    find: Callable[[Any], Iterable[Finding]]


@dataclass(frozen=True)
class Rulebook:
    """The rules in force. What applies to a kind of content is found once and kept."""

    rules: tuple[Rule, ...]

    def checks(self, judged: Judged, *, grade: str, difficulty: DifficultyLevel | None = None) -> tuple[Check, ...]:
        """The checks for content of this kind, grade and difficulty, in the order of the gates."""
        key = (judged, grade, difficulty)
        if key not in self._chosen:
            number = grade_number(grade)
            self._chosen[key] = tuple(
                Check(rule, partial(GATES[rule.gate].find, **rule.parameters))
                for rule in sorted(self.rules, key=lambda rule: (list(GATES).index(rule.gate), rule.name))
                if rule.applies(judged=judged, grade=number, difficulty=difficulty)
            )
        return self._chosen[key]

    @cached_property
    def fingerprint(self) -> str:
        """12 hexadecimal digits that change when a rule judges otherwise than before."""
        rules = sorted((rule.printed for rule in self.rules), key=lambda printed: str(printed[0]))
        return hashlib.sha256(json.dumps(rules, sort_keys=True, default=str).encode()).hexdigest()[:12]

    @cached_property
    def weights(self) -> dict[str, float]:
        """What each rule takes from the score when it finds something."""
        return {rule.name: rule.weight for rule in self.rules}

    @cached_property
    def _chosen(self) -> dict[tuple[Judged, str, DifficultyLevel | None], tuple[Check, ...]]:
        return {}


def grade_number(grade: str) -> int:
    """The school year of a grade; one that is not a number ("Foundation") counts as the highest."""
    return min(int(grade), HIGHEST_GRADE) if grade.isdigit() else HIGHEST_GRADE
