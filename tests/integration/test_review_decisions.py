"""Approve, reject, edit: one person at a time, for good, with an audit line each."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from review_factories import MIRA, NOW, OMAR, bank, doubt, item, items, questions, stored_text, with_text
from sqlalchemy.exc import DBAPIError

from factories import all_rows, count
from hydrateall.core.errors import Conflict
from hydrateall.core.models import AuditLog, UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import DifficultyLevel, ValidationStatus
from hydrateall.curriculum.models import TopicQuestion
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.review import service
from hydrateall.review.enums import RejectionReason, ReviewStatus
from hydrateall.review.errors import AlreadyDecided, EditRefused, NotAllowed, NoteNeeded, NothingChanged, Superseded
from hydrateall.review.models import ContentReview
from hydrateall.review.schemas import Decision, QueueFilter, Reviewer

EDIT = "What is one and three?"


def decide(runtime: Runtime, call: Any, *given: Any, by: Reviewer = MIRA, **named: Any) -> Any:
    """Decide in a transaction of its own."""
    with runtime.database.transaction() as session:
        return call(session, *given, by=by, now=NOW, **named)


@pytest.fixture
def found(runtime: Runtime) -> list[ItemView]:
    return bank(runtime)


class TestApprove:
    def test_keeps_the_item_and_closes_its_entry(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0])

        done = decide(runtime, service.approve, found[0].id, note="read twice")

        after = item(runtime, found[0].id)
        [entry] = all_rows(runtime, sa.select(ContentReview))
        assert (done.decision, after.status, after.draft) == (
            ReviewStatus.APPROVED,
            ValidationStatus.VALIDATED,
            found[0].draft,
        )
        assert after.decided_at == NOW
        assert (entry.status, entry.note, entry.decided_by) == ("approved", "read twice", after.decided_by)

    def test_takes_all_that_are_named_or_none(self, runtime: Runtime, found: list[ItemView]) -> None:
        decide(runtime, service.approve, found[1].id)

        with pytest.raises(AlreadyDecided):
            decide(runtime, service.approve_all, [str(found[0].id), str(found[1].id)], by=OMAR)

        assert item(runtime, found[0].id).decided_at is None

    def test_from_a_score_up_takes_what_fits_the_filter(self, runtime: Runtime, found: list[ItemView]) -> None:
        for each, score in zip(found, (0.95, 0.9, 0.89, None), strict=False):
            doubt(runtime, each, score=score)

        done = decide(runtime, service.approve_above, QueueFilter(subject="SCIENCE", grade="8"), 0.9)
        other = decide(runtime, service.approve_above, QueueFilter(subject="MATH"), 0.0)

        assert {each.item_id for each in done} == {found[0].id, found[1].id}
        assert other == []
        assert count(runtime, AuditLog, AuditLog.action == "review.approve") == 2


class TestReject:
    def test_keeps_the_reason_for_an_item_that_nobody_queued(self, runtime: Runtime, found: list[ItemView]) -> None:
        decide(runtime, service.reject, found[0].id, reason=RejectionReason.WRONG_FACT, note="water is no element")

        [entry] = all_rows(runtime, sa.select(ContentReview))
        assert item(runtime, found[0].id).status is ValidationStatus.REJECTED
        assert (entry.status, entry.reason_code, entry.reasons) == ("rejected", "WRONG_FACT", [])

    @pytest.mark.parametrize("note", [None, "", "  "])
    def test_needs_a_note_for_another_reason(self, runtime: Runtime, found: list[ItemView], note: str | None) -> None:
        with pytest.raises(NoteNeeded):
            decide(runtime, service.reject, found[0].id, reason=RejectionReason.OTHER, note=note)

        assert item(runtime, found[0].id).decided_at is None


class TestEdit:
    def test_adds_an_approved_version_and_leaves_every_byte_of_the_first(
        self, runtime: Runtime, found: list[ItemView]
    ) -> None:
        old = questions(found)[0]
        doubt(runtime, old)
        before = stored_text(runtime, old.id)

        done = decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT))

        new = item(runtime, done.new_item_id)
        assert stored_text(runtime, old.id) == before
        assert (new.version, new.supersedes, new.status) == (2, old.id, ValidationStatus.VALIDATED)
        assert (new.is_ai_generated, new.decided_at, new.created_by) == (False, NOW, new.decided_by)
        assert new.draft == with_text(old, EDIT)
        assert [each.status for each in all_rows(runtime, sa.select(ContentReview))] == ["edited"]

    def test_of_a_note_is_judged_and_stored_like_one_of_a_question(
        self, runtime: Runtime, found: list[ItemView]
    ) -> None:
        note = next(each for each in found if isinstance(each.draft, NoteDraft))
        assert isinstance(note.draft, NoteDraft)

        done = decide(
            runtime, service.edit_then_approve, note.id, NoteDraft(content=f"{note.draft.content} Well done.")
        )

        assert item(runtime, done.new_item_id).quality_score == done.score

    def test_that_is_not_right_is_refused_with_every_sentence(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        wrong = with_text(old, "As an AI language model I ask: what is TODO?").model_copy(update={"marks": 10.0})

        with pytest.raises(EditRefused) as refused:
            decide(runtime, service.edit_then_approve, old.id, wrong)

        assert refused.value.findings
        assert all(finding.message in refused.value.message for finding in refused.value.findings)
        assert len(items(runtime)) == len(found)

    def test_does_not_move_an_item_to_another_difficulty(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        moved = with_text(old, EDIT).model_copy(update={"difficulty_level": DifficultyLevel.HARD})

        with pytest.raises(EditRefused) as refused:
            decide(runtime, service.edit_then_approve, old.id, moved)

        assert "DIFFICULTY" in {finding.code for finding in refused.value.findings}

    def test_that_changes_nothing_is_refused(self, runtime: Runtime, found: list[ItemView]) -> None:
        with pytest.raises(NothingChanged):
            decide(runtime, service.edit_then_approve, found[0].id, found[0].draft)

    def test_of_a_decided_item_must_say_that_it_revises(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        decide(runtime, service.approve, old.id)
        before = stored_text(runtime, old.id)

        with pytest.raises(AlreadyDecided):
            decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT), by=OMAR)
        done = decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT), by=OMAR, revise=True)

        assert item(runtime, done.new_item_id).version == 2
        assert stored_text(runtime, old.id) == before


class TestTwoPeople:
    def test_the_second_is_told_who_decided_what_and_when(self, runtime: Runtime, found: list[ItemView]) -> None:
        decide(runtime, service.approve, found[0].id)

        with pytest.raises(AlreadyDecided) as refused:
            decide(runtime, service.reject, found[0].id, by=OMAR, reason=RejectionReason.TOO_EASY)

        assert refused.value.status == 409
        assert "was approved by mira on 05 Jan 2026 at 12:00:00 UTC" in refused.value.message

    def test_the_second_is_shown_the_version_of_the_first(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        done = decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT))

        with pytest.raises(Superseded) as refused:
            decide(runtime, service.approve, old.id, by=OMAR)

        assert "mira wrote version 2" in refused.value.message
        assert str(done.new_item_id) in refused.value.remedy

    @pytest.mark.parametrize("first", ["approve", "edit"])
    def test_at_the_same_moment_only_one_of_them_decides(
        self, runtime: Runtime, found: list[ItemView], first: str
    ) -> None:
        old = questions(found)[0]
        doubt(runtime, old)
        start = threading.Barrier(4)
        ended: list[Decision | Exception] = []

        def judge(number: int) -> None:
            by = Reviewer("shell", f"person {number}", UserRole.REVIEWER)
            start.wait()
            try:
                if (number % 2 == 0) == (first == "approve"):
                    ended.append(decide(runtime, service.approve, old.id, by=by))
                else:
                    ended.append(decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT), by=by))
            except Conflict as error:
                ended.append(error)

        people = [threading.Thread(target=judge, args=(number,)) for number in range(4)]
        for person in people:
            person.start()
        for person in people:
            person.join()

        assert len([each for each in ended if isinstance(each, Decision)]) == 1
        assert len([each for each in ended if isinstance(each, AlreadyDecided | Superseded)]) == 3
        assert count(runtime, AuditLog, AuditLog.action.startswith("review.")) == 1


class TestRoles:
    @pytest.mark.parametrize("role", [UserRole.VIEWER, UserRole.OPERATOR])
    def test_that_do_not_decide_are_refused(self, runtime: Runtime, found: list[ItemView], role: UserRole) -> None:
        by = Reviewer("airflow", "vera", role)

        for call, named in (
            (service.approve, {}),
            (service.reject, {"reason": RejectionReason.TOO_EASY}),
            (service.edit_then_approve, {"draft": found[0].draft}),
        ):
            with pytest.raises(NotAllowed) as refused:
                decide(runtime, call, found[0].id, by=by, **named)
            assert refused.value.status == 403
        with pytest.raises(NotAllowed):
            decide(runtime, service.approve_above, QueueFilter(), 0.0, by=by)


class TestAudit:
    def test_holds_who_what_why_and_the_content_before_and_after(self, runtime: Runtime, found: list[ItemView]) -> None:
        old, other = questions(found)[:2]
        decide(runtime, service.edit_then_approve, old.id, with_text(old, EDIT), note="clearer")
        decide(runtime, service.reject, other.id, reason=RejectionReason.TOO_HARD, by=OMAR)

        chosen = sa.select(AuditLog).where(AuditLog.action.startswith("review.")).order_by(AuditLog.id)
        edit, reject = all_rows(runtime, chosen)

        assert (edit.action, edit.entity_type, edit.entity_id) == ("review.edit", "topic_question", old.id)
        assert (edit.rationale, reject.details["reasonCode"]) == ("clearer", "TOO_HARD")
        assert edit.details["before"] != edit.details["after"]
        assert reject.details["before"] == reject.details["after"]
        assert edit.actor_id != reject.actor_id


class TestTheDatabase:
    """What people decided cannot be changed past the code either."""

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE topic_questions SET question_text = 'What is two and three?' WHERE id = :id",
            "UPDATE topic_questions SET validation_status = 'REJECTED' WHERE id = :id",
            "UPDATE topic_questions SET quality_score = 0.25 WHERE id = :id",
            "UPDATE topic_questions SET decided_at = NULL, decided_by = NULL WHERE id = :id",
            "UPDATE topic_questions SET updated_at = now() + interval '1 day' WHERE id = :id",
            "UPDATE topic_questions SET usage_count = 5, marks = 9 WHERE id = :id",
            "UPDATE topic_questions SET version = 9 WHERE id = :id",
            'UPDATE topic_questions SET correct_answer = correct_answer || \'{"final_answer": "5"}\' WHERE id = :id',
            "DELETE FROM topic_questions WHERE id = :id",
            "INSERT INTO topic_questions SELECT * FROM topic_questions WHERE id = :id "
            "ON CONFLICT (id) DO UPDATE SET question_text = 'other'",
            "MERGE INTO topic_questions t USING (SELECT CAST(:id AS uuid) AS id) s ON t.id = s.id "
            "WHEN MATCHED THEN DELETE",
        ],
    )
    def test_refuses_to_change_a_decided_row(self, runtime: Runtime, found: list[ItemView], change: str) -> None:
        decided = questions(found)[0]
        decide(runtime, service.approve, decided.id)
        before = stored_text(runtime, decided.id)

        with pytest.raises(DBAPIError, match="A person decided"), runtime.database.transaction() as session:
            session.execute(sa.text(change), {"id": decided.id})

        assert stored_text(runtime, decided.id) == before

    def test_refuses_to_delete_what_a_decided_row_belongs_to(self, runtime: Runtime, found: list[ItemView]) -> None:
        decide(runtime, service.approve, found[0].id)

        with pytest.raises(DBAPIError), runtime.database.transaction() as session:
            session.execute(sa.text("DELETE FROM topics WHERE id = :id"), {"id": found[0].topic_id})

        assert item(runtime, found[0].id).status is ValidationStatus.VALIDATED

    def test_still_counts_how_a_decided_question_is_used(self, runtime: Runtime, found: list[ItemView]) -> None:
        decided = questions(found)[0]
        decide(runtime, service.approve, decided.id)

        with runtime.database.transaction() as session:
            session.execute(
                sa.update(TopicQuestion)
                .where(TopicQuestion.id == decided.id)
                .values(usage_count=7, average_performance=0.5, updated_at=TopicQuestion.updated_at)
            )

        assert all_rows(runtime, sa.select(TopicQuestion.usage_count).where(TopicQuestion.id == decided.id)) == [7]


def test_an_id_of_nothing_is_unknown(runtime: Runtime) -> None:
    with pytest.raises(service.UnknownEntry):
        decide(runtime, service.approve, uuid.uuid4())
