"""What a run of `chaos.py` has left behind, judged against the calm run."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from chaos_stack import ChaosStack

from hydrateall.core.database import rows, sql
from hydrateall.curriculum.service import content_digest
from hydrateall.hydration.views import job_view, subject_of

OUTBOX_SECONDS = 90.0
DOUBLED = """
    SELECT coalesce(sum(answers - 1), 0)
    FROM (SELECT count(*) AS answers FROM ai_content_logs WHERE status = 'accepted' GROUP BY job_id, purpose) accepted
"""
LEDGER = """
    SELECT coalesce(sum(cost_usd), 0) AS called, coalesce(sum(uncertain_usd), 0) AS uncertain,
           count(*) FILTER (WHERE status = 'reserved') AS reserved,
           count(*) FILTER (WHERE status = 'answered') AS undecided,
           count(*) FILTER (WHERE status IN ('discarded', 'expired', 'error')) AS in_vain
    FROM ai_content_logs
"""
BUDGET = "SELECT scope, spent_usd, reserved_usd FROM llm_budgets WHERE scope = 'job:' || :id"


@dataclass
class Verdict:
    """How a run ended: places whose content is missing, items too many, and what is wrong, in words."""

    completed: bool
    lost: list[str]
    doubled: int
    in_vain: int
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def judge(stack: ChaosStack, job_id: uuid.UUID, *, calm: bool) -> Verdict:
    """Compare the run's content, ledger and outbox with what they must be; a calm run becomes the reference."""
    with stack.runtime.database.transaction() as session:
        view = job_view(session, job_id)
        subject = subject_of(session, job_id)
        lines = [
            (row["place"], row["content"]) for row in rows(session, sql("curriculum/content_lines"), subject_id=subject)
        ]
        digest = content_digest(session, subject)
    if calm:
        stack.reference = {"digest": digest, "lines": dict(lines)}
        stack.calls = stack.value("SELECT count(*) FROM ai_content_logs")
    expected, found = stack.reference["lines"], dict(lines)
    counted = Counter(place for place, _ in lines)
    lost = sorted(set(expected) - set(found))
    doubled = sum(counted.values()) - len(counted) + len(set(found) - set(expected)) + int(stack.value(DOUBLED))
    verdict = Verdict(view.status == "completed", lost, doubled, 0)
    if not verdict.completed:
        verdict.faults.append(
            f"the job is {view.status} at {view.progress.overall} %: {view.error_message or 'no error'}"
        )
        verdict.faults += [f"log: {line.message}" for line in view.recent_logs[:5]]
    if lost:
        verdict.faults.append(f"{len(lost)} lost: {', '.join(lost[:5])}")
    if doubled:
        verdict.faults.append(f"{doubled} doubled")
    if verdict.completed and digest != stack.reference["digest"] and not (lost or doubled):
        changed = sorted(place for place in found if found[place] != expected[place])
        verdict.faults.append(f"{len(changed)} differ from the calm run: {', '.join(changed[:5])}")
    _judge_ledger(stack, job_id, verdict)
    _judge_outbox(stack, job_id, verdict)
    return verdict


def _judge_ledger(stack: ChaosStack, job_id: uuid.UUID, verdict: Verdict) -> None:
    """What was spent is the sum of the calls, nothing stays reserved, and the server billed no call unknown to us."""
    [(called, uncertain, reserved, undecided, verdict.in_vain)] = stack.rows(LEDGER)
    budgets = stack.rows(BUDGET, id=str(job_id))
    spent, held = (budgets[0].spent_usd, budgets[0].reserved_usd) if budgets else (Decimal(0), Decimal(0))
    billed = Decimal(stack.models.ledger()["totals"]["billed_usd"])
    if spent != called:
        verdict.faults.append(f"the budget says ${spent} was spent, the calls say ${called}")
    if held or reserved:
        verdict.faults.append(f"{reserved} calls are still reserved, ${held} of the budget")
    if undecided:
        verdict.faults.append(f"{undecided} answers were neither taken nor rejected")
    if not called <= billed <= called + uncertain:
        verdict.faults.append(f"the server billed ${billed}, the ledger knows ${called} and ${uncertain} uncertain")


def _judge_outbox(stack: ChaosStack, job_id: uuid.UUID, verdict: Verdict) -> None:
    """The outbox empties itself: within the minute, or at once when asked."""
    waiting = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
    deadline = time.monotonic() + OUTBOX_SECONDS
    stack.dispatch(f"chaos__{job_id}")
    while left := stack.value(waiting):
        if time.monotonic() > deadline:
            verdict.faults.append(f"{left} entries wait in the outbox")
            return
        time.sleep(0.5)
