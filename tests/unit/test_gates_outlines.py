"""The default rules let everything pass that the offline writer makes for the official outlines, without a doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from hydrateall.core.paths import HOME
from hydrateall.curriculum.enums import DifficultyLevel, LanguageCode
from hydrateall.curriculum.schemas import NoteDraft, QuestionSetDraft
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.writer import write
from hydrateall.validation.service import Context, Judgement, default_rulebook, judge_note, judge_questions, note_words
from offline_assignments import prompt

LIBRARY, RULES = Library(), default_rulebook()
NAMES = {"SCIENCE": {"en": "Science", "hi": "विज्ञान"}, "MATH": {"en": "Mathematics", "hi": "गणित"}}
COUNTS = {DifficultyLevel.EASY: 5, DifficultyLevel.MEDIUM: 3, DifficultyLevel.HARD: 2}


def written(assignment: dict[str, Any]) -> dict[str, Any]:
    return write(prompt(assignment), library=LIBRARY)


def topics_of(subject: str, grade: str, language: str) -> Iterator[dict[str, Any]]:
    """The assignments' shared part, for each topic of the outline."""
    outline = yaml.safe_load((HOME / f"include/curricula/cbse/{subject.lower()}-{grade}.yaml").read_text())
    named = {"code": subject, "name": NAMES[subject][language]}
    base = {"board": "CBSE", "grade": grade, "subject": named, "language": language, "attempt": 1, "issues": []}
    for entry in outline["chapters"]:
        titles = [topic["title"][language] for topic in entry["topics"]]
        chapter = {"number": entry["number"], "title": entry["title"][language]}
        wanted = {"topicCount": len(titles), "topicNumbers": list(range(1, len(titles) + 1)), "existing": []}
        described = {**chapter, "description": "", "objectives": []}
        drafted = written({**base, **wanted, "purpose": "topics", "chapter": described, "outline": titles})
        for number, topic in enumerate(drafted["topics"], 1):
            about = {"number": number, "title": topic["title"], "objectives": topic["learningObjectives"]}
            yield {**base, "chapter": chapter, "topic": {**about, "difficulty": "medium"}}


def judged(shared: dict[str, Any], context: Context) -> Iterator[Judgement]:
    """Every question and the note of a topic."""
    about: list[str] = shared["topic"]["objectives"]
    for level, count in COUNTS.items():
        wanted = {"purpose": "questions", "difficulty": level, "count": count, "types": None, "avoid": []}
        draft = QuestionSetDraft.model_validate(written({**shared, **wanted}))
        found = judge_questions(
            draft, rules=RULES, context=context, count=count, difficulty=level, avoid=[], objectives=about
        )
        assert found.whole == ()
        yield from found.items
    length = list(note_words(RULES, context.grade))
    note = NoteDraft.model_validate(written({**shared, "purpose": "notes", "wordRange": length}))
    yield judge_note(note, rules=RULES, context=context)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize(("subject", "grade"), [("SCIENCE", "9"), ("SCIENCE", "10"), ("MATH", "9"), ("MATH", "10")])
class TestOfflineContent:
    def test_passes_every_rule(self, subject: str, grade: str, language: str) -> None:
        context = Context(grade=grade, subject=subject, language=LanguageCode(language))

        found = [each for shared in topics_of(subject, grade, language) for each in judged(shared, context)]

        assert len(found) > 400
        assert [str(finding) for each in found for finding in (*each.errors, *each.doubts)] == []
        assert sum(bool(each.findings) for each in found) <= 0.01 * len(found)
