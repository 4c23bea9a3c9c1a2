"""What review takes and shows: doubts, filters, pages of the queue, an entry with its history, decisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.models import UserRole
from hydrateall.curriculum.enums import ContentType, DifficultyLevel, LanguageCode, QuestionType
from hydrateall.curriculum.service import ItemView
from hydrateall.review.enums import RejectionReason, ReviewStatus
from hydrateall.review.errors import NotAllowed

DECIDING = (UserRole.REVIEWER, UserRole.ADMIN)


@dataclass(frozen=True)
class Reviewer:
    """Who decides: an identity at an outside provider (the shell, Airflow), and its role."""

    provider: str
    external_id: str
    role: UserRole

    def user_id(self, session: Session) -> uuid.UUID:
        """The user's id; raise NotAllowed unless the role decides about content."""
        if self.role not in DECIDING:
            raise NotAllowed(self.external_id, self.role)
        return audit.ensure_user(session, provider=self.provider, external_id=self.external_id, role=self.role)


@dataclass(frozen=True)
class Doubt:
    """An item that a person must look at, and the codes of what was found."""

    content_type: ContentType
    item_id: uuid.UUID
    subject_id: uuid.UUID
    chapter_id: uuid.UUID
    topic_id: uuid.UUID
    reasons: tuple[str, ...]
    quality_score: float | None = None

    @classmethod
    def about(cls, item: ItemView, reasons: Sequence[str], score: float | None) -> Self:
        """The doubt about an item that is stored."""
        return cls(item.content_type, item.id, item.subject_id, item.chapter_id, item.topic_id, tuple(reasons), score)


@dataclass(frozen=True)
class QueueFilter:
    """Which open entries are meant; what is None does not choose. `below` and `least` are limits of the score."""

    board: str | None = None
    grade: str | None = None
    subject: str | None = None
    language: str | None = None
    chapter: int | None = None
    reason: str | None = None
    content_type: ContentType | None = None
    below: float | None = None
    least: float | None = None


class Shown(BaseModel):
    """The base: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class QueueEntry(Shown):
    """One open entry of the queue, with the first words of its item. `short_id` is enough to name it."""

    id: uuid.UUID
    item_id: uuid.UUID
    content_type: ContentType
    board_code: str
    grade: str
    subject_code: str
    language: LanguageCode
    chapter_number: int
    chapter_title: str
    topic_number: int
    topic_title: str
    question_type: QuestionType | None
    difficulty: DifficultyLevel | None
    position: int | None
    text: str
    reasons: list[str]
    quality_score: float | None
    created_at: datetime

    @property
    def short_id(self) -> str:
        """The last group of the id: its beginning is the time, which neighbours share."""
        return str(self.id)[-12:]


class QueuePage(Shown):
    """Some entries, how many there are in all, and the cursor of the next page (None on the last)."""

    entries: list[QueueEntry]
    total: int
    next_cursor: str | None


class ReasonCount(Shown):
    """How many open entries have a reason."""

    reason: str
    entries: int


class Said(Shown):
    """One finding in words, as the report of an item holds it."""

    code: str
    field: str
    severity: str
    message: str
    rule: str = ""
    rule_version: int = 0


class VersionLine(Shown):
    """One version of an item: who wrote it, and what was decided."""

    id: uuid.UUID
    version: int
    status: str
    written_by: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class ReviewLine(Shown):
    """One entry of the queue about any version of the item, open or closed."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    item_id: uuid.UUID
    status: ReviewStatus
    reasons: list[str]
    quality_score: float | None
    reason_code: str | None
    note: str | None
    decided_at: datetime | None
    created_at: datetime


class AuditLine(Shown):
    """One line of the audit trail about any version of the item."""

    action: str
    actor: str | None
    rationale: str | None
    details: dict[str, Any]
    created_at: datetime


class EntryPage(Shown):
    """An item as a reviewer sees it: its entry (None if it was never queued), what was found, its whole history."""

    entry: ReviewLine | None
    item: ItemView
    current: bool
    findings: list[Said]
    versions: list[VersionLine]
    reviews: list[ReviewLine]
    audit: list[AuditLine]


class Decision(Shown):
    """What a person decided. An edit leaves the item as it was and names the new one."""

    item_id: uuid.UUID
    place: str
    decision: ReviewStatus
    version: int
    new_item_id: uuid.UUID | None = None
    reason: RejectionReason | None = None
    score: float | None = None
