"""A second opinion on the real path: tasks, the gateway, PostgreSQL, and a model server over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from factories import (
    ScriptedModel,
    all_rows,
    calls,
    chapter_ids,
    choice_question,
    job,
    request,
    resume,
    settings_for_tests,
    start,
    tree,
    valid_answer,
    work,
)
from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ValidationStatus
from hydrateall.curriculum.models import TopicQuestion
from hydrateall.curriculum.schemas import QuestionSetDraft, SolvedQuestion, SolvedSetDraft
from hydrateall.hydration import second_opinion, service, tasks
from hydrateall.hydration.enums import JobStatus, Level, LogSeverity
from hydrateall.hydration.errors import NoSecondOpinion, RootEnded
from hydrateall.hydration.models import JobExecutionLog
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import Estimates
from hydrateall.hydration.second_opinion import Opinion
from hydrateall.llm.mock.opinions import Solver
from hydrateall.llm.models import AIContentLog
from hydrateall.llm.service import ModelError
from hydrateall.review.models import ContentReview
from hydrateall.review.rejudging import rejudge_chapter
from hydrateall.validation.service import load_rulebook
from mock_server import Mock, running

ONE_CHAPTER = {"board": "CBSE", "grade": "10", "subject": "SCIENCE", "chapter_limit": 1, "notes": False}
TOPICS, SETS, QUESTIONS = 5, 15, 50
COMPARED = ("MCQ", "ASSERTION_REASON", "MULTI_SELECT", "TRUE_FALSE", "FILL_BLANK", "MATCH", "NUMERICAL")
DRAFT_QUESTIONS = """
import sys
from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import load_settings
from hydrateall.hydration import tasks
settings = load_settings()
runtime = Runtime(settings, Database(settings.database_url), utc_now)
tasks.draft_level(runtime, level="questions", root_id=sys.argv[1], chapter_id=sys.argv[2], owner="run/questions")
"""
WRITTEN = ("question_text", "options", "correct_answer", "topic_id", "difficulty_level", "position")


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as served:
        yield served


@pytest.fixture
def runtime(database: Database, mock: Mock) -> Runtime:
    settings = settings_for_tests(model_provider="mock", mock_url=f"{mock.url}/v1")
    return Runtime(settings, database, utc_now)


def opened(runtime: Runtime, **params: Any) -> str:
    """A job whose chapter and topics are written; return its root."""
    asked = {**ONE_CHAPTER, "second_opinion": True, **params}
    root_id = tasks.open_job(runtime, params=asked, dag_run_id=f"manual__{uuid.uuid4()}", triggered_by="mira")
    for chapter in tasks.write_chapters(runtime, root_id=root_id, owner="run/chapters"):
        tasks.draft_level(runtime, level="topics", root_id=root_id, chapter_id=chapter["id"], owner="run/topics")
    return root_id


def finish(runtime: Runtime, root_id: str) -> None:
    """Draft the questions and close the job, as the rest of the DAG does."""
    for chapter_id in chapter_ids(runtime, uuid.UUID(root_id)):
        tasks.draft_level(
            runtime, level="questions", root_id=root_id, chapter_id=str(chapter_id), owner="run/questions"
        )
    tasks.close_job(runtime, root_id=root_id)


def run(runtime: Runtime, **params: Any) -> uuid.UUID:
    """Do what the DAG's tasks do; return the root."""
    root_id = opened(runtime, **params)
    finish(runtime, root_id)
    return uuid.UUID(root_id)


def questions(runtime: Runtime) -> list[TopicQuestion]:
    return all_rows(runtime, sa.select(TopicQuestion).order_by(TopicQuestion.topic_id, TopicQuestion.id))


def opinions(runtime: Runtime) -> list[AIContentLog]:
    return [call for call in calls(runtime) if call.purpose == "opinion"]


def findings(question: TopicQuestion, code: str) -> list[dict[str, Any]]:
    return [found for found in (question.validation_report or {})["findings"] if found["code"] == code]


def doubted(runtime: Runtime) -> set[uuid.UUID]:
    """The questions that wait on the queue for their second opinion."""
    entries = all_rows(runtime, sa.select(ContentReview).where(ContentReview.status == "open"))
    return {entry.item_id for entry in entries if "SECOND_OPINION" in entry.reasons}


