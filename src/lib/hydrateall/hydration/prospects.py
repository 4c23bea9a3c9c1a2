"""What a hydration would find and add: what is shown before anybody starts it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import content_of
from hydrateall.hydration import repository, service
from hydrateall.hydration.job_pages import JobDetail
from hydrateall.hydration.listing import job_detail
from hydrateall.hydration.schemas import Estimates, HydrateRequest


@dataclass(frozen=True)
class Part:
    """One kind of content: how much of what is asked for is there, and how much would be added."""

    name: str
    present: int
    added: int


@dataclass(frozen=True)
class Outlook:
    """What exists, what would be added, what that costs; `active` is the job that works on the subject already."""

    subject: str
    parts: list[Part]
    estimates: Estimates
    active: JobDetail | None

    @property
    def nothing_to_do(self) -> bool:
        return self.estimates.estimated_calls == 0


def outlook(runtime: Runtime, request: HydrateRequest) -> Outlook:
    """Look ahead without changing anything; raise UsageError if the request cannot be carried out."""
    with runtime.database.transaction() as session:
        ahead = service.prospect(session, request, settings=runtime.settings, now=runtime.now())
        active = repository.active_root(session, ahead.subject.id)
        return Outlook(
            subject=ahead.subject.title,
            parts=_parts(session, ahead),
            estimates=ahead.estimates,
            active=job_detail(session, active.id) if active else None,
        )


def _parts(session: Session, ahead: service.Prospect) -> list[Part]:
    """The limit of chapters counts the first ones, so what stands in later chapters does not count as present."""
    work, written = ahead.work, _within(session, ahead.subject.id, ahead.work.chapters)
    topics = sum(len(chapter) for chapter in written)
    return [
        _part("chapters", work.chapters, work.chapters - min(work.chapters, len(written))),
        _part("topics", work.topics, work.topics - min(work.topics, topics)),
        _part("notes", work.notes, work.note_calls),
        _part("questions", work.questions, work.questions_missing),
    ]


def _within(session: Session, subject_id: uuid.UUID, chapters: int) -> list[list[object]]:
    existing = content_of(session, subject_id)
    return [list(existing[number]) for number in sorted(existing)[:chapters]]


def _part(name: str, whole: int, added: int) -> Part:
    return Part(name, whole - added, added)
