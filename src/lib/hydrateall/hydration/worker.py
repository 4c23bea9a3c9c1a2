"""The worker: claims the jobs of one scope and keeps many model calls in flight until none is open.

Claim, work, commit: a job is claimed in one transaction, the model is called with none open, and the result is
stored in one short transaction guarded by the claim's fencing token. Everything can stop at any moment: what
was committed stays, and what was claimed is given back when its lease ends or its task is tried again.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from hydrateall.core.database import connection_lost
from hydrateall.core.errors import HydrateAllError
from hydrateall.core.logs import traced_threads
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import attempts, repository, second_opinion
from hydrateall.hydration.attempts import Call, Prepared
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import LeaseLost
from hydrateall.hydration.grounding import find_sources
from hydrateall.hydration.levels.work import Work
from hydrateall.hydration.plan import RootPlan, plan_of
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.hydration.second_opinion import Opinion
from hydrateall.hydration.service import pause
from hydrateall.llm.service import (
    Answer,
    CallDenied,
    CallLost,
    ContextTooLong,
    Gateway,
    JobOnHold,
    ModelError,
    ModelMisconfigured,
    ModelRequest,
    firmly,
)

Result = TypeVar("Result")
logger = structlog.get_logger(__name__)
SLOWEST_POLL = 10  # a worker with nothing to claim asks ever more rarely, up to this many times its poll pause


@dataclass(frozen=True)
class Scope:
    """The jobs that a worker may claim: one level of a root, of one chapter below level 1."""

    root_id: uuid.UUID
    level: Level
    chapter_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Outcome:
    """How a scope ended: the root's status, and how many of its jobs failed for good."""

    root_status: JobStatus
    failed: int


