"""The lines of a batch: what a held job asks for, and what becomes of its answer. A line is settled, then judged."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy.orm import Session

from hydrateall.core.database import connection_lost
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import attempts
from hydrateall.hydration.attempts import Call, Prepared
from hydrateall.hydration.errors import LeaseLost
from hydrateall.hydration.grounding import find_sources
from hydrateall.hydration.levels.work import Work
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.llm.errors import ContextTooLong
from hydrateall.llm.schemas import BatchLine
from hydrateall.llm.service import BatchDesk

LARGER = 2  # the output limit of a later attempt: the first one may have been cut off

logger = structlog.get_logger(__name__)


def custom_id(job: ClaimedJob) -> str:
    """What a line of a batch is matched by."""
    return f"{job.id}:{job.attempts}"


@dataclass(frozen=True)
class BatchLines:
    """Prepares jobs and takes their answers, each in transactions of its own: a repetition finds what is done."""

    runtime: Runtime
    desk: BatchDesk
    plan: RootPlan

    def ground(self, jobs: Sequence[ClaimedJob]) -> None:
        """Find the passages that the jobs' topics stand on, where the root is grounded."""

        async def transaction(action: Callable[[Session], Any]) -> Any:
            with self.runtime.database.transaction() as session:
                return action(session)

        asyncio.run(find_sources(self.runtime, self.plan, jobs, transaction))

    def prepare(self, job: ClaimedJob) -> Prepared | None:
        """Read what the job asks for; a job that cannot be prepared fails, and its siblings go on."""
        try:
            with self.runtime.database.transaction() as session:
                [(work, request)] = attempts.prepare_requests(session, self.plan, [job])
        except Exception as error:
            if connection_lost(error):
                raise
            self._broke(job, error)
            return None
        if request and job.attempts > 1:
            request = replace(request, max_output_tokens=LARGER * request.max_output_tokens)
        return work, request

    def take(self, batch_id: uuid.UUID, line: BatchLine, job: ClaimedJob | None, *, latency_ms: int) -> None:
        """Book a line, and store or reject its answer. Without a job (nobody holds it any more), it is only booked."""
        prepared = self.prepare(job) if job else None
        work, request = prepared or (None, None)
        answer = self.desk.settle_line(batch_id, line, request, latency_ms=latency_ms)
        if job is None or work is None:
            return
        if request is None:
            self.deliver(job, work)
        elif answer is None:
            self._fail(job, str(line.result), work.present, final=isinstance(line.result, ContextTooLong))
        else:
            self.judge(job, work, Call(request, answer))

    def judge(self, job: ClaimedJob, work: Work, call: Call) -> None:
        """Check an answer; store it, or keep what is good of it and end the attempt."""
        checked = work.check(call.answer.reply.text)
        provenance = call.provenance(job, self.desk.server, self.runtime.settings.temperature)
        if checked.issues:
            ending = partial(attempts.reject, work=work, checked=checked, call=call, provenance=provenance)
        else:
            ending = partial(attempts.deliver, work=work, kept=checked.kept, call=call, provenance=provenance)
        self._store(job, ending)

    def deliver(self, job: ClaimedJob, work: Work) -> None:
        """Complete a job whose content exists already."""
        self._store(job, partial(attempts.deliver, work=work, kept=None, call=None, provenance={}))

    def _store(self, job: ClaimedJob, ending: Callable[..., None]) -> None:
        try:
            self._end(job, ending)
        except Exception as error:
            if connection_lost(error):
                raise
            self._broke(job, error)

    def _fail(self, job: ClaimedJob, reason: str, present: int = 0, *, final: bool = False) -> None:
        self._end(job, partial(attempts.fail, reason=reason, present=present, final=final))

    def _end(self, job: ClaimedJob, ending: Callable[..., None]) -> None:
        """End the attempt; if the job is no longer held by now, its answer counts as discarded."""
        try:
            with self.runtime.database.transaction() as session:
                ending(session, job, now=self.runtime.now())
        except LeaseLost as lost:
            logger.info("lease_lost", job=str(job.id), reason=lost.message)
            with self.runtime.database.transaction() as session:
                attempts.discard(session, job)

    def _broke(self, job: ClaimedJob, error: Exception) -> None:
        """A defect of ours costs the job an attempt."""
        logger.error("attempt_broke", job=str(job.id), exc_info=error)
        self._fail(job, f"{type(error).__name__}: {error}")
