"""Reading a model's JSON: what fits the schema, and findings for what does not."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hydrateall.curriculum.schemas import QuestionDraft, QuestionSetDraft
from hydrateall.validation.schemas import Finding

DraftT = TypeVar("DraftT", bound=BaseModel)
MOST_FINDINGS = 20


def read_draft(schema: type[DraftT], text: str) -> tuple[DraftT | None, list[Finding]]:
    """Parse a model's JSON; return the draft, or the findings that say where it leaves the schema."""
    try:
        return schema.model_validate_json(_normal(text)), []
    except ValidationError as error:
        return None, _findings(error)


def read_questions(text: str) -> tuple[dict[int, QuestionDraft], list[Finding]]:
    """Parse a set of questions item by item: those that fit the schema by their number, and findings for the others."""
    draft, findings = read_draft(QuestionSetDraft, text)
    if draft:
        return dict(enumerate(draft.questions, 1)), []
    items = _items(text)
    if not items:
        return {}, findings
    kept: dict[int, QuestionDraft] = {}
    findings = []
    for number, item in enumerate(items, 1):
        try:
            kept[number] = QuestionDraft.model_validate_json(json.dumps(item))
        except ValidationError as error:
            findings += _findings(error, item=number)
    return kept, findings


def _items(text: str) -> list[object]:
    """The set's items, if the text is JSON and has the outer form of a set at all."""
    try:
        found = json.loads(_normal(text))
    except ValueError:
        return []
    items = found.get("questions") if isinstance(found, dict) and set(found) == {"questions"} else None
    return items if isinstance(items, list) else []


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _findings(error: ValidationError, *, item: int | None = None) -> list[Finding]:
    return [_finding(each["loc"], each["msg"], item) for each in error.errors()[:MOST_FINDINGS]]


def _finding(location: Sequence[int | str], message: str, item: int | None) -> Finding:
    path = ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "answer"
    return Finding("SCHEMA", path, message, item)
