"""The final answer of a numerical question: the value and the unit that its steps arrive at."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from hydrateall.curriculum.enums import QuestionType
from hydrateall.validation.calculations import MISTAKE
from hydrateall.validation.passages import no_digit_before, no_number_after, stands_in
from hydrateall.validation.quantities import PART_LABEL, canonical, quantity
from hydrateall.validation.schemas import Finding, QuestionItem
from hydrateall.validation.tokens import Token, tokens
from hydrateall.validation.units import Unit

BLANKS = re.compile(r"\\[,;:! ]|\\left|\\right|\\q?quad|[\s$~]|\\text\{([^{}]*)\}|\\mathrm\{([^{}]*)\}")
DIGIT = re.compile(r"\d")


def final_value(item: QuestionItem) -> Iterator[Finding]:
    """Find numericals whose final answer is not what the steps, or the explanation, end in, number and unit."""
    question, answer = item.question, item.question.correct_answer
    if question.question_type is not QuestionType.NUMERICAL or not DIGIT.search(answer.final_answer):
        return
    steps = answer.solution_steps or [text for text in (answer.explanation, answer.scientific_explanation) if text]
    if not any(DIGIT.search(step) for step in steps):
        return
    field = "correctAnswer.finalAnswer"
    parts = _parts(answer.final_answer)
    for part in parts:
        ends = _ending(steps) if part is parts[-1] else steps
        yield from (Finding(code, field, message) for code, message in _problems(part, ends, steps))
    for name in ("answer", "direct_answer"):
        said = getattr(answer, name)
        if said and DIGIT.search(said) and not all(_says(said, part) for part in parts):
            yield Finding("ANSWER_MISMATCH", f"correctAnswer.{name}", "gives another value than finalAnswer.")


def _says(text: str, part: str) -> bool:
    """Whether a text gives a part of the final answer, as it is written or as the same value."""
    value, _ = _read(part)
    return _stands_in(part, text) or (value is not None and any(_equal(found, value) for found, _ in _quantities(text)))


def _parts(final: str) -> list[str]:
    """The parts of "(i) 4 cm; (ii) 7 cm", without their labels."""
    if PART_LABEL.search(final):
        return [part.strip(" ;,.।") for part in PART_LABEL.split(final) if DIGIT.search(part)]
    return [final.strip(" .।")]


def _ending(steps: Sequence[str]) -> Sequence[str]:
    """The last step that has a number and is not about a mistake; a closing remark may follow it."""
    own = [step for step in steps if DIGIT.search(step)]
    return [next((step for step in reversed(own) if not MISTAKE.search(step)), own[-1])]


def _problems(part: str, ends: Sequence[str], steps: Sequence[str]) -> Iterator[tuple[str, str]]:
    if any(_stands_in(part, end) for end in ends):
        value, own = _read(part)
        if value is not None and own is None and (missed := _unit_elsewhere(value, steps)):
            yield "UNIT_MISSING", f"lacks its unit; the steps give {missed.name}."
        return
    value, own = _read(part)
    if value is None:
        if canonical(part) is not None and any(token.kind == "number" for token in tokens(part)):
            yield "FINAL_MISMATCH", f"({part}) is not what the last step ends in ({ends[-1][-80:]})."
        return
    same = [unit for end in ends for found, unit in _quantities(end) if _equal(found, value)]
    if not same:
        if not any(
            own and unit and _equal(found * unit.factor, value * own.factor)
            for end in ends
            for found, unit in _quantities(end)
        ):
            yield "FINAL_MISMATCH", f"({part}) is not what the last step ends in ({ends[-1][-80:]})."
        return
    named = [unit for unit in same if unit]
    if own is None and (named or _unit_elsewhere(value, steps)):
        missed = named[0] if named else _unit_elsewhere(value, steps)
        yield "UNIT_MISSING", f"lacks its unit; the steps give {missed.name if missed else ''}."
    elif own and named and all((unit.dimension, unit.factor) != (own.dimension, own.factor) for unit in named):
        yield "UNIT_MISMATCH", f"is in {own.name}, but the steps end in {named[0].name}."
    elif own and not named and (other := _unit_elsewhere(value, steps)) and other.dimension != own.dimension:
        yield "UNIT_MISMATCH", f"is in {own.name}, but the steps give {other.name}."


def _read(part: str) -> tuple[float | None, Unit | None]:
    """Value and unit of a final answer such as `8 m` or `v = 8 m`."""
    found = list(tokens(part))
    equals = [place for place, token in enumerate(found) if token.text in ("=", "≈")]
    if len(equals) == 1:
        found = found[equals[0] + 1 :]
    known = quantity(found)
    if known is None:
        plain = _quantities(part)
        return plain[0] if len(plain) == 1 else (None, None)
    return known.value, known.unit


def _quantities(text: str) -> list[tuple[float, Unit | None]]:
    """Every value of a text with the unit behind it: its plain numbers, and its fractions and powers as a whole."""
    found, values, run = tokens(text), list[tuple[float, Unit | None]](), list[Token]()
    for token in (*found, Token("stop", "", False)):
        if token.kind in ("number", "function", "operator", "bracket", "unit", "degree", "percent", "open"):
            run.append(token)
            continue
        values += _values(run)
        run = []
    return values


def _values(run: list[Token]) -> list[tuple[float, Unit | None]]:
    run = [token for token in run if token.kind != "open"]
    while run and run[0].text in (")", "}", "*", "/", ":"):
        run = run[1:]
    whole = quantity(run) if run else None
    if whole:
        return [(whole.value, whole.unit)]
    values = list[tuple[float, Unit | None]]()
    for place, token in enumerate(run):
        if token.kind != "number":
            continue
        known = (
            quantity(run[place : place + 2])
            if place + 1 < len(run) and run[place + 1].kind in ("unit", "degree")
            else None
        )
        sign = -1 if place and run[place - 1].text == "-" and (place == 1 or run[place - 2].kind == "operator") else 1
        values.append((sign * float(token.text), known.unit if known else None))
    return values


def _unit_elsewhere(value: float, steps: Sequence[str]) -> Unit | None:
    """The unit that this very value has at the end of a calculation, where every mention of it has one."""
    found = [unit for step in steps if "=" in step for number, unit in _ends_of(step) if _equal(number, value)]
    return found[-1] if found and all(found) else None


def _ends_of(step: str) -> list[tuple[float, Unit | None]]:
    return [found[0] for part in step.split("=")[1:] if (found := _quantities(part))]


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)


def squeezed(text: str) -> str:
    """A text without the spacing and dollar signs that say nothing."""
    return BLANKS.sub(lambda match: match[1] or match[2] or "", text).replace("−", "-").replace("–", "-")


def _stands_in(part: str, text: str) -> bool:
    """Whether a value stands in a text as it is, and not as a piece of a longer number or another unit."""
    return stands_in(squeezed(part), _worded(text), before=no_digit_before, after=no_number_after)


def _worded(text: str) -> str:
    """Squeezed, but with a bar where a word of prose begins after a space, so that "8 m so" is not "8 mso"."""
    marked = re.sub(r"(?<=[\w°²³%Ω}$)])\s+(?=(?:[a-z]{2,}|[\u0900-\u097f]+)\b(?!\s*[/²³^]))", "\x1f", text)
    restored = re.sub(r"\x1f(?=(?:cm|mm|km|kg|mg|min|mol|kPa|dB|kJ|kW|kWh|hr|days?|units?)\b)", " ", marked)
    return squeezed(restored.replace("\x1f", "|"))
