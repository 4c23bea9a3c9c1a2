"""People win: what they edited, approved and rejected survives validation, regeneration and reconciliation."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from review_factories import rewrite

from factories import FakeClock
from hydrateall.core.database import Database
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.curriculum.service import ItemView, chapters_by_number, find_subject, item_versions, items_of_chapter
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.hydration import tasks
from hydrateall.hydration.reconciliation import reconcile
from hydrateall.review import reruns, service
from hydrateall.review import tasks as review_tasks
from hydrateall.review.enums import RejectionReason
from hydrateall.review.reruns import RerunRequest
from hydrateall.review.schemas import Reviewer
from hydrateall.validation.service import save_rule, seed_rules

PLACE = {"board": "CBSE", "grade": "10", "subject": "SCIENCE", "language": "en"}
COUNTS = {"easy_questions": 2, "medium_questions": 1, "hard_questions": 1}
MIRA = Reviewer("shell", "mira", UserRole.REVIEWER)
STRICTER = ("note_length_secondary", {"parameters": {"fewest": 1400}, "severity": "review"})


@pytest.fixture
def runtime(database: Database) -> Runtime:
    """On the offline writer, with a clock that moves."""
    return Runtime(Settings(poll_seconds=0.01), database, FakeClock(step=0.2))


def hydrate(runtime: Runtime) -> None:
    """Do what the DAG `hydrate_subject` does, for the first chapter."""
    run = f"manual__{uuid.uuid4()}"
    root_id = tasks.open_job(
        runtime, params={**PLACE, **COUNTS, "chapter_limit": 1}, dag_run_id=run, triggered_by="mira"
    )
    chapters = tasks.write_chapters(runtime, root_id=root_id, owner=f"{run}/chapters")
    for level in ("topics", "notes", "questions"):
        chapter_id = chapters[0]["id"]
        tasks.draft_level(runtime, level=level, root_id=root_id, chapter_id=chapter_id, owner=f"{run}/{level}")
    tasks.close_job(runtime, root_id=root_id)


def validate_again(runtime: Runtime) -> dict[str, Any]:
    """Do what `validation rerun` and the DAG `validate_content` do."""
    with runtime.database.transaction() as session:
        request = RerunRequest(board_code="CBSE", grade="10", subject_code="SCIENCE", language="en")
        run_id, _ = reruns.submit(session, request, requested_by=MIRA.user_id(session), now=runtime.now())
    chapters = review_tasks.open_run(runtime, params={"run_id": str(run_id)}, dag_run_id="rerun", triggered_by="mira")
    for chapter in chapters:
        review_tasks.validate_chapter(runtime, run_id=chapter["run"], chapter_id=chapter["id"])
    return review_tasks.close_run(runtime, chapters=chapters)


def items(runtime: Runtime) -> list[ItemView]:
    """The current items of the chapter."""
    with runtime.database.transaction() as session:
        subject = find_subject(session, **PLACE)
        [chapter] = chapters_by_number(session, subject.id).values()
        return items_of_chapter(session, chapter.id)


def decided_rows(runtime: Runtime) -> dict[str, str]:
    """Every byte of every row that a person decided about or replaced, by id; their entries of the queue too."""
    chosen = """
        SELECT row.id::text, row_to_json(row)::text FROM topic_questions row
        WHERE decided_at IS NOT NULL OR EXISTS (SELECT FROM topic_questions new
                                                WHERE new.supersedes = row.id AND new.decided_at IS NOT NULL)
        UNION ALL SELECT row.id::text, row_to_json(row)::text FROM topic_notes row
        WHERE decided_at IS NOT NULL OR EXISTS (SELECT FROM topic_notes new
                                                WHERE new.supersedes = row.id AND new.decided_at IS NOT NULL)
        UNION ALL SELECT row.id::text, row_to_json(row)::text FROM content_reviews row WHERE decided_at IS NOT NULL
    """
    with runtime.database.transaction() as session:
        return {row_id: text for row_id, text in session.execute(sa.text(chosen))}  # noqa: C416 - rows are no pairs


def improved(item: ItemView) -> Any:
    """The item with one sentence more, as a careful person writes it."""
    if isinstance(item.draft, NoteDraft):
        return NoteDraft(content=f"{item.draft.content}\n\nRead this lesson aloud once, and tell it to a friend.")
    reworded = f"Think first, then answer: {item.draft.question_text}"
    return item.draft.model_copy(update={"question_text": reworded})


def decide(runtime: Runtime) -> dict[str, list[ItemView]]:
    """Edit, approve and reject a note and two questions each; return them by what was decided."""
    found = items(runtime)
    notes = [item for item in found if item.content_type is ContentType.NOTE]
    questions = [item for item in found if item.content_type is ContentType.QUESTION]
    chosen = {
        name: [notes[number], *questions[2 * number : 2 * number + 2]]
        for number, name in enumerate(("edited", "approved", "rejected"))
    }
    for item in chosen["edited"]:
        with runtime.database.transaction() as session:
            service.edit_then_approve(session, item.id, improved(item), by=MIRA, now=runtime.now())
    for item in chosen["approved"]:
        with runtime.database.transaction() as session:
            service.approve(session, item.id, by=MIRA, now=runtime.now(), note="right")
    for item in chosen["rejected"]:
        with runtime.database.transaction() as session:
            service.reject(session, item.id, reason=RejectionReason.AMBIGUOUS, by=MIRA, now=runtime.now())
    return chosen


class TestHumanDecisions:
    def test_survive_whatever_machines_do_afterwards(self, runtime: Runtime) -> None:
        hydrate(runtime)
        with runtime.database.transaction() as session:
            seed_rules(session)
        chosen = decide(runtime)
        before, current = decided_rows(runtime), {item.id: item for item in items(runtime)}
        assert len(before) == 3 * 2 + 3 + 3 + 9  # versions of the edited, approved, rejected, and all nine entries

        with runtime.database.transaction() as session:
            save_rule(session, *STRICTER, MIRA.user_id(session))
        report = validate_again(runtime)
        assert decided_rows(runtime) == before
        hydrate(runtime)
        assert decided_rows(runtime) == before
        validate_again(runtime)
        assert reconcile(runtime, FakeAirflow(), holder="test") is not None
        deliver_due(runtime, FakeAirflow())
        assert decided_rows(runtime) == before

        assert report["kept"] == 9
        self.check_what_changed(runtime, chosen, current)

    def check_what_changed(
        self, runtime: Runtime, chosen: dict[str, list[ItemView]], before: dict[uuid.UUID, ItemView]
    ) -> None:
        """Rejected items have a new version by the model; every other item is the one that was there, word for word."""
        after = items(runtime)
        rejected = {item.id for item in chosen["rejected"]}
        replaced = [item for item in after if item.id not in before]
        others = [item for item in after if item.id in before]
        assert len(after) == len(before)
        assert {item.supersedes for item in replaced} == rejected
        assert all((item.version, item.is_ai_generated, item.decided_at) == (2, True, None) for item in replaced)
        assert {item.id for item in others} == set(before) - rejected
        assert all(item.draft == before[item.id].draft for item in others)
        assert {item.id for item in others if item.decided_at} == {i for i in before if before[i].decided_at} - rejected

    def test_made_in_a_csv_survive_as_well(self, runtime: Runtime, tmp_path: Path) -> None:
        hydrate(runtime)
        path = tmp_path / "bank.csv"
        with runtime.database.transaction() as session, path.open("wb") as out:
            service.export_csv(session, out, find_subject(session, **PLACE))
        note, first, second = (item for item in items(runtime)[::10][:3])
        rewrite(path, {str(note.id): {"text": improved(note).content}, str(first.id): {"decision": "approve"}})
        rewrite(path, {str(second.id): {"decision": "reject", "reason": "TOO_EASY"}})
        with runtime.database.transaction() as session:
            report = service.import_csv(session, path, by=MIRA, now=runtime.now(), most_rows=100)
        before = decided_rows(runtime)

        validate_again(runtime)
        hydrate(runtime)

        assert (report.edited, report.approved, report.rejected) == (1, 1, 1)
        assert len(before) == 4 + 3
        assert decided_rows(runtime) == before

    def test_of_an_edit_keep_what_the_model_wrote(self, runtime: Runtime) -> None:
        hydrate(runtime)
        chosen = decide(runtime)

        for item in chosen["edited"]:
            with runtime.database.transaction() as session:
                original, edit = item_versions(session, item.id)
            assert (original.draft, original.is_ai_generated) == (item.draft, True)
            assert (edit.draft, edit.status) == (improved(item), ValidationStatus.VALIDATED)