class TestAgreement:
    @pytest.mark.parametrize("language", ["en", "hi"])
    def test_queues_nothing(self, runtime: Runtime, language: str) -> None:
        root_id = run(runtime, language=language)

        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert len(questions(runtime)) == QUESTIONS
        assert doubted(runtime) == set()
        assert not any(findings(each, "SECOND_OPINION") for each in questions(runtime))
        assert not any(findings(each, "NO_SECOND_OPINION") for each in questions(runtime))

    def test_costs_a_call_a_set_that_is_booked_as_the_server_bills_it(self, runtime: Runtime, mock: Mock) -> None:
        root_id = run(runtime)

        with_objective = {
            (each.topic_id, each.difficulty_level) for each in questions(runtime) if each.question_type in COMPARED
        }
        assert len(opinions(runtime)) == len(with_objective) <= SETS
        assert {(call.status, call.request_no) for call in opinions(runtime)} == {("accepted", 101)}
        assert {call.status for call in calls(runtime)} == {"accepted"}
        assert sum(call.cost_usd for call in opinions(runtime)) > 0
        assert job(runtime, root_id).actual_cost_usd == sum(call.cost_usd for call in calls(runtime)) == mock.billed()

    def test_is_asked_for_without_the_keys(self, runtime: Runtime) -> None:
        def either(assignment: dict[str, Any]) -> Any:
            return solved_by(assignment, "C") if assignment["purpose"] == "opinion" else choices(assignment)

        asked = [each for each in opinion_of_one_chapter(runtime, either) if each["purpose"] == "opinion"]

        assert asked
        assert all("correctAnswer" not in str(each) and "finalAnswer" not in str(each) for each in asked)
        assert [{**each, "text": ""} for each in asked[0]["questions"]] == [
            {"number": 1, "type": "MCQ", "text": "", "options": {"A": "two", "B": "three", "C": "four", "D": "five"}}
        ]

    def test_may_be_given_by_another_model_than_the_one_that_writes(self, database: Database, mock: Mock) -> None:
        settings = settings_for_tests(
            model_provider="mock", mock_url=f"{mock.url}/v1", models={"opinion": {"model": "gpt-4o-mini"}}
        )
        runtime = Runtime(settings, database, utc_now)

        run(runtime)

        assert {call.model_used for call in opinions(runtime)} == {"gpt-4o-mini"}
        assert {call.model_used for call in calls(runtime) if call.purpose == "questions"} == {"mock-writer"}


