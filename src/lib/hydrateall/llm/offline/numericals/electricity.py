"""Charge and current, Ohm's law, resistors, resistivity, power, heating effect."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.laws import Law, Quantity
from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose

CHARGE = Law(
    p=Quantity("Q", ("the charge", "आवेश"), "C"),
    a=Quantity("I", ("the current", "विद्युत धारा"), "A", ("0.2", "0.4", "0.5", "0.8", "1.5", "2", "2.5", "3", "5")),
    b=Quantity("t", ("the time", "समय"), "s", ("10", "20", "30", "40", "60", "90", "120", "300", "600")),
    find_p=(
        (
            "A current of {a} flows through a bulb for {b}. How much charge passes through it?",
            "एक बल्ब में {b} तक {a} की विद्युत धारा प्रवाहित होती है। उससे कितना आवेश गुज़रता है?",
        ),
    ),
    find_a=(
        (
            "A charge of {p} flows through a wire in {b}. Find the current.",
            "एक तार से {b} में {p} आवेश प्रवाहित होता है। विद्युत धारा ज्ञात कीजिए।",
        ),
        (
            "In {b}, {p} of charge pass a point of a circuit. What is the current there?",
            "परिपथ के एक बिंदु से {b} में {p} आवेश गुज़रता है। वहाँ विद्युत धारा कितनी है?",
        ),
    ),
    find_b=(
        (
            "How long must a current of {a} flow to carry a charge of {p}?",
            "{p} आवेश प्रवाहित करने के लिए {a} की विद्युत धारा कितने समय तक बहनी चाहिए?",
        ),
    ),
)
OHM = Law(
    p=Quantity("V", ("the potential difference", "विभवांतर"), "V"),
    a=Quantity(
        "I", ("the current", "विद्युत धारा"), "A", ("0.1", "0.2", "0.25", "0.4", "0.5", "1.5", "2", "2.5", "3", "4")
    ),
    b=Quantity(
        "R", ("the resistance", "प्रतिरोध"), "Ω", ("4", "5", "8", "10", "12", "15", "20", "24", "30", "40", "60", "100")
    ),
    find_p=(
        (
            "A current of {a} flows through a resistor of {b}. Find the potential difference across it.",
            "{b} के प्रतिरोधक में {a} की विद्युत धारा बह रही है। उसके सिरों के बीच विभवांतर ज्ञात कीजिए।",
        ),
        (
            "What voltage drives a current of {a} through a wire of resistance {b}?",
            "{b} प्रतिरोध वाले तार में {a} की धारा प्रवाहित करने के लिए कितना विभवांतर चाहिए?",
        ),
    ),
    find_a=(
        (
            "A resistor of {b} is connected to a battery of {p}. Find the current.",
            "{b} का एक प्रतिरोधक {p} की बैटरी से जोड़ा गया है। विद्युत धारा ज्ञात कीजिए।",
        ),
    ),
    find_b=(
        (
            "A potential difference of {p} drives a current of {a} through a conductor. Find its resistance.",
            "{p} का विभवांतर किसी चालक में {a} की धारा प्रवाहित करता है। उसका प्रतिरोध ज्ञात कीजिए।",
        ),
    ),
)
ELECTRIC_POWER = Law(
    p=Quantity("P", ("the power", "शक्ति"), "W"),
    a=Quantity(
        "V", ("the potential difference", "विभवांतर"), "V", ("6", "12", "20", "24", "110", "200", "220", "230", "240")
    ),
    b=Quantity(
        "I", ("the current", "विद्युत धारा"), "A", ("0.2", "0.25", "0.4", "0.5", "1.5", "2", "2.5", "3", "4", "5")
    ),
    find_p=(
        (
            "An appliance draws a current of {b} from a supply of {a}. Find its power.",
            "एक उपकरण {a} की आपूर्ति से {b} की धारा लेता है। उसकी शक्ति ज्ञात कीजिए।",
        ),
        (
            "A lamp works on {a} and carries {b}. What power does it use?",
            "एक लैंप {a} पर कार्य करता है और उसमें {b} की धारा बहती है। उसकी शक्ति कितनी है?",
        ),
    ),
    find_a=(
        (
            "An appliance of {p} carries a current of {b}. At what potential difference does it work?",
            "{p} के एक उपकरण में {b} की धारा बहती है। वह कितने विभवांतर पर कार्य कर रहा है?",
        ),
    ),
    find_b=(
        (
            "Find the current in a device rated {p} on a supply of {a}.",
            "{a} की आपूर्ति से जुड़े {p} के उपकरण में विद्युत धारा ज्ञात कीजिए।",
        ),
    ),
)
# (length, cross-section) of a second wire compared with the first
WIRES = tuple(
    (Fraction(longer), Fraction(thicker))
    for longer in ("2", "3", "4", "0.5")
    for thicker in ("1", "2", "4", "0.5")
    if longer != thicker
)
# pairs and triples of resistances whose parallel combination is a short decimal
PARALLEL = (
    (2, 2), (3, 6), (4, 4), (4, 12), (5, 20), (6, 12), (8, 8), (10, 10), (10, 15), (12, 24), (15, 30),
    (20, 30), (20, 80), (30, 60),
    (40, 60), (6, 3, 2), (4, 4, 2), (6, 6, 6), (12, 6, 4), (10, 10, 5), (20, 30, 12), (30, 20, 60),
    (12, 12, 6), (8, 8, 4), (15, 10, 6),
    (9, 18), (7, 42), (14, 35), (12, 36), (18, 36), (24, 48), (25, 100), (30, 45), (36, 45), (16, 48),
    (21, 28), (24, 40), (10, 40),
    (60, 20, 30), (40, 40, 20), (36, 18, 12), (24, 24, 12), (45, 90, 30), (50, 50), (60, 60, 30),
)  # fmt: skip


def _inverses(resistors: Sequence[int]) -> Fraction:
    return sum((Fraction(1, resistance) for resistance in resistors), Fraction(0))


def resistance_series(rng: Random, language: str) -> Numerical:
    """Equivalent resistance in series, or the current through it."""
    resistors = [rng.choice((2, 3, 4, 5, 6, 8, 10, 12, 15, 20)) for _ in range(rng.choice((2, 3, 3)))]
    total = sum(resistors)
    listed, added = ", ".join(f"{r} Ω" for r in resistors), " + ".join(map(str, resistors))
    rule = (
        "In series the resistances add up: $R_s = R_1 + R_2 + \\dots$",
        "श्रेणीक्रम में प्रतिरोध जुड़ते हैं: $R_s = R_1 + R_2 + \\dots$",
    )
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"Resistors of {listed} are connected in series. Find the equivalent resistance.",
                f"{listed} के प्रतिरोधक श्रेणीक्रम में जुड़े हैं। तुल्य प्रतिरोध ज्ञात कीजिए।",
            ),
            steps=(rule, f"$R_s = {added} = {total}$ Ω"),
            value=total,
            unit="Ω",
            wrong=[
                (1 / _inverses(resistors), "series_parallel"),
                (Fraction(total, len(resistors)), "wrong_formula"),
                (total - resistors[-1], "part_only"),
                (max(resistors), "given_value"),
            ],
            asked=("the equivalent resistance", "तुल्य प्रतिरोध"),
        )
    current = Fraction(rng.choice(("0.2", "0.5", "1.5", "2")))
    volts = current * total
    return pose(
        language,
        text=(
            f"Resistors of {listed} are connected in series to a battery of {plain(volts)} V. Find the "
            f"current in the circuit.",
            f"{listed} के प्रतिरोधक {plain(volts)} V की बैटरी से श्रेणीक्रम में जुड़े हैं। परिपथ में धारा ज्ञात कीजिए।",
        ),
        givens=(f"$V = {plain(volts)}$ V",),
        steps=(
            rule,
            f"$R_s = {added} = {total}$ Ω",
            rf"$I = \frac{{V}}{{R_s}} = \frac{{{plain(volts)}}}{{{total}}} = {plain(current)}$ A",
        ),
        value=current,
        unit="A",
        wrong=[
            (volts / resistors[0], "part_only"),
            (volts / resistors[-1], "part_only"),
            (volts * _inverses(resistors), "series_parallel"),
            (current * 2, "doubled"),
        ],
        asked=("the current", "विद्युत धारा"),
    )


def resistance_parallel(rng: Random, language: str) -> Numerical:
    """Equivalent resistance of two or three resistors in parallel."""
    resistors = rng.choice(PARALLEL)
    value = 1 / _inverses(resistors)
    listed = ", ".join(f"{r} Ω" for r in resistors)
    inverse = " + ".join(rf"\frac{{1}}{{{r}}}" for r in resistors)
    total = sum(resistors)
    wire = rng.choice((("Resistors", "प्रतिरोधक"), ("Coils", "कुंडलियाँ")))
    linked = "जुड़े हैं" if wire[1] == "प्रतिरोधक" else "जुड़ी हैं"
    of = "के" if wire[1] == "प्रतिरोधक" else "प्रतिरोध वाली"
    return pose(
        language,
        text=(
            f"{wire[0]} of {listed} are connected in parallel. Find the equivalent resistance.",
            f"{listed} {of} {wire[1]} पार्श्वक्रम में {linked}। तुल्य प्रतिरोध ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"In parallel: $\frac{1}{R_p} = \frac{1}{R_1} + \frac{1}{R_2} + \dots$",
                r"पार्श्वक्रम में: $\frac{1}{R_p} = \frac{1}{R_1} + \frac{1}{R_2} + \dots$",
            ),
            rf"$\frac{{1}}{{R_p}} = {inverse} = "
            rf"\frac{{{(1 / value).numerator}}}{{{(1 / value).denominator}}}$",
            rf"$R_p = {plain(value)}$ Ω",
        ),
        value=value,
        unit="Ω",
        wrong=[
            (total, "series_parallel"),
            (1 / value, "not_inverted"),
            (Fraction(total, len(resistors)), "wrong_formula"),
            (max(resistors) - min(resistors), "subtracted"),
            (min(resistors), "given_value"),
        ],
        asked=("the equivalent resistance", "तुल्य प्रतिरोध"),
    )


def resistivity(rng: Random, language: str) -> Numerical:
    """How the resistance of a wire follows its length and cross-section (R = ρl/A)."""
    old = rng.choice((2, 4, 6, 8, 10, 12, 16, 20, 24))
    longer, thicker = rng.choice(WIRES)
    value = old * longer / thicker
    times, area = plain(longer), plain(thicker)
    length = ("half the length", "आधी") if longer < 1 else (f"{times} times the length", f"{times} गुनी")
    section = {
        "1": ("the same area of cross-section", "समान"),
        "0.5": ("half the area of cross-section", "आधा"),
    }.get(area, (f"{area} times the area of cross-section", f"{area} गुना"))
    return pose(
        language,
        text=(
            f"A wire has a resistance of {old} Ω. A second wire of the same material has {length[0]} and "
            f"{section[0]}. "
            "Find the resistance of the second wire.",
            f"एक तार का प्रतिरोध {old} Ω है। उसी पदार्थ के दूसरे तार की लंबाई पहले की {length[1]} और अनुप्रस्थ काट "
            f"का क्षेत्रफल {section[1]} है। "
            "दूसरे तार का प्रतिरोध ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"Since $R = \rho\frac{l}{A}$, the resistance grows with the length and falls with the area.",
                r"चूँकि $R = \rho\frac{l}{A}$, प्रतिरोध लंबाई के साथ बढ़ता है और क्षेत्रफल बढ़ने पर घटता है।",
            ),
            rf"$R' = {old} \times \frac{{{times}}}{{{area}}} = {plain(value)}$ Ω",
        ),
        value=value,
        unit="Ω",
        wrong=[
            (old * longer * thicker, "multiplied"),
            (old / longer * thicker, "inverted"),
            (old, "given_value"),
            (old * longer**2 / thicker, "wrong_formula"),
        ],
        asked=("the resistance", "प्रतिरोध"),
    )


def heating_effect(rng: Random, language: str) -> Numerical:
    """Joule's law H = I²Rt."""
    current, resistance, time = (
        Fraction(rng.choice(("0.5", "2", "3", "4", "5"))),
        rng.choice((4, 5, 8, 10, 20, 24, 30)),
        rng.choice((5, 10, 20, 30, 60)),
    )
    value = current**2 * resistance * time
    i = plain(current)
    return pose(
        language,
        text=(
            f"A current of {i} A flows through a resistor of {resistance} Ω for {time} s. Find the heat produced.",
            f"{resistance} Ω के प्रतिरोधक में {time} s तक {i} A की विद्युत धारा बहती है। उत्पन्न ऊष्मा ज्ञात कीजिए।",
        ),
        givens=(f"$I = {i}$ A", f"$R = {resistance}$ Ω", f"$t = {time}$ s"),
        steps=(
            ("Joule's law of heating: $H = I^2Rt$.", "जूल का तापन नियम: $H = I^2Rt$।"),
            rf"$H = {i}^2 \times {resistance} \times {time} = {plain(value)}$ J",
        ),
        value=value,
        unit="J",
        wrong=[
            (current * resistance * time, "not_squared"),
            (current * resistance**2 * time, "swapped"),
            (current**2 * resistance, "incomplete"),
            (value / 2, "halved"),
        ],
        asked=("the heat produced", "उत्पन्न ऊष्मा"),
    )


GENERATORS: dict[str, Generator] = {
    "charge_current": CHARGE,
    "ohms_law": OHM,
    "electric_power": ELECTRIC_POWER,
    "resistance_series": resistance_series,
    "resistance_parallel": resistance_parallel,
    "resistivity": resistivity,
    "heating_effect": heating_effect,
}
