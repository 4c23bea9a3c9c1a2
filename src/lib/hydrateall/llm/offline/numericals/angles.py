"""Angles at lines, in triangles and in quadrilaterals, in whole degrees."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, Pair, pose


def angle_sum_triangle(rng: Random, language: str) -> Numerical:
    """The third angle, or an exterior angle, of a triangle."""
    a, b = rng.randrange(25, 80), rng.randrange(30, 85)
    c = 180 - a - b
    if rng.random() < 0.5:
        return pose(
            language,
            text=(
                f"Two angles of a triangle are {a}° and {b}°. Find the third angle.",
                f"एक त्रिभुज के दो कोण {a}° और {b}° हैं। तीसरा कोण ज्ञात कीजिए।",
            ),
            steps=(
                ("The angles of a triangle add up to 180°.", "त्रिभुज के कोणों का योग 180° होता है।"),
                f"$180° - {a}° - {b}° = {c}°$",
            ),
            value=c,
            unit="°",
            wrong=[(a + b, "part_only"), (180 - a, "part_only"), (180 - b, "part_only"), (360 - a - b, "wrong_total")],
            asked=("the third angle", "तीसरा कोण"),
        )
    return pose(
        language,
        text=(
            f"The two interior opposite angles of an exterior angle of a triangle are {a}° and {b}°. "
            f"Find the exterior angle.",
            f"किसी त्रिभुज के एक बहिष्कोण के दोनों अंतः अभिमुख कोण {a}° और {b}° हैं। बहिष्कोण ज्ञात कीजिए।",
        ),
        steps=(
            (
                "An exterior angle equals the sum of the two interior opposite angles.",
                "बहिष्कोण दोनों अंतः अभिमुख कोणों के योग के बराबर होता है।",
            ),
            f"${a}° + {b}° = {a + b}°$",
        ),
        value=a + b,
        unit="°",
        wrong=[(c, "complement"), (180 - a, "part_only"), (abs(a - b), "subtracted"), (180 - b, "part_only")],
        asked=("the exterior angle", "बहिष्कोण"),
    )


def supplementary_angles(rng: Random, language: str) -> Numerical:
    """Complementary and supplementary angles, given one angle or a ratio."""
    total, name = rng.choice(((180, ("supplementary", "संपूरक")), (90, ("complementary", "पूरक"))))
    other_total = 270 - total
    if rng.random() < 0.5:
        a = rng.randrange(12, total - 10)
        value = total - a
        return pose(
            language,
            text=(
                f"Two angles are {name[0]}. One of them is {a}°. Find the other.",
                f"दो कोण {name[1]} हैं। उनमें से एक {a}° का है। दूसरा कोण ज्ञात कीजिए।",
            ),
            steps=(_sum_rule(name, total), f"${total}° - {a}° = {value}°$"),
            value=value,
            unit="°",
            wrong=[
                (abs(other_total - a), "wrong_total"),
                (a, "given_value"),
                (360 - a, "wrong_total"),
                (value + 10, "arithmetic"),
            ],
            asked=("the other angle", "दूसरा कोण"),
        )
    m, n = rng.choice(((1, 2), (2, 3), (1, 4), (4, 5), (1, 5), (2, 7), (1, 8), (3, 7), (1, 9), (7, 8)))
    unit = Fraction(total, m + n)
    return pose(
        language,
        text=(
            f"Two {name[0]} angles are in the ratio {m} : {n}. Find the larger angle.",
            f"दो {name[1]} कोणों का अनुपात {m} : {n} है। बड़ा कोण ज्ञात कीजिए।",
        ),
        steps=(
            _sum_rule(name, total),
            f"${m if m > 1 else ''}x + {n}x = {total}°$, $x = {unit}°$",
            rf"${n} \times {unit}° = {n * unit}°$",
        ),
        value=n * unit,
        unit="°",
        wrong=[
            (m * unit, "complement"),
            (unit, "incomplete"),
            (n * Fraction(other_total, m + n), "wrong_total"),
            (Fraction(total, n), "wrong_ratio"),
        ],
        asked=("the larger angle", "बड़ा कोण"),
    )


def _sum_rule(name: Pair, total: int) -> Pair:
    return f"{name[0].capitalize()} angles add up to {total}°.", f"{name[1]} कोणों का योग {total}° होता है।"


def parallel_lines_angles(rng: Random, language: str) -> Numerical:
    """Angles that a transversal makes with two parallel lines."""
    a = rng.choice([angle for angle in range(35, 146) if angle != 90])
    kind, equal = rng.choice(
        (
            (("corresponding angle", "संगत कोण"), True),
            (("alternate interior angle", "एकांतर अंतः कोण"), True),
            (("interior angle on the same side of the transversal", "तिर्यक रेखा के एक ही ओर का अंतः कोण"), False),
        )
    )
    value = a if equal else 180 - a
    rule = ("is equal to it", "उसके बराबर होता है") if equal else ("is supplementary to it", "उसका संपूरक होता है")
    return pose(
        language,
        text=(
            f"A transversal cuts two parallel lines. One interior angle at the first line is {a}°. Find "
            f"the {kind[0]} at the second line.",
            f"एक तिर्यक रेखा दो समांतर रेखाओं को काटती है। पहली रेखा पर एक अंतः कोण {a}° है। दूसरी रेखा पर {kind[1]} ज्ञात कीजिए।",
        ),
        steps=(
            (f"For parallel lines the {kind[0]} {rule[0]}.", f"समांतर रेखाओं के लिए {kind[1]} {rule[1]}।"),
            f"${a}°$" if equal else f"$180° - {a}° = {value}°$",
        ),
        value=value,
        unit="°",
        wrong=[
            (180 - value, "complement"),
            (abs(90 - value), "wrong_total"),
            (360 - value, "wrong_total"),
            (value + 10, "arithmetic"),
        ],
        asked=("the angle", "अभीष्ट कोण"),
    )


def quadrilateral_angles(rng: Random, language: str) -> Numerical:
    """The fourth angle of a quadrilateral, or angles of a cyclic quadrilateral."""
    a, b, c = (rng.randrange(60, 116) for _ in range(3))
    if rng.random() < 0.6:
        value = 360 - a - b - c
        return pose(
            language,
            text=(
                f"Three angles of a quadrilateral are {a}°, {b}° and {c}°. Find the fourth angle.",
                f"एक चतुर्भुज के तीन कोण {a}°, {b}° और {c}° हैं। चौथा कोण ज्ञात कीजिए।",
            ),
            steps=(
                ("The angles of a quadrilateral add up to 360°.", "चतुर्भुज के कोणों का योग 360° होता है।"),
                f"$360° - ({a}° + {b}° + {c}°) = {value}°$",
            ),
            value=value,
            unit="°",
            wrong=[
                (a + b + c - 180, "wrong_total"),
                (180 - a, "wrong_formula"),
                (360 - a - b, "part_only"),
                (value + 10, "arithmetic"),
                (180 - c, "wrong_formula"),
            ],
            asked=("the fourth angle", "चौथा कोण"),
        )
    if a == 90:
        a = 92
    return pose(
        language,
        text=(
            f"In a cyclic quadrilateral $ABCD$, angle $A$ is {a}°. Find angle $C$.",
            f"चक्रीय चतुर्भुज $ABCD$ में कोण $A$ = {a}° है। कोण $C$ ज्ञात कीजिए।",
        ),
        steps=(
            (
                "Opposite angles of a cyclic quadrilateral add up to 180°.",
                "चक्रीय चतुर्भुज के सम्मुख कोणों का योग 180° होता है।",
            ),
            f"$180° - {a}° = {180 - a}°$",
        ),
        value=180 - a,
        unit="°",
        wrong=[(a, "given_value"), (360 - a, "wrong_total"), (abs(a - 90), "wrong_total"), (190 - a, "arithmetic")],
        asked=("angle $C$", "कोण $C$ का मान"),
    )


def parallelogram_angles(rng: Random, language: str) -> Numerical:
    """Adjacent or opposite angles of a parallelogram."""
    a = rng.choice([angle for angle in range(48, 133) if angle not in (85, 90, 95)])
    adjacent = rng.random() < 0.6
    value = 180 - a if adjacent else a
    corner = "B" if adjacent else "C"
    rule = (
        ("Adjacent angles of a parallelogram add up to 180°.", "समांतर चतुर्भुज के आसन्न कोणों का योग 180° होता है।")
        if adjacent
        else ("Opposite angles of a parallelogram are equal.", "समांतर चतुर्भुज के सम्मुख कोण बराबर होते हैं।")
    )
    return pose(
        language,
        text=(
            f"In a parallelogram $ABCD$, angle $A$ is {a}°. Find angle ${corner}$.",
            f"समांतर चतुर्भुज $ABCD$ में कोण $A$ = {a}° है। कोण ${corner}$ ज्ञात कीजिए।",
        ),
        steps=(rule, f"$180° - {a}° = {value}°$" if adjacent else f"${a}°$"),
        value=value,
        unit="°",
        wrong=[
            (180 - value, "complement"),
            (360 - a, "wrong_total"),
            (abs(90 - a), "wrong_total"),
            (value + 10, "arithmetic"),
        ],
        asked=(f"angle ${corner}$", f"कोण ${corner}$ का मान"),
    )


GENERATORS: dict[str, Generator] = {
    "angle_sum_triangle": angle_sum_triangle,
    "supplementary_angles": supplementary_angles,
    "parallel_lines_angles": parallel_lines_angles,
    "quadrilateral_angles": quadrilateral_angles,
    "parallelogram_angles": parallelogram_angles,
}
