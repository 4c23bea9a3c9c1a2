"""Notes and questions as items that gates and people judge, whatever their type."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum import repository
from hydrateall.curriculum.content import Verdict, note_values, question_values
from hydrateall.curriculum.enums import ContentType, DifficultyLevel, LanguageCode, ValidationStatus
from hydrateall.curriculum.errors import UnknownItem
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.schemas import AnswerDraft, NoteDraft, OptionDraft, QuestionDraft

Row = TopicNote | TopicQuestion
MODELS: dict[ContentType, type[TopicNote] | type[TopicQuestion]] = {
    ContentType.NOTE: TopicNote,
    ContentType.QUESTION: TopicQuestion,
}


class ItemView(BaseModel):
    """A note or a question of any version: its content as a draft, where it stands, and what was decided."""

    model_config = ConfigDict(frozen=True)

    id: uuid.UUID
    content_type: ContentType
    draft: NoteDraft | QuestionDraft
    status: ValidationStatus
    quality_score: float | None
    report: dict[str, Any] | None
    version: int
    supersedes: uuid.UUID | None
    difficulty: DifficultyLevel | None
    position: int
    board_code: str
    grade: str
    subject_code: str
    subject_name: str
    language: LanguageCode
    subject_id: uuid.UUID
    chapter_id: uuid.UUID
    chapter_number: int
    chapter_title: str
    topic_id: uuid.UUID
    topic_number: int
    topic_title: str
    objectives: list[str]
    decided_at: datetime | None
    decided_by: uuid.UUID | None
    created_by: uuid.UUID | None
    created_at: datetime
    is_ai_generated: bool
    provenance: dict[str, Any]

    @property
    def place(self) -> str:
        """Where it stands, as people say it: `2.4 Reflex Actions · easy question 3`."""
        what = f"{self.difficulty} question {self.position}" if self.difficulty else "note"
        return f"{self.chapter_number}.{self.topic_number} {self.topic_title} · {what}"


def items_of_chapter(session: Session, chapter_id: uuid.UUID) -> list[ItemView]:
    """The current notes and questions of a chapter, rejected ones too."""
    return [
        _view(*row)
        for model in MODELS.values()
        for row in repository.items_with_places(session, model, chapter_id=chapter_id)  # type: ignore[type-var]
    ]


def item_view(session: Session, item_id: uuid.UUID) -> ItemView:
    """Return a note or question of any version; raise UnknownItem."""
    for model in MODELS.values():
        for row in repository.items_with_places(session, model, item_id=item_id):  # type: ignore[type-var]
            return _view(*row)
    raise UnknownItem(str(item_id))


def item_versions(session: Session, item_id: uuid.UUID) -> list[ItemView]:
    """Every version of an item, oldest first; raise UnknownItem."""
    known = item_view(session, item_id)
    model = MODELS[known.content_type]
    return [_view(*row) for row in repository.versions_with_places(session, model, item_id)]  # type: ignore[type-var]


def set_verdict(
    session: Session, item: ItemView, *, status: ValidationStatus, score: float, report: dict[str, Any]
) -> bool:
    """Store what the gates say now; False, changing nothing, if a person has decided or a newer version is there."""
    values = Verdict(status, score, report).as_columns()
    return repository.change_undecided(session, MODELS[item.content_type], item.id, **values)  # type: ignore[type-var]


def decide(session: Session, item: ItemView, *, status: ValidationStatus, by: uuid.UUID, now: datetime) -> bool:
    """Store a person's decision, for good; False if somebody decided meanwhile or a newer version is there."""
    values = {"validation_status": status, "decided_by": by, "decided_at": now}
    return repository.change_undecided(session, MODELS[item.content_type], item.id, **values)  # type: ignore[type-var]


def add_version(
    session: Session,
    item: ItemView,
    draft: NoteDraft | QuestionDraft,
    *,
    by: uuid.UUID,
    now: datetime,
    score: float,
    report: dict[str, Any],
) -> uuid.UUID | None:
    """Add a person's version of an item, approved; the earlier ones stay. None if somebody was faster."""
    if isinstance(draft, NoteDraft):
        content = note_values(draft)
    else:
        content = {**question_values(draft), "difficulty_level": item.difficulty, "position": item.position}
    values = {
        **content,
        **Verdict(ValidationStatus.VALIDATED, score, report).as_columns(),
        "id": new_id(),
        "topic_id": item.topic_id,
        "version": item.version + 1,
        "supersedes": item.id,
        "decided_by": by,
        "decided_at": now,
        "created_by": by,
        "is_ai_generated": False,
        "details": {"editedFrom": str(item.id)},
    }
    return next(iter(repository.insert_missing(session, MODELS[item.content_type], [values])), None)


def _view(row: Row, topic: Topic, chapter: Chapter, subject: Subject, board: Board) -> ItemView:
    question = row if isinstance(row, TopicQuestion) else None
    return ItemView(
        id=row.id,
        content_type=ContentType.QUESTION if question else ContentType.NOTE,
        draft=_question_draft(row) if isinstance(row, TopicQuestion) else NoteDraft(content=row.content),
        status=row.validation_status,
        quality_score=row.quality_score,
        report=row.validation_report,
        version=row.version,
        supersedes=row.supersedes,
        difficulty=question.difficulty_level if question else None,
        position=question.position if question else 1,
        board_code=board.code,
        grade=subject.grade,
        subject_code=subject.code,
        subject_name=subject.name,
        language=subject.language,
        subject_id=subject.id,
        chapter_id=chapter.id,
        chapter_number=chapter.chapter_number,
        chapter_title=chapter.title,
        topic_id=topic.id,
        topic_number=topic.topic_number,
        topic_title=topic.title,
        objectives=topic.learning_objectives or [],
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        created_by=row.created_by,
        created_at=row.created_at,
        is_ai_generated=row.is_ai_generated,
        provenance=row.details,
    )


def _question_draft(row: TopicQuestion) -> QuestionDraft:
    """The row as the draft it came from; one that no longer fits the schema is shown as it is, for gates to refuse."""
    columns = row.options if isinstance(row.options, dict) else None
    values = {name: getattr(row, name) for name in QuestionDraft.model_fields if name != "match_columns"}
    values |= {
        "options": None if columns else row.options,
        "match_columns": columns,
        "correct_answer": {name: row.correct_answer.get(name) for name in AnswerDraft.model_fields},
    }
    try:
        return QuestionDraft.model_validate(values)
    except ValidationError:
        options = [OptionDraft.model_construct(**option) for option in values["options"] or ()]
        answer = AnswerDraft.model_construct(**values["correct_answer"])
        return QuestionDraft.model_construct(
            **{**values, "options": options or None, "match_columns": None, "correct_answer": answer}
        )
