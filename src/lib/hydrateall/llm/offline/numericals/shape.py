"""The shape of a computed question, and the one place where its parts are put together.

Generators state everything in pairs (English, Hindi) and give numbers as exact fractions; `pose` chooses the
language, formats the numbers, and keeps only wrong values that differ from the answer and from each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.slips import SLIPS

Pair = tuple[str, str]
Number = int | Fraction
Show = Callable[[Number, str], str]
MOST_SLIPS = 4
FAR = 40


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong value and the mistake that leads to it."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Numerical:
    """A computed question. The last step states the answer; `value` is None for answers that are not one number."""

    text: str
    givens: tuple[str, ...]
    steps: tuple[str, ...]
    answer: str
    wrong: tuple[Slip, ...]
    value: Fraction | None
    unit: str
    asked: str

    @property
    def explanation(self) -> str:
        """The working without the list of givens, as one paragraph."""
        working = self.steps[1:] if self.givens else self.steps
        stop = working[-1][-1]
        return " ".join(step if step[-1] in ".।" else f"{step}{stop}" for step in working)


Generator = Callable[[Random, str], Numerical]


def plain(value: Number) -> str:
    """A number as a decimal of at most four places ("2.5"), else as a fraction ("2/3")."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    scaled = exact * 10**4
    if scaled.denominator != 1:
        return f"{exact.numerator}/{exact.denominator}"
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(5, "0")
    return f"{sign}{digits[:-4]}.{digits[-4:].rstrip('0')}"


def with_unit(number: str, unit: str) -> str:
    """ "5 m", but "5°", "5%" and "₹5"."""
    if unit == "₹":
        return f"₹{number}"
    return f"{number}{unit}" if unit in ("", "%", "°") else f"{number} {unit}"


def decimal(value: Number, unit: str) -> str:
    """Exact decimal with unit; raise ValueError when four places do not hold it."""
    if "/" in (text := plain(value)):
        raise ValueError(f"{text} is not a short decimal")
    return with_unit(text.replace("-", "−"), unit)


def two_places(value: Number, unit: str) -> str:
    """Exact decimal where two places hold the number, else rounded to two places."""
    return decimal(value, unit) if is_short(value) else rounded(2)(value, unit)


def is_short(value: Number) -> bool:
    """Whether two decimal places hold the number exactly."""
    return (Fraction(value) * 100).denominator == 1


def rounded(places: int) -> Show:
    """Decimal with exactly `places` places, halves away from zero."""

    def show(value: Number, unit: str) -> str:
        exact = abs(Fraction(value)) * 10**places
        digits = str((2 * exact.numerator + exact.denominator) // (2 * exact.denominator)).rjust(places + 1, "0")
        sign = "−" if value < 0 else ""
        return with_unit(f"{sign}{digits[:-places]}.{digits[-places:]}", unit)

    return show


def tex(value: Number) -> str:
    """A number inside LaTeX: an integer, or \\frac in lowest terms."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    sign = "-" if exact < 0 else ""
    return rf"{sign}\frac{{{abs(exact.numerator)}}}{{{exact.denominator}}}"


def fraction(value: Number, unit: str) -> str:
    """A number as LaTeX fraction in lowest terms with unit."""
    return with_unit(f"${tex(value)}$", unit)


def pose(
    language: str,
    *,
    text: Pair,
    steps: Sequence[Pair | str],
    value: Number | str,
    wrong: Iterable[tuple[Number | str, str]],
    asked: Pair,
    givens: Sequence[str] = (),
    unit: str = "",
    show: Show = decimal,
    closing: Pair | None = None,
) -> Numerical:
    """Assemble one computed question.

    `wrong` holds (value, key of SLIPS); `asked` is the noun phrase of what is looked for ("the speed of the bus");
    `closing` replaces the last sentence, with {answer} for the answer.
    """
    side = 1 if language == "hi" else 0
    answer = value if isinstance(value, str) else show(value, unit)
    working = [step if isinstance(step, str) else step[side] for step in steps]
    if givens:
        working.insert(0, ("दिया गया है: " if side else "Given: ") + ", ".join(givens) + ("।" if side else "."))
    ending = closing or ("So {asked} is {answer}.", "अतः {asked} {answer} है।")
    working.append(ending[side].replace("{asked}", asked[side]).replace("{answer}", answer))
    return Numerical(
        text=text[side],
        givens=tuple(givens),
        steps=tuple(working),
        answer=answer,
        wrong=_slips(side, value, answer, wrong, unit, show),
        value=None if isinstance(value, str) else Fraction(value),
        unit=unit,
        asked=asked[side],
    )


def _slips(
    side: int, value: Number | str, answer: str, wrong: Iterable[tuple[Number | str, str]], unit: str, show: Show
) -> tuple[Slip, ...]:
    """The first MOST_SLIPS shown values that are new and not zero; plain arithmetic slips and far values in reserve."""
    listed = list(wrong)
    near = [item for item in listed if not _far(item[0], value)]
    chosen: list[Slip] = []
    seen = {answer}
    for candidates in (near, _reserve(value), listed):
        for candidate, reason in candidates:
            shown = _shown(candidate, unit, show)
            if shown and shown not in seen:
                seen.add(shown)
                chosen.append(Slip(shown, SLIPS[reason][side]))
            if len(chosen) == MOST_SLIPS:
                return tuple(chosen)
    return tuple(chosen)


def _far(candidate: Number | str, value: Number | str) -> bool:
    """Whether a wrong number is so much larger or smaller than the answer that nobody would choose it."""
    if isinstance(candidate, str) or isinstance(value, str) or not value or not candidate:
        return False
    ratio = abs(float(candidate) / float(value))
    return ratio > FAR or ratio < 1 / FAR


def _reserve(value: Number | str) -> Iterator[tuple[Number | str, str]]:
    if not isinstance(value, str):
        yield value * 2, "doubled"
        yield Fraction(value) / 2, "halved"
        yield value * 10, "tenfold"
        yield value + 1, "off_by_one"
        yield value + 2, "arithmetic"


def _shown(candidate: Number | str, unit: str, show: Show) -> str:
    if isinstance(candidate, str):
        return candidate
    if candidate == 0:
        return ""
    try:
        return show(candidate, unit)
    except (ValueError, ZeroDivisionError):
        return ""


def mixed(rng: Random, values: Sequence[str]) -> Fraction:
    """One of the decimals given as text, exactly."""
    return Fraction(rng.choice(values))
