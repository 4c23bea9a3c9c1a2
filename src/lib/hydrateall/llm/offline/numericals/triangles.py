"""Triangles: proportional sides, similarity, Pythagoras, Heron's formula."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))
HERON = (
    (13, 14, 15, 84), (3, 4, 5, 6), (5, 5, 6, 12), (5, 5, 8, 12), (7, 15, 20, 42), (9, 10, 17, 36),
    (4, 13, 15, 24), (10, 13, 13, 60),
    (11, 13, 20, 66), (12, 17, 25, 90), (13, 20, 21, 126), (10, 17, 21, 84), (15, 28, 41, 126),
    (8, 29, 35, 84), (17, 17, 16, 120),
)  # fmt: skip


def basic_proportionality(rng: Random, language: str) -> Numerical:
    """A side cut by a parallel to the base: AD/DB = AE/EC."""
    ad, db = rng.choice(((2, 3), (3, 2), (3, 4), (4, 3), (1, 2), (3, 5), (4, 5), (5, 2), (2, 5), (5, 3)))
    scale, size = rng.choice((1, 2)), Fraction(rng.choice(("1", "1.5", "2", "2.5", "3")))
    ad, db = ad * scale, db * scale
    ae, ec = ad * size / scale, db * size / scale
    if ae == ad:
        ae, ec = ae * 3, ec * 3
    return pose(
        language,
        text=(
            f"In triangle $ABC$ the line $DE$ is parallel to $BC$, with $D$ on $AB$ and $E$ on $AC$. If "
            f"$AD = {ad}$ cm, $DB = {db}$ cm and $AE = {plain(ae)}$ cm, find $EC$.",
            f"त्रिभुज $ABC$ में $DE$ भुजा $BC$ के समांतर है, जहाँ $D$, $AB$ पर और $E$, $AC$ पर है। यदि $AD = {ad}$ "
            f"cm, $DB = {db}$ cm और $AE = {plain(ae)}$ cm है, तो $EC$ ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"By the basic proportionality theorem, $\frac{AD}{DB} = \frac{AE}{EC}$.",
                r"आधारभूत समानुपातिकता प्रमेय से: $\frac{AD}{DB} = \frac{AE}{EC}$।",
            ),
            rf"$EC = \frac{{DB \times AE}}{{AD}} = \frac{{{db} \times {plain(ae)}}}{{{ad}}} = "
            rf"{plain(ec)}$ cm",
        ),
        value=ec,
        unit="cm",
        wrong=[(ad * ae / db, "inverted"), (ae + db - ad, "added"), (ae, "given_value"), (ae + ec, "wrong_formula")],
        asked=("$EC$", "$EC$ की लंबाई"),
    )


def similar_triangles_ratio(rng: Random, language: str) -> Numerical:
    """A side of a triangle similar to another one."""
    m, n = rng.choice(((2, 3), (3, 2), (3, 4), (4, 3), (3, 5), (5, 3), (2, 5), (4, 5)))
    ab, bc = m * rng.choice((2, 3, 4)), m * rng.choice((1, 5, 6))
    de, ef = ab * n // m, bc * n // m
    return pose(
        language,
        text=(
            rf"$\triangle ABC \sim \triangle DEF$, $AB = {ab}$ cm, $DE = {de}$ cm and $BC = {bc}$ cm. "
            rf"Find $EF$.",
            rf"$\triangle ABC \sim \triangle DEF$ है तथा $AB = {ab}$ cm, $DE = {de}$ cm और $BC = {bc}$ cm "
            rf"है। $EF$ ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"Corresponding sides are proportional: $\frac{AB}{DE} = \frac{BC}{EF}$.",
                r"संगत भुजाएँ समानुपाती हैं: $\frac{AB}{DE} = \frac{BC}{EF}$।",
            ),
            rf"$EF = \frac{{BC \times DE}}{{AB}} = \frac{{{bc} \times {de}}}{{{ab}}} = {ef}$ cm",
        ),
        value=ef,
        unit="cm",
        wrong=[
            (Fraction(bc * ab, de), "inverted"),
            (bc + de - ab, "added"),
            (bc, "given_value"),
            (Fraction(ab * de, bc), "swapped"),
        ],
        asked=("$EF$", "$EF$ की लंबाई"),
    )


def pythagoras(rng: Random, language: str) -> Numerical:
    """The third side of a right triangle, plain or as a ladder."""
    a, b, c = (side * scale for scale in [rng.choice((1, 2, 3))] for side in rng.choice(TRIPLES))
    kind = rng.choice(("hypotenuse", "leg", "ladder"))
    if kind == "hypotenuse":
        return pose(
            language,
            text=(
                f"The legs of a right triangle are {a} cm and {b} cm. Find the hypotenuse.",
                f"एक समकोण त्रिभुज की समकोण बनाने वाली भुजाएँ {a} cm और {b} cm हैं। कर्ण ज्ञात कीजिए।",
            ),
            steps=(
                ("Pythagoras: $c^2 = a^2 + b^2$.", "पाइथागोरस प्रमेय: $c^2 = a^2 + b^2$।"),
                rf"$c = \sqrt{{{a}^2 + {b}^2}} = \sqrt{{{c * c}}} = {c}$ cm",
            ),
            value=c,
            unit="cm",
            wrong=[
                (a + b, "added"),
                (b - a, "subtracted"),
                (c + 1, "arithmetic"),
                (Fraction(a + b, 2), "wrong_formula"),
            ],
            asked=("the hypotenuse", "कर्ण"),
        )
    told = {
        "leg": (
            (
                f"The hypotenuse of a right triangle is {c} cm and one leg is {a} cm. Find the other leg.",
                f"एक समकोण त्रिभुज का कर्ण {c} cm और एक भुजा {a} cm है। दूसरी भुजा ज्ञात कीजिए।",
            ),
            ("the other leg", "दूसरी भुजा"),
            "cm",
        ),
        "ladder": (
            (
                f"The foot of a ladder {c} m long stands {a} m from a vertical wall. How high up the "
                f"wall does the ladder reach?",
                f"{c} m लंबी सीढ़ी का निचला सिरा एक ऊर्ध्वाधर दीवार से {a} m दूर है। सीढ़ी दीवार पर कितनी ऊँचाई तक पहुँचती है?",
            ),
            ("the height", "ऊँचाई"),
            "m",
        ),
    }
    text, asked, unit = told[kind]
    return pose(
        language,
        text=text,
        steps=(
            ("Pythagoras: $b^2 = c^2 - a^2$.", "पाइथागोरस प्रमेय: $b^2 = c^2 - a^2$।"),
            rf"$b = \sqrt{{{c}^2 - {a}^2}} = \sqrt{{{b * b}}} = {b}$ {unit}",
        ),
        value=b,
        unit=unit,
        wrong=[(c - a, "subtracted"), (c + a, "added"), (b + 1, "arithmetic"), (b - 2, "arithmetic")],
        asked=asked,
    )


def heron_area(rng: Random, language: str) -> Numerical:
    """The area of a triangle with three known sides."""
    a, b, c, area = rng.choice(HERON)
    scale = rng.choice((1, 2, 3))
    a, b, c, area = a * scale, b * scale, c * scale, area * scale * scale
    s = (a + b + c) // 2
    thing = rng.choice((("a triangle", "एक त्रिभुज", "cm"), ("a triangular field", "एक त्रिभुजाकार खेत", "m")))
    unit = thing[2]
    return pose(
        language,
        text=(
            f"The sides of {thing[0]} are {a} {unit}, {b} {unit} and {c} {unit}. Find its area by Heron's formula.",
            f"{thing[1]} की भुजाएँ {a} {unit}, {b} {unit} और {c} {unit} हैं। हीरोन के सूत्र से क्षेत्रफल ज्ञात कीजिए।",
        ),
        steps=(
            rf"$s = \frac{{{a} + {b} + {c}}}{{2}} = {s}$ {unit}",
            (r"Area $= \sqrt{s(s-a)(s-b)(s-c)}$.", r"क्षेत्रफल $= \sqrt{s(s-a)(s-b)(s-c)}$।"),
            rf"$\sqrt{{{s} \times {s - a} \times {s - b} \times {s - c}}} = {area}$ {unit}²",
        ),
        value=area,
        unit=f"{unit}²",
        wrong=[
            (2 * s, "perimeter"),
            (Fraction(a * b, 2), "wrong_formula"),
            (area * 2, "doubled"),
            (Fraction(area, 2), "halved"),
            (area + s, "arithmetic"),
        ],
        asked=("the area", "क्षेत्रफल"),
    )


GENERATORS: dict[str, Generator] = {
    "basic_proportionality": basic_proportionality,
    "similar_triangles_ratio": similar_triangles_ratio,
    "pythagoras": pythagoras,
    "heron_area": heron_area,
}
