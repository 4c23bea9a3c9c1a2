"""The form in which a note or question is edited: its controls, and the draft that they make.

A control is named after the field as the gates name it (`correctAnswer.finalAnswer`), so that what they find is shown
where it can be corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import ValidationError
from starlette.datastructures import FormData

from hydrateall.curriculum.enums import BloomLevel, DifficultyLevel, QuestionType
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.validation.schemas import Finding
from hydrateall.web.pages.translation import gettext as _

Draft = NoteDraft | QuestionDraft
Errors = dict[str, list[str]]
Kind = Literal["area", "long", "line", "number", "select", "one", "many", "list"]
TEXTS = {
    "content": "Text",
    "questionText": "Question",
    "scenario": "Passage",
    "diagramDescription": "Figure, in words",
    "options": "Option",
    "matchColumns": "Columns",
    "matchColumns.left": "Left column",
    "matchColumns.right": "Right column",
    "correctAnswer": "Answer",
    "correctAnswer.correctOptions": "Key",
    "correctAnswer.pairs": "Pairs",
    "correctAnswer.finalAnswer": "Final answer",
    "correctAnswer.answer": "Answer in a sentence",
    "correctAnswer.explanation": "Explanation",
    "correctAnswer.solutionSteps": "Steps",
    "correctAnswer.directAnswer": "Direct answer",
    "correctAnswer.scientificExplanation": "Reasoning",
    "correctAnswer.discussion": "Discussion",
    "correctAnswer.keyTakeaway": "To remember",
    "marks": "Marks",
    "estimatedTimeMins": "Minutes",
    "learningObjective": "Learning objective",
    "bloomTaxonomyLevel": "Bloom level",
    "difficultyLevel": "Difficulty",
    "tags": "Keywords",
    "questions": "Whole set",
}
# What an answer holds at each difficulty; another field has a control only if it holds something.
ANSWERS = {
    DifficultyLevel.EASY: ("answer", "explanation"),
    DifficultyLevel.MEDIUM: ("solutionSteps",),
    DifficultyLevel.HARD: ("directAnswer", "scientificExplanation", "solutionSteps", "discussion", "keyTakeaway"),
}
ORDER = (
    "answer",
    "directAnswer",
    "explanation",
    "scientificExplanation",
    "solutionSteps",
    "discussion",
    "keyTakeaway",
)
ONE_KEY = (QuestionType.MCQ, QuestionType.ASSERTION_REASON)


@dataclass(frozen=True)
class Control:
    """One control of the form: its name is the path of a field. `part` is what it has beside its field's name."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    part: str = ""

    @property
    def label(self) -> str:
        """Its name in words."""
        return f"{field_name(self.name)} {self.part}".strip()

    @property
    def value(self) -> str:
        """Its only value."""
        return self.values[0] if self.values else ""


class Unfit(Exception):
    """The form makes no draft. Holds what is wrong, by control."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


def field_name(path: str) -> str:
    """A field in the reader's words; the innermost part that has a name decides."""
    parts = to_camel_path(path).split(".")
    known = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return _(next((TEXTS[each] for each in known if each in TEXTS), path))


def to_camel_path(path: str) -> str:
    """The path as it is on the wire; some gates name fields as they are in Python (`correctAnswer.final_answer`)."""
    return re.sub(r"(?<=[a-z])_([a-z])", lambda found: found[1].upper(), path)


def controls_of(item: ItemView) -> list[Control]:
    """The controls of an item, with its values."""
    if isinstance(item.draft, NoteDraft):
        return [Control("content", "long", (item.draft.content,))]
    values = _dumped(item.draft)
    case = item.draft.question_type is QuestionType.CASE_STUDY
    texts = [Control("scenario", "area", _one(values["scenario"]))] if case or values["scenario"] else []
    texts.append(Control("questionText", "area", _one(values["questionText"])))
    if values["diagramDescription"]:
        texts.append(Control("diagramDescription", "line", _one(values["diagramDescription"])))
    return [*texts, *_choices(item.draft, values), *_answers(item.draft, values["correctAnswer"]), *_rest(item, values)]


def filled(controls: Sequence[Control], form: FormData) -> list[Control]:
    """The controls with what a person has typed."""
    return [replace(control, values=tuple(_texts(form, control.name))) for control in controls]


def draft_of(item: ItemView, form: FormData) -> Draft:
    """The draft that the form makes of an item; raise Unfit with what is wrong at each control."""
    controls = controls_of(item)
    values = _dumped(item.draft)
    for control in controls:
        _put(values, control, [text for text in _texts(form, control.name) if text.strip()])
    try:
        return type(item.draft).model_validate(values)
    except ValidationError as error:
        found = [(_path(each["loc"], values), _sentence(each)) for each in error.errors()]
        raise Unfit(at_controls(controls, found)) from None


def refused(controls: Sequence[Control], findings: Iterable[Finding]) -> Errors:
    """What the gates found, at the controls where it can be corrected."""
    return at_controls(controls, [(finding.field, finding.message) for finding in findings])


