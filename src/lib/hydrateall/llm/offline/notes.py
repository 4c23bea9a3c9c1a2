"""The note of a topic: a Markdown lesson put together from the library, or an honest study guide without it."""

from __future__ import annotations

from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.note_phrases import NOTE_PHRASES
from hydrateall.llm.offline.note_sections import Page
from hydrateall.llm.offline.phrases import choose
from hydrateall.llm.offline.sources import sentences_of_sources
from hydrateall.llm.offline.study_guide import study_guide

EXAMPLES, MOST_EXAMPLES = 2, 6
MISTAKES, CHECKS = 3, 3


def write_note(assignment: Assignment, lesson: Lesson) -> dict[str, Any]:
    """The NoteDraft: a lesson within `wordRange` as far as the material goes, without padding."""
    page = Page(lesson, assignment.language, assignment.random(), assignment["chapter"]["title"])
    added = page.sources(sentences_of_sources(assignment))
    content = _lesson_note(page, assignment["wordRange"], added) if lesson.written else study_guide(page, added)
    return {"content": f"{choose(assignment.language, NOTE_PHRASES['label'])}\n\n{content}\n"}


def _lesson_note(page: Page, word_range: list[int], added: list[str]) -> str:
    """The sections in teaching order; the examples grow, one by one, until the range is reached."""
    fewest, most = word_range
    sections = [page.idea(), page.importance(), page.vocabulary(), page.statements(), page.explanations()]
    examples = [page.reasoned_example(), *page.solved(EXAMPLES)]
    closing = [*added, page.mistakes(MISTAKES), page.checks(CHECKS), page.key_points()]
    growth = [*page.practice(), page.argued(), page.sorting(), *page.solved(MOST_EXAMPLES - EXAMPLES)]
    while growth and _words([*sections, *examples, *closing]) < fewest:
        examples.append(growth.pop(0))
    while len(examples) > 1 and _words([*sections, *examples, *closing]) > most:
        examples.pop()
    worked = "\n\n".join([page.heading("worked"), *examples])
    return "\n\n".join([*sections, worked, *closing])


def _words(parts: list[str]) -> int:
    return sum(len(part.split()) for part in parts)
