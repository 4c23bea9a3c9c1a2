"""Begin and end of an attempt: what is asked for, and one short transaction that stores all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.settings import Settings
from hydrateall.hydration import repository
from hydrateall.hydration.enums import ExecutionPhase, JobStatus, LogSeverity
from hydrateall.hydration.errors import LeaseLost
from hydrateall.hydration.levels import prepare
from hydrateall.hydration.levels.work import Checked, Work
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.llm.service import (
    Answer,
    ModelRequest,
    NamedModel,
    Purpose,
    budget_scopes,
    forget_answer,
    judge_call,
    request_for,
)

BACKOFF_SECONDS = 1.0  # doubled with every attempt that the provider failed


# What a job asks for; without a request, there is nothing to write that does not exist already.
Prepared = tuple[Work, ModelRequest | None]


def prepare_requests(session: Session, plan: RootPlan, jobs: Sequence[ClaimedJob]) -> list[Prepared]:
    """Read what the jobs ask for."""
    works = [prepare(session, plan, job) for job in jobs]
    return [
        (work, request_for(work.prompt, work.schema, work.assignment) if work.assignment else None) for work in works
    ]


def purpose_of(plan: RootPlan, job: ClaimedJob, work: Work, *, settings: Settings, now: datetime) -> Purpose:
    """What the job's call is for, and the budgets that it counts against."""
    return Purpose(
        content_type=work.content_type.value,
        content_ref=work.content_ref,
        caps=budget_scopes(
            settings, root_job_id=job.root_job_id, max_cost_usd=plan.max_cost_usd, tenant=plan.tenant, now=now
        ),
        root_job_id=job.root_job_id,
        job_id=job.id,
        fencing_token=job.fencing_token,
        attempt=job.attempts,
    )


@dataclass(frozen=True)
class Call:
    """One answered call that was made for a job."""

    request: ModelRequest
    answer: Answer

    def provenance(self, job: ClaimedJob, model: NamedModel, temperature: float) -> dict[str, Any]:
        """What a stored item says about where it comes from."""
        prompt = self.request.prompt
        return {
            "jobId": str(job.id),
            "model": self.answer.reply.model or model.name,
            "deployment": model.deployment,
            "promptId": prompt.id,
            "promptVersion": prompt.version,
            "promptSha256": prompt.sha256,
            "parameters": {"maxOutputTokens": self.request.max_output_tokens, "temperature": temperature},
            "sample": model.sample,
        }


def deliver(
    session: Session,
    job: ClaimedJob,
    work: Work,
    *,
    kept: Any,
    call: Call | None,
    provenance: dict[str, Any],
    now: datetime,
) -> None:
    """Complete the job with its content and children; raise LeaseLost, changing nothing, if the token is stale.

    A repetition after a commit whose answer got lost finds the job completed under its own token and is done.
    """
    result = {"reused": True} if call is None else {"model": call.answer.reply.model}
    if not repository.complete(session, job, items=work.items, result=result, now=now):
        if _delivered_before(session, job):
            return
        raise LeaseLost(job.id)
    if call:
        work.store(session, kept, provenance)
        _judge(session, job, call, "accepted")
        spent = "from the cache" if call.answer.cached else f"{call.answer.latency_ms / 1000:.1f} s"
        spent += f", ${call.answer.cost_usd:.4f}"
        repository.log(session, job.id, ExecutionPhase.STEP, f"{work.label}: stored ({spent}, attempt {job.attempts}).")
    repository.insert_children(session, work.children(session))


def _delivered_before(session: Session, job: ClaimedJob) -> bool:
    stored = repository.get_job(session, job.id)
    return stored is not None and stored.status is JobStatus.COMPLETED and stored.fencing_token == job.fencing_token


def fail(
    session: Session, job: ClaimedJob, *, reason: str, now: datetime, present: int = 0, final: bool = False
) -> None:
    """End an attempt that brought no answer: pending again after a pause while attempts are left, else failed.

    `present` is how many of the job's items exist.
    """
    pause = now + timedelta(seconds=BACKOFF_SECONDS * 2 ** (job.attempts - 1))
    status = repository.fail_attempt(
        session, job, reason=reason, present=present, final=final, next_attempt_at=pause, now=now
    )
    _log_failure(session, job, status, ExecutionPhase.ERROR, reason)


def reject(
    session: Session,
    job: ClaimedJob,
    work: Work,
    *,
    checked: Checked,
    call: Call,
    provenance: dict[str, Any],
    now: datetime,
) -> None:
    """End an attempt whose answer has faults: what is good of it is stored, and the next attempt asks for the rest.

    An answer with faults is not kept for the next time.
    """
    issues = list(checked.issues)
    reason = f"The answer was rejected: {issues[0]}"
    status = repository.fail_attempt(
        session, job, reason=reason, issues=issues, present=work.present + checked.items, now=now
    )
    _log_failure(session, job, status, ExecutionPhase.VALIDATION, reason, issues)
    if checked.items:
        work.store(session, checked.kept, provenance)
    _judge(session, job, call, "rejected", {"reason": reason, "kept": checked.items})
    if call.answer.cache_key:
        forget_answer(session, call.answer.cache_key)


def _judge(session: Session, job: ClaimedJob, call: Call, status: str, details: dict[str, Any] | None = None) -> None:
    """Write what became of a call's answer; other calls of the same claim have a verdict of their own."""
    judge_call(
        session,
        job_id=job.id,
        fencing_token=job.fencing_token,
        status=status,
        details=details,
        purpose=call.request.prompt.purpose,
    )


def _log_failure(
    session: Session,
    job: ClaimedJob,
    status: JobStatus | None,
    phase: ExecutionPhase,
    reason: str,
    issues: Sequence[str] = (),
) -> None:
    if status is None:
        raise LeaseLost(job.id)
    severity = LogSeverity.ERROR if status is JobStatus.FAILED else LogSeverity.WARNING
    message = f"Attempt {job.attempts} failed: {reason}"
    repository.log(session, job.id, phase, message, severity=severity, payload={"issues": list(issues)})


def discard(session: Session, job: ClaimedJob) -> None:
    """Record that an answer came too late to be used; what it cost is booked already."""
    reason = "The lease was lost or the job was cancelled."
    judge_call(session, job_id=job.id, fencing_token=job.fencing_token, status="discarded", details={"reason": reason})
