"""Batch mode: one level of a root at a time, asked for over the provider's batch endpoint.

A step does what can be done now and returns; nothing waits here. Whoever comes next goes on from what is committed:

    no open batch  → claim all that waits         prepared   → admit, upload, create; or find what was created
    submitted      → look; when it has ended, take each line in transactions of its own, then close the batch

Steps of one level exclude each other, so a batch is created once: the moment of the attempt is committed before the
provider is asked, and after an attempt whose end nobody noted, the provider is asked what became of it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog

from hydrateall.core.runtime import Runtime
from hydrateall.hydration import attempts, batch_repository, repository, service
from hydrateall.hydration.attempts import Call
from hydrateall.hydration.batch_lines import BatchLines, custom_id
from hydrateall.hydration.enums import BatchStatus, ExecutionPhase, JobStatus, Level, LogSeverity
from hydrateall.hydration.errors import RootEnded, UnknownJob
from hydrateall.hydration.levels.work import Work
from hydrateall.hydration.models import LLMBatch
from hydrateall.hydration.plan import RootPlan, plan_of
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.llm.errors import (
    BudgetShort,
    ModelError,
    ModelMisconfigured,
    NotConnected,
    Overloaded,
    RateLimited,
    TimedOut,
)
from hydrateall.llm.schemas import ModelRequest, ProviderBatch
from hydrateall.llm.service import BatchCall, BatchDesk, open_batches

MOST_REQUESTS = 20_000  # of a batch; providers take 50,000 lines, and 200 MB: twenty thousand prompts of 8 kB
UNCLEAR = (Overloaded, TimedOut, NotConnected)  # after these, only the provider knows whether a batch was created
PASSING = (RateLimited, *UNCLEAR)

logger = structlog.get_logger(__name__)
Asked = tuple[ClaimedJob, Work, ModelRequest]


def advance(runtime: Runtime, *, root_id: uuid.UUID, level: Level) -> bool:
    """Take one step; say whether nothing of the level is open any more. Raise RootEnded when there is nothing to do.

    While somebody else takes a step of the same level, this one does nothing.
    """
    with runtime.database.transaction() as guard:
        return batch_repository.take_step(guard, root_id=root_id, level=level) and _advance(runtime, root_id, level)


def _advance(runtime: Runtime, root_id: uuid.UUID, level: Level) -> bool:
    with runtime.database.transaction() as session:
        root = repository.get_job(session, root_id)
        if root is None:
            raise UnknownJob(root_id)
        status, waiting = batch_repository.level_state(session, root_id=root_id, level=level)
        batch = batch_repository.open_batch(session, root_id=root_id, level=level)
        plan = plan_of(session, root)
    if batch is None and status not in (JobStatus.PENDING, JobStatus.RUNNING):
        raise RootEnded(root_id, status)
    if batch is None and not waiting:
        return True
    if status is JobStatus.PENDING:  # resumed, and not yet opened by its new run: nothing could be delivered now
        return False
    try:
        with open_batches(runtime.settings, runtime.database, level.name.lower()) as desk:
            BatchStep(runtime, desk, plan, level, status).take(batch)
    except PASSING as error:
        logger.warning("batch_server_away", level=level.name, reason=error.message)
    except (ModelMisconfigured, ModelError) as error:
        _pause(runtime, root_id, str(error))
    with runtime.database.transaction() as session:
        _, waiting = batch_repository.level_state(session, root_id=root_id, level=level)
        return not waiting and batch_repository.open_batch(session, root_id=root_id, level=level) is None


def _pause(runtime: Runtime, root_id: uuid.UUID, reason: str) -> None:
    with runtime.database.transaction() as session:
        service.pause(session, root_id, reason=reason, until=None, now=runtime.now())


@dataclass(frozen=True)
class BatchStep:
    """One step of a level's batch."""

    runtime: Runtime
    desk: BatchDesk
    plan: RootPlan
    level: Level
    root_status: JobStatus

    @property
    def lines(self) -> BatchLines:
        return BatchLines(self.runtime, self.desk, self.plan)

    @property
    def root_ended(self) -> bool:
        return self.root_status not in (JobStatus.RUNNING, JobStatus.PAUSED)

    def take(self, batch: LLMBatch | None) -> None:
        """Go on from where the batch stands."""
        batch = batch or self._claim()
        if batch is None:
            return
        if batch.status == BatchStatus.SUBMITTED:
            self._look(batch)
        elif batch.submitted_at:
            self._find(batch)
        elif self.root_status is JobStatus.RUNNING:
            self._submit(batch)
        else:
            self._close(
                batch, BatchStatus.FAILED, "aborted", f"The job was {self.root_status} before it was submitted."
            )

    def _claim(self) -> LLMBatch | None:
        now = self.runtime.now()
        with self.runtime.database.transaction() as session:
            return batch_repository.claim_batch(
                session,
                root_id=self.plan.root_id,
                level=self.level,
                deployment=self.desk.deployment,
                most=MOST_REQUESTS,
                now=now,
                lease_expires_at=now + timedelta(hours=self.runtime.settings.batch_lease_hours),
            )

    # --- prepared -----------------------------------------------------------------------------------------------------

    def _submit(self, batch: LLMBatch) -> None:
        """Admit what the batch holds, upload what may go, and have the provider create the batch."""
        requests = self._admitted(batch, self._asked(batch))
        if not requests:
            self._close(batch, BatchStatus.COLLECTED, "aborted", None)
            return
        file_id = self.desk.server.upload(requests)
        self._note(batch, submitted_at=self.runtime.now(), input_file_id=file_id, requests=len(requests))
        try:
            provider_id = self.desk.server.create(file_id, mark=batch.id)
        except (ModelMisconfigured, ModelError) as error:
            if not isinstance(error, UNCLEAR):
                self._note(batch, submitted_at=None)
            raise
        self._attach(batch, provider_id)

    def _asked(self, batch: LLMBatch) -> list[Asked]:
        """What the batch's jobs ask for; those whose content exists already are delivered at once."""
        with self.runtime.database.transaction() as session:
            held = batch_repository.held_jobs(session, batch)
        self.lines.ground(held)
        asked: list[Asked] = []
        for job in held:
            work, request = self.lines.prepare(job) or (None, None)
            if work and request:
                asked.append((job, work, request))
            elif work:
                self.lines.deliver(job, work)
        return asked

    def _admitted(self, batch: LLMBatch, asked: list[Asked]) -> list[tuple[str, ModelRequest]]:
        """The requests that may go. The cache answers some; what does not fit a budget waits, or pauses the root."""
        settings, now = self.runtime.settings, self.runtime.now()
        calls = [
            BatchCall(
                batch.id, custom_id(job), request, attempts.purpose_of(self.plan, job, work, settings=settings, now=now)
            )
            for job, work, request in asked
        ]
        going, waiting, short = [], [], None
        for (job, work, request), (call, admission) in zip(asked, self.desk.admit(calls), strict=True):
            match admission.verdict:
                case "go":
                    going.append((call.custom_id, request))
                case "hit":
                    self.lines.judge(job, work, Call(request, self.desk.cached_answer(call, admission)))
                case "short":
                    short = BudgetShort(admission.detail or "", admission.short_usd or Decimal(0))
                    waiting.append(job)
                case "wait" | "open" | "paused":
                    waiting.append(job)
        with self.runtime.database.transaction() as session:
            for job in waiting:
                repository.give_back(session, job, now=now)
        if short:
            _pause(self.runtime, self.plan.root_id, str(short))
        return going

    def _find(self, batch: LLMBatch) -> None:
        """After an attempt whose end nobody noted: take up what was created, or try again once that is certain."""
        found = self.desk.server.find(batch.id)
        patience = timedelta(seconds=self.runtime.settings.openai_timeout_seconds)
        if found:
            self._attach(batch, found.id)
        elif batch.submitted_at and batch.submitted_at + patience <= self.runtime.now():
            self._note(batch, submitted_at=None)

    def _attach(self, batch: LLMBatch, provider_id: str) -> None:
        """Store the provider's id, before anything else can fail."""
        self._note(batch, provider_batch_id=provider_id, status=BatchStatus.SUBMITTED, last_error=None)
        self._log(f"Batch {provider_id}: {batch.requests} requests for {self.level.name.lower()} submitted.")

    # --- submitted ----------------------------------------------------------------------------------------------------

    def _look(self, batch: LLMBatch) -> None:
        """Look at the batch; cancel it if its root was cancelled, collect it if it has ended."""
        provider_id = batch.provider_batch_id or ""
        found = self.desk.server.retrieve(provider_id)
        if found is None:
            self._give_up(batch, f"The model server does not know the batch {provider_id} any more.", uncertain=True)
        elif found.status == "failed":
            self._give_up(
                batch, f"The model server refused the batch {provider_id}: {found.error or 'no reason given'}"
            )
        elif found.ended:
            self._collect(batch, found)
        elif self.root_ended and found.status != "cancelling":
            self.desk.server.cancel(provider_id)

    def _collect(self, batch: LLMBatch, found: ProviderBatch) -> None:
        """Take every line; what the batch did not get to waits again."""
        with self.runtime.database.transaction() as session:
            held = {custom_id(job): job for job in batch_repository.held_jobs(session, batch)}
        waited = self.runtime.now() - (batch.submitted_at or batch.created_at)
        answered = 0
        for line in self.desk.server.lines(found):
            if line.result is not None:
                answered += 1
                latency_ms = round(1000 * waited.total_seconds())
                self.lines.take(batch.id, line, held.get(line.custom_id), latency_ms=latency_ms)
        self._close(batch, BatchStatus.COLLECTED, "aborted" if self.root_ended else "expired", None)
        self._log(f"Batch {found.id}: {found.status}, {answered} of {batch.requests} requests were answered.")

    def _give_up(self, batch: LLMBatch, reason: str, *, uncertain: bool = False) -> None:
        """Close a batch that brings nothing, and pause the root: asking again unseen could be paid for unseen."""
        self._close(batch, BatchStatus.FAILED, "aborted", reason, uncertain=uncertain)
        remedy = f"Nothing of it is lost but the batch; `hydrateall jobs resume {self.plan.root_id}` asks again."
        _pause(self.runtime, self.plan.root_id, f"{reason.rstrip('.')}. {remedy}")

    def _close(
        self, batch: LLMBatch, status: BatchStatus, outcome: str, error: str | None, *, uncertain: bool = False
    ) -> None:
        """Settle what is still reserved, let go of the jobs, and close the batch."""
        self.desk.settle_rest(self.plan.root_id, outcome, uncertain=uncertain)
        with self.runtime.database.transaction() as session:
            batch_repository.finish(session, batch, status=status, error=error, now=self.runtime.now())

    def _note(self, batch: LLMBatch, **changes: Any) -> None:
        with self.runtime.database.transaction() as session:
            batch_repository.note(session, batch, **changes)

    def _log(self, message: str) -> None:
        with self.runtime.database.transaction() as session:
            repository.log(session, self.plan.root_id, ExecutionPhase.STEP, message, severity=LogSeverity.INFO)
