"""What a hydration will cost and how long it will take, before it runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.curriculum.service import SubjectView
from hydrateall.hydration.plan import Workload
from hydrateall.hydration.schemas import Estimates, HydrateOptions
from hydrateall.llm.service import model_name, price_of, prompt_tokens, purpose_of, usage_history

HISTORY = timedelta(days=90)
ENOUGH_CALLS = 1  # answers of a prompt before its history counts for more than the defaults
START_MINUTES = 0.25  # until the first model call: outbox, DAG run, first task
CALL_SECONDS = 20.0  # a call of a prompt without history, at a provider

# Output tokens in English where there is no history: a chapter's entry, a topic's entry, a note, a question, and the
# second solution of a question.
# Hindi takes about twice as many, since tokenisers split Devanagari finer.
OUTPUT = {"chapter": 160, "topic": 130, "note": 2200, "question": 420, "solution": 60}
SCRIPT_FACTOR = {LanguageCode.EN: 1.0, LanguageCode.HI: 2.0}
ASSIGNMENT_TOKENS = 350
QUESTION_TOKENS = 90  # of a question without its key, as a second opinion is given it


@dataclass(frozen=True)
class Expected:
    """What one call of a prompt is expected to use."""

    prompt: float
    completion: float
    seconds: float
    cached: float = 0.0


def estimate(
    session: Session,
    *,
    subject: SubjectView,
    options: HydrateOptions,
    work: Workload,
    settings: Settings,
    now: datetime,
) -> Estimates:
    """Estimate from the outline and the content that exists, prompt sizes, prices, and what past calls really used."""
    sources = settings.ground_tokens if options.ground else 0
    calls = _calls(work, options, SCRIPT_FACTOR[subject.language], sources)
    cost, batch_cost, seconds, known = Decimal(0), Decimal(0), 0.0, 0
    for prompt, number, completion, given in calls:
        model = model_name(settings, purpose_of(prompt))
        past = usage_history(session, model=model, since=now - HISTORY).get(prompt)
        latency = settings.offline_latency_seconds if settings.model_provider == "offline" else CALL_SECONDS
        if past and past.accepted >= ENOUGH_CALLS:
            latency = latency if past.latency_ms is None else past.latency_ms / 1000
            used = Expected(past.prompt_tokens, past.completion_tokens, latency, past.cached_tokens)
            known += number
        else:
            used = Expected(prompt_tokens(prompt) + ASSIGNMENT_TOKENS + given, completion, latency)
        price = price_of(model)
        fast = price.of(prompt=used.prompt * number, completion=used.completion * number, cached=used.cached * number)
        cost, batch_cost = cost + fast, batch_cost + price.batch * fast
        seconds += used.seconds * number
    total = sum(number for _, number, *_ in calls)
    return Estimates(
        total_chapters=work.chapters,
        estimated_topics=work.topics,
        estimated_notes=work.notes,
        estimated_questions=work.questions,
        estimated_calls=total,
        estimated_cost_usd=cost.quantize(Decimal("0.0001")),
        estimated_duration_mins=_minutes(seconds, total, settings.max_in_flight, 4 + options.second_opinion),
        estimated_batch_cost_usd=batch_cost.quantize(Decimal("0.0001")),
        estimated_batch_duration_mins=settings.batch_level_minutes * _levels(work),
        basis=_basis(known, total),
    )


def _calls(work: Workload, options: HydrateOptions, factor: float, sources: int) -> list[tuple[str, int, float, float]]:
    """Each prompt with the number of its calls, the output tokens of a call, and what it is given beyond its place.

    `sources`: the tokens of the passages that writers of notes and questions are given.
    """
    topics_a_chapter = work.topics / max(1, work.chapters)
    sizes = options.question_counts.wanted()
    sets = sum(work.question_calls.values())
    questions = sum(sizes[level] * number for level, number in work.question_calls.items()) / max(1, sets)
    solved = sets if options.second_opinion else 0
    return [
        ("curriculum/draft_chapters", work.chapter_calls, OUTPUT["chapter"] * work.chapters * factor, 0),
        ("curriculum/draft_topics", work.topic_calls, OUTPUT["topic"] * topics_a_chapter * factor, 0),
        ("curriculum/draft_note", work.note_calls, OUTPUT["note"] * factor, sources),
        ("curriculum/draft_questions", sets, OUTPUT["question"] * questions * factor, sources),
        (
            "curriculum/solve_questions",
            solved,
            OUTPUT["solution"] * questions * factor,
            QUESTION_TOKENS * questions * factor,
        ),
    ]


def _minutes(seconds: float, calls: int, in_flight: int, rounds: int) -> float:
    """Calls overlap, but levels follow one another, and second opinions their sets: at least a call of each round."""
    if not calls:
        return 0.0
    mean = seconds / calls
    return round(START_MINUTES + max(rounds * mean, math.ceil(calls / in_flight) * mean) / 60, 2)


def _levels(work: Workload) -> int:
    """How many levels have anything to ask: in batch mode they follow one another, each within a day."""
    return sum(map(bool, (work.chapter_calls, work.topic_calls, work.note_calls, sum(work.question_calls.values()))))


def _basis(known: int, total: int) -> str:
    if not total:
        return "everything exists already"
    if not known:
        return "outline, prompt sizes and default answer lengths (no history yet)"
    return f"what past calls used, for {100 * known // total}% of the calls"
