"""Values with units, read from tokens: what an option, a final answer or one side of an equation says."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hydrateall.validation.expressions import PI_VALUES, POINTS, Unreadable, evaluate
from hydrateall.validation.tokens import Token, tokens
from hydrateall.validation.units import Unit

CLOSE = 1e-9
VALUE_KINDS = ("number", "unit", "symbol", "function", "operator", "bracket", "degree", "percent", "open")
LIST_SIGNS = (",", ";")
PROSE = re.compile(
    r"(?<![\\A-Za-z{])[A-Za-z]{3,}\s+[A-Za-z]{2,}|(?<![\u0900-\u097f])[\u0900-\u097f]{2,}\s+[\u0900-\u097f]{2,}"
)
PART_LABEL = re.compile(r"\((?:i{1,3}|iv|v|vi|[a-d1-6])\)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text. `places` are its decimals, None where it is not one plain number."""

    value: float
    unit: Unit | None
    places: int | None
    percent: bool
    worked: bool  # an operation stands in it, so that it is a calculation and not a value alone
    values_of_pi: tuple[float, ...] = ()
    rooted: bool = False  # roots are taken as 1.41 or 1.73 at school

    @property
    def base(self) -> float:
        """The value in base units."""
        return self.value * self.unit.factor if self.unit else self.value


def quantity(found: Sequence[Token]) -> Quantity | None:
    """The quantity that tokens without symbols say, or None where it is not certain."""
    found = [token for token in found if token.kind != "open"]
    units = [token for token in found if token.kind == "unit"]
    last = found[-1].kind if found else ""
    degree = last == "degree" and not any(token.kind == "function" and token.text in "sincostan" for token in found)
    if any(token.kind == "symbol" and token.text != "π" for token in found) or not found:
        return None
    if units and (any(each.text != units[0].text for each in units) or last != "unit" or _product(found, units)):
        return None
    has_pi = any(token.kind == "symbol" for token in found)
    try:
        values = tuple(evaluate(found, pi=pi) for pi in (PI_VALUES if has_pi else PI_VALUES[:1]))
    except Unreadable:
        return None
    plain = [token for token in found if token.kind not in ("unit", "percent", "degree")]
    signless = plain[1:] if plain[0].text in "+-" else plain
    places = None
    if len(signless) == 1 and signless[0].kind == "number":
        places = len(signless[0].text.partition(".")[2])
    return Quantity(
        values[0],
        units[0].unit if units else (DEGREE if degree else None),
        places,
        any(token.kind == "percent" for token in found),
        places is None,
        values,
        any(token.text == "sqrt" for token in found) and not values[0].is_integer(),
    )


DEGREE = Unit("°", 1.0, (("°", 1),))


def _product(found: Sequence[Token], units: Sequence[Token]) -> bool:
    """Whether units are multiplied: 3 m × 2 m is no longer in metres."""
    return len(units) > 1 and any(token.text in ("*", "/", "^", "frac", "sqrt") for token in found)


def agree(left: Quantity, right: Quantity) -> bool:
    """Whether the right side is the left one, as exactly as it is written. Truncation is no mistake at school."""
    if any(_within(value, right.value, right) for value in left.values_of_pi):
        return True
    if left.unit and right.unit and left.unit.dimension == right.unit.dimension and right.unit.factor:
        return any(
            _within(value * left.unit.factor / right.unit.factor, right.value, right) for value in left.values_of_pi
        )
    if left.rooted and right.places and math.isclose(left.value, right.value, rel_tol=0.0025):
        return True
    if left.percent or right.percent:
        return any(_within(left.value * scale, right.value, right) for scale in (100, 0.01))
    return False


def _within(exact: float, written: float, right: Quantity) -> bool:
    if math.isclose(exact, written, rel_tol=CLOSE, abs_tol=1e-12):
        return True
    if right.places is None:
        return any(math.isclose(exact, value, rel_tol=0.002) for value in right.values_of_pi) and _is_rough(
            right, exact
        )
    step = 10.0**-right.places
    if math.isclose(exact, round(exact, right.places), rel_tol=CLOSE):
        return False  # it could have been written exactly
    if right.places == 0:
        return abs(exact - written) <= 0.5 and abs(exact) >= 100
    return abs(exact - written) < 0.99 * step


def _is_rough(right: Quantity, exact: float) -> bool:
    """Numbers times a power of ten, and values of π and roots, are written rounded."""
    return len(set(right.values_of_pi)) > 1 or not 1e-3 < abs(exact) < 1e5 or not math.isclose(exact, round(exact, 4))


Canonical = tuple[object, ...]


@lru_cache(2048)
def canonical(text: str) -> Canonical | None:
    """What a text says as mathematics, so that two equal ones compare equal; None where it is not mathematics."""
    if PROSE.search(text):
        return None
    found = [token for token in tokens(text.strip().rstrip(".।;")) if token.kind != "open"]
    if not found or any(token.kind in ("word",) for token in found):
        return None
    parts = _split(found)
    values = [_one(part) for part in parts]
    if any(value is None for value in values):
        return None
    names = [value[0] for value in values if value]
    shown = [value for value in values if value]
    return tuple(sorted(shown, key=repr) if all(names) else shown)


def _split(found: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in found:
        if token.kind == "stop" and token.text in LIST_SIGNS:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _one(part: list[Token]) -> tuple[str, object] | None:
    """Name and value of `x = 3 m`, with an empty name for `3 m`."""
    name = ""
    if len(part) > 2 and part[0].kind == "symbol" and part[1].text == "=":
        name, part = part[0].text, part[2:]
    if any(token.kind not in VALUE_KINDS for token in part) or not part:
        return None
    units = [token for token in part if token.kind == "unit"]
    if len(units) > 1 or (units and part[-1].kind != "unit"):
        return None
    ratio = [place for place, token in enumerate(part) if token.text == ":"]
    try:
        if len(ratio) == 1:
            return name, ("ratio", _rounded(evaluate(part[: ratio[0]]) / evaluate(part[ratio[0] + 1 :])))
        values = tuple(evaluate(part, point=point) for point in (POINTS if _symbolic(part) else POINTS[:1]))
    except (Unreadable, ZeroDivisionError):
        return None
    percent = any(token.kind == "percent" for token in part)
    degree = part[-1].kind == "degree"
    factor = (units[0].unit.factor if units and units[0].unit else 1.0) * (0.01 if percent else 1.0)
    dimension = units[0].unit.dimension if units and units[0].unit else (("°", 1),) if degree else ()
    return name, (dimension, tuple(_rounded(value * factor) for value in values))


def _symbolic(part: Sequence[Token]) -> bool:
    return any(token.kind == "symbol" and token.text != "π" for token in part)


def _rounded(value: float) -> str:
    return f"{value:.9g}" if value else "0"
