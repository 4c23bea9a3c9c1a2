"""A second opinion: the questions of a set are solved once more by a model that sees no key.

A disagreement changes nothing in the question: it is stored as it was written, and a person looks at both answers. A
second model that does not answer blocks nothing either: the question says that nobody has solved it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from textwrap import shorten
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.settings import Settings
from hydrateall.curriculum.schemas import QuestionDraft, QuestionSetDraft, SolvedQuestion, SolvedSetDraft
from hydrateall.hydration import repository
from hydrateall.hydration.enums import ExecutionPhase, LogSeverity, Mode
from hydrateall.hydration.errors import NoSecondOpinion
from hydrateall.hydration.levels.questions import Kept
from hydrateall.hydration.levels.work import Checked, Work
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob, HydrateOptions
from hydrateall.llm.service import Answer, ModelError, ModelRequest, forget_answer, judge_call, purpose_of, request_for
from hydrateall.validation.service import (
    Finding,
    agrees,
    compared,
    disagreement,
    no_solution,
    read_draft,
    sentences,
)

PROMPT = "curriculum/solve_questions"
FIRST_REQUEST = 101  # the requests for the set itself, with all their retries, are numbered below
TRANSIENT = ("attempt", "issues")  # a set is solved anew only if its questions are others
LONGEST_ANSWER, LONGEST_REASON = 120, 400  # characters that a report repeats of what a model says

Ending = Callable[..., None]


def require_possible(options: HydrateOptions, settings: Settings) -> None:
    """Raise NoSecondOpinion where one was asked for and none can be given."""
    if options.second_opinion and options.mode is Mode.BATCH:
        raise NoSecondOpinion(
            "A second opinion is asked for as soon as a set is written, which batch mode does not do.",
            "Take the mode fast, or leave the second opinion out.",
        )
    if options.second_opinion and settings.model_provider == "offline":
        raise NoSecondOpinion(
            "The offline writer would check itself, so its second opinion says nothing.",
            "Start with MODEL=mock or a real model (HYDRATEALL_MODEL_PROVIDER=mock or openai), or leave it out.",
        )


@dataclass(frozen=True)
class Opinion:
    """What is kept of a set, weighed against the second solutions, and the call that brought them, if one was made."""

    checked: Checked
    summary: str = ""
    answer: Answer | None = None
    problem: str = ""  # why there are no second solutions
    details: dict[str, Any] = field(default_factory=dict)

    def after(self, ending: Ending) -> Ending:
        """Let an ending of the attempt also write down what became of the second opinion, in its transaction."""
        if not self.summary:
            return ending

        def both(session: Session, job: ClaimedJob, *, now: datetime) -> None:
            ending(session, job, now=now)
            self._record(session, job)

        return both

    def _record(self, session: Session, job: ClaimedJob) -> None:
        """An opinion is accepted once its questions are stored; one that cannot be read is not given again."""
        judge_call(
            session,
            job_id=job.id,
            fencing_token=job.fencing_token,
            status="rejected" if self.problem else "accepted",
            details=self.details,
            purpose=purpose_of(PROMPT),
        )
        if self.problem and self.answer and self.answer.cache_key:
            forget_answer(session, self.answer.cache_key)
        severity = LogSeverity.WARNING if self.problem else LogSeverity.INFO
        repository.log(session, job.id, ExecutionPhase.VALIDATION, self.summary, severity=severity)


async def ask(
    plan: RootPlan, work: Work, checked: Checked, call: Callable[[ModelRequest, int], Awaitable[Answer]]
) -> Opinion:
    """Ask for a second opinion on what is kept of a set, if the job wants one and the set has what can be compared.

    Whatever pauses or aborts a call (CallDenied, ModelMisconfigured, a lost lease) is raised: the set is then asked
    for again, and comes from the cache.
    """
    if not plan.options.second_opinion or work.schema is not QuestionSetDraft or not checked.kept:
        return Opinion(checked)
    asked = _asked(checked.kept)
    if not asked or work.assignment is None:
        return Opinion(checked)
    try:
        answer = await call(_request(work, asked), FIRST_REQUEST)
    except ModelError as error:
        return _without(checked, asked, error.message)
    draft, findings = read_draft(SolvedSetDraft, answer.reply.text)
    if draft is None:
        problem = f"The second solutions could not be read: {'; '.join(sentences(findings)[:3])}"
        return replace(_without(checked, asked, problem), answer=answer)
    return _weighed(checked, asked, draft, answer)


def _asked(kept: Kept) -> dict[int, QuestionDraft]:
    """The questions that can be compared, by their number in the set."""
    return {number: question for number, (_, question, _) in enumerate(kept, 1) if compared(question)}


def _request(work: Work, asked: dict[int, QuestionDraft]) -> ModelRequest:
    """The assignment of the set, with its questions instead of what was wrong with an earlier attempt."""
    place = {name: value for name, value in (work.assignment or {}).items() if name not in TRANSIENT}
    questions = [_without_key(number, question) for number, question in asked.items()]
    return request_for(PROMPT, SolvedSetDraft, {**place, "purpose": purpose_of(PROMPT), "questions": questions})


def _without_key(number: int, question: QuestionDraft) -> dict[str, Any]:
    """What a learner sees of a question."""
    columns = question.match_columns
    shown = {
        "number": number,
        "type": question.question_type.value,
        "text": question.question_text,
        "scenario": question.scenario,
        "figure": question.diagram_description,
        "options": {option.key: option.text for option in question.options or ()},
        "left": {entry.key: entry.text for entry in columns.left} if columns else None,
        "right": {entry.key: entry.text for entry in columns.right} if columns else None,
    }
    return {name: value for name, value in shown.items() if value}


def _weighed(checked: Checked, asked: dict[int, QuestionDraft], draft: SolvedSetDraft, answer: Answer) -> Opinion:
    solved = {solution.number: solution for solution in draft.solutions}
    found = {number: _compare(question, solved.get(number)) for number, question in asked.items()}
    doubts = sum(finding is not None and finding.severity == "review" for finding in found.values())
    spent = "from the cache" if answer.cached else f"${answer.cost_usd:.4f}"
    summary = f"Second opinion on {len(asked)} questions: {doubts or 'none'} to be looked at ({spent})."
    kept = _adding(checked.kept, {number: each for number, each in found.items() if each})
    return Opinion(replace(checked, kept=kept), summary, answer, details={"solved": len(asked), "disputed": doubts})


def _compare(question: QuestionDraft, solved: SolvedQuestion | None) -> Finding | None:
    if solved is None:
        return no_solution("The second solution left this question out.")
    if agrees(question, solved.answer):
        return None
    theirs = shorten(solved.answer, LONGEST_ANSWER, placeholder=" …")
    reason = shorten(solved.reason, LONGEST_REASON, placeholder=" …")
    return disagreement(question, theirs, reason)


def _without(checked: Checked, asked: dict[int, QuestionDraft], problem: str) -> Opinion:
    """Every question keeps its judgement, with the advice that nobody has solved it again."""
    kept = _adding(checked.kept, dict.fromkeys(asked, no_solution(problem)))
    return Opinion(replace(checked, kept=kept), f"No second opinion: {problem}", None, problem, {"reason": problem})


def _adding(kept: Kept, found: dict[int, Finding]) -> Kept:
    return [
        (slot, question, judgement.adding([found[number]]) if number in found else judgement)
        for number, (slot, question, judgement) in enumerate(kept, 1)
    ]
