"""The whole cascade as its DAG runs it, on the offline writer: calm, and with failures and flaws on purpose."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from factories import FakeClock, all_rows, calls, job, jobs, resume, start
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import content_of, items_of_chapter
from hydrateall.hydration import tasks
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.errors import ItemsMissing
from hydrateall.hydration.schemas import HydrateOptions
from hydrateall.hydration.views import job_view, missing_items
from hydrateall.validation.service import Context, judge_question, load_rulebook

ONE_CHAPTER = {"board": "CBSE", "grade": "10", "subject": "SCIENCE", "chapter_limit": 1}
DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def run_dag(runtime: Runtime, **params: Any) -> tuple[uuid.UUID, str]:
    """Do what the DAG's tasks do, in their order; return the root and how `close_job` ended."""
    run = f"manual__{uuid.uuid4()}"
    root_id = tasks.open_job(runtime, params={**ONE_CHAPTER, **params}, dag_run_id=run, triggered_by="mira")
    chapters = tasks.write_chapters(runtime, root_id=root_id, owner=f"{run}/write_chapters/-1")
    for index, chapter in enumerate(chapters):
        for level in ("topics", "notes", "questions"):
            owner = f"{run}/{level}/{index}"
            may_fail(tasks.draft_level, runtime, level=level, root_id=root_id, chapter_id=chapter["id"], owner=owner)
    return uuid.UUID(root_id), may_fail(tasks.close_job, runtime, root_id=root_id) or "failed"


def may_fail(task: Any, *given: Any, **named: Any) -> str:
    """Run a task that may miss items; say how it ended, with nothing for a failure."""
    try:
        task(*given, **named)
    except ItemsMissing:
        return ""
    return "done"


def drill(database: Database, **rates: float) -> Runtime:
    """A runtime whose offline writer fails; its clock moves, so that the pauses between attempts pass."""
    return Runtime(Settings(poll_seconds=0.01, **rates), database, FakeClock(step=0.2))


@pytest.mark.parametrize("language", ["en", "hi"])
class TestCalmRun:
    def test_ends_with_the_exact_counts(self, database: Database, language: str) -> None:
        runtime = drill(database)

        root_id, ended = run_dag(runtime, language=language)

        with database.transaction() as session:
            [topics] = content_of(session, job(runtime, root_id).subject_id).values()
        assert ended == "done"
        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert [(topic.notes, *topic.questions.values()) for topic in topics] == [(1, 5, 3, 2)] * 5

    def test_is_accepted_at_the_first_attempt(self, database: Database, language: str) -> None:
        runtime = drill(database)

        run_dag(runtime, language=language)

        assert {(call.status, call.attempt) for call in calls(runtime)} == {("accepted", 1)}

    def test_is_written_in_the_language(self, database: Database, language: str) -> None:
        runtime = drill(database)

        run_dag(runtime, language=language)

        texts = [
            *all_rows(runtime, sa.select(Chapter.title)),
            *all_rows(runtime, sa.select(Topic.title)),
            *all_rows(runtime, sa.select(TopicNote.content)),
            *all_rows(runtime, sa.select(TopicQuestion.question_text)),
        ]
        assert {bool(DEVANAGARI.search(text)) for text in texts} == {language == "hi"}

    def test_is_labelled_as_sample_content(self, database: Database, language: str) -> None:
        runtime = drill(database)

        root_id, _ = run_dag(runtime, language=language)

        with database.transaction() as session:
            assert job_view(session, root_id).sample is True
        assert all(details["sample"] for details in all_rows(runtime, sa.select(TopicQuestion.details)))

    def test_costs_nothing_and_makes_one_call_a_job(self, database: Database, language: str) -> None:
        runtime = drill(database)

        root_id, _ = run_dag(runtime, language=language)

        assert len(calls(runtime)) == len(jobs(runtime, root_id)) == 1 + 1 + 5 * 4
        assert job(runtime, root_id).actual_cost_usd == 0


class TestTroubledRun:
    @pytest.mark.parametrize("language", ["en", "hi"])
    @pytest.mark.parametrize("rate", ["offline_failure_rate", "offline_flaw_rate"])
    def test_ends_with_the_exact_counts_or_says_what_is_missing(
        self, database: Database, rate: str, language: str
    ) -> None:
        runtime = drill(database, **{rate: 0.3})

        root_id, _ = run_dag(runtime, language=language)

        root = job(runtime, root_id)
        assert any(call.status != "accepted" for call in calls(runtime))
        assert root.status in (JobStatus.COMPLETED, JobStatus.FAILED)
        self.check_account(runtime, root_id)

    def test_ends_as_the_calm_run_does_once_it_is_resumed(self, database: Database) -> None:
        runtime = drill(database, offline_failure_rate=0.7)
        root_id, ended = run_dag(runtime, language="en")
        assert ended == "failed"

        resume(runtime, root_id)
        start(runtime, root_id)
        calm = drill(database)
        chapters = tasks.write_chapters(calm, root_id=str(root_id), owner="again/chapters")
        for level in ("topics", "notes", "questions"):
            tasks.draft_level(
                calm, level=level, root_id=str(root_id), chapter_id=chapters[0]["id"], owner=f"again/{level}"
            )
        tasks.close_job(calm, root_id=str(root_id))

        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert len(all_rows(runtime, sa.select(TopicQuestion.id))) == 5 * 10

    @pytest.mark.parametrize("language", ["en", "hi"])
    def test_with_flawed_questions_stores_none_of_them(self, database: Database, language: str) -> None:
        """Three in ten questions are spoilt on purpose; what is asked for again is the spoilt ones only."""
        runtime = drill(database, offline_flaw_rate=0.3, max_retries=12)

        root_id, _ = run_dag(runtime, language=language)

        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert len(all_rows(runtime, sa.select(TopicQuestion.id))) == 5 * 10
        with runtime.database.transaction() as session:
            [chapter_id] = session.scalars(sa.select(Chapter.id))
            items = items_of_chapter(session, chapter_id)
            rules = load_rulebook(session)
        context = Context(language, items[0].grade, items[0].subject_code)
        for item in items:
            if isinstance(item.draft, QuestionDraft):
                assert not judge_question(item.draft, rules=rules, context=context).errors
        rejected = calls(runtime, status="rejected")
        assert rejected
        assert any(call.details["kept"] for call in rejected)

    def check_account(self, runtime: Runtime, root_id: uuid.UUID) -> None:
        """Every item that was asked for exists, or is named as missing."""
        with runtime.database.transaction() as session:
            missing = missing_items(session, root_id)
            content = content_of(session, job(runtime, root_id).subject_id)
        topics = [topic for found in content.values() for topic in found]
        wanted = HydrateOptions().question_counts.wanted()
        absent = [f"the note of 1.{topic.number} {topic.title}" for topic in topics if not topic.notes]
        for topic in topics:
            for level, number in wanted.items():
                if lacking := number - topic.questions[level]:
                    noun = "question" if lacking == 1 else "questions"
                    absent.append(f"{lacking} {level} {noun} of 1.{topic.number} {topic.title}")
        if len(topics) < 5:
            absent += [item for item in (f"{each.what} of {each.where}" for each in missing) if item.startswith("the ")]
        assert sorted(f"{each.what} of {each.where}" for each in missing) == sorted(absent)
        assert (job(runtime, root_id).status is JobStatus.COMPLETED) == (not missing)
