"""The form of each question type: statements, gaps, truth values, passages, marks and minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from hydrateall.curriculum.enums import DifficultyLevel, QuestionType
from hydrateall.validation.choices import CHOICES, normalised
from hydrateall.validation.schemas import Finding, QuestionItem

TRUTH = {
    "en": {"true": True, "false": False},
    "hi": {"सत्य": True, "असत्य": False, "सही": True, "गलत": False, "ग़लत": False},
}
VERDICT = re.compile(
    r"\b(?:statement|sentence|it|this|answer) is (?P<not>not )?(?:therefore |thus |hence )?"
    r"(?:(?P<true>true|correct|right)|(?P<false>false|incorrect|wrong|untrue))\b"
    r"|कथन (?:(?P<hi_true>सत्य|सही)|(?P<hi_false>असत्य|गलत|ग़लत))(?P<hi_not> नहीं)? है"
    r"|^(?:(?P<lead_true>true|सत्य)|(?P<lead_false>false|असत्य))(?=[\s.,;:।—–-]|$)",
    re.IGNORECASE,
)
GAP = re.compile(r"_{2,}|\\_\\_|\.{5,}|…{2,}|\[\s*blank\s*\]|\\underline\{\s*(?:\\h?space|\\q?quad)[^}]*\}*")
STATEMENTS = (
    re.compile(r"assertion|अभिकथन|\bकथन", re.IGNORECASE),
    re.compile(r"\breason|कारण|\bतर्क", re.IGNORECASE),
)


def _in_order(band: tuple[float, float]) -> tuple[float, float]:
    if not 0 < band[0] <= band[1]:
        raise ValueError("the first number must be above 0 and not above the second")
    return band


Band = Annotated[tuple[float, float], AfterValidator(_in_order)]


def truth_value(item: QuestionItem) -> Iterator[Finding]:
    """Find true/false questions whose answer is neither, or whose sentences say the other."""
    question, answer = item.question, item.question.correct_answer
    if question.question_type is not QuestionType.TRUE_FALSE:
        return
    words = TRUTH.get(item.context.language, TRUTH["en"])
    final = words.get(normalised(answer.final_answer))
    if final is None:
        wanted = " or ".join(list(words)[:2]).title()
        yield Finding("TRUTH_VALUE", "correctAnswer.finalAnswer", f"must be {wanted} and nothing else.")
        return
    for field, text in (("answer", answer.answer), ("explanation", answer.explanation)):
        if text and (said := _verdict(text)) is not None and said is not final:
            yield Finding("TRUTH_MISMATCH", f"correctAnswer.{field}", "says the opposite of finalAnswer.")


def _verdict(text: str) -> bool | None:
    """What a text says of the statement: true, false, or nothing that is certain."""
    said = set[bool]()
    for match in VERDICT.finditer(text.strip()):
        found = match.groupdict()
        right = bool(found["true"] or found["hi_true"] or found["lead_true"])
        said.add(right is not bool(found["not"] or found["hi_not"]))
    return said.pop() if len(said) == 1 else None


def one_gap(item: QuestionItem, *, answer_words: Annotated[int, Field(ge=1)] = 8) -> Iterator[Finding]:
    """Find fill-in questions without exactly one gap, or with an answer too long for one."""
    question = item.question
    if question.question_type is not QuestionType.FILL_BLANK:
        return
    gaps = len(GAP.findall(question.question_text))
    if gaps != 1:
        yield Finding("GAP_COUNT", "questionText", f"must have exactly one gap, written _____, not {gaps}.")
    if len(question.correct_answer.final_answer.split()) > answer_words:
        yield Finding("GAP_ANSWER_LONG", "correctAnswer.finalAnswer", "must be the word or value for the gap alone.")


def two_statements(item: QuestionItem) -> Iterator[Finding]:
    """Find assertion-reason questions without both statements, or with other than the customary choices."""
    question = item.question
    if question.question_type is not QuestionType.ASSERTION_REASON:
        return
    text = f"{question.scenario or ''} {question.question_text}"
    if not all(statement.search(text) for statement in STATEMENTS):
        yield Finding("ASSERTION_REASON", "questionText", "must state both the assertion (A) and the reason (R).")
    options = [option.text for option in question.options or ()]
    if options and not all(re.search(r"\bA\b|assertion|कथन", text, re.IGNORECASE) for text in options[:2]):
        yield Finding("AR_OPTIONS", "options", "are not the four customary choices.", severity="review")


def needed_parts(item: QuestionItem) -> Iterator[Finding]:
    """Find a case study without its case, and choices or columns where the type has none."""
    question = item.question
    if question.question_type is QuestionType.CASE_STUDY and not question.scenario:
        yield Finding("SCENARIO_MISSING", "scenario", "a CASE_STUDY needs the passage that it is about.")
    if question.options and question.question_type not in CHOICES:
        yield Finding("OPTIONS_NEEDLESS", "options", f"must be null in a {question.question_type} question.")
    if question.match_columns and question.question_type is not QuestionType.MATCH:
        yield Finding("COLUMNS_NEEDLESS", "matchColumns", f"must be null in a {question.question_type} question.")


def marks_and_minutes(
    item: QuestionItem,
    *,
    easy_marks: Band = (0.5, 2),
    easy_minutes: Band = (1, 6),
    medium_marks: Band = (1, 4),
    medium_minutes: Band = (1, 15),
    hard_marks: Band = (3, 8),
    hard_minutes: Band = (3, 30),
) -> Iterator[Finding]:
    """Find marks and minutes outside of the difficulty's bands, which are wide around what the prompt asks for."""
    question = item.question
    (fewest, most), (shortest, longest) = {
        DifficultyLevel.EASY: (easy_marks, easy_minutes),
        DifficultyLevel.MEDIUM: (medium_marks, medium_minutes),
        DifficultyLevel.HARD: (hard_marks, hard_minutes),
    }[question.difficulty_level]
    if not fewest <= question.marks <= most:
        wanted = f"must be {fewest:g} to {most:g} for this difficulty, not {question.marks:g}."
        yield Finding("MARKS", "marks", wanted)
    if not shortest <= question.estimated_time_mins <= longest:
        wanted = f"should be {shortest:g} to {longest:g} minutes, not {question.estimated_time_mins}."
        yield Finding("MINUTES", "estimatedTimeMins", wanted, severity="review")
