"""The rules of the curriculum: what exists, what is missing, how a draft becomes a row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum import repository
from hydrateall.curriculum.enums import DifficultyLevel, GenerationStatus, LanguageCode, ValidationStatus
from hydrateall.curriculum.errors import UnknownCurriculum
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.outlines import (
    CatalogueBoard,
    Outline,
    OutlineChapter,
    load_catalogue,
    load_outline,
)
from hydrateall.curriculum.schemas import ChapterDraft, NoteDraft, QuestionDraft, TopicDraft

WORDS_A_MINUTE = 200


class SubjectView(BaseModel):
    """A subject as every slice sees it."""

    id: uuid.UUID
    board: str
    code: str
    name: str
    grade: str
    language: LanguageCode

    @property
    def title(self) -> str:
        """The subject in one line, e.g. "CBSE · grade 10 · Science · en"."""
        return f"{self.board} · grade {self.grade} · {self.name} · {self.language}"

    @property
    def outline(self) -> Outline | None:
        """The official outline, where there is one in the subject's language."""
        found = load_outline(self.board, self.code, self.grade)
        return found if found and self.language in found.name else None


class SeedReport(BaseModel):
    """What the catalogue holds."""

    boards: int
    subjects: int


def seed(session: Session) -> SeedReport:
    """Load boards and subjects from the catalogue. Idempotent by code, grade and language."""
    boards = load_catalogue().boards
    return SeedReport(boards=len(boards), subjects=sum(_seed_board(session, board) for board in boards))


def _seed_board(session: Session, board: CatalogueBoard) -> int:
    values = {"id": new_id(), "code": board.code, "name": board.name, "country": board.country}
    board_id = repository.upsert_board(session, values)
    subjects = [
        {
            "id": new_id(),
            "board_id": board_id,
            "code": subject.code,
            "grade": grade,
            "language": language,
            "name": subject.name[language],
        }
        for subject in board.subjects
        for grade in subject.each_grade()
        for language in board.languages
    ]
    repository.upsert_subjects(session, subjects)
    return len(subjects)


def find_subject(session: Session, *, board: str, grade: str, subject: str, language: str) -> SubjectView:
    """Return the subject; raise UnknownCurriculum that names the first part at fault and the parts that exist."""
    boards = repository.active_boards(session)
    chosen = next((each for each in boards if each.code == board.upper()), None)
    if chosen is None:
        raise UnknownCurriculum("board", board, [each.code for each in boards], field="boardCode")
    left = list(repository.subjects_of(session, chosen.id))
    for what, field, attribute, given in (
        ("subject of this board", "subjectCode", "code", subject.upper()),
        ("grade of this subject", "grade", "grade", grade),
        ("language of this subject", "language", "language", language),
    ):
        known = sorted({str(getattr(each, attribute)) for each in left}, key=lambda text: (len(text), text))
        left = [each for each in left if getattr(each, attribute) == given]
        if not left:
            raise UnknownCurriculum(what, given, known, field=field)
    return subject_view(session, left[0].id)


def subject_view(session: Session, subject_id: uuid.UUID) -> SubjectView:
    """Return the subject with its board's code."""
    subject, board = repository.subject_with_board(session, subject_id)
    return SubjectView(
        id=subject.id,
        board=board.code,
        code=subject.code,
        name=subject.name,
        grade=subject.grade,
        language=subject.language,
    )


def subjects_in_range(
    session: Session, *, board: str, grades: Sequence[str], language: str | None
) -> list[SubjectView]:
    """Return every subject of a board in these grades (and language), by grade and code."""
    boards = repository.active_boards(session)
    chosen = next((each for each in boards if each.code == board.upper()), None)
    if chosen is None:
        raise UnknownCurriculum("board", board, [each.code for each in boards], field="boardCode")
    wanted = [
        each
        for each in repository.subjects_of(session, chosen.id)
        if each.grade in grades and language in (None, each.language)
    ]
    wanted.sort(key=lambda each: (int(each.grade), each.code, each.language))
    return [subject_view(session, each.id) for each in wanted]


def outlined_chapters(subject: SubjectView, limit: int | None) -> list[OutlineChapter]:
    """The official chapters, at most `limit`; empty where there is no outline."""
    return list(subject.outline.chapters[:limit]) if subject.outline else []


def outlined_topics(subject: SubjectView, chapter_number: int) -> list[str]:
    """The official topic titles of a chapter in the subject's language; empty where there are none."""
    chapters = subject.outline.chapters if subject.outline else []
    return [
        topic.title[subject.language]
        for chapter in chapters
        if chapter.number == chapter_number
        for topic in chapter.topics
    ]


def store_chapters(
    session: Session, subject_id: uuid.UUID, drafts: Sequence[ChapterDraft], provenance: dict[str, Any]
) -> None:
    """Add the chapters that are not there yet. Idempotent by chapter number."""
    repository.insert_missing(
        session,
        Chapter,
        [
            {
                "id": new_id(),
                "subject_id": subject_id,
                "is_generated": True,
                "generation_status": GenerationStatus.COMPLETED,
                "details": provenance,
                **draft.model_dump(),
            }
            for draft in drafts
        ],
    )


def store_topics(
    session: Session, chapter_id: uuid.UUID, drafts: Sequence[TopicDraft], provenance: dict[str, Any]
) -> None:
    """Add the topics that are not there yet. Idempotent by topic number."""
    repository.insert_missing(
        session,
        Topic,
        [
            {
                "id": new_id(),
                "chapter_id": chapter_id,
                "is_generated": True,
                "generation_status": GenerationStatus.COMPLETED,
                "details": provenance,
                **draft.model_dump(),
            }
            for draft in drafts
        ],
    )


