"""Polynomials: values, remainders, identities, zeroes and coefficients."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, fraction, pose, tex

SMALL = (-4, -3, -2, -1, 1, 2, 3, 4, 5)


def expression(coefficients: list[int], letter: str = "x") -> str:
    """LaTeX of a polynomial from its coefficients, highest power first."""
    shown = ""
    degree = len(coefficients) - 1
    for place, value in enumerate(coefficients):
        power = degree - place
        if value == 0:
            continue
        variable = "" if power == 0 else letter if power == 1 else f"{letter}^{power}"
        size = "" if abs(value) == 1 and power else str(abs(value))
        sign = ("-" if value < 0 else "") if not shown else (" - " if value < 0 else " + ")
        shown += f"{sign}{size}{variable}"
    return shown or "0"


def at(coefficients: list[int], x: int) -> int:
    """The polynomial's value at x."""
    total = 0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def inserted(coefficients: list[int], x: int) -> str:
    """LaTeX of the polynomial with x put in, such as 2(3)^2 - 5(3) + 1."""
    return expression(coefficients, f"({x})")


def polynomial_value(rng: Random, language: str) -> Numerical:
    """p(x) for a quadratic or cubic at a small integer."""
    coefficients = [rng.choice((1, 2, 3)), *(rng.choice(SMALL) for _ in range(rng.choice((2, 3))))]
    x = rng.choice((-3, -2, -1, 2, 3))
    value = at(coefficients, x)
    if value == 0:
        coefficients[-1] += 1
        value = 1
    shown = expression(coefficients)
    return pose(
        language,
        text=(f"Find $p({x})$ if $p(x) = {shown}$.", f"यदि $p(x) = {shown}$ है, तो $p({x})$ ज्ञात कीजिए।"),
        steps=(
            (f"Put $x = {x}$ into the polynomial.", f"बहुपद में $x = {x}$ रखिए।"),
            f"$p({x}) = {inserted(coefficients, x)} = {value}$",
        ),
        value=value,
        show=fraction,
        wrong=[
            (at(coefficients, -x), "sign"),
            (value - coefficients[-1], "part_only"),
            (-value, "sign"),
            (sum(coefficients), "wrong_formula"),
            (value + 2 * abs(x), "arithmetic"),
        ],
        asked=(f"$p({x})$", f"$p({x})$ का मान"),
    )


def remainder_theorem(rng: Random, language: str) -> Numerical:
    """The remainder of a cubic divided by x − a."""
    coefficients = [1, *(rng.choice(SMALL) for _ in range(3))]
    a = rng.choice((-3, -2, -1, 1, 2, 3))
    value = at(coefficients, a)
    if value == 0:
        coefficients[-1] += 2
        value = 2
    divisor = expression([1, -a])
    shown = expression(coefficients)
    return pose(
        language,
        text=(
            f"Find the remainder when ${shown}$ is divided by ${divisor}$.",
            f"${shown}$ को ${divisor}$ से भाग देने पर शेषफल ज्ञात कीजिए।",
        ),
        steps=(
            (f"By the remainder theorem the remainder is $p({a})$.", f"शेषफल प्रमेय के अनुसार शेषफल $p({a})$ है।"),
            f"$p({a}) = {inserted(coefficients, a)} = {value}$",
        ),
        value=value,
        show=fraction,
        wrong=[
            (at(coefficients, -a), "sign"),
            (coefficients[-1], "given_value"),
            (-value, "sign"),
            (value + a, "arithmetic"),
            (value - 2 * a, "arithmetic"),
        ],
        asked=("the remainder", "शेषफल"),
    )


