"""The offline writer: a provider that answers every assignment from the library, the same way every time."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from hydrateall.llm.errors import BadPrompt, ModelError
from hydrateall.llm.offline.assignment import Assignment, read_assignment
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.chapters import write_chapters
from hydrateall.llm.offline.facts import write_facts
from hydrateall.llm.offline.flaws import FLAWS, spoil
from hydrateall.llm.offline.general_lessons import general_lesson
from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.notes import write_note
from hydrateall.llm.offline.questions.sets import write_questions
from hydrateall.llm.offline.topics import write_topics
from hydrateall.llm.schemas import ModelReply, ModelRequest

MODEL = "offline-writer"
DEVANAGARI = re.compile(r"[\u0900-\u097f]+")


class OfflineWriter:
    """A LanguageModel without a network. For drills, a share of calls can fail, and a share of questions be flawed."""

    name = "offline-writer"
    deployment = "offline"
    sample = True
    cacheable = False  # writing again costs nothing

    def __init__(
        self,
        latency_seconds: float = 0.0,
        failure_rate: float = 0.0,
        flaw_rate: float = 0.0,
        *,
        library: Library | None = None,
    ) -> None:
        self._latency_seconds = latency_seconds
        self._failure_rate = failure_rate
        self._flaw_rate = flaw_rate
        self._library = library or Library()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer one request; raise ModelError for the share of calls that must fail, BadPrompt without assignment."""
        await asyncio.sleep(self._latency_seconds)
        assignment = read_assignment(request.prompt.user)
        if assignment.chance("failure") < self._failure_rate:
            raise ModelError(
                f"The offline writer was told to fail this {assignment.purpose} call.", "Try the call again."
            )
        draft = _write(assignment, self._library)
        for number, question in enumerate(draft.get("questions", ())):
            if self._flaw_rate and assignment.chance(f"flaw {number}") < self._flaw_rate:
                spoil(question, assignment.rotation(f"flaw {number}", len(FLAWS)))
        text = json.dumps(draft, ensure_ascii=False)
        return ModelReply(
            text=text,
            model=MODEL,
            prompt_tokens=estimate_tokens(request.prompt.system + request.prompt.user),
            completion_tokens=estimate_tokens(text),
        )

    async def aclose(self) -> None:
        """Nothing is held open."""


def write(user_text: str, *, library: Library | None = None) -> dict[str, Any]:
    """What the offline writer answers to a prompt's user text, as the JSON object of the draft."""
    return write_for(read_assignment(user_text), library=library)


def write_for(assignment: Assignment, *, library: Library | None = None) -> dict[str, Any]:
    """What the offline writer answers to an assignment."""
    return _write(assignment, library or Library())


def estimate_tokens(text: str) -> int:
    """About one token for four Latin or two Devanagari characters; never zero."""
    devanagari = sum(map(len, DEVANAGARI.findall(text)))
    return max(1, devanagari // 2 + (len(text) - devanagari) // 4)


def _write(assignment: Assignment, library: Library) -> dict[str, Any]:
    match assignment.purpose:
        case "chapters":
            return write_chapters(assignment)
        case "topics":
            return write_topics(assignment, library)
        case "notes":
            return write_note(assignment, _lesson(assignment, library))
        case "questions":
            return write_questions(assignment, _lesson(assignment, library))
        case "facts":
            return write_facts(assignment)
        case "opinion":
            raise ModelError("The offline writer would check itself, so it gives no second opinion.")
        case purpose:
            raise BadPrompt(f"The offline writer knows no assignment with the purpose {purpose!r}.")


def _lesson(assignment: Assignment, library: Library) -> Lesson:
    topic, subject = assignment["topic"], assignment["subject"]
    lesson = library.lesson(
        board=assignment["board"],
        subject=subject["code"],
        grade=str(assignment["grade"]),
        chapter=assignment["chapter"]["number"],
        topic=topic["title"],
        language=assignment.language,
    )
    return lesson or general_lesson(
        title=topic["title"],
        objectives=topic.get("objectives") or [],
        subject=f"{subject['code']} {subject['name']}",
        language=assignment.language,
        seed=f"{subject['code']} {assignment['grade']} {topic['title']}",
    )