def at_controls(controls: Sequence[Control], found: Iterable[tuple[str, str]]) -> Errors:
    """Sentences by control: that of the field, of a part of it, or of what it is a part of; else the empty name."""
    names = [control.name for control in controls]
    errors: Errors = {}
    for given, sentence in found:
        path = to_camel_path(given)
        ranked = (
            next((name for name in names if name == path), None),
            next((name for name in names if name.startswith(f"{path}.")), None),
            next((name for name in names if path.startswith(f"{name}.")), None),
        )
        errors.setdefault(next((name for name in ranked if name), ""), []).append(sentence)
    return errors


def _choices(draft: QuestionDraft, values: Mapping[str, Any]) -> list[Control]:
    answer = values["correctAnswer"]
    if columns := values["matchColumns"]:
        entries = [
            Control(f"matchColumns.{side}.{each['key']}", "line", _one(each["text"]), part=each["key"])
            for side in ("left", "right")
            for each in columns[side]
        ]
        keys = tuple(each["key"] for each in columns["right"])
        paired = {pair["left"]: pair["right"] for pair in answer["pairs"] or ()}
        pairs = [
            Control(f"correctAnswer.pairs.{key}", "select", _one(paired.get(key)), keys, part=key)
            for key in (each["key"] for each in columns["left"])
        ]
        return [*entries, *pairs]
    if not values["options"]:
        return []
    options = [
        Control(f"options.{each['key']}", "line", _one(each["text"]), part=each["key"]) for each in values["options"]
    ]
    kind: Kind = "one" if draft.question_type in ONE_KEY else "many"
    keys = tuple(each["key"] for each in values["options"])
    return [*options, Control("correctAnswer.correctOptions", kind, tuple(answer["correctOptions"] or ()), keys)]


def _answers(draft: QuestionDraft, answer: Mapping[str, Any]) -> list[Control]:
    wanted = ANSWERS.get(draft.difficulty_level, ())
    named = [name for name in ORDER if name in wanted or answer[name]]
    controls = [Control("correctAnswer.finalAnswer", "line", _one(answer["finalAnswer"]))]
    for name in named:
        several = name == "solutionSteps"
        values = tuple(answer[name] or ()) if several else _one(answer[name])
        controls.append(Control(f"correctAnswer.{name}", "list" if several else "area", values))
    return controls


def _rest(item: ItemView, values: Mapping[str, Any]) -> list[Control]:
    objectives = tuple(dict.fromkeys([*item.objectives, values["learningObjective"]]))
    return [
        Control("marks", "number", (f"{values['marks']:g}",)),
        Control("estimatedTimeMins", "number", (str(values["estimatedTimeMins"]),)),
        Control("bloomTaxonomyLevel", "select", _one(values["bloomTaxonomyLevel"]), tuple(BloomLevel)),
        Control("learningObjective", "select", _one(values["learningObjective"]), objectives),
        Control("tags", "line", (", ".join(values["tags"] or ()),)),
    ]


def _put(values: dict[str, Any], control: Control, given: list[str]) -> None:
    """Write what a control holds to its place in the draft."""
    *parents, last = control.name.split(".")
    only = given[0] if given else None
    if parents and parents[0] in ("options", "matchColumns"):
        entries = values["matchColumns"][parents[1]] if parents[1:] else values["options"]
        next(each for each in entries if each["key"] == last)["text"] = only or ""
    elif parents == ["correctAnswer", "pairs"]:
        pairs = values["correctAnswer"]["pairs"] = values["correctAnswer"]["pairs"] or []
        if not any(pair["left"] == last for pair in pairs):
            pairs.append({"left": last})
        next(pair for pair in pairs if pair["left"] == last)["right"] = only or ""
    elif control.name == "tags":
        values["tags"] = [tag.strip() for tag in (only or "").split(",") if tag.strip()]
    else:
        place = values["correctAnswer"] if parents else values
        place[last] = (given or None) if control.kind in ("list", "one", "many") else only


def _texts(form: FormData, name: str) -> list[str]:
    """What was typed; browsers send line ends as two characters."""
    return [text.replace("\r\n", "\n") for text in form.getlist(name) if isinstance(text, str)]


def _dumped(draft: Draft) -> dict[str, Any]:
    return draft.model_dump(mode="json", by_alias=True, warnings=False)


def _one(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _path(location: Sequence[int | str], values: Mapping[str, Any]) -> str:
    """The path of a field as controls are named: entries of a list that have keys go by them."""
    names, place = [], values
    for part in location:
        place = _inner(place, part)
        keyed = isinstance(part, int) and isinstance(place, Mapping)
        names.append(str(place.get("key") or place.get("left") or part) if keyed else str(part))
    return ".".join(names)


def _inner(place: Any, part: int | str) -> Any:
    try:
        return place[part]
    except (KeyError, IndexError, TypeError):
        return None


def _sentence(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, in words."""
    if error["type"] in ("string_too_short", "string_type", "missing"):
        return _("must not be empty.")
    return f"{error['msg']}."
