"""Every computed question: well formed for any seed, and right by an independent calculation."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import mean, median

import pytest
import yaml

from hydrateall.core.paths import SAMPLES
from hydrateall.llm.offline.numericals import GENERATORS
from hydrateall.llm.offline.numericals.shape import decimal, plain, rounded, two_places
from hydrateall.llm.offline.questions.choices import canonical

SEEDS = range(40)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def numbers(text: str) -> list[float]:
    """The numbers of a text in order, minus signs of both kinds understood."""
    return [float(found) for found in NUMBER.findall(text.replace("−", "-"))]


def value(text: str) -> float:
    """The value of an answer: a LaTeX fraction or the first number."""
    if found := re.search(r"(-?)\\frac\{(\d+)\}\{(\d+)\}", text):
        return float(Fraction(int(found[2]), int(found[3])) * (-1 if found[1] else 1))
    return numbers(text)[0]


@pytest.mark.parametrize("kind", GENERATORS)
class TestEveryKind:
    def test_has_three_wrong_values_that_differ_from_the_answer(self, kind: str) -> None:
        for seed in SEEDS:
            for language in ("en", "hi"):
                drawn = GENERATORS[kind](Random(seed), language)
                shown = [canonical(drawn.answer), *(canonical(slip.value) for slip in drawn.wrong)]

                assert len(shown) >= 4
                assert len(set(shown)) == len(shown)

    def test_ends_its_steps_with_the_answer(self, kind: str) -> None:
        for seed in SEEDS:
            for language in ("en", "hi"):
                drawn = GENERATORS[kind](Random(seed), language)

                assert len(drawn.steps) >= 2
                assert drawn.answer in drawn.steps[-1]
                assert all(text.count("$") % 2 == 0 for text in (drawn.text, *drawn.steps))

    def test_has_the_same_answer_in_both_languages(self, kind: str) -> None:
        for seed in SEEDS:
            english, hindi = (GENERATORS[kind](Random(seed), language) for language in ("en", "hi"))

            assert english.value == hindi.value
            assert re.search(r"[\u0900-\u097f]", hindi.text)
            assert not re.search(r"[\u0900-\u097f]", english.text + " ".join(english.steps))

    def test_draws_at_least_forty_problems(self, kind: str) -> None:
        assert len({GENERATORS[kind](Random(seed), "en").text for seed in range(600)}) >= 40


def _triangle_area(a: float, b: float, c: float) -> float:
    s = (a + b + c) / 2
    return math.sqrt(s * (s - a) * (s - b) * (s - c))


def _grouped_mean(text: str) -> float:
    rows = [tuple(map(float, row)) for row in re.findall(r"(\d+)–(\d+): (\d+)", text)]
    return sum((low + high) / 2 * count for low, high, count in rows) / sum(count for _, _, count in rows)


def _grouped_mode(text: str) -> float:
    rows = [tuple(map(float, row)) for row in re.findall(r"(\d+)–(\d+): (\d+)", text)]
    place = max(range(len(rows)), key=lambda row: rows[row][2])
    before, top, after = (rows[place + shift][2] for shift in (-1, 0, 1))
    low, high, _ = rows[place]
    return low + (top - before) / (2 * top - before - after) * (high - low)


def _law(text: str, product: str) -> float:
    """p = a × b from a question that names two quantities with their units."""
    known = [
        (float(number), unit) for number, unit in re.findall(r"([\d.]+) (m/s²|m/s|kg|N|s|m|V|A|Ω|J|C)\b", text + " ")
    ]
    (first, unit), (second, other) = known[:2]
    if unit == product:
        return first / second
    return second / first if other == product else first * second


def _level(text: str) -> int:
    chain = re.search(r"chain (.+?) the producers", text)[1].split(" → ")
    eater = re.search(r"reaches the (.+?) by", text)[1]
    return chain.index(eater)


def _polynomial(shown: str) -> Callable[[float], float]:
    """A function from LaTeX such as 2x^2 - 5x + 3."""
    python = re.sub(r"(\d)x", r"\1*x", shown).replace("^", "**")
    return lambda x: eval(python, {"x": x})


def _discriminant(text: str) -> float:
    p = _polynomial(re.search(r"\$(.+?) = 0\$", text)[1])
    c, a_plus_b_plus_c, a_minus_b_plus_c = p(0), p(1), p(-1)
    a, b = (a_plus_b_plus_c + a_minus_b_plus_c) / 2 - c, (a_plus_b_plus_c - a_minus_b_plus_c) / 2
    return b * b - 4 * a * c


def _ap_sum(text: str) -> float:
    count, first, second = numbers(text)[:3]
    return sum(first + (second - first) * place for place in range(int(count)))


def _remainder(text: str) -> float:
    shown, divisor = re.findall(r"\$(.+?)\$", text)
    root = -_polynomial(divisor)(0)
    return _polynomial(shown)(root)


RECOMPUTED: dict[str, Callable[[str], float]] = {
    "echo": lambda text: numbers(text)[0] * numbers(text)[1] / 2,
    "heating_effect": lambda text: numbers(text)[0] ** 2 * numbers(text)[1] * numbers(text)[2],
    "heron_area": lambda text: _triangle_area(*numbers(text)[:3]),
    "average": lambda text: mean(numbers(text)),
    "median_data": lambda text: median(numbers(text)),
    "mean_grouped": _grouped_mean,
    "mode_grouped": _grouped_mode,
    "distance_formula": lambda text: math.dist(
        *(tuple(map(float, p)) for p in re.findall(r"\((-?\d+), (-?\d+)\)", text))
    ),
    "resistance_parallel": lambda text: 1 / sum(1 / ohms for ohms in numbers(text)),
    "sector_area": lambda text: numbers(text)[0] / 360 * 22 / 7 * numbers(text)[1] ** 2,
    "arc_length": lambda text: numbers(text)[0] / 360 * 2 * 22 / 7 * numbers(text)[1],
    "mass_percent": lambda text: 100 * numbers(text)[0] / (numbers(text)[0] + numbers(text)[1]),
    "food_chain_energy": lambda text: numbers(text)[0] / 10 ** _level(text),
    "energy_kwh": lambda text: math.prod(numbers(text)) / 1000,
    "force_mass_acceleration": lambda text: _law(text, "N"),
    "speed_distance_time": lambda text: _law(text, "m"),
    "ohms_law": lambda text: _law(text, "V"),
    "charge_current": lambda text: _law(text, "C"),
    "acceleration": lambda text: (numbers(text)[1] - numbers(text)[0]) / numbers(text)[2],
    "discriminant": _discriminant,
    "ap_sum": _ap_sum,
    "remainder_theorem": _remainder,
}


class TestIndependentCalculation:
    @pytest.mark.parametrize("kind", RECOMPUTED)
    def test_agrees_with_the_answer(self, kind: str) -> None:
        for seed in SEEDS:
            drawn = GENERATORS[kind](Random(seed), "en")

            assert value(drawn.answer) == pytest.approx(RECOMPUTED[kind](drawn.text), abs=0.0051)

    def test_of_real_images_agrees_with_the_lens_formula(self) -> None:
        for seed in SEEDS:
            drawn = GENERATORS["lens_formula"](Random(seed), "en")
            u, f = numbers(" ".join(drawn.givens))

            assert 1 / value(drawn.answer) - 1 / u == pytest.approx(1 / f)

    def test_of_mirrors_agrees_with_the_mirror_formula(self) -> None:
        for seed in SEEDS:
            drawn = GENERATORS["mirror_formula"](Random(seed), "en")
            u, f = numbers(" ".join(drawn.givens))

            assert 1 / value(drawn.answer) + 1 / u == pytest.approx(1 / f)

    def test_of_a_pair_of_equations_fulfils_both(self) -> None:
        for seed in SEEDS:
            drawn = GENERATORS["linear_pair_solution"](Random(seed), "en")
            x, y = numbers(drawn.answer)

            for left, right in re.findall(r"\$(.+?) = (-?\d+)\$", drawn.text):
                side = eval(re.sub(r"(\d)([xy])", r"\1*\2", left), {"x": x, "y": y})
                assert side == float(right)


class TestNumbers:
    def test_are_written_as_short_decimals(self) -> None:
        assert [plain(Fraction(text)) for text in ("3", "2.50", "-0.125", "1/3")] == ["3", "2.5", "-0.125", "1/3"]

    def test_are_rounded_half_away_from_zero(self) -> None:
        shown = [rounded(2)(Fraction(text), "") for text in ("2.345", "-2.345", "2", "0.004")]

        assert shown == ["2.35", "−2.35", "2.00", "0.00"]

    def test_keep_two_places_only_where_needed(self) -> None:
        assert (two_places(Fraction(5, 2), "m"), two_places(Fraction(1, 3), "m")) == ("2.5 m", "0.33 m")

    def test_refuse_what_no_short_decimal_holds(self) -> None:
        with pytest.raises(ValueError, match="not a short decimal"):
            decimal(Fraction(1, 3), "m")


class TestBanks:
    @pytest.mark.parametrize(
        "path", sorted(SAMPLES.glob("*/*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}"
    )
    def test_name_only_known_kinds(self, path: Path) -> None:
        topics = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["topics"]

        assert {kind for topic in topics for kind in topic["numericals"]} <= set(GENERATORS)
