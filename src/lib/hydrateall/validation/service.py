"""The gates in their order. A gate is a pure function: item in, findings out; add one to the tuple of its kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.schemas import ChaptersDraft, NoteDraft, QuestionDraft, QuestionSetDraft, TopicsDraft
from hydrateall.validation.calculations import correct_arithmetic
from hydrateall.validation.choices import normalised, well_formed_choices, well_formed_match
from hydrateall.validation.completeness import answer_completeness, filled
from hydrateall.validation.forms import marks_and_minutes, needed_parts, one_gap, truth_value, two_statements
from hydrateall.validation.keys import (
    distinct_as_mathematics,
    key_agrees_with_reasoning,
    match_agrees,
    no_giveaway,
    no_way_out,
)
from hydrateall.validation.latex import renderable_latex
from hydrateall.validation.numericals import final_value
from hydrateall.validation.reading import note_length, reading_level
from hydrateall.validation.schemas import Context, Finding, NoteItem, QuestionItem, errors, sentences
from hydrateall.validation.script import in_its_language, in_normal_form
from hydrateall.validation.sets import spread_keys, varied_stems
from hydrateall.validation.text import no_empty_text, no_meta_text

__all__ = [
    "Context",
    "Finding",
    "check_chapters",
    "check_note",
    "check_questions",
    "check_topics",
    "errors",
    "read_draft",
    "review_note",
    "review_questions",
    "sentences",
]

DraftT = TypeVar("DraftT", bound=BaseModel)
ItemT = TypeVar("ItemT")
Gate = Callable[[ItemT], Iterable[Finding]]

TEXT_GATES: tuple[Gate[Any], ...] = (no_meta_text, no_empty_text, in_its_language, in_normal_form, renderable_latex)
QUESTION_GATES: tuple[Gate[QuestionItem], ...] = (
    answer_completeness,
    well_formed_choices,
    well_formed_match,
    *TEXT_GATES,
    reading_level,
    needed_parts,
    two_statements,
    truth_value,
    one_gap,
    marks_and_minutes,
    distinct_as_mathematics,
    no_way_out,
    no_giveaway,
    key_agrees_with_reasoning,
    match_agrees,
    final_value,
    correct_arithmetic,
)
SET_GATES: tuple[Gate[Sequence[QuestionDraft]], ...] = (spread_keys, varied_stems)
NOTE_GATES: tuple[Gate[NoteItem], ...] = (*TEXT_GATES, note_length, reading_level)


def read_draft(schema: type[DraftT], text: str) -> tuple[DraftT | None, list[Finding]]:
    """Parse a model's JSON; return the draft, or the findings that say where it leaves the schema."""
    try:
        return schema.model_validate_json(unicodedata.normalize("NFC", text)), []
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


def check_note(draft: NoteDraft, *, context: Context, word_range: tuple[int, int]) -> list[Finding]:
    """Check a note; return what the model must correct."""
    return errors(review_note(draft, context=context, word_range=word_range))


def review_note(draft: NoteDraft, *, context: Context, word_range: tuple[int, int]) -> list[Finding]:
    """Everything that the gates find in a note, doubts too."""
    return list(_through(NOTE_GATES, NoteItem(draft.content, context, word_range), "content"))


def check_questions(
    draft: QuestionSetDraft, *, context: Context, count: int, difficulty: DifficultyLevel, avoid: Sequence[str]
) -> list[Finding]:
    """Check a set of questions; return what the model must correct."""
    return errors(review_questions(draft, context=context, count=count, difficulty=difficulty, avoid=avoid))


def review_questions(
    draft: QuestionSetDraft, *, context: Context, count: int, difficulty: DifficultyLevel, avoid: Sequence[str]
) -> list[Finding]:
    """Everything found in a set, doubts too: its count, its difficulty, repetitions, and every gate on every item."""
    findings = list(_check_set(draft.questions, count, avoid))
    findings += _through(SET_GATES, draft.questions, "questions")
    for item, question in enumerate(draft.questions, 1):
        found = _check_question(QuestionItem(question, context), difficulty)
        findings += [replace(finding, item=item) for finding in found]
    return findings


def _through(gates: Iterable[Gate[ItemT]], item: ItemT, field: str) -> Iterator[Finding]:
    """What the gates find. A gate that breaks is named for a person, and the others still speak."""
    for gate in gates:
        try:
            yield from list(gate(item))
        except Exception as error:  # noqa: BLE001 - whatever a gate raises, it must not block the content
            name = getattr(gate, "__name__", str(gate))
            message = f"the gate {name} broke ({type(error).__name__}: {error}); a person must look."
            yield Finding("GATE_BROKEN", field, message, severity="review")


def _check_set(questions: Sequence[QuestionDraft], count: int, avoid: Sequence[str]) -> Iterator[Finding]:
    if len(questions) != count:
        yield Finding("COUNT", "questions", f"must be exactly {count}, not {len(questions)}.")
    seen = {normalised(text) for text in avoid}
    for item, question in enumerate(questions, 1):
        text = normalised(f"{question.scenario or ''} {question.question_text}")
        if text in seen or normalised(question.question_text) in seen:
            yield Finding("REPEATED", "questionText", "this question is there already; ask something else.", item)
        seen.add(text)


def _check_question(item: QuestionItem, difficulty: DifficultyLevel) -> Iterator[Finding]:
    if item.question.difficulty_level is not difficulty:
        yield Finding("DIFFICULTY", "difficultyLevel", f"must be {difficulty}.")
    if not filled(item.question.question_text):
        yield Finding("TEXT_EMPTY", "questionText", "is empty or says null.")
    yield from _through(QUESTION_GATES, item, "question")
