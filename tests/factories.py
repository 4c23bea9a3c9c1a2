"""What tests are built from: a clock, settings, jobs, a scripted model, and the smallest valid drafts."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import BloomLevel, DifficultyLevel, QuestionType
from hydrateall.curriculum.schemas import (
    AnswerDraft,
    ChapterDraft,
    ChaptersDraft,
    MatchColumns,
    MatchPair,
    NoteDraft,
    OptionDraft,
    QuestionDraft,
    QuestionSetDraft,
    TopicDraft,
    TopicsDraft,
)
from hydrateall.hydration import attempts, repository, service
from hydrateall.hydration.attempts import Call
from hydrateall.hydration.enums import ExecutionPhase, Level
from hydrateall.hydration.levels import prepare
from hydrateall.hydration.levels.work import Checked, Work
from hydrateall.hydration.models import HydrationJob, JobExecutionLog
from hydrateall.hydration.plan import plan_of
from hydrateall.hydration.schemas import ClaimedJob, HydrateRequest
from hydrateall.hydration.service import Actor
from hydrateall.hydration.worker import Outcome, Scope, Worker
from hydrateall.llm.calls import Answer, Purpose
from hydrateall.llm.gateway import Gateway
from hydrateall.llm.ledger import Ledger
from hydrateall.llm.models import AIContentLog
from hydrateall.llm.service import CallLost, ModelReply, ModelRequest, request_for

ME = Actor("test", "tester")
SMALL = {"easy": 2, "medium": 1, "hard": 0}


class FakeClock:
    """A Clock that stands still until it is advanced; with a `step`, it moves on by so much at every look."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC), step: float = 0.0) -> None:
        self.moment = start
        self.step = step

    def __call__(self) -> datetime:
        self.advance(self.step)
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def settings_for_tests(**changes: Any) -> Settings:
    """Settings of a small and fast hydration."""
    values = {"default_chapters": 2, "default_topics": 2, "poll_seconds": 0.01, "heartbeat_seconds": 0.05}
    return Settings(**{**values, **changes})


# --- jobs -------------------------------------------------------------------------------------------------------------


def request(**changes: Any) -> HydrateRequest:
    """A request for a subject without an outline; options are given by their names."""
    named = {"board_code": "CBSE", "grade": "8", "subject_code": "SCIENCE", "language": "en"}
    named |= {key: changes.pop(key) for key in list(changes) if key in named}
    return HydrateRequest.model_validate({**named, "options": {"question_counts": SMALL, **changes}})


def submit(runtime: Runtime, **changes: Any) -> uuid.UUID:
    """Submit a job; return its root's id."""
    with runtime.database.transaction() as session:
        asked = request(**changes)
        done = service.submit(session, asked, actor=ME, settings=runtime.settings, now=runtime.now())
    return done.root_job_id


def open_root(runtime: Runtime, **changes: Any) -> uuid.UUID:
    """Submit a job and start it; return its root's id."""
    root_id = submit(runtime, **changes)
    start(runtime, root_id)
    return root_id


def start(runtime: Runtime, root_id: uuid.UUID) -> None:
    """Start a pending root, as the first task of its DAG run does."""
    with runtime.database.transaction() as session:
        service.open_root(session, root_id, dag_run_id=f"hydrate__{root_id}__1", now=runtime.now())


