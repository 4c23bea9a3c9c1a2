"""What the tests of review are built from: a small bank, people who decide, doubts, edits."""

from __future__ import annotations

import csv
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from factories import ScriptedModel, cascade, submit
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import (
    ItemView,
    SubjectView,
    chapters_by_number,
    find_subject,
    item_view,
    items_of_chapter,
)
from hydrateall.review import service
from hydrateall.review.schemas import Doubt, Reviewer

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
MIRA = Reviewer("shell", "mira", UserRole.REVIEWER)
OMAR = Reviewer("shell", "omar", UserRole.ADMIN)


def bank(runtime: Runtime, **changes: Any) -> list[ItemView]:
    """Hydrate the small subject; return its items: 2 chapters, 2 topics each, a note and 3 questions a topic.

    What the gates doubt of the scripted model's short texts is taken off the queue, so that a test queues its own.
    """
    cascade(runtime, ScriptedModel(), submit(runtime, **changes))
    found = items(runtime)
    with runtime.database.transaction() as session:
        service.withdraw(session, [each.id for each in found])
        session.execute(sa.text("DELETE FROM content_reviews"))
    return found


def subject(runtime: Runtime) -> SubjectView:
    with runtime.database.transaction() as session:
        return find_subject(session, board="CBSE", grade="8", subject="SCIENCE", language="en")


def items(runtime: Runtime) -> list[ItemView]:
    """The current items of the small subject, in the order of the book."""
    chosen = subject(runtime)
    with runtime.database.transaction() as session:
        chapters = chapters_by_number(session, chosen.id).values()
        return [item for chapter in chapters for item in items_of_chapter(session, chapter.id)]


def questions(found: list[ItemView]) -> list[ItemView]:
    return [item for item in found if item.content_type is ContentType.QUESTION]


def item(runtime: Runtime, item_id: uuid.UUID) -> ItemView:
    with runtime.database.transaction() as session:
        return item_view(session, item_id)


def doubt(runtime: Runtime, found: ItemView, *reasons: str, score: float | None = 0.5) -> int:
    """Put an item on the queue; return how many entries are new."""
    with runtime.database.transaction() as session:
        return service.enqueue(session, [Doubt.about(found, reasons or ("KEY_LONGEST",), score)])


def with_text(found: ItemView, text: str) -> QuestionDraft:
    """The question with another text."""
    assert isinstance(found.draft, QuestionDraft)
    return found.draft.model_copy(update={"question_text": text})


def stored_text(runtime: Runtime, item_id: uuid.UUID) -> str:
    """Every byte of an item's row, as one JSON text."""
    chosen = """
        SELECT row_to_json(row)::text FROM topic_questions row WHERE id = :id
        UNION ALL SELECT row_to_json(row)::text FROM topic_notes row WHERE id = :id
    """
    with runtime.database.transaction() as session:
        return str(session.scalar(sa.text(chosen), {"id": item_id}))


def rewrite(path: Path, changes: dict[str, dict[str, str]]) -> None:
    """Change cells of a CSV file as a spreadsheet program does: by the item's id and the column's name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = reader.fieldnames or [], list(reader)
    for row in rows:
        row.update(changes.get(row["id"], {}))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
