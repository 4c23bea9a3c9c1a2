"""Every query of the curriculum."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from hydrateall.core.database import rows, sql
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion

VersionedT = TypeVar("VersionedT", TopicNote, TopicQuestion)


def upsert_board(session: Session, values: dict[str, Any]) -> uuid.UUID:
    """Insert the board, or refresh its name; the code is the key."""
    statement = insert(Board).values(values)
    refreshed = statement.on_conflict_do_update(
        index_elements=["code"], set_={"name": statement.excluded.name, "country": statement.excluded.country}
    )
    return session.execute(refreshed.returning(Board.id)).scalar_one()


def upsert_subjects(session: Session, values: list[dict[str, Any]]) -> None:
    """Insert the subjects, or refresh their names; (board, code, grade, language) is the key."""
    statement = insert(Subject).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["board_id", "code", "grade", "language"], set_={"name": statement.excluded.name}
        )
    )


def active_boards(session: Session) -> Sequence[Board]:
    return session.scalars(sa.select(Board).where(Board.is_active).order_by(Board.code)).all()


def subjects_of(session: Session, board_id: uuid.UUID) -> Sequence[Subject]:
    return session.scalars(sa.select(Subject).where(Subject.board_id == board_id)).all()


def subject_with_board(session: Session, subject_id: uuid.UUID) -> tuple[Subject, Board]:
    statement = sa.select(Subject, Board).join(Board, Board.id == Subject.board_id).where(Subject.id == subject_id)
    subject, board = session.execute(statement).one()
    return subject, board


def chapters_of(session: Session, subject_id: uuid.UUID) -> Sequence[Chapter]:
    statement = sa.select(Chapter).where(Chapter.subject_id == subject_id).order_by(Chapter.chapter_number)
    return session.scalars(statement).all()


def topics_of(session: Session, chapter_id: uuid.UUID) -> Sequence[Topic]:
    statement = sa.select(Topic).where(Topic.chapter_id == chapter_id).order_by(Topic.topic_number)
    return session.scalars(statement).all()


def topic_with_parents(session: Session, topic_id: uuid.UUID) -> tuple[Topic, Chapter]:
    statement = sa.select(Topic, Chapter).join(Chapter, Chapter.id == Topic.chapter_id).where(Topic.id == topic_id)
    topic, chapter = session.execute(statement).one()
    return topic, chapter


def _current(model: type[VersionedT]) -> sa.ColumnElement[bool]:
    """The condition that no newer version supersedes a row."""
    newer = aliased(model)
    return ~sa.exists().where(newer.supersedes == model.id)


def current_note(session: Session, topic_id: uuid.UUID) -> TopicNote | None:
    statement = sa.select(TopicNote).where(TopicNote.topic_id == topic_id, _current(TopicNote))
    return session.scalars(statement.order_by(TopicNote.version.desc()).limit(1)).first()


def question_places(session: Session, topic_id: uuid.UUID) -> Sequence[sa.Row[Any]]:
    """Difficulty, position, version, id, status and text of the topic's current questions, in order."""
    statement = (
        sa.select(
            TopicQuestion.difficulty_level,
            TopicQuestion.position,
            TopicQuestion.version,
            TopicQuestion.id,
            TopicQuestion.validation_status,
            TopicQuestion.question_text,
        )
        .where(TopicQuestion.topic_id == topic_id, _current(TopicQuestion))
        .order_by(TopicQuestion.difficulty_level, TopicQuestion.position)
    )
    return session.execute(statement).all()


def questions_of(session: Session, topic_id: uuid.UUID) -> Sequence[TopicQuestion]:
    """The topic's current questions, in order."""
    statement = (
        sa.select(TopicQuestion)
        .where(TopicQuestion.topic_id == topic_id, _current(TopicQuestion))
        .order_by(TopicQuestion.difficulty_level, TopicQuestion.position)
    )
    return session.scalars(statement).all()


def items_with_places(
    session: Session, model: type[VersionedT], *, chapter_id: uuid.UUID | None = None, item_id: uuid.UUID | None = None
) -> Sequence[tuple[VersionedT, Topic, Chapter, Subject, Board]]:
    """Notes or questions with their parents: the current ones of a chapter in order, or one of any version."""
    statement = _with_places(model)
    if item_id:
        statement = statement.where(model.id == item_id)
    else:
        statement = statement.where(Chapter.id == chapter_id, _current(model)).order_by(Topic.topic_number, model.id)
    return [tuple(row) for row in session.execute(statement)]


def versions_with_places(
    session: Session, model: type[VersionedT], item_id: uuid.UUID
) -> Sequence[tuple[VersionedT, Topic, Chapter, Subject, Board]]:
    """Every version of an item with its parents, oldest first."""
    item = session.get_one(model, item_id)
    same = [model.topic_id == item.topic_id]
    if isinstance(item, TopicQuestion):
        same += [TopicQuestion.difficulty_level == item.difficulty_level, TopicQuestion.position == item.position]
    return [tuple(row) for row in session.execute(_with_places(model).where(*same).order_by(model.version))]


def _with_places(model: type[VersionedT]) -> sa.Select[tuple[VersionedT, Topic, Chapter, Subject, Board]]:
    return (
        sa.select(model, Topic, Chapter, Subject, Board)
        .join(Topic, Topic.id == model.topic_id)
        .join(Chapter, Chapter.id == Topic.chapter_id)
        .join(Subject, Subject.id == Chapter.subject_id)
        .join(Board, Board.id == Subject.board_id)
    )


def change_undecided(session: Session, model: type[VersionedT], item_id: uuid.UUID, **values: Any) -> bool:
    """Change a row that no person has decided about and that is current; say whether there was one."""
    statement = sa.update(model).where(model.id == item_id, model.decided_at.is_(None), _current(model))
    return bool(session.execute(statement.values(**values).returning(model.id)).first())


def insert_missing(session: Session, model: type[Any], values: Iterable[dict[str, Any]]) -> set[uuid.UUID]:
    """Insert rows whose unique key is not there yet; leave the others exactly as they are. Return the new ids."""
    batch = list(values)
    if not batch:
        return set()
    return set(session.scalars(insert(model).on_conflict_do_nothing().returning(model.id), batch))


def content_counts(session: Session, subject_id: uuid.UUID) -> Sequence[sa.RowMapping]:
    """One row a topic: chapter, topic, notes and questions per difficulty that exist."""
    return rows(session, sql("curriculum/content_counts"), subject_id=subject_id)


def content_lines(session: Session, subject_id: uuid.UUID) -> Sequence[sa.RowMapping]:
    """Every chapter, topic, note and question of a subject: its place and its content, in order."""
    return rows(session, sql("curriculum/content_lines"), subject_id=subject_id)


def catalogue_rows(session: Session) -> Sequence[sa.RowMapping]:
    """Every subject of an active board, in order."""
    return rows(session, sql("curriculum/catalogue"))


def catalogue_codes(session: Session) -> sa.RowMapping:
    """The codes of boards, grades and subjects that there are, each once."""
    return rows(session, sql("curriculum/catalogue_codes"))[0]


def find_item(session: Session, item_id: uuid.UUID) -> Chapter | Topic | TopicNote | TopicQuestion | None:
    """Return the chapter, topic, note or question with this id."""
    return (
        session.get(Topic, item_id)
        or session.get(TopicNote, item_id)
        or session.get(TopicQuestion, item_id)
        or session.get(Chapter, item_id)
    )