def claim(
    runtime: Runtime,
    root_id: uuid.UUID,
    *,
    level: Level = Level.CHAPTERS,
    chapter_id: uuid.UUID | None = None,
    worker: str = "worker#1",
    wanted: int = 100,
) -> list[ClaimedJob]:
    """Claim jobs in a transaction of its own."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        return repository.claim(
            session,
            root_id=root_id,
            level=level,
            chapter_id=chapter_id,
            worker=worker,
            wanted=wanted,
            max_in_flight=runtime.settings.max_in_flight,
            now=now,
            lease_expires_at=now + timedelta(seconds=runtime.settings.lease_seconds),
        )


@dataclass(frozen=True)
class Drafted:
    """A claimed job whose model has answered, and whose answer is not committed yet."""

    job: ClaimedJob
    work: Work
    checked: Checked
    call: Call | None


def draft(runtime: Runtime, held: ClaimedJob) -> Drafted:
    """Do what a worker does between claim and commit: prepare the job, and get a valid answer for it."""
    with runtime.database.transaction() as session:
        plan = plan_of(session, session.get_one(HydrationJob, held.root_job_id))
        todo = prepare(session, plan, held)
    if todo.assignment is None:
        return Drafted(held, todo, Checked(), None)
    asked = request_for(todo.prompt, todo.schema, todo.assignment)
    drafted = valid_answer(assignment_of(asked))
    purpose = attempts.purpose_of(plan, held, todo, settings=runtime.settings, now=runtime.now())
    try:
        given = asyncio.run(ask(runtime, ScriptedModel([drafted]), asked, purpose))
    except CallLost:  # a worker whose lease is gone may still hold an answer from before
        given = Answer(reply_with(drafted), ScriptedModel.cost_usd, 1, False, None)
    return Drafted(held, todo, todo.check(given.reply.text), Call(asked, given))


async def ask(runtime: Runtime, model: Any, asked: ModelRequest, purpose: Purpose) -> Answer:
    """Send one request through a gateway of its own."""
    async with gateway(runtime, model) as opened:
        return await opened.complete(asked, purpose)


@asynccontextmanager
async def gateway(runtime: Runtime, model: Any) -> AsyncIterator[Gateway]:
    """A gateway that asks this model for every purpose, on the runtime's clock."""
    ledger = Ledger(runtime.database, outage_seconds=runtime.settings.outage_seconds, now=runtime.now)
    try:
        yield Gateway(lambda _: model, ledger, runtime.settings, seed=1)
    finally:
        await ledger.aclose()


def deliver(runtime: Runtime, drafted: Drafted) -> None:
    """Commit an answer; raise LeaseLost if the job is no longer held."""
    with runtime.database.transaction() as session:
        attempts.deliver(
            session,
            drafted.job,
            drafted.work,
            kept=drafted.checked.kept,
            call=drafted.call,
            provenance=drafted.call.provenance(drafted.job, ScriptedModel(), 0.2) if drafted.call else {},
            now=runtime.now(),
        )


def fail(runtime: Runtime, drafted: Drafted, reason: str, issues: Iterable[str] = ()) -> None:
    """End an attempt with a reason; raise LeaseLost if the job is no longer held."""
    with runtime.database.transaction() as session:
        if not (drafted.call and issues):
            attempts.fail(session, drafted.job, reason=reason, now=runtime.now())
            return
        attempts.reject(
            session,
            drafted.job,
            drafted.work,
            checked=Checked(issues=list(issues)),
            call=drafted.call,
            provenance={},
            now=runtime.now(),
        )


def discard(runtime: Runtime, drafted: Drafted) -> None:
    """Record an answer that came too late."""
    assert drafted.call
    with runtime.database.transaction() as session:
        attempts.discard(session, drafted.job)


def return_leases(runtime: Runtime, **whose: Any) -> int:
    """Give back the leases of vanished workers; return how many."""
    with runtime.database.transaction() as session:
        most = runtime.settings.max_lost_leases
        return len(repository.return_leases(session, now=runtime.now(), max_lost=most, **whose))


def tree(runtime: Runtime, model: ScriptedModel | None = None, **changes: Any) -> uuid.UUID:
    """A started root whose chapters and topics are written, so that its notes and questions can be claimed."""
    root_id = open_root(runtime, **changes)
    model = model or ScriptedModel()
    work(runtime, model, root_id)
    work_level(runtime, model, root_id, Level.TOPICS)
    return root_id


