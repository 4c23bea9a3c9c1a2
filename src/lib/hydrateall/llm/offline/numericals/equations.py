"""Equations and progressions: quadratic, linear in two variables, arithmetic progressions."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.algebra import SMALL, expression
from hydrateall.llm.offline.numericals.shape import Generator, Numerical, fraction, pose


def quadratic_roots(rng: Random, language: str) -> Numerical:
    """Roots of a quadratic by splitting the middle term."""
    p, q = sorted(rng.sample((-7, -6, -5, -4, -3, -2, 2, 3, 4, 5, 6, 7, 8), 2))
    if p == -q:
        q += 1
    b, c = -(p + q), p * q
    if b == 0:
        return quadratic_roots(rng, language)
    shown = expression([1, b, c])
    candidates = [
        ((-q, -p), "sign"),
        ((p, -q), "sign"),
        ((-p, q), "sign"),
        ((p - 1, q + 1), "arithmetic"),
        ((b, c), "given_value"),
    ]
    return pose(
        language,
        text=(f"Find the roots of ${shown} = 0$ by factorisation.", f"गुणनखंडन द्वारा ${shown} = 0$ के मूल ज्ञात कीजिए।"),
        steps=(
            (
                f"Find two numbers with sum ${b}$ and product ${c}$: ${-p}$ and ${-q}$.",
                f"ऐसी दो संख्याएँ खोजिए जिनका योग ${b}$ और गुणनफल ${c}$ हो: ${-p}$ और ${-q}$।",
            ),
            f"${shown} = ({expression([1, -p])})({expression([1, -q])}) = 0$",
        ),
        value=_pair(p, q),
        wrong=[(_pair(*sorted(pair)), slip) for pair, slip in candidates if set(pair) != {p, q}],
        asked=("the solution", "हल"),
        closing=("So the roots are {answer}.", "अतः मूल हैं: {answer}।"),
    )


def _pair(first: int, second: int) -> str:
    return f"$x = {first},\\ x = {second}$"


def discriminant(rng: Random, language: str) -> Numerical:
    """b² − 4ac; its sign gives the nature of the roots."""
    a, b, c = (
        rng.choice((1, 2, 3, 4)),
        rng.choice((-7, -6, -5, -4, -3, 2, 3, 4, 5, 6, 8)),
        rng.choice((-5, -4, -3, -2, 1, 2, 3, 4, 5)),
    )
    value = b * b - 4 * a * c
    if value == 0:
        return discriminant(rng, language)
    nature = ("two distinct real roots", "दो भिन्न वास्तविक मूल") if value > 0 else ("no real roots", "कोई वास्तविक मूल नहीं")
    shown = expression([a, b, c])
    return pose(
        language,
        text=(f"Find the discriminant of ${shown} = 0$.", f"समीकरण ${shown} = 0$ का विविक्तकर ज्ञात कीजिए।"),
        givens=(f"$a = {a}$", f"$b = {b}$", f"$c = {c}$"),
        steps=(
            ("The discriminant is $D = b^2 - 4ac$.", "विविक्तकर का सूत्र है: $D = b^2 - 4ac$।"),
            rf"$D = ({b})^2 - 4 \times {a} \times ({c}) = {value}$",
            (f"The equation therefore has {nature[0]}.", f"अतः समीकरण के {nature[1]} हैं।"),
        ),
        value=value,
        show=fraction,
        wrong=[
            (b * b + 4 * a * c, "sign"),
            (-b * b - 4 * a * c, "sign"),
            (b * b - a * c, "part_only"),
            (2 * b - 4 * a * c, "not_squared"),
            (value + 4, "arithmetic"),
        ],
        asked=("the discriminant", "विविक्तकर"),
    )


def linear_pair_solution(rng: Random, language: str) -> Numerical:
    """A pair of linear equations with an integer solution."""
    x, y = rng.choice(SMALL), rng.choice(SMALL)
    a, b, c, d = (
        rng.choice((1, 2, 3, 4)),
        rng.choice((-3, -2, -1, 1, 2, 3)),
        rng.choice((1, 2, 3, 5)),
        rng.choice((-4, -1, 1, 2, 4)),
    )
    if a * d - b * c == 0 or x == y or x == -y:
        return linear_pair_solution(rng, language)
    first, second = _line(a, b), _line(c, d)
    e, f = a * x + b * y, c * x + d * y
    determinant = a * d - b * c
    candidates = [
        ((y, x), "swapped"),
        ((-x, y), "sign"),
        ((x, -y), "sign"),
        ((-x, -y), "sign"),
        ((x + 1, y - 1), "arithmetic"),
    ]
    return pose(
        language,
        text=(
            f"Solve the pair ${first} = {e}$ and ${second} = {f}$.",
            f"समीकरण युग्म ${first} = {e}$ और ${second} = {f}$ को हल कीजिए।",
        ),
        steps=(
            (
                rf"Eliminate $y$: multiply the first equation by ${d}$, the second by ${b}$, and subtract.",
                rf"$y$ का विलोपन कीजिए: पहले समीकरण को ${d}$ से और दूसरे को ${b}$ से गुणा करके घटाइए।",
            ),
            f"${determinant}x = {d * e - b * f}$, $x = {x}$".replace("$1x", "$x").replace("$-1x", "$-x"),
            (f"Put $x = {x}$ into the first equation: $y = {y}$.", f"पहले समीकरण में $x = {x}$ रखने पर $y = {y}$।"),
        ),
        value=_point(x, y),
        wrong=[(_point(*point), slip) for point, slip in candidates],
        asked=("the solution", "हल"),
    )


def _line(a: int, b: int) -> str:
    return f"{expression([a, 0])} {'-' if b < 0 else '+'} {'' if abs(b) == 1 else abs(b)}y"


def _point(x: int, y: int) -> str:
    return f"$x = {x},\\ y = {y}$"


def linear_two_variables(rng: Random, language: str) -> Numerical:
    """The other coordinate of a solution, or the constant that makes a point a solution."""
    a, b = rng.choice((2, 3, 4, 5)), rng.choice((-3, -2, 2, 3, 4, 5))
    x, y = rng.choice((-3, -2, -1, 1, 2, 3, 4)), rng.choice((-4, -2, -1, 1, 2, 3, 5))
    c = a * x + b * y
    line = _line(a, b)
    if rng.random() < 0.5 and c:
        return pose(
            language,
            text=(
                f"The point $({x}, {y})$ lies on the line ${line} = k$. Find $k$.",
                f"बिंदु $({x}, {y})$ रेखा ${line} = k$ पर स्थित है। $k$ ज्ञात कीजिए।",
            ),
            steps=(
                (f"Put $x = {x}$, $y = {y}$ into the equation.", f"समीकरण में $x = {x}$, $y = {y}$ रखिए।"),
                rf"$k = {a} \times ({x}) + ({b}) \times ({y}) = {c}$",
            ),
            value=c,
            show=fraction,
            wrong=[
                (a * x - b * y, "sign"),
                (a * y + b * x, "swapped"),
                (-c, "sign"),
                (a + b + x + y, "added"),
                (c + 2, "arithmetic"),
            ],
            asked=("$k$", "$k$ का मान"),
        )
    return pose(
        language,
        text=(f"Find $y$ if $x = {x}$ and ${line} = {c}$.", f"यदि $x = {x}$ और ${line} = {c}$ है, तो $y$ ज्ञात कीजिए।"),
        steps=(
            (
                f"Put $x = {x}$ into the equation: ${expression([b, 0], 'y')} = {c} - ({a * x}) = {c - a * x}$.",
                f"समीकरण में $x = {x}$ रखिए: ${expression([b, 0], 'y')} = {c} - ({a * x}) = {c - a * x}$।",
            ),
            rf"$y = \frac{{{c - a * x}}}{{{b}}} = {y}$",
        ),
        value=y,
        show=fraction,
        wrong=[
            (-y, "sign"),
            (c - a * x, "incomplete"),
            (Fraction(c + a * x, b), "sign"),
            (x, "swapped"),
            (y + 1, "arithmetic"),
        ],
        asked=("$y$", "$y$ का मान"),
    )


def ap_nth_term(rng: Random, language: str) -> Numerical:
    """A term of an AP, or which term a number is."""
    a, d, n = (
        rng.randint(2, 12),
        rng.choice((-4, -3, -2, 2, 3, 4, 5, 6, 7)),
        rng.choice((8, 10, 11, 12, 15, 16, 20, 21, 25)),
    )
    last = a + (n - 1) * d
    listed = f"{a}, {a + d}, {a + 2 * d}, \\dots"
    rule = ("The nth term is $a_n = a + (n - 1)d$.", "nवाँ पद: $a_n = a + (n - 1)d$।")
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"Find the {n}th term of the AP ${listed}$".replace("21th", "21st") + ".",
                f"समांतर श्रेढ़ी ${listed}$ का {n}वाँ पद ज्ञात कीजिए।",
            ),
            givens=(f"$a = {a}$", f"$d = {d}$", f"$n = {n}$"),
            steps=(rule, rf"$a_{{{n}}} = {a} + {n - 1} \times ({d}) = {last}$"),
            value=last,
            show=fraction,
            wrong=[
                (a + n * d, "off_by_one"),
                (last - d, "off_by_one"),
                ((n - 1) * d, "no_initial"),
                (a * n + d, "swapped"),
                (a - (n - 1) * d, "sign"),
            ],
            asked=("the required term", "अभीष्ट पद"),
        )
    return pose(
        language,
        text=(f"Which term of the AP ${listed}$ is ${last}$?", f"समांतर श्रेढ़ी ${listed}$ का कौन-सा पद ${last}$ है?"),
        givens=(f"$a = {a}$", f"$d = {d}$", f"$a_n = {last}$"),
        steps=(rule, rf"$n = \frac{{a_n - a}}{{d}} + 1 = \frac{{{last} - {a}}}{{{d}}} + 1 = {n}$"),
        value=n,
        wrong=[(n - 1, "off_by_one"), (n + 1, "off_by_one"), (n + 2, "arithmetic"), (n - 2, "arithmetic")],
        asked=("the number of the term", "पद की क्रम संख्या"),
    )


def ap_sum(rng: Random, language: str) -> Numerical:
    """Sum of the first n terms of an AP."""
    a, d, n = rng.randint(1, 12), rng.choice((-3, -2, 2, 3, 4, 5, 6)), rng.choice((8, 10, 12, 14, 15, 16, 20, 25))
    value = Fraction(n * (2 * a + (n - 1) * d), 2)
    if value == 0:
        return ap_sum(rng, language)
    listed = f"{a}, {a + d}, {a + 2 * d}, \\dots"
    return pose(
        language,
        text=(
            f"Find the sum of the first {n} terms of the AP ${listed}$.",
            f"समांतर श्रेढ़ी ${listed}$ के प्रथम {n} पदों का योग ज्ञात कीजिए।",
        ),
        givens=(f"$a = {a}$", f"$d = {d}$", f"$n = {n}$"),
        steps=(
            (r"Use $S_n = \frac{n}{2}[2a + (n - 1)d]$.", r"सूत्र: $S_n = \frac{n}{2}[2a + (n - 1)d]$।"),
            rf"$S_{{{n}}} = \frac{{{n}}}{{2}}[{2 * a} + {n - 1} \times ({d})] = {value}$",
        ),
        value=value,
        show=fraction,
        wrong=[
            (value * 2, "not_halved"),
            (Fraction(n * (2 * a + n * d), 2), "off_by_one"),
            (Fraction(n * (a + (n - 1) * d), 2), "part_only"),
            (a + (n - 1) * d, "wrong_formula"),
        ],
        asked=("the sum", "योग"),
    )


GENERATORS: dict[str, Generator] = {
    "quadratic_roots": quadratic_roots,
    "discriminant": discriminant,
    "linear_pair_solution": linear_pair_solution,
    "linear_two_variables": linear_two_variables,
    "ap_nth_term": ap_nth_term,
    "ap_sum": ap_sum,
}
