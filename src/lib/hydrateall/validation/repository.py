"""Every query on rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.validation.models import ValidationRule


def all_rules(session: Session) -> Sequence[ValidationRule]:
    """Every rule, switched on or off, by name."""
    return session.scalars(sa.select(ValidationRule).order_by(ValidationRule.name)).all()


def lock_rule(session: Session, name: str) -> ValidationRule | None:
    """The rule as it is now, locked until the transaction ends, so that two changes follow each other."""
    statement = sa.select(ValidationRule).where(ValidationRule.name == name).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def add_missing(session: Session, rules: Sequence[dict[str, Any]]) -> int:
    """Add the rules whose names are not there yet; return how many were added."""
    statement = insert(ValidationRule).on_conflict_do_nothing(index_elements=["name"]).returning(ValidationRule.id)
    return len(session.scalars(statement, rules).all())
