"""The library: outlines under include/curricula and hand-written banks under include/samples.

A bank is used only for a topic whose title stands in the outline of its chapter, so that a renamed or
reordered curriculum never gets the text of another topic. Files are read once a process, a chapter at a time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hydrateall.core.paths import CURRICULA, SAMPLES
from hydrateall.llm.offline.lessons import Application, Lesson, Reason, Term, fact
from hydrateall.llm.offline.numericals import GENERATORS

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORD = re.compile(r"[\w\u0900-\u097f]+")


@dataclass(frozen=True)
class Library:
    """Where outlines and banks are found."""

    curricula: Path = CURRICULA
    samples: Path = SAMPLES

    def lesson(self, *, board: str, subject: str, grade: str, chapter: int, topic: str, language: str) -> Lesson | None:
        """The hand-written lesson of a topic, or None when the library does not have it."""
        shelf = f"{_slug(board)}/{_subject(subject)}-{_slug(grade)}"
        lessons = _chapter(self, shelf, chapter, language)
        number = _topic_numbers(self, shelf, chapter, language).get(normalise(topic))
        if number is None or number not in lessons:
            return None
        others = tuple(lesson for key, lesson in lessons.items() if key != number)
        return replace(lessons[number], title=topic, about=topic, neighbours=others)


def normalise(title: str) -> str:
    """A title without case, punctuation and spacing, for comparison."""
    return " ".join(WORD.findall(unicodedata.normalize("NFC", title).casefold()))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _subject(code: str) -> str:
    slug = _slug(code)
    return "math" if slug.startswith("math") else slug


def _read(path: Path) -> dict[str, Any]:
    """The file's mapping, or an empty one when the file does not exist."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return yaml.load(text, Loader=Loader) or {}


@lru_cache(maxsize=64)
def _outline(path: Path) -> dict[int, dict[str, Any]]:
    return {chapter["number"]: chapter for chapter in _read(path).get("chapters", [])}


@lru_cache(maxsize=512)
def _topic_numbers(library: Library, shelf: str, chapter: int, language: str) -> dict[str, int]:
    outline = _outline(library.curricula / f"{shelf}.yaml").get(chapter, {"topics": []})
    titles = (topic["title"][language] for topic in outline["topics"])
    return {normalise(title): number for number, title in enumerate(titles, start=1)}


@lru_cache(maxsize=512)
def _chapter(library: Library, shelf: str, chapter: int, language: str) -> dict[int, Lesson]:
    bank = _read(library.samples / shelf / f"{chapter:02d}.yaml")
    return {topic["number"]: _lesson(topic, language) for topic in bank.get("topics", [])}


def _lesson(topic: dict[str, Any], language: str) -> Lesson:
    def said(value: dict[str, Any]) -> str:
        return str(value[language]).strip()

    situation = topic["application"]
    return Lesson(
        title="",
        about="",
        summary=said(topic["summary"]),
        objectives=tuple(said(item) for item in topic["objectives"]),
        terms=tuple(Term(said(item["term"]), said(item["meaning"])) for item in topic["terms"]),
        facts=tuple(fact(said(item["text"]), said(item["wrong"])) for item in topic["facts"]),
        reasons=tuple(Reason(said(item["effect"]), said(item["cause"])) for item in topic["reasons"]),
        application=Application(
            said(situation["text"]),
            tuple((said(item["question"]), said(item["answer"])) for item in situation["questions"]),
        ),
        numericals=tuple(kind for kind in topic.get("numericals") or () if kind in GENERATORS),
        written=True,
    )
