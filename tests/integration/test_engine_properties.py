"""The job engine under any order of events: what must hold after every step, whatever workers do and suffer.

Several logical workers share one small tree (2 chapters of 2 topics, each with a note and two question sets) on real
PostgreSQL. Hypothesis chooses the steps; every rule is one transaction of the engine, so any interleaving of whole
transactions is reachable. Work that a worker holds stays in its hands across steps, so that its lease can expire and
its answer can come late.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from database_server import TestServer
from factories import (
    Drafted,
    FakeClock,
    cancel,
    claim,
    close,
    deliver,
    discard,
    draft,
    fail,
    resume,
    return_leases,
    settings_for_tests,
    start,
    submit,
)
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.hydration import repository
from hydrateall.hydration.enums import OPEN, JobStatus, Level
from hydrateall.hydration.errors import JobActive, LeaseLost, NothingToResume
from hydrateall.hydration.models import HydrationJob
from hydrateall.hydration.reconciliation import reconcile
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.hydration.views import progress_of
from hydrateall.llm.models import AIContentLog

WORKERS = ("anna", "bela", "carl")
SETS = {"easy": 2, "medium": 1, "hard": 0}
ENDED = (JobStatus.FAILED, JobStatus.CANCELLED)
Scope = tuple[Level, uuid.UUID | None]


class JobEngine(RuleBasedStateMachine):
    """The engine, three workers, a reconciler and a person who cancels and resumes."""

    server: ClassVar[TestServer]

    def __init__(self) -> None:
        super().__init__()
        self.opened = self.server.fresh_database()
        database = self.opened.__enter__()
        self.clock = FakeClock()
        self.runtime = Runtime(settings_for_tests(), database, self.clock)
        self.airflow = FakeAirflow()
        self.drafts: list[tuple[str, Drafted]] = []  # who holds which answer that is not committed yet
        self.jobs: dict[uuid.UUID, HydrationJob] = {}
        self.tries: Counter[str] = Counter()
        self.tokens: dict[uuid.UUID, int] = {}
        self.given: Counter[uuid.UUID] = Counter()  # the newest token that a worker was given, per job
        self.done: set[uuid.UUID] = set()
        self.roots: list[uuid.UUID] = []

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    # --- what happens -------------------------------------------------------------------------------------------------

    @initialize(
        levels=st.sampled_from([(), (Level.CHAPTERS,), (Level.CHAPTERS, Level.TOPICS)]),
        attempts=st.sampled_from([1, 3]),
        calls=st.sampled_from([2, 32]),
    )
    def begin(self, levels: tuple[Level, ...], attempts: int, calls: int) -> None:
        """Begin anywhere in the tree: with nothing, with the chapters, or with the topics too."""
        self.runtime = Runtime(
            settings_for_tests(max_retries=attempts, max_in_flight=calls), self.runtime.database, self.clock
        )
        self.submit()
        self.read()
        for level in levels:
            for scope in [scope for scope in self.open_scopes() if scope[0] is level]:
                self.work_calmly("anna", scope, wanted=9)
                self.read()

    @rule(pick=st.integers(0, 9999), worker=st.sampled_from(WORKERS), choice=st.integers(0, 11), flag=st.booleans())
    def something_happens(self, pick: int, worker: str, choice: int, flag: bool) -> None:
        """One of the events that can happen now, by their weights: ordinary work is likelier than trouble."""
        possible = [event for event, (weight, can_happen) in EVENTS.items() if can_happen(self) for _ in range(weight)]
        event = possible[pick % len(possible)]
        note(event.__name__)
        event(self, worker, choice, flag)

    def call_the_model(self, worker: str, choice: int, flag: bool) -> None:
        """Claim jobs of one scope, and let the model answer; nothing is committed yet."""
        claimed = self.claim(worker, self.scope(choice), wanted=3 if flag else 1)
        self.drafts += [(worker, draft(self.runtime, held)) for held in claimed]

    def work(self, worker: str, choice: int, flag: bool) -> None:
        """Claim, call and commit without being disturbed."""
        self.work_calmly(worker, self.scope(choice), wanted=3 if flag else 1)

    def complete(self, _worker: str, choice: int, flag: bool) -> None:
        """Commit an answer, in time or late; with `flag` twice, since the answer to the first commit got lost."""
        drafted = self.take(choice)
        for _ in range(1 + flag):
            self.commit(drafted)

    def fail(self, _worker: str, choice: int, flag: bool) -> None:
        """The provider fails, or (`flag`) the answer is invalid."""
        drafted = self.take(choice)
        if drafted.call is None:
            return
        held = self.holds(drafted)
        try:
            fail(self.runtime, drafted, "It went wrong.", ["questions: must be right."] if flag else [])
        except LeaseLost:
            assert not held
            discard(self.runtime, drafted)
        else:
            assert held

    def heartbeat(self, worker: str, _choice: int, _flag: bool) -> None:
        until = self.clock() + timedelta(seconds=self.runtime.settings.lease_seconds)
        mine = [drafted.job.id for holder, drafted in self.drafts if holder == worker]
        with self.runtime.database.transaction() as session:
            repository.extend_leases(session, worker=self.name(worker), job_ids=mine, lease_expires_at=until)

    def let_time_pass(self, _worker: str, choice: int, _flag: bool) -> None:
        self.clock.advance((2.0, 20.0, 61.0)[choice % 3])

    def return_expired_leases(self, _worker: str, _choice: int, flag: bool) -> None:
        """Somebody looks for expired leases; with `flag`, all have expired."""
        self.clock.advance(self.runtime.settings.lease_seconds if flag else 0)
        return_leases(self.runtime)

    def take_over(self, worker: str, _choice: int, flag: bool) -> None:
        """The worker's task is tried again: after it was killed (`flag`), or beside its first try, which lives on."""
        self.tries[worker] += 1
        if flag:
            self.drafts = [(holder, drafted) for holder, drafted in self.drafts if holder != worker]
        return_leases(self.runtime, root_id=self.root_id, owner=worker, worker=self.name(worker))

    def cancel(self, _worker: str, _choice: int, _flag: bool) -> None:
        cancel(self.runtime, self.root_id)

    def resume(self, _worker: str, choice: int, flag: bool) -> None:
        """Resume an ended root; with `flag`, its run starts at once."""
        root_id = self.roots[choice % len(self.roots)]
        try:
            resume(self.runtime, root_id)
        except (NothingToResume, JobActive):
            return
        self.roots.remove(root_id)
        self.roots.append(root_id)
        if flag:
            self.start_run()

    def submit(self, *_: object) -> None:
        """Submit another job for the subject: what exists is not drafted again."""
        self.roots.append(submit(self.runtime, question_counts=SETS))
        self.start_run()

    def start_run(self, *_: object) -> None:
        deliver_due(self.runtime, self.airflow)
        start(self.runtime, self.root_id)

    def reconcile(self, _worker: str, _choice: int, flag: bool) -> None:
        """Reconcile, with `flag` after every DAG run was killed."""
        if flag:
            self.airflow.running.clear()
        reconcile(self.runtime, self.airflow, holder="reconciler")

    def close(self, *_: object) -> None:
        close(self.runtime, self.root_id)

    # --- what must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def every_rule_of_the_engine_holds(self) -> None:
        self.read()
        self.no_job_is_done_twice()
        self.no_child_is_lost_or_doubled()
        self.content_and_completion_go_together()
        self.progress_is_exact()
        self.attempts_stay_within_their_limit()
        self.tokens_only_grow()
        self.done_stays_done()
        self.ended_roots_have_nothing_open()
        self.a_subject_has_one_open_root()
        self.only_running_jobs_are_leased()

    def read(self) -> None:
        """Read every row that the checks look at, in one transaction."""
        with self.runtime.database.transaction() as session:
            self.jobs = {job.id: job for job in session.scalars(sa.select(HydrationJob))}
            accepted = sa.select(AIContentLog.job_id).where(AIContentLog.status == "accepted")
            self.accepted = Counter(session.scalars(accepted))
            self.costs = dict(
                session.execute(
                    sa.select(AIContentLog.job_id, sa.func.sum(AIContentLog.cost_usd)).group_by(AIContentLog.job_id)
                )
                .tuples()
                .all()
            )
            self.chapters = {each.id: each for each in session.scalars(sa.select(Chapter))}
            self.topics = {each.id: each for each in session.scalars(sa.select(Topic))}
            self.notes = session.scalars(sa.select(TopicNote)).all()
            self.questions = session.scalars(sa.select(TopicQuestion)).all()
            self.progress = {root_id: progress_of(session, root_id) for root_id in self.roots}

    def no_job_is_done_twice(self) -> None:
        assert all(times == 1 for times in self.accepted.values())
        assert all(self.jobs[job_id].status is JobStatus.COMPLETED for job_id in self.accepted)
        assert {
            job.id: job.actual_cost_usd for job in self.jobs.values() if job.actual_cost_usd and job.root_job_id
        } == {job_id: cost for job_id, cost in self.costs.items() if cost}

    def no_child_is_lost_or_doubled(self) -> None:
        children = Counter((job.parent_job_id, *self.key(job)) for job in self.jobs.values() if job.root_job_id)
        expected = Counter(
            {(root_id, Level.CHAPTERS, self.jobs[root_id].subject_id, None): 1 for root_id in self.roots}
        )
        for job in self.jobs.values():
            if job.status is JobStatus.COMPLETED and job.root_job_id:
                expected.update((job.id, *key) for key in self.children_of(job))
        assert children == expected

    def content_and_completion_go_together(self) -> None:
        notes, questions = Counter(), Counter()
        for written in self.notes:
            notes[written.topic_id] += 1
            assert self.jobs[written.job_id].status is JobStatus.COMPLETED
            assert self.key(self.jobs[written.job_id]) == (Level.NOTES, written.topic_id, None)
        for question in self.questions:
            questions[question.topic_id, question.difficulty_level] += 1
            written_by = self.key(self.jobs[question.job_id])
            assert self.jobs[question.job_id].status is JobStatus.COMPLETED
            assert written_by == (Level.QUESTIONS, question.topic_id, question.difficulty_level)
        delivered = Counter()
        for job in self.completed(Level.NOTES):
            assert notes[job.target_id] == 1
        for job in self.completed(Level.QUESTIONS):
            assert questions[job.target_id, DifficultyLevel(job.variant)] == SETS[job.variant]
        for level in (Level.NOTES, Level.QUESTIONS):
            delivered.update({self.key(job): 1 for job in self.completed(level)})
        assert {(Level.NOTES, topic_id, None) for topic_id in notes} <= set(delivered)
        assert {(Level.QUESTIONS, topic_id, level) for topic_id, level in questions} <= set(delivered)
        assert not self.chapters or any(True for _ in self.completed(Level.CHAPTERS))
        assert {topic.chapter_id for topic in self.topics.values()} == {
            job.target_id for job in self.completed(Level.TOPICS)
        }

    def progress_is_exact(self) -> None:
        """Recount in Python what the view derives in SQL; unwritten topics count with what they will bring."""
        for root_id, shown in self.progress.items():
            done = {level: self.items(root_id, level, done=True) for level in Level if level}
            chapters_written = any(job.root_job_id == root_id for job in self.completed(Level.CHAPTERS))
            topics = self.items(root_id, Level.TOPICS) if chapters_written else 4
            unwritten = topics - done[Level.TOPICS]
            expected = {
                "chapters": (done[Level.CHAPTERS], 2),
                "topics": (done[Level.TOPICS], topics),
                "notes": (done[Level.NOTES], self.items(root_id, Level.NOTES) + unwritten),
                "questions": (done[Level.QUESTIONS], self.items(root_id, Level.QUESTIONS) + 3 * unwritten),
            }
            assert {name: (level.completed, level.expected) for name, level in shown.levels().items()} == expected
            assert tuple(level[1] for level in expected.values()) == (2, 4, 4, 12)
            assert shown.overall == round(100 * sum(done.values()) / 22, 1)

    def attempts_stay_within_their_limit(self) -> None:
        assert all(0 <= job.attempts <= job.max_retries for job in self.jobs.values())
        waiting = [job for job in self.jobs.values() if job.root_job_id and job.status is JobStatus.PENDING]
        assert all(job.attempts < job.max_retries for job in waiting), "a waiting job could never be claimed"

    def tokens_only_grow(self) -> None:
        tokens = {job.id: job.fencing_token for job in self.jobs.values()}
        assert all(tokens[job_id] >= token for job_id, token in self.tokens.items())
        self.tokens = tokens

    def done_stays_done(self) -> None:
        done = {job.id for job in self.jobs.values() if job.status is JobStatus.COMPLETED}
        assert self.done <= done
        self.done = done

    def ended_roots_have_nothing_open(self) -> None:
        for job in self.jobs.values():
            root = self.jobs[job.root_job_id] if job.root_job_id else job
            assert job.status not in OPEN or root.status in OPEN
            assert root.status is not JobStatus.COMPLETED or job.status is JobStatus.COMPLETED

    def a_subject_has_one_open_root(self) -> None:
        assert sum(job.status in OPEN for job in self.jobs.values() if job.root_job_id is None) <= 1

    def only_running_jobs_are_leased(self) -> None:
        children = [job for job in self.jobs.values() if job.root_job_id]
        assert all((job.status is JobStatus.RUNNING) == bool(job.lease_expires_at) for job in children)

    # --- how it is done -----------------------------------------------------------------------------------------------

    @property
    def root_id(self) -> uuid.UUID:
        return self.roots[-1]

    def status(self) -> JobStatus | None:
        """The status of the newest root, as of the last look."""
        return self.jobs[self.root_id].status if self.roots and self.root_id in self.jobs else None

    def name(self, worker: str) -> str:
        return f"{worker}#{self.tries[worker]}"

    def open_scopes(self) -> list[Scope]:
        """The levels and chapters of the running root that have jobs to claim."""
        if self.status() is not JobStatus.RUNNING:
            return []
        waiting = [
            job for job in self.jobs.values() if job.root_job_id == self.root_id and job.status is JobStatus.PENDING
        ]
        found = {(Level(job.hierarchy_level), job.chapter_id) for job in waiting}
        return sorted(found, key=lambda scope: (scope[0], str(scope[1])))

    def scope(self, choice: int) -> Scope:
        scopes = self.open_scopes()
        return scopes[choice % len(scopes)]

    def claim(self, worker: str, scope: Scope, wanted: int) -> list[ClaimedJob]:
        level, chapter_id = scope
        name = self.name(worker)
        before = self.in_flight()
        claimed = claim(self.runtime, self.root_id, level=level, chapter_id=chapter_id, worker=name, wanted=wanted)
        assert not claimed or before + len(claimed) <= self.runtime.settings.max_in_flight
        for held in claimed:
            assert held.fencing_token > self.given[held.id]
            self.given[held.id] = held.fencing_token
        return claimed

    def in_flight(self) -> int:
        """The leases of the newest root that have not expired."""
        family = [job for job in self.jobs.values() if job.root_job_id == self.root_id]
        return sum(bool(job.lease_expires_at and job.lease_expires_at > self.clock()) for job in family)

    def work_calmly(self, worker: str, scope: Scope, wanted: int) -> None:
        for held in self.claim(worker, scope, wanted):
            self.commit(draft(self.runtime, held))

    def take(self, choice: int) -> Drafted:
        """Take one of the answers that are not committed yet, in any order."""
        _, drafted = self.drafts.pop(choice % len(self.drafts))
        return drafted

    def commit(self, drafted: Drafted) -> None:
        """Commit an answer; exactly the holder of the job may do that."""
        held = self.holds(drafted)
        row = self.row(drafted)
        repeated = row.status is JobStatus.COMPLETED and row.fencing_token == drafted.job.fencing_token
        try:
            deliver(self.runtime, drafted)
        except LeaseLost:
            assert not held
            assert not repeated
            if drafted.call:
                discard(self.runtime, drafted)
        else:
            assert held or repeated

    def holds(self, drafted: Drafted) -> bool:
        """Say whether the worker that was given this job's token still holds the job."""
        row = self.row(drafted)
        return row.status is JobStatus.RUNNING and row.fencing_token == drafted.job.fencing_token

    def row(self, drafted: Drafted) -> HydrationJob:
        with self.runtime.database.transaction() as session:
            return session.get_one(HydrationJob, drafted.job.id)

    def completed(self, level: Level) -> list[HydrationJob]:
        return [job for job in self.jobs.values() if job.hierarchy_level == level and job.status is JobStatus.COMPLETED]

    def items(self, root_id: uuid.UUID, level: Level, *, done: bool = False) -> int:
        family = [job for job in self.jobs.values() if job.root_job_id == root_id and job.hierarchy_level == level]
        return sum(job.items_completed if done else job.items_expected for job in family)

    def key(self, job: HydrationJob) -> tuple[Level, uuid.UUID, str | None]:
        return (Level(job.hierarchy_level), job.target_id, job.variant)

    def children_of(self, job: HydrationJob) -> list[tuple[Level, uuid.UUID, str | None]]:
        """The children that a completed job must have."""
        if job.hierarchy_level == Level.CHAPTERS:
            return [(Level.TOPICS, chapter_id, None) for chapter_id in self.chapters]
        if job.hierarchy_level == Level.TOPICS:
            topics = [topic.id for topic in self.topics.values() if topic.chapter_id == job.target_id]
            sets = [(Level.QUESTIONS, topic_id, name) for topic_id in topics for name, number in SETS.items() if number]
            return [(Level.NOTES, topic_id, None) for topic_id in topics] + sets
        return []


