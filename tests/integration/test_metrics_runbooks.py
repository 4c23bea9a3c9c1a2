"""The SQL of the runbooks: somebody pastes it at night, so it runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from hydrateall.core.database import Database

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
STATEMENTS = [
    (page.stem, statement)
    for page in sorted(RUNBOOKS.glob("*.md"))
    for block in re.findall(r"```sql\n(.*?)```", page.read_text(), re.DOTALL)
    for statement in block.split(";")
    if statement.strip()
]


class TestRunbooks:
    @pytest.mark.parametrize("statement", [text for _, text in STATEMENTS], ids=[page for page, _ in STATEMENTS])
    def test_hold_sql_that_runs(self, database: Database, statement: str) -> None:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

            assert connection.execute(sa.text(statement.replace("::", "\\:\\:"))).all() == []
