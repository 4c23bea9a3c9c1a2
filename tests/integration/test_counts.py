"""Counts: a topic has exactly what was asked for, and what exists already is not asked for again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from factories import (
    FakeClock,
    ScriptedModel,
    all_rows,
    cascade,
    count,
    job,
    jobs,
    request,
    settings_for_tests,
    submit,
)
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.service import content_of
from hydrateall.hydration import service
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.views import job_view

SCIENCE_10 = {"grade": "10", "subject_code": "SCIENCE", "chapter_limit": 1}
EASY, MEDIUM, HARD = DifficultyLevel


def hydrate(runtime: Runtime, **asked: Any) -> tuple[uuid.UUID, ScriptedModel]:
    """Submit a job and run it to its end."""
    model = ScriptedModel()
    root_id = submit(runtime, **asked)
    cascade(runtime, model, root_id)
    return root_id, model


def questions(runtime: Runtime, root_id: uuid.UUID) -> list[dict[DifficultyLevel, int]]:
    """The questions per difficulty of every topic."""
    with runtime.database.transaction() as session:
        content = content_of(session, job(runtime, root_id).subject_id)
    return [topic.questions for topics in content.values() for topic in topics]


def delete_questions(runtime: Runtime, *conditions: Any) -> None:
    with runtime.database.transaction() as session:
        session.execute(sa.delete(TopicQuestion).where(*conditions))


def work_left(runtime: Runtime, **asked: Any) -> service.Prospect:
    with runtime.database.transaction() as session:
        return service.prospect(session, request(**asked), settings=runtime.settings, now=runtime.now())


class TestExactCounts:
    def test_are_those_that_were_asked_for(self, runtime: Runtime) -> None:
        root_id, _ = hydrate(runtime, question_counts={"easy": 5, "medium": 3, "hard": 2})

        assert questions(runtime, root_id) == [{EASY: 5, MEDIUM: 3, HARD: 2}] * 4

    def test_may_leave_a_difficulty_out(self, runtime: Runtime) -> None:
        root_id, model = hydrate(runtime, question_counts={"easy": 0, "medium": 1, "hard": 0})

        assert questions(runtime, root_id) == [{EASY: 0, MEDIUM: 1, HARD: 0}] * 4
        assert {each["difficulty"] for each in model.assignments if each["purpose"] == "questions"} == {"medium"}

    def test_give_every_topic_one_note(self, runtime: Runtime) -> None:
        hydrate(runtime)

        notes = all_rows(runtime, sa.select(TopicNote.topic_id))
        assert len(notes) == len(set(notes)) == 4

    def test_number_the_questions_of_a_difficulty_from_one(self, runtime: Runtime) -> None:
        hydrate(runtime, question_counts={"easy": 3, "medium": 0, "hard": 0}, chapter_limit=1)

        positions = all_rows(runtime, sa.select(TopicQuestion.position).order_by(TopicQuestion.position))
        assert positions == [1, 1, 2, 2, 3, 3]


class TestTopUp:
    def test_asks_for_the_missing_questions_only(self, runtime: Runtime) -> None:
        root_id, _ = hydrate(runtime, question_counts={"easy": 5, "medium": 0, "hard": 0})
        delete_questions(runtime, TopicQuestion.position.in_([2, 4]))

        second, model = hydrate(runtime, question_counts={"easy": 5, "medium": 0, "hard": 0})

        assert [(each["purpose"], each["count"]) for each in model.assignments] == [("questions", 2)] * 4
        assert questions(runtime, second) == questions(runtime, root_id) == [{EASY: 5, MEDIUM: 0, HARD: 0}] * 4

    def test_names_the_questions_that_exist_so_that_none_comes_twice(self, runtime: Runtime) -> None:
        hydrate(runtime, question_counts={"easy": 3, "medium": 0, "hard": 0})
        delete_questions(runtime, TopicQuestion.position == 1)

        _, model = hydrate(runtime, question_counts={"easy": 3, "medium": 0, "hard": 0})

        kept = ["What is easy fact B?", "What is easy fact C?"]
        assert [each["avoid"] for each in model.assignments] == [kept] * 4

    def test_leaves_what_exists_as_it_is(self, runtime: Runtime) -> None:
        hydrate(runtime)
        before = all_rows(runtime, sa.select(TopicQuestion.id))
        delete_questions(runtime, TopicQuestion.id == before[0])

        hydrate(runtime)

        after = all_rows(runtime, sa.select(TopicQuestion.id))
        assert set(before[1:]) < set(after)
        assert len(after) == len(before)

    def test_raises_the_counts_of_an_earlier_job(self, runtime: Runtime) -> None:
        hydrate(runtime, question_counts={"easy": 2, "medium": 0, "hard": 0})

        root_id, model = hydrate(runtime, question_counts={"easy": 5, "medium": 0, "hard": 0})

        assert {each["count"] for each in model.assignments} == {3}
        assert questions(runtime, root_id) == [{EASY: 5, MEDIUM: 0, HARD: 0}] * 4

    def test_adds_notes_to_questions_that_exist(self, runtime: Runtime) -> None:
        hydrate(runtime, generate_notes=False)

        _, model = hydrate(runtime)

        assert [each["purpose"] for each in model.assignments] == ["notes"] * 4

    def test_adds_the_chapters_that_a_limit_left_out(self, runtime: Runtime) -> None:
        hydrate(runtime, chapter_limit=1)

        _, model = hydrate(runtime)

        assert model.assignments[0]["chapterNumbers"] == [2]
        assert count(runtime, Chapter) == 2

    def test_is_foreseen_by_the_dry_run(self, runtime: Runtime) -> None:
        hydrate(runtime)
        delete_questions(runtime, TopicQuestion.difficulty_level == MEDIUM)

        ahead = work_left(runtime)

        assert ahead.work.calls == 4
        assert ahead.work.questions_missing == 4


class TestReuse:
    def test_makes_no_call_for_a_complete_subject(self, runtime: Runtime) -> None:
        hydrate(runtime)

        root_id, model = hydrate(runtime)

        assert model.calls == 0
        assert job(runtime, root_id).status is JobStatus.COMPLETED

    def test_shows_the_second_job_as_complete(self, runtime: Runtime) -> None:
        hydrate(runtime)

        root_id, _ = hydrate(runtime)

        with runtime.database.transaction() as session:
            progress = job_view(session, root_id).progress
        assert progress.overall == 100
        assert progress.questions.completed == 12

    def test_is_foreseen_by_the_dry_run(self, runtime: Runtime) -> None:
        hydrate(runtime)

        ahead = work_left(runtime)

        assert ahead.work.calls == 0
        assert ahead.estimates.basis == "everything exists already"

    def test_drafts_nothing_twice(self, runtime: Runtime) -> None:
        hydrate(runtime)
        before = [count(runtime, model) for model in (Chapter, Topic, TopicNote, TopicQuestion)]

        hydrate(runtime)

        assert [count(runtime, model) for model in (Chapter, Topic, TopicNote, TopicQuestion)] == before


class TestOptions:
    def test_no_notes_writes_none_and_completes(self, runtime: Runtime) -> None:
        root_id, model = hydrate(runtime, generate_notes=False)

        assert count(runtime, TopicNote) == 0
        assert jobs(runtime, root_id, Level.NOTES) == []
        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert "notes" not in {each["purpose"] for each in model.assignments}

    def test_no_questions_writes_none_and_completes(self, runtime: Runtime) -> None:
        root_id, _ = hydrate(runtime, generate_questions=False)

        assert count(runtime, TopicQuestion) == 0
        assert jobs(runtime, root_id, Level.QUESTIONS) == []
        assert job(runtime, root_id).status is JobStatus.COMPLETED

    def test_neither_completes_with_the_topics(self, runtime: Runtime) -> None:
        root_id, _ = hydrate(runtime, generate_notes=False, generate_questions=False)

        assert count(runtime, Topic) == 4
        assert job(runtime, root_id).status is JobStatus.COMPLETED

    def test_a_chapter_limit_holds_for_an_outline(self, runtime: Runtime) -> None:
        root_id, _ = hydrate(runtime, **SCIENCE_10)

        [only] = all_rows(runtime, sa.select(Chapter))
        assert only.title == "Chemical Reactions and Equations"
        assert count(runtime, Topic) == 5
        assert job(runtime, root_id).status is JobStatus.COMPLETED

    def test_a_chapter_limit_is_the_number_of_chapters_without_an_outline(self, runtime: Runtime) -> None:
        _, model = hydrate(runtime, chapter_limit=3)

        assert model.assignments[0]["chapterCount"] == 3
        assert count(runtime, Chapter) == 3


class TestOutline:
    def test_is_the_ground_truth_of_titles(self, runtime: Runtime) -> None:
        hydrate(runtime, **SCIENCE_10)

        topics = all_rows(runtime, sa.select(Topic.title).order_by(Topic.topic_number))
        assert topics[0] == "Writing and balancing chemical equations"

    def test_is_told_in_the_subject_s_language(self, runtime: Runtime) -> None:
        hydrate(runtime, **SCIENCE_10, language="hi")

        [only] = all_rows(runtime, sa.select(Chapter))
        assert only.title == "रासायनिक अभिक्रियाएँ एवं समीकरण"

    def test_is_named_by_its_edition_in_what_is_stored(self, runtime: Runtime) -> None:
        hydrate(runtime, **SCIENCE_10)

        [only] = all_rows(runtime, sa.select(Chapter))
        assert only.details["outline"] == "NCERT Science, Class X, 2025-26 (rationalised)"

    def test_is_proposed_by_the_model_where_there_is_none_and_the_job_says_so(self, runtime: Runtime) -> None:
        _, model = hydrate(runtime)

        assert model.assignments[0]["outline"] is None
        stored = all_rows(runtime, sa.select(Chapter))
        assert all(chapter.details["proposedByModel"] for chapter in stored)

    @pytest.mark.parametrize(("chapters", "topics"), [(1, 1), (3, 4)])
    def test_is_replaced_by_the_default_sizes(
        self, database: Database, clock: FakeClock, chapters: int, topics: int
    ) -> None:
        runtime = Runtime(settings_for_tests(default_chapters=chapters, default_topics=topics), database, clock)

        hydrate(runtime, generate_notes=False, generate_questions=False)

        assert (count(runtime, Chapter), count(runtime, Topic)) == (chapters, chapters * topics)
