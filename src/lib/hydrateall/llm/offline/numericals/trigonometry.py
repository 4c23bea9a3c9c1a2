"""Trigonometric ratios, values of special angles, identities, heights and distances."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, fraction, pose, tex

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
# LaTeX of a term → its rational value
VALUES: tuple[tuple[str, Fraction], ...] = (
    (r"\sin 30°", HALF),
    (r"\cos 60°", HALF),
    (r"\tan 45°", Fraction(1)),
    (r"\sin 90°", Fraction(1)),
    (r"\cos 0°", Fraction(1)),
    (r"\sin^2 60°", 3 * QUARTER),
    (r"\cos^2 30°", 3 * QUARTER),
    (r"\tan^2 60°", Fraction(3)),
    (r"\tan^2 30°", Fraction(1, 3)),
    (r"\sin^2 45°", HALF),
    (r"\cos^2 45°", HALF),
    (r"\sin^2 30°", QUARTER),
    (r"\sec^2 45°", Fraction(2)),
    (r"\sec 60°", Fraction(2)),
)
RATIOS = ("sin", "cos", "tan")


def trig_ratio_triangle(rng: Random, language: str) -> Numerical:
    """sin, cos or tan of an angle of a right triangle with known sides."""
    opposite, adjacent, hypotenuse = rng.choice(TRIPLES)
    if rng.random() < 0.5:
        opposite, adjacent = adjacent, opposite
    scale = rng.choice((1, 2, 3))
    o, a, h = opposite * scale, adjacent * scale, hypotenuse * scale
    name = rng.choice(RATIOS)
    ratios = {"sin": Fraction(o, h), "cos": Fraction(a, h), "tan": Fraction(o, a)}
    rule = {"sin": r"\frac{BC}{AC}", "cos": r"\frac{AB}{AC}", "tan": r"\frac{BC}{AB}"}[name]
    value = ratios[name]
    return pose(
        language,
        text=(
            rf"In $\triangle ABC$ the angle $B$ is 90°, $AB = {a}$ cm, $BC = {o}$ cm and $AC = {h}$ cm. "
            rf"Find $\{name} A$.",
            rf"$\triangle ABC$ में कोण $B$ = 90°, $AB = {a}$ cm, $BC = {o}$ cm और $AC = {h}$ cm है। "
            rf"$\{name} A$ ज्ञात कीजिए।",
        ),
        steps=(
            (
                "For angle $A$, $BC$ is opposite, $AB$ is adjacent and $AC$ is the hypotenuse.",
                "कोण $A$ के लिए $BC$ सम्मुख भुजा, $AB$ संलग्न भुजा और $AC$ कर्ण है।",
            ),
            rf"$\{name} A = {rule} = {tex(value)}$",
        ),
        value=value,
        show=fraction,
        wrong=[
            *((ratios[other], "wrong_ratio") for other in RATIOS if other != name),
            (1 / value, "inverted"),
            (Fraction(a, o), "inverted"),
        ],
        asked=(rf"$\{name} A$", rf"$\{name} A$ का मान"),
    )


def trig_values(rng: Random, language: str) -> Numerical:
    """A sum or difference of values of special angles."""
    (first, x), (second, y) = rng.sample(VALUES, 2)
    m, n = rng.choice((1, 2, 3, 4)), rng.choice((1, 2, 4))
    sign = rng.choice((1, -1))
    value = m * x + sign * n * y
    if value == 0:
        sign, value = 1, m * x + n * y
    shown = f"{m if m > 1 else ''}{first} {'+' if sign > 0 else '-'} {n if n > 1 else ''}{second}"
    return pose(
        language,
        text=(f"Evaluate ${shown}$.", f"मान ज्ञात कीजिए: ${shown}$"),
        steps=(
            f"${first} = {tex(x)}$, ${second} = {tex(y)}$",
            rf"${m} \times {tex(x)} {'+' if sign > 0 else '-'} {n} \times {tex(y)} = {tex(value)}$",
        ),
        value=value,
        show=fraction,
        wrong=[
            (m * x - sign * n * y, "sign"),
            (x + sign * y, "part_only"),
            (m * x, "incomplete"),
            (m * y + sign * n * x, "swapped"),
            (value + HALF, "arithmetic"),
        ],
        asked=("the value", "मान"),
    )


def trig_identity_value(rng: Random, language: str) -> Numerical:
    """One ratio from another, or a multiple of an identity."""
    if rng.random() < 0.4:
        return _identity_multiple(rng, language)
    small, large, hypotenuse = rng.choice(TRIPLES)
    if rng.random() < 0.5:
        small, large = large, small
    known, wanted = rng.choice((("sin", "cos"), ("cos", "sin"), ("sin", "tan"), ("cos", "tan")))
    ratios = {"sin": Fraction(small, hypotenuse), "cos": Fraction(large, hypotenuse), "tan": Fraction(small, large)}
    given, value = ratios[known], ratios[wanted]
    letter = rng.choice((r"\theta", "A"))
    other = "cos" if known == "sin" else "sin"
    worked = rf"$\{other} {letter} = \sqrt{{1 - \left({tex(given)}\right)^2}} = {tex(ratios[other])}$"
    division = [rf"$\tan {letter} = \frac{{\sin {letter}}}{{\cos {letter}}} = {tex(value)}$"] if wanted == "tan" else []
    return pose(
        language,
        text=(
            rf"${letter}$ is an acute angle and $\{known} {letter} = {tex(given)}$. Find $\{wanted} "
            rf"{letter}$.",
            rf"${letter}$ एक न्यून कोण है और $\{known} {letter} = {tex(given)}$ है। $\{wanted} {letter}$ "
            rf"ज्ञात कीजिए।",
        ),
        steps=(
            (
                rf"Use $\sin^2 {letter} + \cos^2 {letter} = 1$.",
                rf"$\sin^2 {letter} + \cos^2 {letter} = 1$ का उपयोग कीजिए।",
            ),
            worked,
            *division,
        ),
        value=value,
        show=fraction,
        wrong=[
            (1 - given, "no_root"),
            (1 / given, "inverted"),
            (1 / value, "inverted"),
            *((ratio, "wrong_ratio") for name, ratio in ratios.items() if name not in (known, wanted)),
            (given, "given_value"),
        ],
        asked=(rf"$\{wanted} {letter}$", rf"$\{wanted} {letter}$ का मान"),
    )


def _identity_multiple(rng: Random, language: str) -> Numerical:
    k, c = rng.randint(2, 12), rng.randint(1, 9)
    first, sign, second = rng.choice(
        ((r"\sec^2 A", "-", r"\tan^2 A"), (r"\sin^2 A", "+", r"\cos^2 A"), (r"\text{cosec}^2 A", "-", r"\cot^2 A"))
    )
    shown = f"{k}{first} {sign} {k}{second} + {c}"
    return pose(
        language,
        text=(f"Find the value of ${shown}$.", f"${shown}$ का मान ज्ञात कीजिए।"),
        steps=(
            (
                f"Use the identity ${first} {sign} {second} = 1$.",
                f"सर्वसमिका ${first} {sign} {second} = 1$ का उपयोग कीजिए।",
            ),
            rf"${k}({first} {sign} {second}) + {c} = {k} \times 1 + {c} = {k + c}$",
        ),
        value=k + c,
        wrong=[
            (c, "part_only"),
            (k, "incomplete"),
            (k + c + 1, "arithmetic"),
            (2 * k + c, "doubled"),
            (1 + c, "part_only"),
        ],
        asked=("the value", "मान"),
    )


def height_distance(rng: Random, language: str) -> Numerical:
    """A height or a distance from an angle of elevation of 30°, 45° or 60°; answers keep √3."""
    angle = rng.choice((30, 45, 60))
    known = rng.choice((9, 12, 15, 18, 21, 24, 27, 30, 36, 45, 48, 60))
    up = rng.random() < 0.6
    thing = rng.choice((("tower", "मीनार"), ("building", "इमारत"), ("chimney", "चिमनी")))
    tangent = {30: r"\frac{1}{\sqrt{3}}", 45: "1", 60: r"\sqrt{3}"}[angle]
    grows = (angle == 60) == up
    root, third = rf"${known}\sqrt{{3}}$ m", rf"${known // 3 if known > 3 else ''}\sqrt{{3}}$ m"
    value = f"{known} m" if angle == 45 else (root if grows else third)
    others = [f"{known} m", root, third, rf"${2 * known}$ m".replace("$", ""), f"{known // 3} m"]
    if up:
        text = (
            f"From a point on the ground {known} m from the foot of a {thing[0]}, its top appears at an "
            f"angle of elevation of {angle}°. Find the height of the {thing[0]}.",
            f"भूमि पर एक बिंदु से, जो {thing[1]} के पाद से {known} m दूर है, {thing[1]} के शिखर का उन्नयन कोण "
            f"{angle}° है। {thing[1]} की ऊँचाई ज्ञात कीजिए।",
        )
        worked, asked = rf"$h = {known} \times {tangent}$", (f"the height of the {thing[0]}", f"{thing[1]} की ऊँचाई")
    else:
        text = (
            f"A {thing[0]} is {known} m high. From a point on the ground its top appears at an angle of "
            f"elevation of {angle}°. How far is the point from the foot of the {thing[0]}?",
            f"एक {thing[1]} {known} m ऊँची है। भूमि के एक बिंदु से उसके शिखर का उन्नयन कोण {angle}° है। वह बिंदु "
            f"{thing[1]} के पाद से कितनी दूर है?",
        )
        worked, asked = rf"$d = {known} \div {tangent}$", ("the distance", "दूरी")
    return pose(
        language,
        text=text,
        steps=(
            (
                rf"In the right triangle, $\tan {angle}° = \frac{{h}}{{d}} = {tangent}$.",
                rf"समकोण त्रिभुज में $\tan {angle}° = \frac{{h}}{{d}} = {tangent}$।",
            ),
            worked,
        ),
        value=value,
        wrong=[(other, "wrong_ratio") for other in others if other != value],
        asked=asked,
    )


GENERATORS: dict[str, Generator] = {
    "trig_ratio_triangle": trig_ratio_triangle,
    "trig_values": trig_values,
    "trig_identity_value": trig_identity_value,
    "height_distance": height_distance,
}
