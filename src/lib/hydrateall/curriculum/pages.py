"""What people read: a subject's tree, a topic's page, the coverage of the official outline."""

from __future__ import annotations

import re
import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from hydrateall.curriculum import repository
from hydrateall.curriculum.content import TopicContent, chapters_by_number, content_of
from hydrateall.curriculum.enums import DifficultyLevel, LanguageCode, QuestionType, ValidationStatus
from hydrateall.curriculum.errors import UnknownItem
from hydrateall.curriculum.models import Chapter, Topic, TopicNote, TopicQuestion
from hydrateall.curriculum.subjects import SubjectView, outlined_chapters, outlined_topics

DEVANAGARI = re.compile(r"[\u0900-\u097F]")


class Page(BaseModel):
    """The base: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ChapterBranch(Page):
    id: uuid.UUID
    number: int
    title: str
    topics: list[TopicContent]


class SubjectTree(Page):
    """Chapters and topics with the content that each has."""

    subject: str
    chapters: list[ChapterBranch]


class NoteView(Page):
    """A note, and where it comes from (`provenance`: job, model, prompt)."""

    id: uuid.UUID
    place: str
    content: str
    word_count: int
    reading_time_mins: int
    version: int
    status: ValidationStatus
    quality_score: float | None
    provenance: dict[str, Any]


class QuestionView(Page):
    """A question with its answer, and where it comes from."""

    id: uuid.UUID
    place: str
    question_type: QuestionType
    difficulty: DifficultyLevel
    question_text: str
    scenario: str | None
    options: Any | None
    correct_answer: dict[str, Any]
    marks: float
    status: ValidationStatus
    quality_score: float | None
    provenance: dict[str, Any]

    def option_lines(self) -> list[str]:
        """The options, or the two columns of a MATCH question, one a line."""
        if isinstance(self.options, dict):
            columns = zip(self.options["left"], self.options["right"], strict=True)
            return [f"{left['key']}) {left['text']}   ·   {right['key']}) {right['text']}" for left, right in columns]
        return [f"{option['key']}) {option['text']}" for option in self.options or []]


class TopicPage(Page):
    """A topic with everything that is written for it."""

    id: uuid.UUID
    title: str
    objectives: list[str]
    note: NoteView | None
    questions: list[QuestionView]


class Coverage(Page):
    """The content against the official outline; `gaps` names what is missing."""

    subject: str
    edition: str | None
    chapters_official: int
    chapters: int
    topics_official: int
    topics: int
    topics_with_note: int
    topics_with_exact_counts: int
    questions: int
    null_answers: int
    percent: float
    gaps: list[str]

    @property
    def complete(self) -> bool:
        return self.topics > 0 and not self.gaps


def subject_tree(session: Session, subject: SubjectView) -> SubjectTree:
    """Return the subject's chapters and topics, in order."""
    content = content_of(session, subject.id)
    return SubjectTree(
        subject=subject.title,
        chapters=[
            ChapterBranch(id=chapter.id, number=number, title=chapter.title, topics=content.get(number, []))
            for number, chapter in chapters_by_number(session, subject.id).items()
        ],
    )


def topic_page(
    session: Session,
    *,
    item_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    chapter: int = 0,
    topic: int = 0,
) -> TopicPage:
    """Return the page of a topic, named by its place or by the id of the topic or of anything in it."""
    found = _topic_by_id(session, item_id) if item_id else _topic_by_place(session, subject_id, chapter, topic)
    if found is None:
        raise UnknownItem(str(item_id) if item_id else f"{chapter}.{topic}")
    row, parent = repository.topic_with_parents(session, found.id)
    place = f"{parent.chapter_number}.{row.topic_number} {row.title}"
    note = repository.current_note(session, row.id)
    return TopicPage(
        id=row.id,
        title=f"{parent.chapter_number} · {parent.title}  ›  {place}",
        objectives=row.learning_objectives or [],
        note=_note_view(note, place) if note else None,
        questions=[_question_view(each, place) for each in repository.questions_of(session, row.id)],
    )


def _topic_by_id(session: Session, item_id: uuid.UUID) -> Topic | None:
    found = repository.find_item(session, item_id)
    if isinstance(found, TopicNote | TopicQuestion):
        return session.get(Topic, found.topic_id)
    if isinstance(found, Chapter):
        return next(iter(repository.topics_of(session, found.id)), None)
    return found


