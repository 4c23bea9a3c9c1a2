"""An item as the cells of one row, and back: what a person reads, what a person may correct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from hydrateall.curriculum.schemas import NoteDraft, OptionDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.validation.schemas import ANSWER_TEXTS

OPTIONS = tuple("ABCDEF")
OPTION_COLUMNS = tuple(f"option_{key.lower()}" for key in OPTIONS)
READ_ONLY = ("id", "version", "type", "board", "grade", "subject", "language", "chapter", "topic", "difficulty")
STATE = ("status", "score", "findings")
# The texts of a question that are cells as they are: column → where it stands in the draft.
TEXTS = {
    "text": "question_text",
    "scenario": "scenario",
    "figure": "diagram_description",
    "objective": "learning_objective",
}
NUMBERS = {"marks": "marks", "minutes": "estimated_time_mins"}
EDITABLE = (
    "text",
    "scenario",
    "figure",
    *OPTION_COLUMNS,
    "match_right",
    "key",
    *ANSWER_TEXTS[:2],
    "steps",
    *ANSWER_TEXTS[2:],
    "marks",
    "minutes",
    "bloom",
    "objective",
    "tags",
)
DECISION = ("decision", "reason", "note")
COLUMNS = (*READ_ONLY, *STATE, *EDITABLE, *DECISION)
FIXED = ("type", "difficulty")  # a change of these would be another item, and is refused
# Where the fields of a draft, as errors and findings name them, stand in a row.
COLUMN_OF = {
    **{field: column for column, field in (*TEXTS.items(), *NUMBERS.items())},
    "content": "text",
    "bloom_taxonomy_level": "bloom",
    "solution_steps": "steps",
    "correct_options": "key",
    "pairs": "key",
    "match_columns": "match_right",
}
ENTRY = re.compile(r"\s*(\w+)\s*[).:]\s*(.*\S)\s*")
PAIR = re.compile(r"\s*(\w+)\s*[-–→:]\s*(\w+)\s*")


class CellsUnfit(Exception):
    """Cells that make no item: each problem is a column and a sentence."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


def cells_of(item: ItemView) -> dict[str, str]:
    """The item as cells, those of the decision empty."""
    findings = (item.report or {}).get("findings", [])
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "id": str(item.id),
        "version": str(item.version),
        "board": item.board_code,
        "grade": item.grade,
        "subject": item.subject_code,
        "language": item.language.value,
        "chapter": f"{item.chapter_number} {item.chapter_title}",
        "topic": f"{item.chapter_number}.{item.topic_number} {item.topic_title}",
        "status": item.status.value + (", decided" if item.decided_at else ""),
        "score": "" if item.quality_score is None else f"{item.quality_score:g}",
        "findings": " ".join(f"{each['code']}: {each['message']}" for each in findings),
    }
    if isinstance(item.draft, NoteDraft):
        return cells | {"type": "NOTE", "text": item.draft.content}
    return cells | _question_cells(item.draft)


def _question_cells(draft: QuestionDraft) -> dict[str, str]:
    answer = draft.correct_answer
    columns = draft.match_columns
    cells = {column: getattr(draft, field) or "" for column, field in TEXTS.items()}
    cells |= {field: getattr(answer, field) or "" for field in ANSWER_TEXTS}
    cells |= _option_cells(columns.left if columns else draft.options)
    pairs = ", ".join(f"{pair.left}-{pair.right}" for pair in answer.pairs or ())
    return cells | {
        "type": str(draft.question_type),
        "difficulty": str(draft.difficulty_level),
        "match_right": "\n".join(f"{each.key}) {each.text}" for each in columns.right) if columns else "",
        "key": pairs or ", ".join(answer.correct_options or ()),
        "steps": "\n".join(answer.solution_steps or ()),
        "marks": f"{draft.marks:g}",
        "minutes": str(draft.estimated_time_mins),
        "bloom": str(draft.bloom_taxonomy_level),
        "tags": ", ".join(draft.tags or ()),
    }


def _fit_columns(options: Sequence[OptionDraft]) -> bool:
    """Whether the options are A, B, C … in order; others are no cells, and are edited one by one."""
    return [option.key for option in options] == list(OPTIONS[: len(options)])


