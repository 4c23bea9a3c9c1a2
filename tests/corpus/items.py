"""The known-good questions: hand-written ones, and a sample of the offline writer's over all topics of the library.

`hand_written.yaml` is in the style of a language model's answers (LaTeX, units, cases). `offline.jsonl` holds one
question in each line, drawn by `python tests/corpus/items.py`; a part of them was read, not every one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

HERE = Path(__file__).parent
OFFLINE = HERE / "offline.jsonl"
EACH = 7  # questions a type, language and subject
COUNTS = {"easy": 5, "medium": 3, "hard": 2}
OPTIONAL = ("scenario", "diagramDescription", "options", "matchColumns")
ANSWER = (
    "answer",
    "explanation",
    "solutionSteps",
    "directAnswer",
    "scientificExplanation",
    "finalAnswer",
    "discussion",
    "keyTakeaway",
    "correctOptions",
    "pairs",
)
USUAL = {"easy": (1, 2, "UNDERSTAND"), "medium": (3, 5, "APPLY"), "hard": (5, 9, "ANALYZE")}


@dataclass(frozen=True)
class Labelled:
    """A question as a model sends it, with what was asked for."""

    name: str
    language: str
    grade: str
    subject: str
    question: dict[str, Any]


def good_items() -> list[Labelled]:
    """All questions of the corpus."""
    return [*_offline(), *_hand_written()]


def _offline() -> Iterator[Labelled]:
    for number, line in enumerate(OFFLINE.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        question = row.pop("question")
        yield Labelled(f"offline {number}", **row, question=_completed(question))


def _completed(question: dict[str, Any]) -> dict[str, Any]:
    answer = dict.fromkeys(ANSWER) | question["correctAnswer"]
    return dict.fromkeys(OPTIONAL) | question | {"correctAnswer": answer}


def _hand_written() -> Iterator[Labelled]:
    for number, row in enumerate(yaml.safe_load((HERE / "hand_written.yaml").read_text(encoding="utf-8")), 1):
        where = {name: str(row.pop(name)) for name in ("language", "grade", "subject")}
        yield Labelled(f"hand-written {number}", **where, question=_expanded(row))


def _expanded(row: dict[str, Any]) -> dict[str, Any]:
    """A question from its short form: `options` as a list of texts, `key` as letters, `match` as pairs of texts."""
    marks, minutes, bloom = USUAL[row["difficulty"]]
    answer = {name: row[name] for name in ANSWER if name in row}
    question = {
        "questionType": row["type"],
        "difficultyLevel": row["difficulty"],
        "questionText": row["text"],
        "marks": row.get("marks", marks),
        "estimatedTimeMins": minutes,
        "learningObjective": row.get("goal", "Explain the idea."),
        "bloomTaxonomyLevel": bloom,
        "tags": [],
        "scenario": row.get("scenario"),
        "correctAnswer": answer,
    }
    if "options" in row:
        question["options"] = [
            {"key": key, "text": str(text)} for key, text in zip("ABCDEF", row["options"], strict=False)
        ]
        answer |= {"correctOptions": row["key"].split(", "), "finalAnswer": row["key"]}
    if "left" in row:
        question["matchColumns"] = {
            "left": [{"key": key, "text": text} for key, text in zip("ABCDEF", row["left"], strict=False)],
            "right": [{"key": key, "text": text} for key, text in zip("123456", row["right"], strict=False)],
        }
        answer["pairs"] = [
            dict(zip(("left", "right"), pair.split("-"), strict=True)) for pair in row["finalAnswer"].split(", ")
        ]
    return _completed(question)


def draw() -> Iterator[dict[str, Any]]:
    """A sample of what the offline writer writes: all types, both languages, both subjects, spread over the topics."""
    shelves: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in _written():
        shelves[row["question"]["questionType"], row["language"], row["subject"]].append(row)
    for name, rows in sorted(shelves.items()):
        yield from Random(" ".join(name)).sample(rows, min(EACH, len(rows)))


def _written() -> Iterator[dict[str, Any]]:
    from hydrateall.core.paths import CURRICULA
    from hydrateall.llm.offline import write

    for path in sorted(CURRICULA.glob("*/*.yaml")):
        subject, grade = path.stem.split("-")
        outline = yaml.safe_load(path.read_text(encoding="utf-8"))
        for language in ("en", "hi"):
            for assignment in _assignments(outline, subject, grade, language):
                text = f"<assignment>{json.dumps(assignment, ensure_ascii=False)}</assignment>"
                for question in write(text)["questions"]:
                    short = {name: value for name, value in question.items() if value is not None}
                    short["correctAnswer"] = {k: v for k, v in short["correctAnswer"].items() if v is not None}
                    yield {"language": language, "grade": grade, "subject": subject.upper(), "question": short}


def _assignments(outline: dict[str, Any], subject: str, grade: str, language: str) -> Iterator[dict[str, Any]]:
    goals = {"en": ["Explain the idea"], "hi": ["विचार समझाना"]}[language]
    for chapter in outline["chapters"]:
        for number, topic in enumerate(chapter["topics"], 1):
            for difficulty, count in COUNTS.items():
                yield {
                    "purpose": "questions",
                    "board": "CBSE",
                    "grade": grade,
                    "subject": {"code": subject.upper(), "name": outline["name"][language]},
                    "language": language,
                    "chapter": {"number": chapter["number"], "title": chapter["title"][language]},
                    "topic": {"number": number, "title": topic["title"][language], "objectives": goals},
                    "difficulty": difficulty,
                    "count": count,
                    "types": None,
                    "avoid": [],
                }


if __name__ == "__main__":
    OFFLINE.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in draw()), encoding="utf-8")
