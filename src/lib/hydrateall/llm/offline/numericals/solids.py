"""Volumes and surfaces of solids with π = 22/7."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.circles import PI, rounding
from hydrateall.llm.offline.numericals.shape import Generator, Number, Numerical, Pair, plain, pose, two_places

RADII = ("3.5", "7", "10.5", "14", "21")
TAKE_PI: Pair = (r" Take $\pi = \frac{22}{7}$.", r" $\pi = \frac{22}{7}$ लीजिए।")
SLANTED = ((3, 4, 5), (5, 12, 13), (6, 8, 10), (7, 24, 25), (8, 15, 17))


def cuboid_volume(rng: Random, language: str) -> Numerical:
    """l × b × h, or the height from the volume."""
    l, b, h = rng.choice((8, 10, 12, 15, 20, 25)), rng.choice((4, 5, 6, 7, 9)), rng.choice((2, 3, 4, 8))  # noqa: E741
    volume = l * b * h
    thing = rng.choice(
        (("A box", "एक बक्सा", "बक्से"), ("A water tank", "एक पानी की टंकी", "टंकी"), ("A brick", "एक ईंट", "ईंट"))
    )
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"{thing[0]} in the shape of a cuboid measures {l} cm × {b} cm × {h} cm. Find its volume.",
                f"घनाभ के आकार के {thing[2]} की माप {l} cm × {b} cm × {h} cm है। उसका आयतन ज्ञात कीजिए।"
                if thing[2] == "बक्से"
                else f"घनाभ के आकार की {thing[2]} की माप {l} cm × {b} cm × {h} cm है। उसका आयतन ज्ञात कीजिए।",
            ),
            steps=(
                (r"Volume of a cuboid: $V = l \times b \times h$.", r"घनाभ का आयतन: $V = l \times b \times h$।"),
                rf"$V = {l} \times {b} \times {h} = {volume}$ cm³",
            ),
            value=volume,
            unit="cm³",
            wrong=[
                (2 * (l * b + b * h + h * l), "wrong_formula"),
                (l * b, "part_only"),
                (2 * h * (l + b), "wrong_formula"),
                (Fraction(volume, 2), "halved"),
            ],
            asked=("the volume", "आयतन"),
        )
    return pose(
        language,
        text=(
            f"The volume of a cuboid is {volume} cm³, its length {l} cm and its breadth {b} cm. Find its height.",
            f"एक घनाभ का आयतन {volume} cm³, लंबाई {l} cm और चौड़ाई {b} cm है। उसकी ऊँचाई ज्ञात कीजिए।",
        ),
        steps=(
            (r"Volume of a cuboid: $V = l \times b \times h$.", r"घनाभ का आयतन: $V = l \times b \times h$।"),
            rf"$h = \frac{{{volume}}}{{{l} \times {b}}} = {h}$ cm",
        ),
        value=h,
        unit="cm",
        wrong=[(b * h, "incomplete"), (l * h, "incomplete"), (2 * h, "doubled"), (h + 2, "arithmetic")],
        asked=("the height", "ऊँचाई"),
    )


def cylinder_volume(rng: Random, language: str) -> Numerical:
    """πr²h."""
    r, h = Fraction(rng.choice(RADII)), rng.choice((5, 8, 10, 12, 15, 20, 25, 30))
    value = PI * r * r * h
    by_diameter = rng.random() < 0.4
    width = ("diameter", "व्यास", plain(2 * r)) if by_diameter else ("radius", "त्रिज्या", plain(r))
    return _solid(
        language,
        ("a cylinder", "बेलन"),
        (f"{width[0]} {width[2]} cm and height {h} cm", f"{width[1]} {width[2]} cm और ऊँचाई {h} cm"),
        ("volume", "आयतन"),
        (r"V = \pi r^2 h", rf"\frac{{22}}{{7}} \times {plain(r)}^2 \times {h}"),
        value,
        "cm³",
        [
            (value * 4, "diameter") if by_diameter else (value / 4, "diameter"),
            (2 * PI * r * h, "wrong_formula"),
            (value / 3, "wrong_formula"),
            (PI * r * h, "not_squared"),
        ],
    )


def cylinder_surface(rng: Random, language: str) -> Numerical:
    """Curved or total surface of a cylinder."""
    r, h = Fraction(rng.choice(RADII)), rng.choice((5, 8, 10, 12, 15, 20, 25, 30))
    curved, total = 2 * PI * r * h, 2 * PI * r * (h + r)
    all_of_it = rng.random() < 0.5
    value = total if all_of_it else curved
    name = ("total surface area", "कुल पृष्ठीय क्षेत्रफल") if all_of_it else ("curved surface area", "वक्र पृष्ठीय क्षेत्रफल")
    formula = (
        (r"A = 2\pi r(r + h)", rf"2 \times \frac{{22}}{{7}} \times {plain(r)} \times ({plain(r)} + {h})")
        if all_of_it
        else (r"A = 2\pi rh", rf"2 \times \frac{{22}}{{7}} \times {plain(r)} \times {h}")
    )
    return _solid(
        language,
        ("a cylinder", "बेलन"),
        (f"radius {plain(r)} cm and height {h} cm", f"त्रिज्या {plain(r)} cm और ऊँचाई {h} cm"),
        name,
        formula,
        value,
        "cm²",
        [
            (curved if all_of_it else total, "swapped"),
            (value / 2, "not_halved"),
            (PI * r * r * h, "wrong_formula"),
            (value * 2, "diameter"),
        ],
    )


def cone_volume(rng: Random, language: str) -> Numerical:
    """⅓πr²h, height given or from the slant height."""
    r, h = Fraction(rng.choice(RADII)), Fraction(rng.choice((6, 9, 12, 15, 18, 21, 24, 27, 30)))
    slant, before = h, ""
    given = (f"radius {plain(r)} cm and height {plain(h)} cm", f"त्रिज्या {plain(r)} cm और ऊँचाई {plain(h)} cm")
    if rng.random() < 0.4:
        r, h, slant = (
            side * scale for scale in [rng.choice((Fraction(7), Fraction(7, 2)))] for side in rng.choice(SLANTED)
        )
        given = (
            f"radius {plain(r)} cm and slant height {plain(slant)} cm",
            f"त्रिज्या {plain(r)} cm और तिर्यक ऊँचाई {plain(slant)} cm",
        )
        before = rf"h = \sqrt{{{plain(slant)}^2 - {plain(r)}^2}} = {plain(h)};\ "
    worked = rf"{before}\frac{{1}}{{3}} \times \frac{{22}}{{7}} \times {plain(r)}^2 \times {plain(h)}"
    value = PI * r * r * h / 3
    return _solid(
        language, ("a cone", "शंकु"), given, ("volume", "आयतन"), (r"V = \frac{1}{3}\pi r^2 h", worked), value, "cm³",
        [(value * 3, "no_third"), (value * slant / h, "swapped"), (value / r, "not_squared"), (value * 2, "doubled")],
    )  # fmt: skip


def sphere_volume(rng: Random, language: str) -> Numerical:
    """4/3 πr³ of a sphere, 2/3 πr³ of a hemisphere."""
    r, half = Fraction(rng.choice((*RADII, "1.4", "2.1", "2.8", "4.2", "6.3", "28"))), rng.random() < 0.4
    by_diameter = rng.random() < 0.5
    value = PI * r**3 * (Fraction(2, 3) if half else Fraction(4, 3))
    width = (
        (f"diameter {plain(2 * r)} cm", f"व्यास {plain(2 * r)} cm")
        if by_diameter
        else (f"radius {plain(r)} cm", f"त्रिज्या {plain(r)} cm")
    )
    return _solid(
        language,
        ("a hemisphere", "अर्धगोले") if half else ("a sphere", "गोले"),
        width,
        ("volume", "आयतन"),
        (
            rf"V = \frac{{{2 if half else 4}}}{{3}}\pi r^3",
            rf"\frac{{{2 if half else 4}}}{{3}} \times \frac{{22}}{{7}} \times {plain(r)}^3",
        ),
        value,
        "cm³",
        [
            (value * 8 if by_diameter else value / 8, "diameter"),
            (value * 3, "no_third"),
            (value / 2 if not half else value * 2, "wrong_formula"),
            (4 * PI * r * r, "wrong_formula"),
        ],
    )


def sphere_surface(rng: Random, language: str) -> Numerical:
    """4πr² of a sphere; curved 2πr² and total 3πr² of a hemisphere."""
    r = Fraction(rng.choice((*RADII, "1.4", "2.1", "4.2", "5.6", "6.3", "28")))
    factor, body, name = rng.choice(
        (
            (4, ("a sphere", "गोले"), ("surface area", "पृष्ठीय क्षेत्रफल")),
            (2, ("a hemisphere", "अर्धगोले"), ("curved surface area", "वक्र पृष्ठीय क्षेत्रफल")),
            (3, ("a solid hemisphere", "ठोस अर्धगोले"), ("total surface area", "कुल पृष्ठीय क्षेत्रफल")),
        )
    )
    by_diameter = rng.random() < 0.5
    width = (
        (f"diameter {plain(2 * r)} cm", f"व्यास {plain(2 * r)} cm")
        if by_diameter
        else (f"radius {plain(r)} cm", f"त्रिज्या {plain(r)} cm")
    )
    area = PI * r * r
    wrong: list[tuple[Number | str, str]] = [
        (area * other, "wrong_formula") for other in (2, 3, 4, 1) if other != factor
    ]
    wrong.append((area * factor * 4, "diameter"))
    formula = (rf"A = {factor}\pi r^2", rf"{factor} \times \frac{{22}}{{7}} \times {plain(r)}^2")
    return _solid(language, body, width, name, formula, area * factor, "cm²", wrong)


def _solid(
    language: str,
    body: Pair,
    given: Pair,
    name: Pair,
    formula: tuple[str, str],
    value: Fraction,
    unit: str,
    wrong: list[tuple[Number | str, str]],
) -> Numerical:
    """Find a measure of a solid: `formula` is the law and the right side with numbers, both LaTeX."""
    ask = rounding(value)
    return pose(
        language,
        text=(
            f"Find the {name[0]} of {body[0]} of {given[0]}.{TAKE_PI[0]}{ask[0]}",
            f"{given[1]} वाले {body[1]} का {name[1]} ज्ञात कीजिए।{TAKE_PI[1]}{ask[1]}",
        ),
        steps=((f"Formula: ${formula[0]}$.", f"सूत्र: ${formula[0]}$।"), f"${formula[1]}$"),
        value=value,
        unit=unit,
        show=two_places,
        wrong=wrong,
        asked=(f"the {name[0]}", name[1]),
    )


GENERATORS: dict[str, Generator] = {
    "cuboid_volume": cuboid_volume,
    "cylinder_volume": cylinder_volume,
    "cylinder_surface": cylinder_surface,
    "cone_volume": cone_volume,
    "sphere_volume": sphere_volume,
    "sphere_surface": sphere_surface,
}