def work(
    runtime: Runtime,
    model: ScriptedModel,
    root_id: uuid.UUID,
    level: Level = Level.CHAPTERS,
    chapter_id: uuid.UUID | None = None,
    *,
    owner: str = "run/task",
) -> Outcome:
    """Run one worker over a level (and chapter) until nothing of it is open."""

    async def run() -> Outcome:
        async with gateway(runtime, model) as opened:
            return await Worker(runtime, opened, Scope(root_id, level, chapter_id), owner).run()

    return asyncio.run(run())


def work_level(runtime: Runtime, model: ScriptedModel, root_id: uuid.UUID, level: Level) -> None:
    """Run one worker after the other over all chapters of a level."""
    for chapter_id in chapter_ids(runtime, root_id):
        work(runtime, model, root_id, level, chapter_id)


def cascade(runtime: Runtime, model: ScriptedModel, root_id: uuid.UUID) -> HydrationJob:
    """Do what a DAG run does: every level in its order, then close. Return the root."""
    start(runtime, root_id)
    work(runtime, model, root_id)
    for level in (Level.TOPICS, Level.NOTES, Level.QUESTIONS):
        work_level(runtime, model, root_id, level)
    return close(runtime, root_id)


def close(runtime: Runtime, root_id: uuid.UUID) -> HydrationJob:
    """Close the root, if it can be closed, and return it."""
    with runtime.database.transaction() as session:
        return service.close(session, root_id, now=runtime.now())


def cancel(runtime: Runtime, root_id: uuid.UUID, reason: str = "no longer wanted") -> None:
    with runtime.database.transaction() as session:
        service.cancel(session, root_id, actor=ME, reason=reason, now=runtime.now())


def resume(runtime: Runtime, root_id: uuid.UUID, **changes: Any) -> int:
    """Resume the root; return how many jobs were re-opened."""
    with runtime.database.transaction() as session:
        return service.resume(session, root_id, actor=ME, settings=runtime.settings, now=runtime.now(), **changes)


def job(runtime: Runtime, job_id: uuid.UUID) -> HydrationJob:
    with runtime.database.transaction() as session:
        return session.get_one(HydrationJob, job_id)


def jobs(runtime: Runtime, root_id: uuid.UUID, level: Level | None = None) -> list[HydrationJob]:
    """The descendants of a root (of one level), oldest first."""
    chosen = sa.select(HydrationJob).where(HydrationJob.root_job_id == root_id).order_by(HydrationJob.id)
    if level is not None:
        chosen = chosen.where(HydrationJob.hierarchy_level == level)
    with runtime.database.transaction() as session:
        return list(session.scalars(chosen))


def chapter_ids(runtime: Runtime, root_id: uuid.UUID) -> list[uuid.UUID]:
    """The chapters that the root has jobs for."""
    return [found.target_id for found in jobs(runtime, root_id, Level.TOPICS)]


def failures(runtime: Runtime, job_id: uuid.UUID) -> list[JobExecutionLog]:
    """The reasons of a job's failed attempts, oldest first."""
    phases = (ExecutionPhase.ERROR, ExecutionPhase.VALIDATION)
    return [line for line in log_lines(runtime, job_id) if line.phase in phases]


def log_lines(runtime: Runtime, job_id: uuid.UUID) -> list[JobExecutionLog]:
    """The execution log of one job, oldest first."""
    chosen = sa.select(JobExecutionLog).where(JobExecutionLog.job_id == job_id).order_by(JobExecutionLog.id)
    return all_rows(runtime, chosen)


def calls(runtime: Runtime, *, status: str | None = None) -> list[AIContentLog]:
    """The log of model calls (with one status), oldest first."""
    chosen = sa.select(AIContentLog).order_by(AIContentLog.id)
    return all_rows(runtime, chosen.where(AIContentLog.status == status) if status else chosen)


def all_rows(runtime: Runtime, chosen: sa.Select[Any]) -> list[Any]:
    with runtime.database.transaction() as session:
        return list(session.scalars(chosen))


