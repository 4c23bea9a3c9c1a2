"""Statistics: means, medians and modes of single values and of grouped data."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.circles import rounding
from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose, two_places

WIDTH = 10


def mean_data(rng: Random, language: str) -> Numerical:
    """The mean of six values, or the value that a given mean needs."""
    mean = rng.randint(8, 60)
    values = [mean + rng.randint(-7, 7) for _ in range(4)]
    values.append(5 * mean - sum(values))
    listed = ", ".join(map(str, values))
    if rng.random() < 0.6:
        return pose(
            language,
            text=(f"Find the mean of {listed}.", f"{listed} का माध्य ज्ञात कीजिए।"),
            steps=(
                ("Mean = sum of the values ÷ their number.", "माध्य = मानों का योग ÷ मानों की संख्या।"),
                rf"$\frac{{{sum(values)}}}{{5}} = {mean}$",
            ),
            value=mean,
            wrong=[
                (Fraction(sum(values), 4), "off_by_one"),
                (sorted(values)[2], "wrong_formula"),
                (Fraction(max(values) + min(values), 2), "part_only"),
                (mean + 1, "arithmetic"),
                (sum(values), "incomplete"),
            ],
            asked=("the mean", "माध्य"),
        )
    known, missing = values[:4], values[4]
    shown = ", ".join(map(str, known))
    return pose(
        language,
        text=(f"The mean of {shown} and $x$ is {mean}. Find $x$.", f"{shown} और $x$ का माध्य {mean} है। $x$ ज्ञात कीजिए।"),
        steps=(
            (
                rf"The sum of the five values is $5 \times {mean} = {5 * mean}$.",
                rf"पाँचों मानों का योग $5 \times {mean} = {5 * mean}$ है।",
            ),
            f"$x = {5 * mean} - {sum(known)} = {missing}$",
        ),
        value=missing,
        wrong=[
            (abs(4 * mean - sum(known)) or mean + 3, "off_by_one"),
            (mean, "given_value"),
            (Fraction(sum(known), 4), "wrong_formula"),
            (missing + 5, "arithmetic"),
        ],
        asked=("$x$", "$x$ का मान"),
    )


def median_data(rng: Random, language: str) -> Numerical:
    """The median of an odd or even number of values."""
    count = rng.choice((7, 8, 9))
    values = rng.sample(range(5, 60), count)
    ordered = sorted(values)
    middle = count // 2
    odd = count % 2 == 1
    value = Fraction(ordered[middle]) if odd else Fraction(ordered[middle - 1] + ordered[middle], 2)
    taken = str(ordered[middle]) if odd else rf"\frac{{{ordered[middle - 1]} + {ordered[middle]}}}{{2}}"
    rule = (
        ("The middle value is the median.", "बीच का मान माध्यक है।")
        if odd
        else ("The median is the mean of the two middle values.", "बीच के दो मानों का माध्य ही माध्यक है।")
    )
    return pose(
        language,
        text=(
            f"Find the median of {', '.join(map(str, values))}.",
            f"{', '.join(map(str, values))} का माध्यक ज्ञात कीजिए।",
        ),
        steps=(
            (f"In ascending order: {', '.join(map(str, ordered))}.", f"आरोही क्रम में: {', '.join(map(str, ordered))}।"),
            rule,
            f"${taken} = {plain(value)}$",
        ),
        value=value,
        wrong=[
            (values[middle], "wrong_formula"),
            (ordered[middle - 1], "off_by_one"),
            (ordered[middle] if not odd else ordered[middle + 1], "off_by_one"),
            (Fraction(ordered[0] + ordered[-1], 2), "wrong_formula"),
        ],
        asked=("the median", "माध्यक"),
    )


def _classes(frequencies: list[int], start: int) -> str:
    return ", ".join(
        f"{start + WIDTH * place}–{start + WIDTH * (place + 1)}: {count}" for place, count in enumerate(frequencies)
    )


def _table(frequencies: list[int], start: int) -> tuple[str, str]:
    listed = _classes(frequencies, start)
    return f"Class intervals with frequencies: {listed}.", f"वर्ग अंतराल और बारंबारताएँ: {listed}।"


def mean_grouped(rng: Random, language: str) -> Numerical:
    """The mean of grouped data by class marks."""
    start = rng.choice((0, 10, 20))
    counts = [rng.randint(2, 9) for _ in range(5)]
    counts[2] += rng.randint(2, 6)
    counts[4] += -sum(counts) % 5 or 5
    marks = [start + WIDTH * place + 5 for place in range(5)]
    total, weighted = sum(counts), sum(f * x for f, x in zip(counts, marks, strict=True))
    value = Fraction(weighted, total)
    table, ask = _table(counts, start), rounding(value)
    return pose(
        language,
        text=(f"{table[0]} Find the mean.{ask[0]}", f"{table[1]} माध्य ज्ञात कीजिए।{ask[1]}"),
        steps=(
            (f"Class marks $x_i$: {', '.join(map(str, marks))}.", f"वर्ग चिह्न $x_i$: {', '.join(map(str, marks))}।"),
            rf"$\sum f_i = {total}$, $\sum f_i x_i = {weighted}$",
            rf"$\bar{{x}} = \frac{{\sum f_i x_i}}{{\sum f_i}} = \frac{{{weighted}}}{{{total}}}$",
        ),
        value=value,
        show=two_places,
        wrong=[
            (value - 5, "wrong_class"),
            (value + 5, "wrong_class"),
            (Fraction(sum(marks), 5), "wrong_formula"),
            (Fraction(weighted, total - counts[0]), "wrong_total"),
        ],
        asked=("the mean", "माध्य"),
    )


def median_grouped(rng: Random, language: str) -> Numerical:
    """The median of grouped data by interpolation in the median class."""
    start = rng.choice((0, 10, 20))
    before, f, after = (
        [rng.randint(2, 6), rng.randint(3, 7)],
        rng.choice((10, 12, 15, 16, 20, 25)),
        [rng.randint(3, 7), rng.randint(2, 6)],
    )
    counts = [*before, f, *after]
    total, cumulative, lower = sum(counts), sum(before), start + 2 * WIDTH
    value = lower + (Fraction(total, 2) - cumulative) / f * WIDTH
    table, ask = _table(counts, start), rounding(value)
    return pose(
        language,
        text=(f"{table[0]} Find the median.{ask[0]}", f"{table[1]} माध्यक ज्ञात कीजिए।{ask[1]}"),
        steps=(
            (
                f"$n = {total}$, so $\\frac{{n}}{{2}} = {plain(Fraction(total, 2))}$ lies in the class "
                f"{lower}–{lower + WIDTH}.",
                f"$n = {total}$, अतः $\\frac{{n}}{{2}} = {plain(Fraction(total, 2))}$ वर्ग {lower}–{lower + WIDTH} में है।",
            ),
            r"$\text{M} = l + \frac{\frac{n}{2} - cf}{f} \times h$",
            rf"$\text{{M}} = {lower} + \frac{{{plain(Fraction(total, 2))} - {cumulative}}}{{{f}}} \times "
            rf"{WIDTH}$",
        ),
        value=value,
        show=two_places,
        wrong=[
            (lower + (Fraction(total) - cumulative) / f * WIDTH, "not_halved"),
            (Fraction(lower), "incomplete"),
            (lower + WIDTH - (value - lower), "sign"),
            (value + WIDTH, "wrong_class"),
            (lower + Fraction(total, 2) / f, "part_only"),
        ],
        asked=("the median", "माध्यक"),
    )


def mode_grouped(rng: Random, language: str) -> Numerical:
    """The mode of grouped data from the modal class and its neighbours."""
    start = rng.choice((0, 10, 20))
    modal = rng.randint(15, 24)
    lower_gap, upper_gap = rng.choice(
        ((2, 3), (3, 2), (4, 6), (6, 4), (3, 5), (5, 3), (4, 4), (6, 2), (2, 6), (7, 3), (3, 7), (5, 5))
    )
    previous, following = modal - lower_gap, modal - upper_gap
    counts = [rng.randint(3, 8), previous, modal, following, rng.randint(2, 7)]
    lower = start + 2 * WIDTH
    value = lower + Fraction(lower_gap, lower_gap + upper_gap) * WIDTH
    table = _table(counts, start)
    return pose(
        language,
        text=(f"{table[0]} Find the mode.", f"{table[1]} बहुलक ज्ञात कीजिए।"),
        steps=(
            (
                f"The modal class is {lower}–{lower + WIDTH}, because its frequency {modal} is the highest.",
                f"बहुलक वर्ग {lower}–{lower + WIDTH} है, क्योंकि उसकी बारंबारता {modal} सबसे अधिक है।",
            ),
            r"$\text{Z} = l + \frac{f_1 - f_0}{2f_1 - f_0 - f_2} \times h$",
            rf"$\text{{Z}} = {lower} + "
            rf"\frac{{{modal} - {previous}}}{{{2 * modal} - {previous} - {following}}} \times {WIDTH} = "
            rf"{plain(value)}$",
        ),
        value=value,
        wrong=[
            (lower + Fraction(upper_gap, lower_gap + upper_gap) * WIDTH, "swapped"),
            (Fraction(modal), "given_value"),
            (lower + Fraction(WIDTH, 2), "wrong_formula"),
            (Fraction(lower), "incomplete"),
            (value + WIDTH, "wrong_class"),
        ],
        asked=("the mode", "बहुलक"),
    )


GENERATORS: dict[str, Generator] = {
    "mean_data": mean_data,
    "median_data": median_data,
    "mean_grouped": mean_grouped,
    "median_grouped": median_grouped,
    "mode_grouped": mode_grouped,
}