def store_note(
    session: Session, topic_id: uuid.UUID, draft: NoteDraft, *, job_id: uuid.UUID, provenance: dict[str, Any]
) -> None:
    """Add the topic's first note. Idempotent by topic and version."""
    words = len(draft.content.split())
    repository.insert_missing(
        session,
        TopicNote,
        [
            {
                "id": new_id(),
                "topic_id": topic_id,
                "job_id": job_id,
                "content": draft.content,
                "word_count": words,
                "reading_time_mins": max(1, round(words / WORDS_A_MINUTE)),
                "version": 1,
                "validation_status": ValidationStatus.VALIDATED,
                "details": provenance,
            }
        ],
    )


def store_questions(
    session: Session,
    topic_id: uuid.UUID,
    drafts: Sequence[QuestionDraft],
    *,
    positions: Sequence[int],
    job_id: uuid.UUID,
    provenance: dict[str, Any],
) -> None:
    """Add questions at these positions of their difficulty. Idempotent by topic, difficulty and position."""
    repository.insert_missing(
        session,
        TopicQuestion,
        [
            {
                "id": new_id(),
                "topic_id": topic_id,
                "job_id": job_id,
                "position": position,
                "validation_status": ValidationStatus.VALIDATED,
                "details": provenance,
                **_question_values(draft),
            }
            for position, draft in zip(positions, drafts, strict=True)
        ],
    )


def _question_values(draft: QuestionDraft) -> dict[str, Any]:
    """The draft as column values; nulls of the answer are left out, match columns are the question's options."""
    values = draft.model_dump(mode="json", exclude={"match_columns"})
    if draft.match_columns:
        values["options"] = draft.match_columns.model_dump(mode="json")
    values["correct_answer"] = draft.correct_answer.model_dump(mode="json", exclude_none=True)
    return values


def free_positions(taken: Sequence[int], wanted: int) -> list[int]:
    """The positions from 1 to `wanted` that are not taken."""
    return [position for position in range(1, wanted + 1) if position not in set(taken)]


class TopicContent(BaseModel):
    """How much content a topic has."""

    topic_id: uuid.UUID
    number: int
    title: str
    notes: int
    questions: dict[DifficultyLevel, int]


def content_of(session: Session, subject_id: uuid.UUID) -> dict[int, list[TopicContent]]:
    """Return the subject's chapters that exist, by number, each with its topics and their content."""
    found: dict[int, list[TopicContent]] = {}
    for row in repository.content_counts(session, subject_id):
        topics = found.setdefault(row["chapter_number"], [])
        if row["topic_id"]:
            topics.append(
                TopicContent(
                    topic_id=row["topic_id"],
                    number=row["topic_number"],
                    title=row["topic_title"],
                    notes=row["notes"],
                    questions={level: row[level.value] for level in DifficultyLevel},
                )
            )
    return found


class ChapterView(BaseModel):
    """A chapter as every slice sees it."""

    id: uuid.UUID
    number: int
    title: str
    description: str | None
    objectives: list[str]

    def as_context(self) -> dict[str, Any]:
        """The chapter as a model is told it."""
        return self.model_dump(exclude={"id"})


class TopicView(BaseModel):
    """A topic as every slice sees it."""

    id: uuid.UUID
    chapter_id: uuid.UUID
    number: int
    title: str
    objectives: list[str]
    difficulty: DifficultyLevel | None

    def as_context(self) -> dict[str, Any]:
        """The topic as a model is told it."""
        return self.model_dump(mode="json", exclude={"id", "chapter_id"})


def _chapter_view(chapter: Chapter) -> ChapterView:
    return ChapterView(
        id=chapter.id,
        number=chapter.chapter_number,
        title=chapter.title,
        description=chapter.brief_description,
        objectives=chapter.learning_objectives or [],
    )


def _topic_view(topic: Topic) -> TopicView:
    return TopicView(
        id=topic.id,
        chapter_id=topic.chapter_id,
        number=topic.topic_number,
        title=topic.title,
        objectives=topic.learning_objectives or [],
        difficulty=topic.difficulty_level,
    )


def chapter_view(session: Session, chapter_id: uuid.UUID) -> ChapterView:
    """Return a chapter that is known to exist."""
    return _chapter_view(session.get_one(Chapter, chapter_id))


def topic_view(session: Session, topic_id: uuid.UUID) -> TopicView:
    """Return a topic that is known to exist."""
    return _topic_view(session.get_one(Topic, topic_id))


def chapters_by_number(session: Session, subject_id: uuid.UUID) -> dict[int, ChapterView]:
    """The subject's chapters that exist, by number."""
    return {row.chapter_number: _chapter_view(row) for row in repository.chapters_of(session, subject_id)}


def topics_by_number(session: Session, chapter_id: uuid.UUID) -> dict[int, TopicView]:
    """The chapter's topics that exist, by number."""
    return {row.topic_number: _topic_view(row) for row in repository.topics_of(session, chapter_id)}


def note_exists(session: Session, topic_id: uuid.UUID) -> bool:
    """Say whether the topic has a note of any version."""
    return repository.has_note(session, topic_id)


def question_texts(session: Session, topic_id: uuid.UUID) -> Sequence[tuple[DifficultyLevel, int, str]]:
    """Difficulty, position and text of the topic's questions."""
    return repository.question_texts(session, topic_id)
