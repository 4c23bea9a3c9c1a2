"""A question set of which some items are flawed: the good ones are kept, and only the others are asked for again."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from factories import (
    ScriptedModel,
    all_rows,
    answer,
    calls,
    chapter_ids,
    jobs,
    question,
    resume,
    start,
    tree,
    valid_answer,
    work,
)
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ValidationStatus
from hydrateall.curriculum.models import TopicQuestion
from hydrateall.curriculum.schemas import QuestionSetDraft
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.views import missing_items
from hydrateall.review.models import ContentReview

GOOD, FLAWED = "What is one?", "What is none?"


def one_of_two_flawed(assignment: dict[str, Any]) -> Any:
    """The first answer for a set has a question without an answer beside a good one; later answers are right."""
    if assignment["attempt"] > 1 or assignment["count"] < 2:
        return valid_answer(assignment)
    flawed = question(text=FLAWED, correct=answer(final_answer="null"))
    return QuestionSetDraft(questions=[flawed, question(text=GOOD)])


def always_flawed(assignment: dict[str, Any]) -> Any:
    flawed = question(text=FLAWED, correct=answer(final_answer="null"))
    return QuestionSetDraft(questions=[flawed, question(text=GOOD)][: assignment["count"]])


def without_final_answer(assignment: dict[str, Any]) -> Any:
    """One item leaves the schema, the other fits."""
    if assignment["attempt"] > 1 or assignment["count"] < 2:
        return valid_answer(assignment)
    items = [question(text=FLAWED), question(text=GOOD)]
    drafts = [item.model_dump(mode="json", by_alias=True) for item in items]
    drafts[0]["correctAnswer"]["finalAnswer"] = None
    return json.dumps({"questions": drafts})


def doubtful(assignment: dict[str, Any]) -> Any:
    """A question for which nobody could have so many minutes: a person must look."""
    drafts = valid_answer(assignment)
    drafts.questions[0].estimated_time_mins = 30
    return drafts


class TestGoodItems:
    def test_are_stored_at_once(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        seen: list[list[str]] = []

        def looking(assignment: dict[str, Any]) -> Any:
            seen.append(all_rows(runtime, sa.select(TopicQuestion.question_text)))
            return one_of_two_flawed(assignment)

        work(runtime, ScriptedModel(looking), root_id, Level.QUESTIONS, first)

        assert any(GOOD in texts for texts in seen)

    def test_are_not_asked_for_again(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        model = ScriptedModel(one_of_two_flawed)

        work(runtime, model, root_id, Level.QUESTIONS, first)

        again = [each for each in model.assignments if each["attempt"] == 2]
        assert again
        assert {each["count"] for each in again} == {1}
        assert all(each["avoid"] == [GOOD] for each in again)
        assert all(FLAWED in " ".join(each["issues"]) for each in again)

    def test_bring_the_exact_count_in_the_end(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        outcome = work(runtime, ScriptedModel(one_of_two_flawed), root_id, Level.QUESTIONS, first)

        sets = [each for each in jobs(runtime, root_id, Level.QUESTIONS) if each.chapter_id == first]
        texts = all_rows(runtime, sa.select(TopicQuestion.question_text))
        assert outcome.failed == 0
        assert len(texts) == sum(each.items_completed for each in sets) == sum(each.items_expected for each in sets)
        assert FLAWED not in texts

    def test_survive_a_set_whose_other_items_leave_the_schema(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        model = ScriptedModel(without_final_answer)

        work(runtime, model, root_id, Level.QUESTIONS, first)

        again = [each for each in model.assignments if each["attempt"] == 2]
        assert {each["count"] for each in again} == {1}
        assert "finalAnswer" in " ".join(again[0]["issues"])

    def test_are_named_in_the_log_of_the_call(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        work(runtime, ScriptedModel(one_of_two_flawed), root_id, Level.QUESTIONS, first)

        assert {call.details["kept"] for call in calls(runtime, status="rejected")} == {1}


class TestSetThatNeverGetsWhole:
    def test_keeps_what_is_good_and_says_what_is_missing(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        work(runtime, ScriptedModel(always_flawed), root_id, Level.QUESTIONS, first)

        with runtime.database.transaction() as session:
            missing = missing_items(session, root_id)
        failed = [each for each in jobs(runtime, root_id, Level.QUESTIONS) if each.status is JobStatus.FAILED]
        stored = all_rows(runtime, sa.select(TopicQuestion.question_text))
        assert set(stored) == {GOOD}
        assert sum(each.items_expected - each.items_completed for each in failed) == sum(
            int(item.what.split()[0]) for item in missing
        )
        assert all("questions are good; write the other" in item.reason for item in missing)

    def test_asks_for_the_rest_only_when_it_is_resumed(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)
        work(runtime, ScriptedModel(always_flawed), root_id, Level.QUESTIONS, first)
        before = len(all_rows(runtime, sa.select(TopicQuestion.id)))
        from factories import cancel

        cancel(runtime, root_id)
        resume(runtime, root_id)
        start(runtime, root_id)
        model = ScriptedModel()

        work(runtime, model, root_id, Level.QUESTIONS, first)

        asked = sum(each["count"] for each in model.assignments)
        assert asked == len(all_rows(runtime, sa.select(TopicQuestion.id))) - before


class TestDoubtfulItem:
    def test_is_stored_and_waits_for_a_person(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        outcome = work(runtime, ScriptedModel(doubtful), root_id, Level.QUESTIONS, first)

        pending = all_rows(
            runtime, sa.select(TopicQuestion).where(TopicQuestion.validation_status == ValidationStatus.PENDING)
        )
        queued = all_rows(runtime, sa.select(ContentReview))
        assert outcome.failed == 0
        assert pending
        assert {entry.item_id for entry in queued} == {item.id for item in pending}
        assert {entry.status for entry in queued} == {"open"}
        assert {reason for entry in queued for reason in entry.reasons} == {"MINUTES", "DUPLICATE"}  # topics are alike
        assert any(
            said["rule"] == "marks_and_minutes" for item in pending for said in item.validation_report["findings"]
        )

    def test_scores_below_one_without_doubts(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        work(runtime, ScriptedModel(doubtful), root_id, Level.QUESTIONS, first)

        scores = dict(all_rows_of(runtime))
        assert max(scores[ValidationStatus.PENDING]) < min(scores[ValidationStatus.VALIDATED])


def all_rows_of(runtime: Runtime) -> list[tuple[ValidationStatus, list[float]]]:
    """The scores of the questions, by status."""
    statement = sa.select(TopicQuestion.validation_status, sa.func.array_agg(TopicQuestion.quality_score))
    with runtime.database.transaction() as session:
        return [tuple(row) for row in session.execute(statement.group_by(TopicQuestion.validation_status))]
