"""Subjects: the catalogue, looking one up, its official outline."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from pydantic import BaseModel
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.curriculum import repository
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.curriculum.errors import UnknownCurriculum
from hydrateall.curriculum.outlines import CatalogueBoard, Outline, OutlineChapter, load_catalogue, load_outline


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
        raise UnknownCurriculum(f"There is no board {board!r}.", [each.code for each in boards], field="boardCode")
    left = list(repository.subjects_of(session, chosen.id))
    code = subject.upper()
    for sentence, field, attribute, given in (
        (f"{chosen.code} has no subject {subject!r}.", "subjectCode", "code", code),
        (f"{chosen.code} does not teach {code} in grade {grade!r}.", "grade", "grade", grade),
        (f"{chosen.code} does not teach {code} in the language {language!r}.", "language", "language", language),
    ):
        known = sorted({str(getattr(each, attribute)) for each in left}, key=lambda text: (len(text), text))
        left = [each for each in left if getattr(each, attribute) == given]
        if not left:
            raise UnknownCurriculum(sentence, known, field=field)
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
        raise UnknownCurriculum(f"There is no board {board!r}.", [each.code for each in boards], field="boardCode")
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