def count(runtime: Runtime, model: type[Any], *conditions: Any) -> int:
    """How many rows of a table meet the conditions."""
    with runtime.database.transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0


# --- the model --------------------------------------------------------------------------------------------------------

Script = Any  # a draft, JSON text, an exception to raise, or an awaitable of one of these
ASSIGNMENT = re.compile(r"<assignment>(.*)</assignment>", re.DOTALL)


def assignment_of(asked: ModelRequest) -> dict[str, Any]:
    """The assignment that a request carries."""
    found = ASSIGNMENT.search(asked.prompt.user)
    assert found, "the prompt carries no assignment"
    return json.loads(found.group(1))


def reply_with(answer: BaseModel | str) -> ModelReply:
    """The reply that carries an answer: a thousand tokens in, a thousand out."""
    text = answer.model_dump_json(by_alias=True) if isinstance(answer, BaseModel) else answer
    return ModelReply(text=text, model=ScriptedModel.name, prompt_tokens=1000, completion_tokens=1000)


class ScriptedModel:
    """A LanguageModel that answers from a script: a function of the assignment, or a list of answers.

    A function in the list is called with the assignment; after the list, every answer is a valid one.
    """

    name = "gpt-4o-mini"
    deployment = "scripted"
    sample = False
    cacheable = False
    cost_usd = Decimal("0.000750")  # 1000 tokens in, 1000 out

    def __init__(self, answers: Callable[[dict[str, Any]], Script] | Iterable[Script] | None = None) -> None:
        self._script = answers if callable(answers) else None
        self._answers = [] if answers is None or callable(answers) else list(answers)
        self.assignments: list[dict[str, Any]] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.closed = False

    @property
    def calls(self) -> int:
        return len(self.assignments)

    async def complete(self, request: ModelRequest) -> ModelReply:
        assignment = assignment_of(request)
        self.assignments.append(assignment)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(assignment)
        finally:
            self.in_flight -= 1

    async def _answer(self, assignment: dict[str, Any]) -> ModelReply:
        answer = self._answers.pop(0) if self._answers else (self._script or valid_answer)
        answer = answer(assignment) if callable(answer) else answer
        answer = await answer if inspect.isawaitable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return reply_with(answer)

    async def aclose(self) -> None:
        self.closed = True


# --- drafts -----------------------------------------------------------------------------------------------------------


def valid_answer(assignment: dict[str, Any]) -> BaseModel:
    """The smallest answer that passes every gate."""
    return {
        "chapters": chapters_answer,
        "topics": topics_answer,
        "notes": note_answer,
        "questions": questions_answer,
    }[assignment["purpose"]](assignment)


def chapters_answer(assignment: dict[str, Any]) -> ChaptersDraft:
    titles = {chapter["number"]: chapter["title"] for chapter in assignment["outline"] or []}
    return ChaptersDraft(chapters=[chapter(number, titles.get(number)) for number in assignment["chapterNumbers"]])


def chapter(number: int, title: str | None = None) -> ChapterDraft:
    return ChapterDraft(
        chapter_number=number,
        title=title or f"Chapter {number}",
        brief_description="What it is about. Why it matters.",
        estimated_weeks=2,
        learning_objectives=["Name it.", "Explain it."],
    )


def topics_answer(assignment: dict[str, Any]) -> TopicsDraft:
    numbers = assignment["topicNumbers"]
    titles = assignment["outline"] or [f"{assignment['chapter']['title']}, topic {number}" for number in numbers]
    return TopicsDraft(topics=[topic(number, title) for number, title in zip(numbers, titles, strict=True)])


def topic(number: int, title: str) -> TopicDraft:
    return TopicDraft(
        topic_number=number,
        title=title,
        learning_objectives=["Explain it."],
        prerequisite_topics=[],
        difficulty_level=DifficultyLevel.EASY,
        estimated_duration_mins=40,
    )


