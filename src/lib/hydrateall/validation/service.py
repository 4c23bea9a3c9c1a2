"""The gates in their order. A gate is a pure function: item in, findings out; add one to the tuple of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.schemas import ChaptersDraft, QuestionDraft, QuestionSetDraft, TopicsDraft
from hydrateall.validation.choices import normalised, well_formed_choices, well_formed_match
from hydrateall.validation.completeness import answer_completeness, filled
from hydrateall.validation.schemas import Finding, sentences

__all__ = ["Finding", "check_chapters", "check_questions", "check_topics", "read_draft", "sentences"]

DraftT = TypeVar("DraftT", bound=BaseModel)

QUESTION_GATES: tuple[Callable[[QuestionDraft], Iterable[Finding]], ...] = (
    answer_completeness,
    well_formed_choices,
    well_formed_match,
)


def read_draft(schema: type[DraftT], text: str) -> tuple[DraftT | None, list[Finding]]:
    """Parse a model's JSON; return the draft, or the findings that say where it leaves the schema."""
    try:
        return schema.model_validate_json(text), []
    except ValidationError as error:
        return None, [_schema_finding(each["loc"], each["msg"]) for each in error.errors()[:20]]


def _schema_finding(location: Sequence[int | str], message: str) -> Finding:
    path = ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "answer"
    return Finding("SCHEMA", path, message)


def check_chapters(draft: ChaptersDraft, *, numbers: Sequence[int], titles: Sequence[str] | None) -> list[Finding]:
    """Check the chapters' numbers, and their titles against the outline where there is one."""
    found = [chapter.chapter_number for chapter in draft.chapters]
    return _check_list("chapters", found, [chapter.title for chapter in draft.chapters], numbers, titles)


def check_topics(draft: TopicsDraft, *, numbers: Sequence[int], titles: Sequence[str] | None) -> list[Finding]:
    """Check the topics' numbers, and their titles against the outline where there is one."""
    found = [topic.topic_number for topic in draft.topics]
    return _check_list("topics", found, [topic.title for topic in draft.topics], numbers, titles)


def _check_list(
    field: str, found: list[int], titles: list[str], numbers: Sequence[int], official: Sequence[str] | None
) -> list[Finding]:
    if found != list(numbers):
        return [Finding("COUNT", field, f"must be numbered {list(numbers)}, not {found}.")]
    if len({normalised(title) for title in titles}) < len(titles):
        return [Finding("TITLE_DUPLICATE", field, "two titles are the same; all must differ.")]
    return [
        Finding("TITLE_CHANGED", "title", f"must be exactly {wanted!r}, as in the outline.", item)
        for item, (title, wanted) in enumerate(zip(titles, official or titles, strict=True), 1)
        if normalised(title) != normalised(wanted)
    ]


def check_questions(
    draft: QuestionSetDraft, *, count: int, difficulty: DifficultyLevel, avoid: Sequence[str]
) -> list[Finding]:
    """Check a set: its exact count, its difficulty, no repetition, and every gate on every question."""
    findings = list(_check_set(draft.questions, count, avoid))
    for item, question in enumerate(draft.questions, 1):
        findings += [replace(finding, item=item) for finding in _check_question(question, difficulty)]
    return findings


def _check_set(questions: Sequence[QuestionDraft], count: int, avoid: Sequence[str]) -> Iterator[Finding]:
    if len(questions) != count:
        yield Finding("COUNT", "questions", f"must be exactly {count}, not {len(questions)}.")
    seen = {normalised(text) for text in avoid}
    for item, question in enumerate(questions, 1):
        text = normalised(f"{question.scenario or ''} {question.question_text}")
        if text in seen or normalised(question.question_text) in seen:
            yield Finding("REPEATED", "questionText", "this question is there already; ask something else.", item)
        seen.add(text)


def _check_question(question: QuestionDraft, difficulty: DifficultyLevel) -> Iterator[Finding]:
    if question.difficulty_level is not difficulty:
        yield Finding("DIFFICULTY", "difficultyLevel", f"must be {difficulty}.")
    if not filled(question.question_text):
        yield Finding("TEXT_EMPTY", "questionText", "is empty or says null.")
    for gate in QUESTION_GATES:
        yield from gate(question)
