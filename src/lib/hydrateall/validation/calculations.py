"""Each `a op b = c` in a worked solution, computed again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from hydrateall.validation.quantities import DEGREE, VALUE_KINDS, Quantity, agree, quantity
from hydrateall.validation.schemas import Finding, QuestionItem
from hydrateall.validation.tokens import Token, tokens

# After these words a number is a part or a multiple of what is said: "half of 20 + 30 = 35".
WORDS_BEFORE = "of by from than times to per upto का की के से में तक गुना percent प्रतिशत"
# Before these words it is a multiple: "= 2 lakh".
WORDS_AFTER = (
    "of times lakh lakhs crore crores thousand million billion hundred dozen dozens हज़ार हजार लाख करोड़ सौ गुना दर्जन"
)
PARTS_OF, MAGNITUDES = frozenset(WORDS_BEFORE.split()), frozenset(WORDS_AFTER.split())
EQUAL = ("=", "≈")
# Where a mistake is talked about, a wrong calculation may be quoted on purpose.
MISTAKES_DISCUSSED = ("correctAnswer.discussion", "correctAnswer.key_takeaway")
MISTAKE = re.compile(r"\b(?:wrong|mistake|slip|incorrect|false|instead|claims?)\b|गलत|भूल|असत्य|त्रुटि|दावा", re.IGNORECASE)


def correct_arithmetic(
    item: QuestionItem, *, roughly: Annotated[float, Field(ge=0, le=0.5)] = 0.06
) -> Iterator[Finding]:
    """Find calculations in the answer that do not come out, and sums whose unit changes on the way.

    What stands behind ≈ may differ by the share `roughly`.
    """
    for field, text in item.texts:
        if not field.startswith("correctAnswer") or not ("=" in text or "≈" in text or "approx" in text):
            continue
        for left, right, rough in relations(text):
            problem = relation_problem(left, right, roughly if rough else 0)
            if problem:
                quoted = field in MISTAKES_DISCUSSED or MISTAKE.search(text)
                yield Finding(problem[0], field, problem[1], severity="review" if quoted else "error")
                break


def relations(text: str) -> Iterator[tuple[list[Token], list[Token], bool]]:
    """Both sides of each `=` and `≈` in a text as far as they can be an expression, and whether it is rough."""
    found = tokens(text)
    for place, token in enumerate(found):
        if token.kind == "relation" and token.text in EQUAL:
            left, right = _before(found, place), _after(found, place)
            if left and right:
                yield left, right, token.text == "≈"


def _before(found: Sequence[Token], place: int) -> list[Token] | None:
    start = place
    while start and found[start - 1].kind in VALUE_KINDS and found[start - 1].text != ":":
        start -= 1
    side = list(found[start:place])
    stop = found[start - 1] if start else None
    if stop is None or stop.kind == "relation" or (stop.kind in ("stop", "operator")):
        return side
    own_formula = bool(side) and side[0].kind == "open"
    if stop.text.casefold() in PARTS_OF or not (own_formula or _worked(side)):
        return None
    return side


def _after(found: Sequence[Token], place: int) -> list[Token] | None:
    end = place + 1
    while end < len(found) and found[end].kind in VALUE_KINDS and found[end].text != ":":
        end += 1
    side = list(found[place + 1 : end])
    stop = found[end] if end < len(found) else None
    if stop and stop.kind == "word" and (stop.text.casefold() in MAGNITUDES or stop.text.startswith("\\")):
        return None
    if stop and stop.text in ("[", "{"):
        return None
    while side and side[-1].kind in ("open", "operator"):
        if side[-1].kind == "operator":
            return None
        side.pop()
    # "= 3 $x + 1$": a formula that begins anew is another expression.
    for at, token in enumerate(side):
        if at and token.kind == "open" and side[at - 1].kind in ("number", "unit"):
            return side[:at]
    return side


def _worked(side: Sequence[Token]) -> bool:
    return any(token.text in ("+", "-", "*", "/", "frac", "sqrt", "^") for token in side[1:])


def relation_problem(left: Sequence[Token], right: Sequence[Token], roughly: float) -> tuple[str, str] | None:
    """Code and sentence of what is wrong with an equation of numbers, or None where nothing is certainly wrong."""
    given, written = quantity(left), quantity(right)
    if given is None or written is None:
        return _mixed_problem(left, written) if written else None
    if agree(given, written):
        return _unit_problem(given, written)
    if abs(given.value - written.value) <= roughly * abs(given.value):
        return None
    if not comparable(given, written):
        return None
    return "ARITHMETIC", f"{_shown(left)} is {given.value:.6g}, not {_shown(right)}; compute it again."


def comparable(given: Quantity, written: Quantity) -> bool:
    """Whether a difference in value is a mistake, and not a conversion that the text leaves to the reader."""
    if given.unit and written.unit:
        if given.unit.dimension == written.unit.dimension:
            return True
        return given.worked and given.unit.factor == written.unit.factor == 1
    if not (given.worked or written.worked):
        return False  # "0 = 7" says that a system has no solution
    if given.unit:
        return given.worked and (given.unit.factor == 1 or given.unit == DEGREE) and not written.worked
    if written.unit:
        return given.worked or given.places is not None
    return True


def _unit_problem(given: Quantity, written: Quantity) -> tuple[str, str] | None:
    if not (given.unit and written.unit and given.worked):
        return None
    if given.unit.dimension != written.unit.dimension and {given.unit.name, written.unit.name}.isdisjoint({"K", "°C"}):
        return "UNIT_CHANGED", f"the unit changes from {given.unit.name} to {written.unit.name} within one calculation."
    return None


def _mixed_problem(left: Sequence[Token], written: Quantity) -> tuple[str, str] | None:
    """A product of quantities in base units, such as 20 m/s × 5 s = 100 m, whose number does not come out."""
    units = [token.unit for token in left if token.kind == "unit" and token.unit]
    coherent = [*units, *([written.unit] if written.unit else [])]
    if not units or any(each.factor != 1 for each in coherent):
        return None
    given = quantity([token for token in left if token.kind != "unit"])
    if given is None or agree(given, written):
        return None
    return "ARITHMETIC", f"{_shown(left)} is {given.value:.6g}, not {written.value:.6g}; compute it again."


def _shown(side: Sequence[Token]) -> str:
    return " ".join(token.text for token in side if token.kind != "open")[:80]
