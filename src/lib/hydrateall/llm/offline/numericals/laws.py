"""Problems on a law of the form p = a × b, asked for any of the three quantities."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Number, Numerical, Pair, decimal, mixed, plain, pose


@dataclass(frozen=True)
class Quantity:
    """A quantity: LaTeX symbol, noun phrases, unit, and the values a problem may give it."""

    symbol: str
    name: Pair
    unit: str
    draws: tuple[str, ...] = ()


@dataclass(frozen=True)
class Law:
    """p = a × b with stories for each unknown; {p}, {a}, {b} stand for values with their units."""

    p: Quantity
    a: Quantity
    b: Quantity
    find_p: tuple[Pair, ...]
    find_a: tuple[Pair, ...] = ()
    find_b: tuple[Pair, ...] = ()

    def __call__(self, rng: Random, language: str) -> Numerical:
        """One problem; the numbers of an unknown factor come out as drawn, so results are tidy."""
        a, b = mixed(rng, self.a.draws), mixed(rng, self.b.draws)
        stories = {"p": self.find_p, "a": self.find_a, "b": self.find_b}
        unknown = rng.choice([name for name, told in stories.items() if told])
        values = {"p": a * b, "a": a, "b": b}
        shown = {name: decimal(value, getattr(self, name).unit) for name, value in values.items()}
        english, hindi = rng.choice(stories[unknown])
        return pose(
            language,
            text=(english.format(**shown), hindi.format(**shown)),
            givens=[
                f"${getattr(self, name).symbol} = {plain(values[name])}$ {getattr(self, name).unit}"
                for name in values
                if name != unknown
            ],
            steps=self._steps(unknown, values),
            value=values[unknown],
            unit=getattr(self, unknown).unit,
            wrong=self._wrong(unknown, values),
            asked=getattr(self, unknown).name,
        )

    def _steps(self, unknown: str, values: dict[str, Fraction]) -> list[Pair | str]:
        p, a, b = self.p.symbol, self.a.symbol, self.b.symbol
        law: Pair = (f"The relation is ${p} = {a} \\times {b}$.", f"संबंध है: ${p} = {a} \\times {b}$।")
        numbers = {name: plain(value) for name, value in values.items()}
        if unknown == "p":
            return [law, rf"${p} = {numbers['a']} \times {numbers['b']} = {numbers['p']}$ {self.p.unit}".rstrip()]
        other, wanted, divisor = ("b", self.a, b) if unknown == "a" else ("a", self.b, a)
        ratio = rf"\frac{{{numbers['p']}}}{{{numbers[other]}}}"
        return [
            law,
            rf"${wanted.symbol} = \frac{{{p}}}{{{divisor}}} = {ratio} = {numbers[unknown]}$ {wanted.unit}".rstrip(),
        ]

    @staticmethod
    def _wrong(unknown: str, values: dict[str, Fraction]) -> list[tuple[Number | str, str]]:
        if unknown == "p":
            first, second = values["a"], values["b"]
            return [(first / second, "divided"), (first + second, "added"), (second / first, "divided")]
        known = values["b" if unknown == "a" else "a"]
        return [
            (values["p"] * known, "multiplied"),
            (known / values["p"], "inverted"),
            (abs(values["p"] - known), "subtracted"),
        ]
