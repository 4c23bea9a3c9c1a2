"""What the gateway's state is asked for, as it stands in the database; the statements are in `include/sql/llm/`."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql


def deployments(session: Session) -> Sequence[sa.RowMapping]:
    return rows(session, sql("llm/deployment_states"))


def budgets(session: Session, *, most: int) -> Sequence[sa.RowMapping]:
    return rows(session, sql("llm/budget_states"), most=most)


def cache(session: Session) -> sa.RowMapping:
    return rows(session, sql("llm/cache_state"))[0]
