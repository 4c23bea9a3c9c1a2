"""Every query of the curriculum."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion


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


def has_note(session: Session, topic_id: uuid.UUID) -> bool:
    return session.scalar(sa.select(sa.exists().where(TopicNote.topic_id == topic_id))) or False


def newest_note(session: Session, topic_id: uuid.UUID) -> TopicNote | None:
    statement = sa.select(TopicNote).where(TopicNote.topic_id == topic_id).order_by(TopicNote.version.desc())
    return session.scalars(statement.limit(1)).first()


def question_texts(session: Session, topic_id: uuid.UUID) -> Sequence[tuple[DifficultyLevel, int, str]]:
    """Difficulty, position and text of every question of a topic, in order."""
    statement = (
        sa.select(TopicQuestion.difficulty_level, TopicQuestion.position, TopicQuestion.question_text)
        .where(TopicQuestion.topic_id == topic_id)
        .order_by(TopicQuestion.difficulty_level, TopicQuestion.position)
    )
    return [tuple(row) for row in session.execute(statement)]


def questions_of(session: Session, topic_id: uuid.UUID) -> Sequence[TopicQuestion]:
    statement = (
        sa.select(TopicQuestion)
        .where(TopicQuestion.topic_id == topic_id)
        .order_by(TopicQuestion.difficulty_level, TopicQuestion.position)
    )
    return session.scalars(statement).all()


def insert_missing(session: Session, model: type[Any], values: Iterable[dict[str, Any]]) -> None:
    """Insert rows whose unique key is not there yet; leave the others exactly as they are."""
    batch = list(values)
    if batch:
        session.execute(insert(model).on_conflict_do_nothing(), batch)


def content_counts(session: Session, subject_id: uuid.UUID) -> Sequence[sa.RowMapping]:
    """One row a topic: chapter, topic, notes and questions per difficulty that exist."""
    return rows(session, sql("curriculum/content_counts"), subject_id=subject_id)


def content_lines(session: Session, subject_id: uuid.UUID) -> Sequence[sa.RowMapping]:
    """Every chapter, topic, note and question of a subject: its place and its content, in order."""
    return rows(session, sql("curriculum/content_lines"), subject_id=subject_id)


def find_item(session: Session, item_id: uuid.UUID) -> Chapter | Topic | TopicNote | TopicQuestion | None:
    """Return the chapter, topic, note or question with this id."""
    return (
        session.get(Topic, item_id)
        or session.get(TopicNote, item_id)
        or session.get(TopicQuestion, item_id)
        or session.get(Chapter, item_id)
    )
