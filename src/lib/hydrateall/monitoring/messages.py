"""What a message says: a body for machines, a subject and a page for people."""

from __future__ import annotations

import html
from typing import Any

import sqlalchemy as sa

from hydrateall.hydration.enums import JobEvent

SENTENCES = {
    JobEvent.COMPLETED: "is completed",
    JobEvent.FAILED: "has failed",
    JobEvent.PAUSED: "is paused",
    JobEvent.CANCELLED: "is cancelled",
    JobEvent.BUDGET: "has nearly spent its budget",
}
NEXT = {
    JobEvent.FAILED: "hydrateall jobs resume {job}",
    JobEvent.PAUSED: "hydrateall jobs resume {job}",
    JobEvent.CANCELLED: "hydrateall jobs resume {job}",
    JobEvent.BUDGET: "hydrateall jobs show {job}",
}


def message(event: JobEvent, payload: dict[str, Any], facts: sa.RowMapping) -> dict[str, Any]:
    """The body of a message about a job; a repetition carries the same."""
    subject = f"{facts['board']} · grade {facts['grade']} · {facts['subject']} · {facts['language']}"
    return {
        "event": event.value,
        "occurredAt": payload["at"],
        "text": f"{subject} {SENTENCES[event]}.",
        "reason": payload["reason"],
        "job": {
            "jobId": str(facts["id"]),
            "boardCode": facts["board"],
            "grade": facts["grade"],
            "subjectCode": facts["subject"],
            "language": facts["language"],
            "progress": float(facts["progress"] or 0),
            "costUsd": float(facts["cost_usd"]),
            "maxCostUsd": None if facts["max_cost_usd"] is None else float(facts["max_cost_usd"]),
            "createdBy": facts["created_by"],
            "createdAt": facts["created_at"].isoformat(),
            "traceId": facts["trace_id"],
        },
    }


def as_mail(body: dict[str, Any]) -> tuple[str, str]:
    """Subject and HTML of a message."""
    job = body["job"]
    budget = f" of ${job['maxCostUsd']:.2f}" if job["maxCostUsd"] is not None else ""
    lines = [
        body["text"],
        body["reason"],
        f"Progress {job['progress']:.1f} %, cost ${job['costUsd']:.4f}{budget}, started by {job['createdBy']}.",
        f"Job {job['jobId']}, trace {job['traceId']}.",
    ]
    if command := NEXT.get(JobEvent(body["event"])):
        lines.append("Next: " + command.format(job=job["jobId"]))
    page = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    return f"HydrateAll: {body['text']}", page