def identity_expansion(rng: Random, language: str) -> Numerical:
    """Squares and products of binomials, or a product of numbers by an identity."""
    kind = rng.choice(("plus", "minus", "conjugate", "numbers"))
    if kind == "numbers":
        return _number_identity(rng, language)
    a, b = rng.choice((1, 2, 3, 4, 5)), rng.choice((2, 3, 4, 5, 6, 7))
    if a == b:
        b += 1
    if kind == "conjugate":
        asked, rule, right = (
            f"({expression([a, b])})({expression([a, -b])})",
            "(p + q)(p - q) = p^2 - q^2",
            [a * a, 0, -b * b],
        )
    else:
        sign = 1 if kind == "plus" else -1
        asked, right = f"({expression([a, sign * b])})^2", [a * a, sign * 2 * a * b, b * b]
        rule = "(p + q)^2 = p^2 + 2pq + q^2" if sign > 0 else "(p - q)^2 = p^2 - 2pq + q^2"
    middle = right[1]
    candidates = [
        ([a * a, 0, b * b], "part_only"),
        ([a * a, middle // 2 if middle else a * b, right[2]], "not_halved" if middle else "wrong_formula"),
        ([a * a, -middle if middle else 2 * a * b, right[2]], "sign"),
        ([a * a, middle, -right[2]], "sign"),
        ([a, middle, right[2]], "not_squared"),
    ]
    return pose(
        language,
        text=(f"Expand ${asked}$.", f"${asked}$ का प्रसार कीजिए।"),
        steps=(
            (f"Use the identity ${rule}$.", f"सर्वसमिका ${rule}$ का उपयोग कीजिए।"),
            f"${asked} = {expression(right)}$",
        ),
        value=f"${expression(right)}$",
        wrong=[(f"${expression(item)}$", slip) for item, slip in candidates if item != right],
        asked=("the expansion", "प्रसार"),
    )


def _number_identity(rng: Random, language: str) -> Numerical:
    base, step = rng.choice((20, 30, 40, 50, 60, 80, 100, 200)), rng.randint(1, 4)
    product = base * base - step * step
    return pose(
        language,
        text=(
            rf"Find ${base + step} \times {base - step}$ with a suitable identity.",
            rf"उपयुक्त सर्वसमिका से ${base + step} \times {base - step}$ का मान ज्ञात कीजिए।",
        ),
        steps=(
            ("Use $(a + b)(a - b) = a^2 - b^2$.", "$(a + b)(a - b) = a^2 - b^2$ का उपयोग कीजिए।"),
            f"$({base} + {step})({base} - {step}) = {base}^2 - {step}^2 = {base * base} - {step * step} = {product}$",
        ),
        value=product,
        wrong=[
            (base * base + step * step, "sign"),
            (base * base, "incomplete"),
            (base * base - step, "not_squared"),
            (base * base - 2 * base * step, "wrong_formula"),
        ],
        asked=("the product", "गुणनफल"),
    )


def zeroes_sum_product(rng: Random, language: str) -> Numerical:
    """Sum or product of the zeroes of a quadratic from its coefficients."""
    a, p, q = rng.choice((1, 2, 3)), rng.choice((-5, -4, -3, -2, 2, 3, 4, 5)), rng.choice((-6, -3, -1, 1, 2, 4, 7))
    b, c = -(a * q + p), p * q
    if b == 0:
        return zeroes_sum_product(rng, language)
    shown = expression([a, b, c])
    total, product = Fraction(-b, a), Fraction(c, a)
    adding = rng.random() < 0.5
    value = total if adding else product
    name = ("sum", "योगफल") if adding else ("product", "गुणनफल")
    rule = r"\alpha + \beta = -\frac{b}{a}" if adding else r"\alpha\beta = \frac{c}{a}"
    worked = rf"-\frac{{{b}}}{{{a}}}" if adding else rf"\frac{{{c}}}{{{a}}}"
    if b < 0 and adding:
        worked = rf"-\frac{{({b})}}{{{a}}}"
    return pose(
        language,
        text=(
            f"Find the {name[0]} of the zeroes of ${shown}$ without finding the zeroes.",
            f"शून्यक निकाले बिना ${shown}$ के शून्यकों का {name[1]} ज्ञात कीजिए।",
        ),
        givens=(f"$a = {a}$", f"$b = {b}$", f"$c = {c}$"),
        steps=((f"Use ${rule}$.", f"सूत्र: ${rule}$।"), f"${worked} = {tex(value)}$"),
        value=value,
        show=fraction,
        wrong=[
            (-value, "sign"),
            (product if adding else total, "swapped"),
            (-product if adding else -total, "swapped"),
            (1 / value, "inverted"),
            (value + 1, "arithmetic"),
        ],
        asked=(f"the {name[0]} of the zeroes", f"शून्यकों का {name[1]}"),
    )


GENERATORS: dict[str, Generator] = {
    "polynomial_value": polynomial_value,
    "remainder_theorem": remainder_theorem,
    "identity_expansion": identity_expansion,
    "zeroes_sum_product": zeroes_sum_product,
}
