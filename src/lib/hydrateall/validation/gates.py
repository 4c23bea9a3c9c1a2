"""The gates by name. A gate is a pure function: item first, thresholds as keyword-only parameters, findings out.

The thresholds of a gate are its signature: their defaults and their limits stand there and nowhere else. To add a
gate, write the function, add it to the tuple of what it judges, and give it a rule in include/rules/defaults.yaml.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model, model_validator

from hydrateall.curriculum.enums import ContentType
from hydrateall.validation.calculations import correct_arithmetic
from hydrateall.validation.choices import well_formed_choices, well_formed_match
from hydrateall.validation.completeness import answer_completeness
from hydrateall.validation.forms import marks_and_minutes, needed_parts, one_gap, truth_value, two_statements
from hydrateall.validation.keys import (
    distinct_as_mathematics,
    key_agrees_with_reasoning,
    match_agrees,
    no_giveaway,
    no_way_out,
)
from hydrateall.validation.latex import renderable_latex
from hydrateall.validation.markup import safe_markup
from hydrateall.validation.numericals import final_value
from hydrateall.validation.objectives import covered_objectives, fitting_bloom, known_objective
from hydrateall.validation.reading import note_length, reading_level
from hydrateall.validation.schemas import Finding
from hydrateall.validation.script import in_its_language, in_normal_form
from hydrateall.validation.sets import spread_keys, varied_stems
from hydrateall.validation.text import no_empty_text, no_meta_text

Judged = Literal["question", "question set", "note"]
Find = Callable[..., Iterable[Finding]]
CONTENT: dict[Judged, ContentType] = {
    "question": ContentType.QUESTION,
    "question set": ContentType.QUESTION,
    "note": ContentType.NOTE,
}


class Parameters(BaseModel):
    """The thresholds of a gate. A lower limit is not above its upper one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        limits = dict(self)
        if "fewest" in limits and "most" in limits and limits["fewest"] > limits["most"]:
            raise ValueError(f"fewest ({limits['fewest']}) must not be above most ({limits['most']})")
        return self


@dataclass(frozen=True)
class Gate:
    """A gate: its function, what it judges, and the model of its thresholds."""

    find: Find
    judges: tuple[Judged, ...]

    @property
    def name(self) -> str:
        """The name by which a rule chooses it: that of its function."""
        return self.find.__name__

    @property
    def explanation(self) -> str:
        """What it finds, in a sentence."""
        return inspect.getdoc(self.find) or ""

    @cached_property
    def parameters(self) -> type[Parameters]:
        """The thresholds with their limits, read off the signature."""
        hints = get_type_hints(self.find, include_extras=True)
        signature = inspect.signature(self.find).parameters.values()
        fields: dict[str, Any] = {
            each.name: (hints[each.name], each.default) for each in signature if each.kind is each.KEYWORD_ONLY
        }
        return create_model(f"Parameters of {self.name}", __base__=Parameters, **fields)

    def judges_content(self, content_type: ContentType) -> bool:
        """Whether it has something to say of such content."""
        return any(CONTENT[judged] == content_type for judged in self.judges)


TEXT_GATES: tuple[Find, ...] = (
    no_meta_text,
    no_empty_text,
    in_its_language,
    in_normal_form,
    renderable_latex,
    safe_markup,
    reading_level,
)
QUESTION_GATES: tuple[Find, ...] = (
    answer_completeness,
    well_formed_choices,
    well_formed_match,
    needed_parts,
    two_statements,
    truth_value,
    one_gap,
    marks_and_minutes,
    fitting_bloom,
    known_objective,
    distinct_as_mathematics,
    no_way_out,
    no_giveaway,
    key_agrees_with_reasoning,
    match_agrees,
    final_value,
    correct_arithmetic,
)
SET_GATES: tuple[Find, ...] = (spread_keys, varied_stems, covered_objectives)
NOTE_GATES: tuple[Find, ...] = (note_length,)
_BY_KIND: tuple[tuple[tuple[Judged, ...], tuple[Find, ...]], ...] = (
    (("question", "note"), TEXT_GATES),
    (("question",), QUESTION_GATES),
    (("question set",), SET_GATES),
    (("note",), NOTE_GATES),
)
GATES: dict[str, Gate] = {find.__name__: Gate(find, judges) for judges, gates in _BY_KIND for find in gates}