class TestDisagreement:
    def test_sends_exactly_the_disputed_to_review_and_changes_none(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(disagreements=0.3, seed=7)

        run(runtime)

        stored = questions(runtime)
        solver = Solver(0.3, 7)
        disputed = {
            each.id for each in stored if each.question_type in COMPARED and solver.disputes(each.question_text)
        }
        assert 0 < len(disputed) < len(stored)
        assert doubted(runtime) == disputed
        for each in stored:
            assert bool(findings(each, "SECOND_OPINION")) is (each.id in disputed)
            if each.id in disputed:
                assert each.validation_status is ValidationStatus.PENDING

    def test_leaves_the_questions_as_a_run_without_it_writes_them(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(disagreements=1.0)
        run(runtime)
        disputed = contents(runtime)
        with runtime.database.transaction() as session:
            session.execute(sa.delete(ContentReview))
            session.execute(sa.delete(TopicQuestion))
        root_id = run(runtime, second_opinion=False)

        assert job(runtime, root_id).status is JobStatus.COMPLETED
        assert contents(runtime) == disputed

    def test_outlives_a_re_validation(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(disagreements=0.3, seed=7)
        root_id = run(runtime)
        before = {each.id: findings(each, "SECOND_OPINION") for each in questions(runtime)}
        queued = doubted(runtime)

        with runtime.database.transaction() as session:
            for chapter_id in chapter_ids(runtime, root_id):
                rejudge_chapter(session, chapter_id, load_rulebook(session))

        assert {each.id: findings(each, "SECOND_OPINION") for each in questions(runtime)} == before
        assert doubted(runtime) == queued != set()

    def test_reports_both_answers_and_the_reason(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(disagreements=1.0)

        run(runtime)

        [one, *_] = [each for each in questions(runtime) if each.question_type == "MCQ"]
        [found] = findings(one, "SECOND_OPINION")
        key = one.correct_answer["correct_options"][0]
        assert found["severity"] == "review"
        assert found["field"] == "correctAnswer.finalAnswer"
        assert found["message"] == (
            f"the key says {key}, a second solution says {dict(zip('ABCD', 'BCDA', strict=True))[key]}: "
            "The mock server was told to dispute this one."
        )


class TestOffByDefault:
    def test_makes_no_extra_call(self, runtime: Runtime, mock: Mock) -> None:
        run(runtime, second_opinion=False)

        assert opinions(runtime) == []
        assert mock.ledger()["totals"]["requests"] == 1 + 1 + SETS

    def test_is_refused_in_batch_mode(self, runtime: Runtime) -> None:
        with pytest.raises(NoSecondOpinion, match=r"batch mode does not do\. Take the mode fast") as refused:
            prospect(runtime, second_opinion=True, mode="batch")

        assert (refused.value.field, refused.value.exit_code) == ("options.secondOpinion", 2)

    def test_is_refused_offline(self, database: Database) -> None:
        offline = Runtime(settings_for_tests(), database, utc_now)

        with pytest.raises(NoSecondOpinion, match=r"would check itself.*MODEL=mock or a real model"):
            prospect(offline, second_opinion=True)

    def test_is_part_of_the_estimate(self, runtime: Runtime) -> None:
        without, with_it = prospect(runtime), prospect(runtime, second_opinion=True)

        sets = 2 * 4  # easy and medium ones of four topics
        assert with_it.estimated_calls == without.estimated_calls + sets
        assert with_it.estimated_cost_usd > without.estimated_cost_usd
        assert with_it.estimated_questions == without.estimated_questions


class TestBrokenSecondModel:
    """It never blocks content."""

    def test_that_answers_nothing_leaves_an_advice(self, runtime: Runtime) -> None:
        def broken(assignment: dict[str, Any]) -> Any:
            return (
                ModelError("The second server is down.") if assignment["purpose"] == "opinion" else choices(assignment)
            )

        opinion_of_one_chapter(runtime, broken)

        [question, *_] = questions(runtime)
        [found] = findings(question, "NO_SECOND_OPINION")
        assert (found["severity"], question.validation_status) == ("advice", ValidationStatus.VALIDATED)
        assert found["message"] == "has no second solution. The second server is down."
        assert {call.status for call in opinions(runtime)} == {"error"}
        assert {call.status for call in calls(runtime) if call.purpose == "questions"} == {"accepted"}

    @pytest.mark.parametrize("said", ["{}", "no JSON at all", '{"solutions": [{"number": 1}]}'])
    def test_that_cannot_be_read_is_rejected_and_leaves_an_advice(self, runtime: Runtime, said: str) -> None:
        opinion_of_one_chapter(runtime, lambda asked: said if asked["purpose"] == "opinion" else choices(asked))

        assert all(findings(question, "NO_SECOND_OPINION") for question in questions(runtime))
        assert {call.status for call in opinions(runtime)} == {"rejected"}
        assert {call.status for call in calls(runtime) if call.purpose == "questions"} == {"accepted"}

    def test_that_leaves_a_question_out_is_believed_about_the_others(self, runtime: Runtime) -> None:
        def first_only(assignment: dict[str, Any]) -> Any:
            if assignment["purpose"] != "opinion":
                return choices(assignment)
            return SolvedSetDraft(solutions=[SolvedQuestion(number=1, reason="It is so.", answer="B")])

        opinion_of_one_chapter(runtime, first_only, easy=2, medium=0)

        codes = [[found["code"] for found in each.validation_report["findings"]] for each in questions(runtime)]
        assert sorted(code for found in codes for code in found if "OPINION" in code) == [
            *["NO_SECOND_OPINION"] * 2,
            *["SECOND_OPINION"] * 2,
        ]

    def test_is_written_into_the_execution_log(self, runtime: Runtime) -> None:
        opinion_of_one_chapter(runtime, lambda asked: "{}" if asked["purpose"] == "opinion" else choices(asked))

        lines = all_rows(runtime, sa.select(JobExecutionLog).where(JobExecutionLog.message.startswith("No second")))
        assert [line.severity for line in lines] == [LogSeverity.WARNING] * 2
        assert lines[0].message.startswith("No second opinion: The second solutions could not be read: ")


class TestRejectedSet:
    def test_is_asked_about_what_is_kept_of_it_and_each_call_has_its_own_verdict(self, runtime: Runtime) -> None:
        def half_good(assignment: dict[str, Any]) -> Any:
            if assignment["purpose"] == "opinion":
                return solved_by(assignment, "C")
            draft = choices(assignment)
            if assignment["attempt"] == 1 and assignment["count"] == 2:
                draft.questions[1] = choice_question(right=("C",), final="A")
            return draft

        opinion_of_one_chapter(runtime, half_good, easy=2, medium=0)

        [first, *_] = sorted({call.job_id for call in opinions(runtime)})
        verdicts = [(call.purpose, call.status) for call in calls(runtime) if call.job_id == first]
        assert verdicts == [
            ("questions", "rejected"),
            ("opinion", "accepted"),
            ("questions", "accepted"),
            ("opinion", "accepted"),
        ]


class TestInterruption:
    def test_by_a_budget_pauses_and_asks_for_nothing_twice(self, runtime: Runtime, mock: Mock) -> None:
        root_id = opened(runtime, max_cost_usd=0.06)
        with pytest.raises(RootEnded):
            finish(runtime, root_id)
        stored = len(questions(runtime))

        resume(runtime, uuid.UUID(root_id), max_cost_usd=10)
        start(runtime, uuid.UUID(root_id))
        finish(runtime, root_id)

        assert stored < QUESTIONS == len(questions(runtime))
        assert paid_twice(runtime) == []
        assert job(runtime, uuid.UUID(root_id)).actual_cost_usd == mock.billed()

    def test_by_a_pause_between_the_two_calls_stores_nothing_and_pays_the_first_once(
        self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask = second_opinion.ask

        async def pause_first(plan: RootPlan, *given: Any) -> Opinion:
            with runtime.database.transaction() as session:
                service.pause(session, plan.root_id, reason="For a look.", until=None, now=runtime.now())
            return await ask(plan, *given)

        root_id = opened(runtime)
        with monkeypatch.context() as paused:
            paused.setattr(second_opinion, "ask", pause_first)
            with pytest.raises(RootEnded):
                finish(runtime, root_id)
        assert not any(each.question_type in COMPARED for each in questions(runtime))

        resume(runtime, uuid.UUID(root_id))
        start(runtime, uuid.UUID(root_id))
        finish(runtime, root_id)

        assert len(questions(runtime)) == QUESTIONS
        assert paid_twice(runtime) == []

    def test_by_a_kill_between_the_two_calls_loses_nothing_and_pays_the_first_once(
        self, runtime: Runtime, mock: Mock
    ) -> None:
        root_id = opened(runtime)
        [chapter] = chapter_ids(runtime, uuid.UUID(root_id))
        mock.change(latency=0.4)
        process = worker_process(runtime, root_id, str(chapter))
        while not any(call.status == "reserved" for call in opinions(runtime)) and process.poll() is None:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        lost = len([call for call in opinions(runtime) if call.status == "reserved"])
        mock.change(latency=0)

        finish(runtime, root_id)

        assert lost > 0
        assert len(questions(runtime)) == QUESTIONS
        assert doubted(runtime) == set()
        assert paid_twice(runtime) == []
        assert [call.status for call in calls(runtime) if call.status == "reserved"] == []


def worker_process(runtime: Runtime, root_id: str, chapter_id: str) -> subprocess.Popen[bytes]:
    """A task of its own that drafts the questions of a chapter."""
    variables = {
        "HYDRATEALL_DATABASE_URL": runtime.database.url,
        "HYDRATEALL_MODEL_PROVIDER": "mock",
        "HYDRATEALL_MOCK_URL": runtime.settings.mock_url,
    }
    command = [sys.executable, "-c", DRAFT_QUESTIONS, root_id, chapter_id]
    return subprocess.Popen(command, env=os.environ | variables, stderr=subprocess.DEVNULL)


def paid_twice(runtime: Runtime) -> list[tuple[uuid.UUID | None, int]]:
    """The jobs whose own call was billed more than once."""
    billed = [call.job_id for call in calls(runtime) if call.purpose != "opinion" and call.cost_usd]
    return [(each, billed.count(each)) for each in set(billed) if billed.count(each) > 1]


def contents(runtime: Runtime) -> set[str]:
    """What was stored of every question, without its judgement."""
    return {str([getattr(each, name) for name in WRITTEN]) for each in questions(runtime)}


def prospect(runtime: Runtime, **asked: Any) -> Estimates:
    with runtime.database.transaction() as session:
        return service.prospect(session, request(**asked), settings=runtime.settings, now=runtime.now()).estimates


def choices(assignment: dict[str, Any]) -> Any:
    """A valid answer whose questions are choices with the key C."""
    draft = valid_answer(assignment)
    if not isinstance(draft, QuestionSetDraft) or assignment["difficulty"] != "easy":
        return draft
    texts = [question.question_text for question in draft.questions]
    return QuestionSetDraft(
        questions=[choice_question(right=("C",)).model_copy(update={"question_text": t}) for t in texts]
    )


def solved_by(assignment: dict[str, Any], answer: str) -> SolvedSetDraft:
    solutions = [
        SolvedQuestion(number=each["number"], reason="It is so.", answer=answer) for each in assignment["questions"]
    ]
    return SolvedSetDraft(solutions=solutions)


def opinion_of_one_chapter(runtime: Runtime, script: Any, easy: int = 1, medium: int = 0) -> list[dict[str, Any]]:
    """Draft the questions of a small chapter with a scripted model; return what it was asked."""
    counts = {"easy": easy, "medium": medium, "hard": 0}
    root_id = tree(runtime, ScriptedModel(), second_opinion=True, question_counts=counts)
    first, _ = chapter_ids(runtime, root_id)
    model = ScriptedModel(script)
    work(runtime, model, root_id, Level.QUESTIONS, first)
    return model.assignments