def _option_cells(options: Sequence[OptionDraft] | None) -> dict[str, str]:
    if not options or not _fit_columns(options):
        return {}
    return {column: option.text for column, option in zip(OPTION_COLUMNS, options, strict=False)}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The cells that a person changed. What a spreadsheet program does to line ends and numbers is no change."""
    return {
        column: _plain(column, after[column])
        for column in EDITABLE
        if column in after and _plain(column, after[column]) != _plain(column, before[column])
    }


def _plain(column: str, cell: str) -> str:
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if column in NUMBERS:
        try:
            return f"{float(text.replace(',', '.')):g}"
        except ValueError:
            return text
    return text


def edited(item: ItemView, changed: Mapping[str, str]) -> NoteDraft | QuestionDraft:
    """The item's content with the changed cells; raise CellsUnfit that names every cell at fault."""
    if isinstance(item.draft, NoteDraft):
        if others := [column for column in changed if column != "text"]:
            raise CellsUnfit([(column, "a note has a text only; empty this cell.") for column in others])
        return cast(NoteDraft, _validated(NoteDraft, {"content": changed["text"]}))
    cells = {**cells_of(item), **changed}
    values = item.draft.model_dump(mode="json")
    problems: list[tuple[str, str]] = []
    for column, value in changed.items():
        try:
            _set(values, item.draft, cells, column, value)
        except ValueError as problem:
            problems.append((column, str(problem)))
    if problems:
        raise CellsUnfit(problems)
    return cast(QuestionDraft, _validated(QuestionDraft, values))


def _set(values: dict[str, Any], draft: QuestionDraft, cells: Mapping[str, str], column: str, value: str) -> None:
    answer = values["correct_answer"]
    if column in TEXTS:
        values[TEXTS[column]] = value or None
    elif column in ANSWER_TEXTS:
        answer[column] = value or None
    elif column in NUMBERS:
        values[NUMBERS[column]] = _number(value)
    elif column in OPTION_COLUMNS:
        _set_options(values, draft, cells)
    elif column == "match_right":
        if draft.match_columns is None:
            raise ValueError("only a question of type MATCH has a right column.")
        values["match_columns"]["right"] = _parsed(value.split("\n"), ENTRY, ("key", "text"), "1) its text")
    elif column == "key" and draft.match_columns:
        answer["pairs"] = _parsed(value.split(","), PAIR, ("left", "right"), "A-2, B-3, C-1")
    elif column == "key":
        answer["correct_options"] = [key.upper() for key in re.split(r"[\s,;]+", value) if key] or None
    elif column == "steps":
        answer["solution_steps"] = [line.strip() for line in value.split("\n") if line.strip()] or None
    elif column == "tags":
        values["tags"] = [tag.strip() for tag in value.split(",") if tag.strip()]
    else:
        values["bloom_taxonomy_level"] = value.upper()


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a number.") from None


def _set_options(values: dict[str, Any], draft: QuestionDraft, cells: Mapping[str, str]) -> None:
    there = draft.match_columns.left if draft.match_columns else draft.options or []
    if not _fit_columns(there):
        raise ValueError("the keys of these options are not A, B, C …; use `hydrateall review edit` for this item.")
    texts = zip(OPTIONS, (cells[column].strip() for column in OPTION_COLUMNS), strict=True)
    options = [{"key": key, "text": text} for key, text in texts if text]
    if draft.match_columns:
        values["match_columns"]["left"] = options
    else:
        values["options"] = options or None


def _parsed(
    parts: Sequence[str], pattern: re.Pattern[str], names: tuple[str, str], example: str
) -> list[dict[str, str | Any]]:
    found = [(part, pattern.fullmatch(part)) for part in parts if part.strip()]
    for part, match in found:
        if match is None:
            raise ValueError(f"{part.strip()!r} cannot be read; write it like {example}.")
    return [dict(zip(names, match.groups(), strict=True)) for _, match in found if match]


def _validated(schema: Callable[..., Any], values: dict[str, Any]) -> Any:
    try:
        return schema(**values)
    except ValidationError as error:
        raise CellsUnfit([(column_of(each["loc"]), f"{each['msg']}.") for each in error.errors()]) from None


def column_of(location: Sequence[Any]) -> str:
    """The column of a field, given by its path (`correctAnswer`, `final_answer`); empty where no column is."""
    parts = [re.sub(r"(?<=[a-z])([A-Z])", r"_\1", str(part)).lower() for part in location]
    if parts[:1] == ["options"]:
        number = parts[1] if len(parts) > 1 else ""
        key = OPTIONS[int(number)].lower() if number.isdigit() and int(number) < len(OPTIONS) else number
        return f"option_{key}" if f"option_{key}" in OPTION_COLUMNS else OPTION_COLUMNS[0]
    return next((column for part in parts if (column := COLUMN_OF.get(part, part)) in EDITABLE), "")
