"""Begin and end of an attempt: what is asked for, and one short transaction that stores all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.hydration import repository
from hydrateall.hydration.enums import ExecutionPhase, JobStatus, LogSeverity
from hydrateall.hydration.errors import BudgetSpent, LeaseLost
from hydrateall.hydration.levels import prepare
from hydrateall.hydration.levels.work import Work
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.llm.service import LanguageModel, ModelReply, ModelRequest, log_call, request_for

BACKOFF_SECONDS = 1.0  # doubled with every attempt that the provider failed


# What a job asks for; without a request, there is nothing to write that does not exist already.
Prepared = tuple[Work, ModelRequest | None]


def prepare_requests(session: Session, plan: RootPlan, jobs: Sequence[ClaimedJob]) -> list[Prepared]:
    """Read what the jobs ask for; raise BudgetSpent if a model must write and the root's budget is spent."""
    works = [prepare(session, plan, job) for job in jobs]
    if any(work.assignment for work in works):
        budget = repository.budget(session, plan.root_id)
        if budget["max_cost_usd"] is not None and budget["spent"] >= budget["max_cost_usd"]:
            raise BudgetSpent(budget["max_cost_usd"], budget["spent"])
    return [
        (work, request_for(work.prompt, work.schema, work.assignment) if work.assignment else None) for work in works
    ]


@dataclass(frozen=True)
class Call:
    """One model call that was made for a job."""

    request: ModelRequest
    reply: ModelReply | None
    cost_usd: Decimal
    latency_ms: int

    def provenance(self, job: ClaimedJob, model: LanguageModel) -> dict[str, Any]:
        """What a stored item says about where it comes from."""
        prompt = self.request.prompt
        return {
            "jobId": str(job.id),
            "model": self.reply.model if self.reply else model.name,
            "promptId": prompt.id,
            "promptVersion": prompt.version,
            "promptSha256": prompt.sha256,
            "sample": model.sample,
        }


def deliver(
    session: Session,
    job: ClaimedJob,
    work: Work,
    *,
    draft: BaseModel | None,
    call: Call | None,
    model: LanguageModel,
    now: datetime,
) -> None:
    """Complete the job with its content and children; raise LeaseLost, changing nothing, if the token is stale.

    A repetition after a commit whose answer got lost finds the job completed under its own token and is done.
    """
    cost = call.cost_usd if call else Decimal(0)
    result = {"reused": True} if call is None else {"model": call.reply.model if call.reply else None}
    if not repository.complete(session, job, items=work.items, cost_usd=cost, result=result, now=now):
        if _delivered_before(session, job):
            return
        raise LeaseLost(job.id)
    if call and draft:
        work.store(session, draft, call.provenance(job, model))
        _log_call(session, job, work, call, "accepted")
        spent = f"{call.latency_ms / 1000:.1f} s, ${call.cost_usd:.4f}"
        repository.log(session, job.id, ExecutionPhase.STEP, f"{work.label}: stored ({spent}, attempt {job.attempts}).")
    repository.insert_children(session, work.children(session))


def _delivered_before(session: Session, job: ClaimedJob) -> bool:
    stored = repository.get_job(session, job.id)
    return stored is not None and stored.status is JobStatus.COMPLETED and stored.fencing_token == job.fencing_token


def fail(
    session: Session,
    job: ClaimedJob,
    work: Work | None,
    *,
    reason: str,
    issues: list[str],
    call: Call | None,
    now: datetime,
) -> None:
    """End the attempt with its reason: pending again while attempts are left, else failed.

    `call` is None when the attempt ended before the model was asked.
    """
    pause = None if issues else now + timedelta(seconds=BACKOFF_SECONDS * 2 ** (job.attempts - 1))
    status = repository.fail_attempt(
        session,
        job,
        reason=reason,
        issues=issues,
        cost_usd=call.cost_usd if call else Decimal(0),
        final=False,
        next_attempt_at=pause,
        now=now,
    )
    if status is None:
        raise LeaseLost(job.id)
    phase = ExecutionPhase.VALIDATION if issues else ExecutionPhase.ERROR
    severity = LogSeverity.ERROR if status is JobStatus.FAILED else LogSeverity.WARNING
    message = f"Attempt {job.attempts} failed: {reason}"
    repository.log(session, job.id, phase, message, severity=severity, payload={"issues": issues})
    if call and work:
        _log_call(session, job, work, call, "rejected" if call.reply else "error", reason=reason)


def discard(session: Session, job: ClaimedJob, work: Work, call: Call) -> None:
    """Record what a call cost whose answer came too late to be kept; a repetition records nothing."""
    if _log_call(session, job, work, call, "discarded", reason="The lease was lost or the job was cancelled."):
        repository.charge(session, job.id, call.cost_usd)


def _log_call(
    session: Session, job: ClaimedJob, work: Work, call: Call, status: str, *, reason: str | None = None
) -> bool:
    return log_call(
        session,
        job_id=job.id,
        fencing_token=job.fencing_token,
        content_type=work.content_type,
        content_ref=work.content_ref,
        status=status,
        attempt=job.attempts,
        request=call.request,
        reply=call.reply,
        cost_usd=call.cost_usd,
        latency_ms=call.latency_ms,
        details={"reason": reason} if reason else None,
    )
