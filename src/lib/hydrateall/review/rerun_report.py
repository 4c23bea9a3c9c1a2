"""What a validation run found: counts, codes before and after, the items whose status changed."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import Field

from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.service import ItemView
from hydrateall.review.enums import RunStatus
from hydrateall.review.schemas import Shown
from hydrateall.validation.schemas import Judgement

MOST_CHANGES = 20


class Counts(Shown):
    """How many items there were, and what became of them.

    `kept` were decided by a person, and `unchanged` have the status and the score that they had. One that is newly
    doubted or newly clean mostly has another score too.
    """

    items: int = 0
    kept: int = 0
    unchanged: int = 0
    doubted: int = 0
    cleaned: int = 0
    rescored: int = 0

    @classmethod
    def total(cls, parts: Iterable[Counts]) -> Self:
        """The sum of the counts of chapters."""
        summed: Counter[str] = Counter()
        for part in parts:
            summed.update(part.model_dump())
        return cls(**summed)


class Change(Shown):
    """An item that has another status than before. `why` is the first doubt, in words."""

    item_id: uuid.UUID
    content_type: ContentType
    place: str
    before: ValidationStatus
    after: ValidationStatus
    score_before: float | None
    score_after: float
    reasons: list[str]
    why: str


class ChapterResult(Shown):
    """What was found in one chapter, under which rules."""

    rulebook: str
    counts: Counts = Field(default_factory=Counts)
    codes_before: dict[str, int] = Field(default_factory=dict)
    codes_after: dict[str, int] = Field(default_factory=dict)
    changes: list[Change] = Field(default_factory=list)

    def note(self, item: ItemView, judgement: Judgement, status: ValidationStatus, reasons: list[str]) -> None:
        """Count an item that was judged."""
        same_score = item.quality_score == judgement.score
        self.counts.rescored += not same_score
        if item.status is status:
            self.counts.unchanged += same_score
            return
        self.counts.doubted += status is ValidationStatus.PENDING
        self.counts.cleaned += status is ValidationStatus.VALIDATED
        if len(self.changes) < MOST_CHANGES:
            first = next(iter((*judgement.errors, *judgement.doubts)), None)
            self.changes.append(
                Change(
                    item_id=item.id,
                    content_type=item.content_type,
                    place=item.place,
                    before=item.status,
                    after=status,
                    score_before=item.quality_score,
                    score_after=judgement.score,
                    reasons=reasons,
                    why=first.message if first else "nothing is doubted any more.",
                )
            )


class RerunReport(Shown):
    """A validation run with all that it has found so far. `rulebooks` are more than one if rules changed meanwhile."""

    run_id: uuid.UUID
    subject: str
    chapter: int | None
    status: RunStatus
    chapters: int
    chapters_done: int
    rulebooks: list[str]
    counts: Counts
    codes_before: dict[str, int]
    codes_after: dict[str, int]
    changes: list[Change]
    dag_run_id: str | None
    error_message: str | None
    created_at: datetime
    finished_at: datetime | None


def codes_of(report: dict[str, Any] | None) -> set[str]:
    """The codes of what a stored report found; an item from before reports has none."""
    return {finding["code"] for finding in (report or {}).get("findings", [])}


def merged(results: Sequence[ChapterResult], **of_run: Any) -> RerunReport:
    """Put the chapters' results together."""
    return RerunReport(
        rulebooks=sorted({result.rulebook for result in results}),
        counts=Counts.total(result.counts for result in results),
        codes_before=_summed(result.codes_before for result in results),
        codes_after=_summed(result.codes_after for result in results),
        changes=[change for result in results for change in result.changes][:MOST_CHANGES],
        **of_run,
    )


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """The counts by code, the most frequent first."""
    summed: Counter[str] = Counter()
    for each in counts:
        summed.update(each)
    return dict(sorted(summed.items(), key=lambda pair: (-pair[1], pair[0])))