@dataclass
class Worker:
    """One worker. `owner` names the task instance: a later try of it takes over the leases of the earlier."""

    runtime: Runtime
    gateway: Gateway
    scope: Scope
    owner: str
    active: dict[asyncio.Task[None], ClaimedJob] = field(default_factory=dict)
    calling: set[asyncio.Task[None] | None] = field(default_factory=set)  # others have their answer: not aborted

    def __post_init__(self) -> None:
        self.name = f"{self.owner}#{uuid.uuid4().hex[:12]}"
        self.settings = self.runtime.settings
        self.threads = traced_threads(self.settings.database_connections, name="worker")

    async def run(self) -> Outcome:
        """Work until the scope has nothing open or its root has ended."""
        self.plan = await self._transaction(self._start)
        heartbeat = asyncio.create_task(self._heartbeat())
        try:
            return await self._work(heartbeat)
        finally:
            heartbeat.cancel()
            for task in self.active:
                task.cancel()
            await asyncio.gather(heartbeat, *self.active, return_exceptions=True)
            self.threads.shutdown(wait=False)

    def _start(self, session: Session) -> RootPlan:
        """Take over what an earlier try of this task still holds, and read the root's plan."""
        self._return_leases(session)
        root = repository.get_job(session, self.scope.root_id)
        if root is None:
            raise LookupError(f"root job {self.scope.root_id} does not exist")
        return plan_of(session, root)

    def _return_leases(self, session: Session) -> None:
        repository.return_leases(
            session,
            now=self.runtime.now(),
            max_lost=self.settings.max_lost_leases,
            root_id=self.scope.root_id,
            owner=self.owner,
            worker=self.name,
        )

    async def _work(self, heartbeat: asyncio.Task[None]) -> Outcome:
        pause = self.settings.poll_seconds
        idle_since = time.monotonic()
        while True:
            if heartbeat.done():
                heartbeat.result()  # without leases to hold on to, the worker ends with the heartbeat's error
            claimed = await self._claim()
            for job, prepared in zip(claimed, await self._prepare(claimed), strict=True):
                self.active[asyncio.create_task(self._work_on(job, prepared))] = job
            if claimed or self.active:
                pause, idle_since = self.settings.poll_seconds, time.monotonic()
                await self._wait_for_one()
                continue
            state = await self._transaction(self._state)
            if state["root_status"] != JobStatus.RUNNING or not state["open"]:
                return Outcome(JobStatus(state["root_status"]), state["failed"])
            if time.monotonic() - idle_since > self.settings.lease_seconds / 4:
                await self._transaction(self._return_leases)
                idle_since = time.monotonic()
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, SLOWEST_POLL * self.settings.poll_seconds)

    def _state(self, session: Session):  # type: ignore[no-untyped-def]
        return repository.open_work(
            session, root_id=self.scope.root_id, level=self.scope.level, chapter_id=self.scope.chapter_id
        )

    async def _claim(self) -> list[ClaimedJob]:
        wanted = self.settings.max_in_flight - len(self.active)
        return await self._transaction(lambda session: self._claim_now(session, wanted)) if wanted else []

    def _claim_now(self, session: Session, wanted: int) -> list[ClaimedJob]:
        now = self.runtime.now()
        return repository.claim(
            session,
            root_id=self.scope.root_id,
            level=self.scope.level,
            chapter_id=self.scope.chapter_id,
            worker=self.name,
            wanted=wanted,
            max_in_flight=self.settings.max_in_flight,
            now=now,
            lease_expires_at=now + timedelta(seconds=self.settings.lease_seconds),
        )

    async def _prepare(self, jobs: list[ClaimedJob]) -> Sequence[Prepared | None]:
        """Read what the jobs ask for, in one transaction; None for each if one of them cannot be prepared."""
        if not jobs:
            return []
        try:
            await self._ground(jobs)
            return await self._transaction(lambda session: attempts.prepare_requests(session, self.plan, jobs))
        except Exception as error:
            if connection_lost(error):
                raise
            return [None] * len(jobs)

    async def _ground(self, jobs: Sequence[ClaimedJob]) -> None:
        """Find the passages that the jobs' topics stand on, where the root is grounded."""
        await find_sources(self.runtime, self.plan, jobs, self._transaction)

    async def _wait_for_one(self) -> None:
        """Wait until a call ends, or for a moment: capacity may become free elsewhere."""
        done, _ = await asyncio.wait(
            self.active, timeout=SLOWEST_POLL * self.settings.poll_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            del self.active[task]
            if not task.cancelled():
                task.result()

    async def _heartbeat(self) -> None:
        """Extend the leases; abort the calls of jobs that are no longer ours (cancelled, or taken over)."""
        while True:
            await asyncio.sleep(self.settings.heartbeat_seconds)
            mine = dict(self.active)
            ids = [job.id for job in mine.values()]
            expires = self.runtime.now() + timedelta(seconds=self.settings.lease_seconds)
            held = await self._transaction(
                partial(repository.extend_leases, worker=self.name, job_ids=ids, lease_expires_at=expires)
            )
            for task, job in mine.items():
                if held.get(job.id) != job.fencing_token and task in self.calling:
                    task.cancel()

    async def _work_on(self, job: ClaimedJob, prepared: Prepared | None) -> None:
        """Take one job from claim to commit.

        A lost lease ends it: somebody else decides about the job. A defect of ours in one job costs that job an
        attempt, not its siblings their worker.
        """
        try:
            if prepared is None:
                await self._ground([job])
                [prepared] = await self._transaction(lambda s: attempts.prepare_requests(s, self.plan, [job]))
            work, request = prepared
            if request is None:
                await self._deliver(job, work)
            else:
                await self._draft(job, work, request)
        except (ModelMisconfigured, CallDenied) as error:
            await self._pause(job, error)
        except (LeaseLost, CallLost) as error:
            logger.info("lease_lost", job=str(job.id), reason=error.message)
        except Exception as error:
            if connection_lost(error):
                raise
            logger.exception("attempt_broke", job=str(job.id))
            await self._fail(job, f"{type(error).__name__}: {error}")

    async def _draft(self, job: ClaimedJob, work: Work, request: ModelRequest) -> None:
        try:
            call = Call(request, await self._call(job, work, request))
            checked = work.check(call.answer.reply.text)
            opinion = await second_opinion.ask(self.plan, work, checked, partial(self._call, job, work))
        except ModelError as error:
            await self._fail(job, str(error), work.present, final=isinstance(error, ContextTooLong))
            return
        except asyncio.CancelledError:
            await firmly(self._transaction(lambda session: attempts.discard(session, job)))
            raise
        await self._store(job, work, call, opinion)

    async def _call(self, job: ClaimedJob, work: Work, request: ModelRequest, first_request: int = 1) -> Answer:
        """Call the model; only here may a heartbeat abort the job."""
        purpose = attempts.purpose_of(self.plan, job, work, settings=self.settings, now=self.runtime.now())
        purpose = replace(purpose, first_request=first_request)
        task = asyncio.current_task()
        self.calling.add(task)
        try:
            return await self.gateway.complete(request, purpose)
        finally:
            self.calling.discard(task)

    async def _deliver(self, job: ClaimedJob, work: Work) -> None:
        """Complete a job whose content exists already."""
        await self._end(job, partial(attempts.deliver, work=work, kept=None, call=None, provenance={}))

    async def _store(self, job: ClaimedJob, work: Work, call: Call, opinion: Opinion) -> None:
        """Complete the job with its answer, or keep what is good of it and end the attempt."""
        checked = opinion.checked
        model = self.gateway.model(call.request.prompt.purpose)
        provenance = call.provenance(job, model, self.settings.temperature)
        if checked.issues:
            ending = partial(attempts.reject, work=work, checked=checked, call=call, provenance=provenance)
        else:
            ending = partial(attempts.deliver, work=work, kept=checked.kept, call=call, provenance=provenance)
        await self._end(job, opinion.after(ending))

    async def _fail(self, job: ClaimedJob, reason: str, present: int = 0, *, final: bool = False) -> None:
        await self._end(job, partial(attempts.fail, reason=reason, present=present, final=final))

    async def _end(self, job: ClaimedJob, ending: Callable[..., None]) -> None:
        """End an attempt; if the lease is lost by now, its answer counts as discarded."""
        now = self.runtime.now()
        try:
            await self._transaction(lambda session: ending(session, job, now=now))
        except LeaseLost:
            await self._transaction(lambda session: attempts.discard(session, job))
            raise

    async def _pause(self, job: ClaimedJob, error: ModelMisconfigured | CallDenied) -> None:
        """Give the job back and pause its root, with the sentence that the user needs."""
        reason, until, now = str(error), getattr(error, "until", None), self.runtime.now()
        if not isinstance(error, JobOnHold):  # that one may have gone on meanwhile
            await self._transaction(lambda s: pause(s, job.root_job_id, reason=reason, until=until, now=now))
        await self._transaction(lambda session: repository.give_back(session, job, now=now))

    async def _transaction(self, action: Callable[[Session], Result]) -> Result:
        """Run one transaction in a thread; while the database is away, try again for `outage_seconds`."""
        deadline = time.monotonic() + self.settings.outage_seconds
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self.threads, self._run, action)
            except Exception as error:
                if isinstance(error, HydrateAllError) or not connection_lost(error) or time.monotonic() > deadline:
                    raise
                logger.warning("database_away", error=str(error).splitlines()[0])
                await asyncio.sleep(min(1.0, self.settings.heartbeat_seconds))

    def _run(self, action: Callable[[Session], Result]) -> Result:
        with self.runtime.database.transaction() as session:
            return action(session)