Condition = Callable[[JobEngine], Any]
EVENTS: dict[Callable[..., None], tuple[int, Condition]] = {
    JobEngine.call_the_model: (5, JobEngine.open_scopes),
    JobEngine.work: (3, JobEngine.open_scopes),
    JobEngine.complete: (5, lambda engine: engine.drafts),
    JobEngine.fail: (3, lambda engine: engine.drafts),
    JobEngine.heartbeat: (1, lambda engine: engine.drafts),
    JobEngine.let_time_pass: (1, lambda _: True),
    JobEngine.return_expired_leases: (1, lambda engine: engine.drafts),
    JobEngine.take_over: (1, lambda engine: engine.drafts),
    JobEngine.cancel: (1, lambda engine: engine.status() in OPEN and engine.drafts),
    JobEngine.resume: (3, lambda engine: engine.status() in ENDED),
    JobEngine.submit: (1, lambda engine: engine.status() not in OPEN and len(engine.roots) < 3),
    JobEngine.start_run: (4, lambda engine: engine.status() is JobStatus.PENDING),
    JobEngine.reconcile: (1, lambda _: True),
    JobEngine.close: (1, lambda engine: engine.status() in OPEN),
}


class TestJobEngine:
    def test_keeps_its_rules_whatever_happens_in_whatever_order(self, server: TestServer) -> None:
        JobEngine.server = server
        run_state_machine_as_test(
            JobEngine,
            settings=settings(
                max_examples=10,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],  # shrinking takes minutes here; the printed steps are readable as they are
            ),
        )
