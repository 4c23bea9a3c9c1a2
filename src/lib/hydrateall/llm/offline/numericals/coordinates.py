"""Coordinate geometry: distance, mid-point, section formula, quadrants."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Number, Numerical, plain, pose

TRIPLES = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 15, 17), (9, 12, 15), (12, 16, 20))
PLACES = (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7)


def point(x: Number, y: Number) -> str:
    """A point in LaTeX, without dollar signs."""
    return f"({plain(x)}, {plain(y)})"


def distance_formula(rng: Random, language: str) -> Numerical:
    """The distance of two points whose differences belong to a Pythagorean triple."""
    across, up, value = rng.choice(TRIPLES)
    if rng.random() < 0.5:
        across, up = up, across
    x, y = rng.choice(PLACES), rng.choice(PLACES)
    p, q = x + rng.choice((-1, 1)) * across, y + rng.choice((-1, 1)) * up
    return pose(
        language,
        text=(
            f"Find the distance between the points ${point(x, y)}$ and ${point(p, q)}$.",
            f"बिंदुओं ${point(x, y)}$ और ${point(p, q)}$ के बीच की दूरी ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"Distance formula: $d = \sqrt{(x_2 - x_1)^2 + (y_2 - y_1)^2}$.",
                r"दूरी सूत्र: $d = \sqrt{(x_2 - x_1)^2 + (y_2 - y_1)^2}$।",
            ),
            rf"$d = \sqrt{{({p - x})^2 + ({q - y})^2}} = \sqrt{{{across**2 + up**2}}} = {value}$",
        ),
        value=value,
        unit="units" if language == "en" else "इकाई",
        wrong=[
            (across + up, "added"),
            (value**2, "no_root"),
            (abs(across - up), "subtracted"),
            (value + 1, "arithmetic"),
        ],
        asked=("the distance", "दूरी"),
    )


def midpoint(rng: Random, language: str) -> Numerical:
    """The mid-point of a segment."""
    x, y, p, q = (rng.choice(PLACES) for _ in range(4))
    if x == p or y == q or x == -p or y == -q:
        return midpoint(rng, language)
    middle = Fraction(x + p, 2), Fraction(y + q, 2)
    candidates = [
        ((Fraction(x - p, 2), Fraction(y - q, 2)), "sign"),
        ((Fraction(x + p), Fraction(y + q)), "not_halved"),
        ((middle[1], middle[0]), "swapped"),
        ((-middle[0], middle[1]), "sign"),
        ((middle[0], -middle[1]), "sign"),
    ]
    return pose(
        language,
        text=(
            f"Find the mid-point of the segment joining ${point(x, y)}$ and ${point(p, q)}$.",
            f"${point(x, y)}$ और ${point(p, q)}$ को मिलाने वाले रेखाखंड का मध्य-बिंदु ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"Mid-point: $\left(\frac{x_1 + x_2}{2}, \frac{y_1 + y_2}{2}\right)$.",
                r"मध्य-बिंदु: $\left(\frac{x_1 + x_2}{2}, \frac{y_1 + y_2}{2}\right)$।",
            ),
            rf"$\left(\frac{{{x} + ({p})}}{{2}}, \frac{{{y} + ({q})}}{{2}}\right) = {point(*middle)}$",
        ),
        value=f"${point(*middle)}$",
        wrong=[(f"${point(*candidate)}$", slip) for candidate, slip in candidates if candidate != middle],
        asked=("the mid-point", "मध्य-बिंदु"),
    )


def section_formula(rng: Random, language: str) -> Numerical:
    """The point that divides a segment internally in a given ratio."""
    m, n = rng.choice(((1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)))
    x, y = rng.choice(PLACES), rng.choice(PLACES)
    across, up = rng.choice((-2, -1, 1, 2)), rng.choice((-3, -1, 1, 2, 3))
    p, q = x + (m + n) * across, y + (m + n) * up
    found = Fraction(x + m * across), Fraction(y + m * up)
    turned = Fraction(x + n * across), Fraction(y + n * up)
    candidates = [
        (turned, "inverted"),
        ((found[1], found[0]), "swapped"),
        ((found[0] + across, found[1]), "arithmetic"),
        ((found[0], found[1] - up), "arithmetic"),
        ((-found[0], found[1] + up), "sign"),
    ]
    return pose(
        language,
        text=(
            f"Find the point that divides the segment joining ${point(x, y)}$ and ${point(p, q)}$ "
            f"internally in the ratio {m} : {n}.",
            f"वह बिंदु ज्ञात कीजिए जो ${point(x, y)}$ और ${point(p, q)}$ को मिलाने वाले रेखाखंड को {m} : {n} के "
            f"अनुपात में आंतरिक रूप से विभाजित करता है।",
        ),
        steps=(
            (
                r"Section formula: $\left(\frac{mx_2 + nx_1}{m + n}, \frac{my_2 + ny_1}{m + n}\right)$.",
                r"विभाजन सूत्र: $\left(\frac{mx_2 + nx_1}{m + n}, \frac{my_2 + ny_1}{m + n}\right)$।",
            ),
            rf"$\left(\frac{{{m} \times ({p}) + {n} \times ({x})}}{{{m + n}}}, "
            rf"\frac{{{m} \times ({q}) + {n} \times ({y})}}{{{m + n}}}\right) = {point(*found)}$",
        ),
        value=f"${point(*found)}$",
        wrong=[(f"${point(*candidate)}$", slip) for candidate, slip in candidates if candidate != found],
        asked=("the point", "अभीष्ट बिंदु"),
    )


def quadrant_point(rng: Random, language: str) -> Numerical:
    """The quadrant of a point from the signs of its coordinates."""
    x, y = rng.choice(PLACES), rng.choice(PLACES)
    right, above = x > 0, y > 0
    names = ("I", "II", "III", "IV")
    found = {(True, True): 0, (False, True): 1, (False, False): 2, (True, False): 3}[right, above]
    shown = [f"quadrant {name}" if language == "en" else f"चतुर्थांश {name}" for name in names]
    signs = ("positive" if right else "negative", "positive" if above else "negative")
    hindi = ("धनात्मक" if right else "ऋणात्मक", "धनात्मक" if above else "ऋणात्मक")
    return pose(
        language,
        text=(f"In which quadrant does the point ${point(x, y)}$ lie?", f"बिंदु ${point(x, y)}$ किस चतुर्थांश में स्थित है?"),
        steps=(
            (
                f"The abscissa {x} is {signs[0]} and the ordinate {y} is {signs[1]}.",
                f"भुज {x} {hindi[0]} और कोटि {y} {hindi[1]} है।",
            ),
            (
                "The signs are (+, +) in I, (−, +) in II, (−, −) in III and (+, −) in IV.",
                "चिह्न I में (+, +), II में (−, +), III में (−, −) और IV में (+, −) होते हैं।",
            ),
        ),
        value=shown[found],
        wrong=[(shown[other], "sign") for other in range(4) if other != found],
        asked=("the point", "बिंदु"),
        closing=("So {asked} lies in {answer}.", "अतः {asked} {answer} में स्थित है।"),
    )


GENERATORS: dict[str, Generator] = {
    "distance_formula": distance_formula,
    "midpoint": midpoint,
    "section_formula": section_formula,
    "quadrant_point": quadrant_point,
}
