"""The rules that are kept in the table: loaded into a rulebook, seeded, changed by a person."""

from __future__ import annotations

import functools
import json
import logging
import uuid
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.audit import record
from hydrateall.core.clock import new_id
from hydrateall.validation import repository
from hydrateall.validation.definitions import Unfit, default_rulebook, default_rules, read_rule, read_written
from hydrateall.validation.errors import BadRule, UnknownRule
from hydrateall.validation.models import ValidationRule
from hydrateall.validation.rulebook import Rule, Rulebook
from hydrateall.validation.schemas import RuleView

logger = logging.getLogger(__name__)
IN_DEFINITION = ("parameters", "severity", "weight", "description")
IN_ROW = ("is_active", "grade_range", "difficulty_level")


def load_rulebook(session: Session) -> Rulebook:
    """The active rules of the table; the default rules where the table is empty.

    A row that no longer fits (edited in SQL, or older than its gate) gives way to the default rule of its name or
    gate, with a warning: a worker goes on with the rules that it understands.
    """
    found = repository.all_rules(session)
    if not found:
        return default_rulebook()
    return _compiled(tuple(json.dumps(_written(row), sort_keys=True) for row in found if row.is_active))


@functools.lru_cache(8)
def _compiled(rows: tuple[str, ...]) -> Rulebook:
    """Read rows once for as long as they stay as they are."""
    read = (_read_or_default(json.loads(row)) for row in rows)
    return Rulebook(tuple(rule for rule in read if rule is not None))


def _read_or_default(written: dict[str, Any]) -> Rule | None:
    try:
        return read_rule(written)
    except Unfit as unfit:
        instead = _default_for(written)
        goes_on = "the default rule is used instead" if instead else "it is left out"
        logger.warning("The validation rule %s does not fit (%s); %s.", written["name"], unfit, goes_on)
        return instead


def _default_for(written: dict[str, Any]) -> Rule | None:
    """The default rule of the same name, else of the same gate and kind of content."""
    definition = written["rule_definition"]
    gate = definition.get("gate") if isinstance(definition, dict) else None
    rules = default_rulebook().rules
    named = [rule for rule in rules if rule.name == written["name"]]
    alike = [rule for rule in rules if rule.gate == gate and rule.content_type == written["content_type"]]
    return next(iter([*named, *alike]), None)


def _written(row: ValidationRule) -> dict[str, Any]:
    return {
        "name": row.name,
        "content_type": row.content_type,
        "difficulty_level": row.difficulty_level,
        "grade_range": row.grade_range,
        "rule_definition": row.rule_definition,
        "is_active": row.is_active,
        "version": row.version,
    }


def note_words(rules: Rulebook, grade: str) -> tuple[int, int]:
    """The fewest and the most words of a note for a grade; by the default rules where none applies."""
    for book in (rules, default_rulebook()):
        for check in book.checks("note", grade=grade):
            if check.rule.gate == "note_length":
                return check.rule.parameters["fewest"], check.rule.parameters["most"]
    raise LookupError("The default rules have no note_length for this grade.")


def seed_rules(session: Session) -> int:
    """Add the default rules that are missing by name; return how many. Changes none that is there."""
    return repository.add_missing(session, [{"id": new_id(), **rule} for rule in default_rules()])


def list_rules(session: Session) -> list[RuleView]:
    """Every rule of the table, or the default rules where it is empty, as people read them."""
    rows = repository.all_rules(session)
    return [_view(_written(row)) for row in rows] or [_view(rule) for rule in default_rules()]


def find_rule(session: Session, name: str) -> RuleView:
    """One rule; raise UnknownRule that names those there are."""
    views = list_rules(session)
    found = next((view for view in views if view.name == name), None)
    if found is None:
        raise UnknownRule(name, [view.name for view in views])
    return found


def _view(written: dict[str, Any]) -> RuleView:
    """A rule as people read it; one that does not fit shows what is wrong instead of its thresholds."""
    problem = ""
    try:
        rule: Rule | None = read_rule(written)
    except Unfit as unfit:
        rule, problem = _default_for(written), str(unfit)
    return RuleView(
        name=written["name"],
        content_type=written["content_type"],
        difficulty=written.get("difficulty_level"),
        grades=written.get("grade_range"),
        gate=rule.gate if rule else "",
        parameters=rule.parameters if rule else {},
        severity=rule.severity if rule else None,
        weight=rule.weight if rule else 0.0,
        description=rule.description if rule else "",
        version=written.get("version", 1),
        is_active=written.get("is_active", True),
        problem=problem,
    )


def save_rule(session: Session, name: str, changes: dict[str, Any], actor_id: uuid.UUID) -> RuleView:
    """Change a rule and count its version up; raise BadRule that names each field at fault.

    `changes` may hold parameters (merged; None brings back the default), severity, weight, description,
    is_active, grade_range and difficulty_level. What changes nothing leaves the version as it is.
    """
    row = repository.lock_rule(session, name)
    if row is None:
        raise UnknownRule(name, [each.name for each in repository.all_rules(session)])
    before = _written(row)
    try:
        after = read_written(_changed(before, changes))
    except Unfit as unfit:
        raise BadRule(name, unfit.problems) from None
    definition = after.rule_definition.model_dump(mode="json", exclude_unset=True)
    fields = {field: getattr(after, field) for field in IN_ROW} | {"rule_definition": definition}
    if {**before, **fields} != before:
        for field, value in fields.items():
            setattr(row, field, value)
        row.version += 1
        session.flush()
        record(
            session,
            action="validation_rule.change",
            entity_type="validation_rule",
            entity_id=row.id,
            actor_id=actor_id,
            details={"before": before, "after": _written(row)},
        )
    return _view(_written(row))


def _changed(written: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The rule with the changes in it, not checked yet."""
    unknown = sorted(set(changes) - {*IN_DEFINITION, *IN_ROW})
    if unknown:
        raise Unfit([(field, "is nothing that can be changed") for field in unknown])
    given = changes.get("parameters", {})
    if not isinstance(given, dict):
        raise Unfit([("parameters", "must hold thresholds by name")])
    definition = dict(written["rule_definition"]) if isinstance(written["rule_definition"], dict) else {}
    definition |= {field: changes[field] for field in IN_DEFINITION if field in changes and field != "parameters"}
    if given:
        usual: dict[str, Any] = next(
            (each["rule_definition"] for each in default_rules() if each["name"] == written["name"]), {}
        )
        back = {key: usual.get("parameters", {}).get(key) for key, value in given.items() if value is None}
        thresholds = definition.get("parameters", {}) | given | back
        definition["parameters"] = {key: value for key, value in thresholds.items() if value is not None}
    return {**written, **{field: changes[field] for field in IN_ROW if field in changes}, "rule_definition": definition}
