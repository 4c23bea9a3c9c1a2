"""Near duplicates over the whole bank: an index of fingerprints in PostgreSQL, shared by all workers.

A lookup finds candidates by the index and then compares their wording itself, so a stale fingerprint can hide a repeat
but never invent one. It is part of the caller's transaction: two transactions that store the same question at the same
moment do not see each other; a re-validation does.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.validation.fingerprints import (
    ALGORITHM,
    Fingerprint,
    fingerprint,
    fingerprint_of_draft,
    fingerprint_of_row,
)
from hydrateall.validation.schemas import Finding, Severity

__all__ = [
    "Fingerprint",
    "Near",
    "Where",
    "duplicate_findings",
    "find_near",
    "fingerprint",
    "fingerprint_of_draft",
    "fingerprint_of_row",
    "index_missing",
    "remember",
    "repeats_within",
]

Where = Literal["topic", "subject", "grade", "elsewhere"]
CLOSENESS: tuple[Where, ...] = ("topic", "subject", "grade", "elsewhere")
SIMILAR = 0.8
MOST_CANDIDATES = 10  # a probe; of a template that thousands share, the first few say enough
CHUNK = 1000
# The planner expects 10,000 candidates a probe, and a server with JIT would then compile for longer than it looks up.
NO_JIT = sa.text("SET LOCAL jit = off")


@dataclass(frozen=True)
class Near:
    """A stored question that one resembles. `place` is where it stands, as a person would say it."""

    question_id: uuid.UUID
    similarity: float
    exact: bool
    same_numbers: bool
    where: Where
    place: str


def find_near(
    session: Session,
    fingerprints: Sequence[Fingerprint],
    *,
    topic_id: uuid.UUID,
    excepted: Iterable[uuid.UUID] = (),
    similar: float = SIMILAR,
    most: int = MOST_CANDIDATES,
) -> list[list[Near]]:
    """Find, for each fingerprint, the questions it resembles, the nearest first; one lookup for all of them.

    `topic_id` is where the questions belong or will belong. `excepted` are questions that may look alike: themselves,
    and the version that one of them replaces. Superseded and rejected questions count for nothing.
    """
    probes = [{"number": number, "bands": each.bands, "shape": each.shape} for number, each in enumerate(fingerprints)]
    session.execute(NO_JIT)
    candidates = rows(
        session,
        sql("validation/near_questions"),
        probes=json.dumps(probes),
        topic_id=topic_id,
        excepted=list(excepted),
        most=most,
    )
    found: defaultdict[int, list[Near]] = defaultdict(list)
    for row in candidates:
        found[row["probe"]] += _compared(fingerprints[row["probe"]], row, similar)
    return [sorted(found[number], key=_nearest_first) for number in range(len(fingerprints))]


def _compared(asked: Fingerprint, row: sa.RowMapping, similar: float) -> Iterator[Near]:
    other = fingerprint_of_row(row)
    similarity = asked.similarity(other)
    if similarity >= similar or (asked.shape is not None and asked.shape == other.shape):
        yield Near(
            question_id=row["question_id"],
            similarity=similarity,
            exact=asked.text == other.text,
            same_numbers=asked.numbers == other.numbers and similarity >= similar,
            where=CLOSENESS[row["closeness"]],
            place=_place(row),
        )


def _nearest_first(near: Near) -> tuple[Any, ...]:
    return not near.same_numbers, not near.exact, CLOSENESS.index(near.where), -near.similarity, near.question_id


def _place(row: sa.RowMapping) -> str:
    place = (
        f"question {row['position']} ({row['difficulty_level']}) of "
        f"{row['chapter_number']}.{row['topic_number']} {row['title']}"
    )
    return place if row["closeness"] < 2 else f"{place} (grade {row['grade']} {row['name']})"


def duplicate_findings(
    near: Sequence[Near], *, item: int | None = None, other_numbers: Severity = "advice"
) -> list[Finding]:
    """Say what one question repeats; at most one finding, for its nearest neighbour.

    A repeat word for word within the topic is certain: the model is asked again. Every other repeat is for a person.
    Practice repeats a stem with other numbers on purpose, so that is advice, unless a rule wants more.
    """
    if not near:
        return []
    nearest = min(near, key=_nearest_first)
    more = f" (and {len(near) - 1} more)" if len(near) > 1 else ""
    if not nearest.same_numbers:
        message = f"repeats {nearest.place} with other numbers{more}."
        return [Finding("SAME_SHAPE_ELSEWHERE", "questionText", message, item, severity=other_numbers)]
    certain: Severity = "error" if nearest.exact and nearest.where == "topic" else "review"
    verb = "repeats" if nearest.exact else f"nearly repeats ({nearest.similarity:.0%} alike)"
    return [Finding("DUPLICATE", "questionText", f"{verb} {nearest.place}{more}.", item, severity=certain)]


def repeats_within(fingerprints: Sequence[Fingerprint], *, similar: float = SIMILAR) -> list[Finding]:
    """Find the questions of one set that nearly repeat an earlier one of it; these are not in the index yet."""
    return [
        Finding("DUPLICATE", "questionText", f"nearly repeats question {first} of this set.", later, severity="review")
        for later, one in enumerate(fingerprints, 1)
        for first in _first_alike(one, fingerprints[: later - 1], similar)
    ]


def _first_alike(one: Fingerprint, earlier: Sequence[Fingerprint], similar: float) -> list[int]:
    alike = (
        number
        for number, other in enumerate(earlier, 1)
        if one.numbers == other.numbers and one.similarity(other) >= similar
    )
    return [number for number in [next(alike, None)] if number]


def remember(session: Session, questions: Iterable[tuple[uuid.UUID, Fingerprint]]) -> None:
    """Put stored questions into the index. A second time changes nothing; another wording replaces the old one.

    They leave the index with their row.
    """
    given = [{"question_id": str(id_), "bands": each.bands, "shape": each.shape} for id_, each in questions]
    for start in range(0, len(given), CHUNK):
        session.execute(
            sql("validation/remember_fingerprints"),
            {"algorithm": ALGORITHM, "fingerprints": json.dumps(given[start : start + CHUNK])},
        )


def index_missing(session: Session, *, most: int) -> int:
    """Put up to `most` current questions into the index that it lacks, or has by an older algorithm; return how many.

    Call it, each time in a transaction of its own, until it returns 0.
    """
    lacking = rows(session, sql("validation/questions_without_fingerprint"), algorithm=ALGORITHM, most=most)
    remember(session, ((row["question_id"], fingerprint_of_row(row)) for row in lacking))
    return len(lacking)
