"""Circles: tangents, chords, arcs and sectors with π = 22/7."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, Pair, is_short, plain, pose, two_places

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41), (12, 35, 37))
PI = Fraction(22, 7)
ANGLES = (30, 36, 40, 45, 54, 60, 72, 90, 108, 120, 135, 150)


def rounding(*values: Fraction) -> Pair:
    """The request for two decimal places, where a value needs it."""
    if all(is_short(value) for value in values):
        return "", ""
    return " Give the answer correct to two decimal places.", " उत्तर दशमलव के दो स्थानों तक दीजिए।"


def tangent_length(rng: Random, language: str) -> Numerical:
    """The tangent from an outside point, or the radius or the distance of the point."""
    r, t, d = (side * scale for scale in [rng.choice((1, 2, 3))] for side in rng.choice(TRIPLES))
    if rng.random() < 0.5:
        r, t = t, r
    ask = rng.choice(("tangent", "radius", "distance"))
    values = {"tangent": t, "radius": r, "distance": d}
    facts = {
        "tangent": (f"the tangent from it is {t} cm long", f"उससे खींची गई स्पर्श रेखा {t} cm लंबी है"),
        "radius": (f"the radius is {r} cm", f"वृत्त की त्रिज्या {r} cm है"),
        "distance": (f"its distance from the centre is {d} cm", f"केंद्र से उसकी दूरी {d} cm है"),
    }
    names = {
        "tangent": ("the length of the tangent", "स्पर्श रेखा की लंबाई"),
        "radius": ("the radius", "त्रिज्या"),
        "distance": ("the distance from the centre", "केंद्र से दूरी"),
    }
    known = [facts[name] for name in facts if name != ask]
    a, b = (values[name] for name in facts if name != ask)
    shown = rf"\sqrt{{{r}^2 + {t}^2}}" if ask == "distance" else rf"\sqrt{{{d}^2 - {min(a, b)}^2}}"
    return pose(
        language,
        text=(
            f"A point lies outside a circle; {known[0][0]} and {known[1][0]}. Find {names[ask][0]}.",
            f"एक बिंदु वृत्त के बाहर है; {known[0][1]} और {known[1][1]}। {names[ask][1]} ज्ञात कीजिए।",
        ),
        steps=(
            (
                "The radius to the point of contact is perpendicular to the tangent, so $d^2 = r^2 + t^2$.",
                "स्पर्श बिंदु तक की त्रिज्या स्पर्श रेखा पर लंब होती है, अतः $d^2 = r^2 + t^2$।",
            ),
            f"${shown} = {values[ask]}$ cm",
        ),
        value=values[ask],
        unit="cm",
        wrong=[
            (a + b, "added"),
            (abs(a - b), "subtracted"),
            (values[ask] + 1, "arithmetic"),
            (max(a, b), "given_value"),
        ],
        asked=names[ask],
    )


def chord_distance(rng: Random, language: str) -> Numerical:
    """The distance of a chord from the centre, or the length of the chord."""
    half, distance, r = (side * scale for scale in [rng.choice((1, 2, 3))] for side in rng.choice(TRIPLES))
    if rng.random() < 0.5:
        half, distance = distance, half
    rule = (
        "The perpendicular from the centre bisects the chord: $r^2 = d^2 + (\\frac{l}{2})^2$.",
        "केंद्र से डाला गया लंब जीवा को समद्विभाजित करता है: $r^2 = d^2 + (\\frac{l}{2})^2$।",
    )
    if rng.random() < 0.5:
        return pose(
            language,
            text=(
                f"A chord of length {2 * half} cm is drawn in a circle of radius {r} cm. Find its "
                f"distance from the centre.",
                f"{r} cm त्रिज्या वाले वृत्त में {2 * half} cm लंबी जीवा खींची गई है। केंद्र से उसकी दूरी ज्ञात कीजिए।",
            ),
            steps=(rule, rf"$d = \sqrt{{{r}^2 - {half}^2}} = {distance}$ cm"),
            value=distance,
            unit="cm",
            wrong=[
                (abs(2 * half - r), "subtracted"),
                (r - half, "subtracted"),
                (half, "swapped"),
                (2 * distance, "doubled"),
            ],
            asked=("the distance", "दूरी"),
        )
    return pose(
        language,
        text=(
            f"A chord is {distance} cm from the centre of a circle of radius {r} cm. Find the length of the chord.",
            f"{r} cm त्रिज्या वाले वृत्त में एक जीवा केंद्र से {distance} cm की दूरी पर है। जीवा की लंबाई ज्ञात कीजिए।",
        ),
        steps=(
            rule,
            rf"$\frac{{l}}{{2}} = \sqrt{{{r}^2 - {distance}^2}} = {half}$ cm",
            rf"$l = 2 \times {half} = {2 * half}$ cm",
        ),
        value=2 * half,
        unit="cm",
        wrong=[
            (half, "incomplete"),
            (2 * (r - distance), "wrong_formula"),
            (r + distance, "added"),
            (4 * half, "doubled"),
        ],
        asked=("the length of the chord", "जीवा की लंबाई"),
    )


def arc_length(rng: Random, language: str) -> Numerical:
    """θ/360 × 2πr."""
    angle, r = rng.choice(ANGLES), Fraction(rng.choice(("3.5", "7", "10.5", "14", "21", "28", "35", "42")))
    value = Fraction(angle, 360) * 2 * PI * r
    ask = rounding(value)
    return pose(
        language,
        text=(
            rf"Find the length of an arc that subtends an angle of {angle}° at the centre of a circle of "
            rf"radius {plain(r)} cm. Take $\pi = \frac{{22}}{{7}}$.{ask[0]}",
            rf"{plain(r)} cm त्रिज्या वाले वृत्त के केंद्र पर {angle}° का कोण अंतरित करने वाले चाप की लंबाई ज्ञात "
            rf"कीजिए। $\pi = \frac{{22}}{{7}}$ लीजिए।{ask[1]}",
        ),
        steps=(
            (
                r"Length of an arc: $l = \frac{\theta}{360°} \times 2\pi r$.",
                r"चाप की लंबाई: $l = \frac{\theta}{360°} \times 2\pi r$।",
            ),
            rf"$l = \frac{{{angle}}}{{360}} \times 2 \times \frac{{22}}{{7}} \times {plain(r)}$",
        ),
        value=value,
        unit="cm",
        show=two_places,
        wrong=[
            (value / 2, "halved"),
            (value * r / 2, "wrong_formula"),
            (2 * PI * r, "incomplete"),
            (value + 2 * r, "perimeter"),
        ],
        asked=("the length of the arc", "चाप की लंबाई"),
    )


def sector_area(rng: Random, language: str) -> Numerical:
    """θ/360 × πr²."""
    angle, r = rng.choice(ANGLES), Fraction(rng.choice(("3.5", "7", "10.5", "14", "21", "28", "42")))
    value = Fraction(angle, 360) * PI * r * r
    ask = rounding(value)
    return pose(
        language,
        text=(
            rf"Find the area of a sector of angle {angle}° of a circle of radius {plain(r)} cm. Take "
            rf"$\pi = \frac{{22}}{{7}}$.{ask[0]}",
            rf"{plain(r)} cm त्रिज्या वाले वृत्त के {angle}° कोण के त्रिज्यखंड का क्षेत्रफल ज्ञात कीजिए। $\pi = "
            rf"\frac{{22}}{{7}}$ लीजिए।{ask[1]}",
        ),
        steps=(
            (
                r"Area of a sector: $A = \frac{\theta}{360°} \times \pi r^2$.",
                r"त्रिज्यखंड का क्षेत्रफल: $A = \frac{\theta}{360°} \times \pi r^2$।",
            ),
            rf"$A = \frac{{{angle}}}{{360}} \times \frac{{22}}{{7}} \times {plain(r)}^2$",
        ),
        value=value,
        unit="cm²",
        show=two_places,
        wrong=[
            (value * 2 / r, "wrong_formula"),
            (value / r, "not_squared"),
            (PI * r * r, "incomplete"),
            (value * 2, "doubled"),
        ],
        asked=("the area of the sector", "त्रिज्यखंड का क्षेत्रफल"),
    )


GENERATORS: dict[str, Generator] = {
    "tangent_length": tangent_length,
    "chord_distance": chord_distance,
    "arc_length": arc_length,
    "sector_area": sector_area,
}