def _topic_by_place(session: Session, subject_id: uuid.UUID | None, chapter: int, topic: int) -> Topic | None:
    chapters = repository.chapters_of(session, subject_id) if subject_id else []
    parent = next((each for each in chapters if each.chapter_number == chapter), None)
    topics = repository.topics_of(session, parent.id) if parent else []
    return next((each for each in topics if each.topic_number == topic), None)


def _note_view(note: TopicNote, place: str) -> NoteView:
    return NoteView(
        id=note.id,
        place=place,
        content=note.content,
        word_count=note.word_count or 0,
        reading_time_mins=note.reading_time_mins or 0,
        version=note.version,
        status=note.validation_status,
        quality_score=note.quality_score,
        provenance=note.details,
    )


def _question_view(question: TopicQuestion, place: str) -> QuestionView:
    return QuestionView(
        id=question.id,
        place=place,
        question_type=question.question_type,
        difficulty=question.difficulty_level,
        question_text=question.question_text,
        scenario=question.scenario,
        options=question.options,
        correct_answer=question.correct_answer,
        marks=question.marks,
        status=question.validation_status,
        quality_score=question.quality_score,
        provenance=question.details,
    )


def sample_page(session: Session, subject_id: uuid.UUID) -> TopicPage | None:
    """A topic to show to somebody who wants to read: one from the middle of the subject that has content."""
    topics = [topic for chapter in content_of(session, subject_id).values() for topic in chapter]
    written = [topic for topic in topics if topic.notes or any(topic.questions.values())]
    return topic_page(session, item_id=written[len(written) // 2].topic_id) if written else None


def coverage_of(session: Session, subject: SubjectView, counts: tuple[int, int, int]) -> Coverage:
    """Measure what exists against the outline, if there is one, and against the questions a topic should have."""
    rows = [row for row in repository.content_counts(session, subject.id) if row["topic_id"]]
    existing = chapters_by_number(session, subject.id)
    official = {chapter.number: chapter.title[subject.language] for chapter in outlined_chapters(subject, None)}
    wanted = {number: outlined_topics(subject, number) for number in official}
    present = {(row["chapter_number"], row["topic_number"]): row["topic_title"] for row in rows}
    exact = [row for row in rows if (row["easy"], row["medium"], row["hard"]) == counts]
    covered = [number for number, title in official.items() if number in existing and existing[number].title == title]
    gaps = [f"chapter {number} {title} is not there" for number, title in official.items() if number not in covered]
    gaps += [
        f"topic {number}.{position} {title} is not there"
        for number, titles in wanted.items()
        for position, title in enumerate(titles, 1)
        if present.get((number, position)) != title
    ]
    gaps += [gap for row in rows for gap in _topic_gaps(row, counts)]
    return Coverage(
        subject=subject.title,
        edition=subject.outline.edition if subject.outline else None,
        chapters_official=len(official),
        chapters=len(existing),
        topics_official=sum(len(titles) for titles in wanted.values()),
        topics=len(rows),
        topics_with_note=sum(row["notes"] == 1 for row in rows),
        topics_with_exact_counts=len(exact),
        questions=sum(row["easy"] + row["medium"] + row["hard"] for row in rows),
        null_answers=sum(row["incomplete"] for row in rows),
        percent=100.0 * len(covered) / len(official) if official else 100.0,
        gaps=gaps,
    )


def _topic_gaps(row: Any, counts: tuple[int, int, int]) -> list[str]:
    place = f"{row['chapter_number']}.{row['topic_number']} {row['topic_title']}"
    found = (row["easy"], row["medium"], row["hard"])
    gaps = [] if row["notes"] else [f"{place}: no note"]
    gaps += [] if found == counts else [f"{place}: questions {found}, wanted {counts}"]
    return gaps + ([f"{place}: {row['incomplete']} questions without an answer"] if row["incomplete"] else [])


def script_share(text: str, language: LanguageCode) -> float:
    """The share of letters that are in the language's script."""
    letters = [letter for letter in text if letter.isalpha() or DEVANAGARI.match(letter)]
    native = [letter for letter in letters if bool(DEVANAGARI.match(letter)) == (language is LanguageCode.HI)]
    return len(native) / len(letters) if letters else 1.0
