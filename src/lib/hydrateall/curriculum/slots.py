"""The free places of a topic: where a note or a question is missing, or was rejected."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.curriculum import repository
from hydrateall.curriculum.enums import DifficultyLevel, ValidationStatus


@dataclass(frozen=True)
class Slot:
    """A free place. `position` counts within the topic and difficulty; `supersedes` is the rejected row it replaces."""

    position: int
    version: int = 1
    supersedes: uuid.UUID | None = None


class QuestionPlace(BaseModel):
    """A current question as the next set is planned around it."""

    difficulty: DifficultyLevel
    position: int
    version: int
    id: uuid.UUID
    status: ValidationStatus
    text: str


def question_places(session: Session, topic_id: uuid.UUID) -> list[QuestionPlace]:
    """The topic's current questions, rejected ones too."""
    names = tuple(QuestionPlace.model_fields)
    return [
        QuestionPlace(**dict(zip(names, row, strict=True))) for row in repository.question_places(session, topic_id)
    ]


def free_slots(places: Sequence[QuestionPlace], difficulty: DifficultyLevel, wanted: int) -> list[Slot]:
    """Where questions of a difficulty are missing, until `wanted` are there. A rejected one is replaced."""
    same = {place.position: place for place in places if place.difficulty is difficulty}
    usable = {at for at, place in same.items() if place.status is not ValidationStatus.REJECTED}
    free = [at for at in range(1, wanted + 1) if at not in usable][: max(0, wanted - len(usable))]
    return [Slot(at, same[at].version + 1, supersedes=same[at].id) if at in same else Slot(at) for at in free]


def free_note_slot(session: Session, topic_id: uuid.UUID) -> Slot | None:
    """Where the topic's note is missing; None if there is one that was not rejected."""
    note = repository.current_note(session, topic_id)
    if note is None:
        return Slot(position=1)
    if note.validation_status is ValidationStatus.REJECTED:
        return Slot(position=1, version=note.version + 1, supersedes=note.id)
    return None
