"""Rules as they are written down, in a row or in include/rules/defaults.yaml, and how one is read."""

from __future__ import annotations

import functools
import re
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from hydrateall.core.paths import RULES
from hydrateall.curriculum.enums import ContentType, DifficultyLevel
from hydrateall.validation.gates import CONTENT, GATES
from hydrateall.validation.rulebook import HIGHEST_GRADE, Rule, Rulebook
from hydrateall.validation.schemas import Severity

GRADES = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
Problem = tuple[str, str]  # field, sentence


def _known_gate(name: str) -> str:
    if name not in GATES:
        raise ValueError(f"there is no gate {name!r}; there are {', '.join(sorted(GATES))}")
    return name


def grade_limits(text: str) -> tuple[int, int]:
    """Read "1-5" or "7"; raise ValueError where it is no range of grades from 1 to 12."""
    match = GRADES.fullmatch(text)
    lowest, highest = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= lowest <= highest <= HIGHEST_GRADE:
        raise ValueError(f"{text!r} is no range of grades; write it like 1-5 or 7, between 1 and {HIGHEST_GRADE}")
    return lowest, highest


def _grade_range(text: str) -> str:
    grade_limits(text)
    return text


class Written(BaseModel):
    """The base of what is written down; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class Definition(Written):
    """What `rule_definition` holds: the gate, those thresholds that differ from its defaults, what a finding counts."""

    gate: Annotated[str, AfterValidator(_known_gate)]
    parameters: dict[str, Any] = {}
    severity: Severity | None = None
    weight: float = Field(default=0.1, ge=0, le=1)
    description: str = ""


class WrittenRule(Written):
    """A rule with the content that it is for."""

    name: str
    content_type: ContentType
    difficulty_level: DifficultyLevel | None = None
    grade_range: Annotated[str, AfterValidator(_grade_range)] | None = None
    rule_definition: Definition
    is_active: bool = True
    version: int = 1


class Unfit(ValueError):
    """A rule that does not fit: each field at fault with a sentence."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in problems))
        self.problems = problems


def read_written(written: dict[str, Any]) -> WrittenRule:
    """Check a rule against its gate; raise Unfit that names every field at fault."""
    problems = list[Problem]()
    try:
        read = WrittenRule.model_validate(written)
    except ValidationError as error:
        problems += _problems(error)
    problems += _misfits(written)
    if problems:
        raise Unfit(list(dict(problems).items()))
    definition = read.rule_definition
    if definition.parameters:
        given = GATES[definition.gate].parameters.model_validate(definition.parameters)
        definition.parameters = given.model_dump(mode="json", exclude_unset=True)
    return read


def _misfits(written: dict[str, Any]) -> list[Problem]:
    """Where a rule does not go with its gate, if it names one: the kind of content, and every threshold."""
    definition = written["rule_definition"]
    gate = GATES.get(str(definition.get("gate"))) if isinstance(definition, dict) else None
    if gate is None:
        return []
    problems = list[Problem]()
    if not gate.judges_content(written["content_type"]):
        judged = " or ".join(sorted({CONTENT[each].lower() for each in gate.judges}))
        problems.append(("content_type", f"{gate.name} judges a {judged}, not a {written['content_type'].lower()}"))
    if written["content_type"] == ContentType.NOTE and written.get("difficulty_level") in list(DifficultyLevel):
        problems.append(("difficulty_level", "a note has none: leave it out"))
    try:
        gate.parameters.model_validate(definition.get("parameters", {}))
    except ValidationError as error:
        problems += _problems(error, prefix="parameters")
    return problems


def read_rule(written: dict[str, Any]) -> Rule:
    """Check a rule and fill in the thresholds that it leaves to its gate; raise Unfit like `read_written`."""
    read = read_written(written)
    definition = read.rule_definition
    return Rule(
        name=read.name,
        content_type=read.content_type,
        gate=definition.gate,
        parameters=dict(GATES[definition.gate].parameters.model_validate(definition.parameters)),
        weight=definition.weight,
        severity=definition.severity,
        difficulty=read.difficulty_level,
        grades=grade_limits(read.grade_range) if read.grade_range else None,
        version=read.version,
        description=definition.description,
    )


def _problems(error: ValidationError, prefix: str = "") -> list[Problem]:
    found = list[Problem]()
    for each in error.errors():
        places = (str(part + 1) if isinstance(part, int) else part for part in each["loc"])
        path = [prefix, *(place for place in places if place != "rule_definition")]
        sentence = each["msg"].removeprefix("Value error, ")
        if each["type"] == "extra_forbidden":
            sentence = "there is no such threshold" if prefix else "there is no such field"
        found.append((".".join(filter(None, path)) or "rule_definition", sentence))
    return found


@functools.cache
def default_rules() -> tuple[dict[str, Any], ...]:
    """The rules of include/rules/defaults.yaml, as they are written into the table."""
    written = yaml.safe_load((RULES / "defaults.yaml").read_text(encoding="utf-8"))
    return tuple(WrittenRule.model_validate(each).model_dump(exclude_unset=True) for each in written)


@functools.cache
def default_rulebook() -> Rulebook:
    """The rulebook of the default rules."""
    return Rulebook(tuple(read_rule(each) for each in default_rules()))