def note_answer(assignment: dict[str, Any]) -> NoteDraft:
    sentences = ["A short lesson."] * (assignment["wordRange"][0] // 3)
    return NoteDraft(content=f"## {assignment['topic']['title']}\n\n{' '.join(sentences)}")


def questions_answer(assignment: dict[str, Any]) -> QuestionSetDraft:
    """As many questions as asked for, none of which is in `avoid`."""
    difficulty = DifficultyLevel(assignment["difficulty"])
    names = ("".join(letters) for size in (1, 2) for letters in itertools.product(ascii_uppercase, repeat=size))
    texts = (f"What is {difficulty} fact {name}?" for name in names)
    fresh = (text for text in texts if text not in assignment["avoid"])
    return QuestionSetDraft(
        questions=[question(difficulty, text=text) for text in itertools.islice(fresh, assignment["count"])]
    )


FILLED = {
    DifficultyLevel.EASY: {"answer": "It is four.", "explanation": "Two and two make four."},
    DifficultyLevel.MEDIUM: {"solution_steps": ["Take two.", "Add two."]},
    DifficultyLevel.HARD: {
        "direct_answer": "It is four.",
        "scientific_explanation": "Addition counts on.",
        "discussion": "A common slip is to multiply.",
    },
}

FITTING = {  # marks, minutes, Bloom level
    DifficultyLevel.EASY: (1, 2, BloomLevel.REMEMBER),
    DifficultyLevel.MEDIUM: (3, 5, BloomLevel.APPLY),
    DifficultyLevel.HARD: (5, 9, BloomLevel.ANALYZE),
}


def answer(difficulty: DifficultyLevel = DifficultyLevel.EASY, **changes: Any) -> AnswerDraft:
    """The smallest complete answer of a difficulty."""
    empty = dict.fromkeys(AnswerDraft.model_fields)
    return AnswerDraft(**{**empty, "final_answer": "4", **FILLED[difficulty], **changes})


def question(
    difficulty: DifficultyLevel = DifficultyLevel.EASY,
    *,
    text: str = "What is two and two?",
    kind: QuestionType = QuestionType.NUMERICAL,
    correct: AnswerDraft | None = None,
    **changes: Any,
) -> QuestionDraft:
    """The smallest valid question of a difficulty."""
    marks, minutes, bloom = FITTING[difficulty]
    values = {
        "scenario": None,
        "diagram_description": None,
        "options": None,
        "match_columns": None,
        "marks": marks,
        "estimated_time_mins": minutes,
        "learning_objective": "Explain it.",
        "bloom_taxonomy_level": bloom,
        "tags": [],
    }
    return QuestionDraft(
        question_type=kind,
        difficulty_level=difficulty,
        question_text=text,
        correct_answer=correct or answer(difficulty),
        **{**values, **changes},
    )


def choice_question(
    *,
    kind: QuestionType = QuestionType.MCQ,
    texts: Iterable[str] = ("two", "three", "four", "five"),
    right: tuple[str, ...] = ("C",),
    final: str | None = None,
) -> QuestionDraft:
    """A question with options A, B, C, …"""
    options = [OptionDraft(key=key, text=text) for key, text in zip("ABCDEF", texts, strict=False)]
    correct = answer(correct_options=list(right) or None, final_answer=final or ", ".join(right) or "C")
    return question(kind=kind, options=options, correct=correct)


def match_question(pairs: Iterable[tuple[str, str]] = (("A", "2"), ("B", "3"), ("C", "1"))) -> QuestionDraft:
    """A question with two columns of three."""
    columns = MatchColumns(
        left=[OptionDraft(key=key, text=f"left {key}") for key in "ABC"],
        right=[OptionDraft(key=key, text=f"right {key}") for key in "123"],
    )
    correct = answer(pairs=[MatchPair(left=left, right=right) for left, right in pairs])
    return question(kind=QuestionType.MATCH, match_columns=columns, correct=correct)
