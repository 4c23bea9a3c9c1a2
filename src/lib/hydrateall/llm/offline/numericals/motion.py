"""Accelerated motion: acceleration, the equations of motion, free fall, momentum conservation, gravitation."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, mixed, plain, pose


def acceleration(rng: Random, language: str) -> Numerical:
    """a = (v − u) / t; a negative result is a retardation."""
    start, time = Fraction(rng.choice((0, 2, 5, 6, 8, 10, 12))), rng.choice((2, 4, 5, 8, 10))
    end = start + mixed(rng, ("0.5", "1", "1.5", "2", "2.5", "3", "4")) * time
    slowing = rng.random() < 0.35
    u, v = (end, start) if slowing else (start, end)
    value = (v - u) / time
    first, last = plain(u), plain(v)
    verb = ("slows down", "धीमी होती है") if slowing else ("speeds up", "तेज़ होती है")
    return pose(
        language,
        text=(
            f"A car {verb[0]} from {first} m/s to {last} m/s in {time} s. Find its acceleration.",
            f"एक कार {time} s में {first} m/s से {last} m/s तक {verb[1]}। उसका त्वरण ज्ञात कीजिए।",
        ),
        givens=(f"$u = {first}$ m/s", f"$v = {last}$ m/s", f"$t = {time}$ s"),
        steps=(
            (
                r"Acceleration is the change of velocity per time: $a = \frac{v - u}{t}$.",
                r"त्वरण, वेग में प्रति एकांक समय परिवर्तन है: $a = \frac{v - u}{t}$।",
            ),
            rf"$a = \frac{{{last} - {first}}}{{{time}}} = {plain(value)}$ m/s²",
        ),
        value=value,
        unit="m/s²",
        wrong=[(-value, "sign"), ((v + u) / time, "added"), ((v - u) * time, "multiplied"), (v / time, "no_initial")],
        asked=("the acceleration", "त्वरण"),
    )


def motion_velocity(rng: Random, language: str) -> Numerical:
    """v = u + at."""
    u, a, t = (
        rng.choice((0, 2, 4, 5, 8, 10, 15)),
        Fraction(rng.choice(("0.5", "1.5", "2", "2.5", "3", "4"))),
        rng.choice((2, 4, 5, 6, 8, 10)),
    )
    value = u + a * t
    start = (
        ("starts from rest", "विरामावस्था से चलना आरंभ करती है")
        if u == 0
        else (f"moves at {u} m/s", f"{u} m/s के वेग से चल रही है")
    )
    return pose(
        language,
        text=(
            f"A bus {start[0]} and gains speed with a uniform acceleration of {plain(a)} m/s². What is "
            f"its velocity after {t} s?",
            f"एक बस {start[1]} और {plain(a)} m/s² के एकसमान त्वरण से उसका वेग बढ़ता है। {t} s बाद उसका वेग कितना होगा?",
        ),
        givens=(f"$u = {u}$ m/s", f"$a = {plain(a)}$ m/s²", f"$t = {t}$ s"),
        steps=(
            ("Use the first equation of motion: $v = u + at$.", "गति के प्रथम समीकरण का उपयोग कीजिए: $v = u + at$।"),
            rf"$v = {u} + {plain(a)} \times {t} = {plain(value)}$ m/s",
        ),
        value=value,
        unit="m/s",
        wrong=[
            (a * t if u else a + t, "no_initial" if u else "added"),
            (u + a, "part_only"),
            (u + a * t / 2, "halved"),
            (u * t + a, "swapped"),
        ],
        asked=("the velocity", "वेग"),
    )


def motion_displacement(rng: Random, language: str) -> Numerical:
    """s = ut + ½at²."""
    u, a, t = rng.choice((0, 1, 2, 3, 4, 5, 6, 10)), rng.choice((1, 2, 3, 4, 6)), rng.choice((2, 4, 6, 8, 10))
    value = u * t + Fraction(a * t * t, 2)
    start = (
        ("starts from rest", "विरामावस्था से चलना आरंभ करती है")
        if u == 0
        else (f"has an initial velocity of {u} m/s", f"{u} m/s के प्रारंभिक वेग से चलती है")
    )
    return pose(
        language,
        text=(
            f"A train {start[0]} and accelerates uniformly at {a} m/s². What distance does it cover in {t} s?",
            f"एक रेलगाड़ी {start[1]} और उसका एकसमान त्वरण {a} m/s² है। वह {t} s में कितनी दूरी तय करेगी?",
        ),
        givens=(f"$u = {u}$ m/s", f"$a = {a}$ m/s²", f"$t = {t}$ s"),
        steps=(
            (
                r"Use the second equation of motion: $s = ut + \frac{1}{2}at^2$.",
                r"गति के द्वितीय समीकरण का उपयोग कीजिए: $s = ut + \frac{1}{2}at^2$।",
            ),
            rf"$s = {u} \times {t} + \frac{{1}}{{2}} \times {a} \times {t}^2 = {u * t} + "
            rf"{plain(Fraction(a * t * t, 2))} = {plain(value)}$ m",
        ),
        value=value,
        unit="m",
        wrong=[
            (u * t + a * t * t, "not_halved"),
            (u * t + Fraction(a * t, 2), "not_squared"),
            (Fraction(a * t * t, 2), "no_initial"),
            (u + a * t, "wrong_formula"),
        ],
        asked=("the distance", "दूरी"),
    )


def free_fall(rng: Random, language: str) -> Numerical:
    """Height or velocity of a body that falls from rest, g = 10 m/s²."""
    time = Fraction(rng.choice(("0.4", "0.5", "0.6", "0.8", "1", "1.2", "1.5", "2", "2.5", "3", "3.5", "4", "5", "6")))
    t = plain(time)
    body, hindi, ending = rng.choice((("stone", "पत्थर", "ता"), ("ball", "गेंद", "ती"), ("coconut", "नारियल", "ता")))
    givens = ("$u = 0$", f"$t = {t}$ s", "$g = 10$ m/s²")
    if rng.random() < 0.5:
        height = 5 * time * time
        return pose(
            language,
            text=(
                f"A {body} falls freely from rest and reaches the ground in {t} s. From what height does "
                f"it fall? Take g = 10 m/s².",
                f"एक {hindi} विरामावस्था से मुक्त रूप से गिरकर {t} s में भूमि पर पहुँच{ending} है। वह कितनी ऊँचाई से "
                f"गिर{ending} है? g = 10 m/s² लीजिए।",
            ),
            givens=givens,
            steps=(
                (r"From rest, $h = \frac{1}{2}gt^2$.", r"विरामावस्था से: $h = \frac{1}{2}gt^2$।"),
                rf"$h = \frac{{1}}{{2}} \times 10 \times {t}^2 = {plain(height)}$ m",
            ),
            value=height,
            unit="m",
            wrong=[(2 * height, "not_halved"), (5 * time, "not_squared"), (10 * time, "wrong_formula")],
            asked=("the height", "ऊँचाई"),
        )
    return pose(
        language,
        text=(
            f"A {body} falls freely from rest for {t} s. With what velocity does it move then? Take g = 10 m/s².",
            f"एक {hindi} विरामावस्था से {t} s तक मुक्त रूप से गिर{ending} है। तब उसका वेग कितना होगा? g = 10 m/s² लीजिए।",
        ),
        givens=givens,
        steps=(("From rest, $v = gt$.", "विरामावस्था से: $v = gt$।"), rf"$v = 10 \times {t} = {plain(10 * time)}$ m/s"),
        value=10 * time,
        unit="m/s",
        wrong=[(5 * time * time, "wrong_formula"), (5 * time, "halved"), (10 + time, "added")],
        asked=("the velocity", "वेग"),
    )


def momentum_conservation(rng: Random, language: str) -> Numerical:
    """Two trolleys that stick together, or the recoil of a gun."""
    if rng.random() < 0.5:
        return _recoil(rng, language)
    first, second = rng.choice(((1, 1), (2, 2), (2, 3), (3, 1), (3, 2), (4, 1), (5, 3), (6, 2), (6, 4), (8, 2)))
    common = Fraction(rng.choice(("1.5", "2", "2.5", "3", "4", "4.5", "6")))
    speed = common * (first + second) / first
    if (speed * 100).denominator != 1:
        common, speed = Fraction(first), Fraction(first + second)
    return pose(
        language,
        text=(
            f"A trolley of mass {first} kg moving at {plain(speed)} m/s hits a trolley of mass {second} "
            f"kg at rest and they move on together. "
            "Find their common velocity.",
            f"{plain(speed)} m/s के वेग से चलती {first} kg द्रव्यमान की ट्रॉली, विरामावस्था में रखी {second} kg "
            f"की ट्रॉली से टकराकर उसके साथ जुड़ जाती है। "
            "दोनों का संयुक्त वेग ज्ञात कीजिए।",
        ),
        givens=(f"$m_1 = {first}$ kg", f"$u_1 = {plain(speed)}$ m/s", f"$m_2 = {second}$ kg", "$u_2 = 0$"),
        steps=(
            (
                "The total momentum is the same before and after: $m_1u_1 = (m_1 + m_2)v$.",
                "टक्कर से पहले और बाद में कुल संवेग समान रहता है: $m_1u_1 = (m_1 + m_2)v$।",
            ),
            rf"$v = \frac{{{first} \times {plain(speed)}}}{{{first} + {second}}} = {plain(common)}$ m/s",
        ),
        value=common,
        unit="m/s",
        wrong=[
            (speed, "given_value"),
            (first * speed / second, "part_only"),
            (speed / 2, "halved"),
            (first * speed, "incomplete"),
        ],
        asked=("the common velocity", "संयुक्त वेग"),
    )


def _recoil(rng: Random, language: str) -> Numerical:
    gun, grams, speed = (
        rng.choice((2, 4, 5, 8)),
        rng.choice((10, 20, 25, 40, 50)),
        rng.choice((80, 120, 160, 200, 240, 400)),
    )
    mass = Fraction(grams, 1000)
    value = mass * speed / gun
    return pose(
        language,
        text=(
            f"A gun of mass {gun} kg fires a bullet of mass {grams} g with a velocity of {speed} m/s. "
            f"Find the speed of recoil of the gun.",
            f"{gun} kg द्रव्यमान की बंदूक से {grams} g की गोली {speed} m/s के वेग से निकलती है। बंदूक की प्रतिक्षेप चाल ज्ञात कीजिए।",
        ),
        givens=(f"$M = {gun}$ kg", f"$m = {grams}$ g $= {plain(mass)}$ kg", f"$v = {speed}$ m/s"),
        steps=(
            ("The total momentum stays zero: $mv = MV$ in size.", "कुल संवेग शून्य रहता है, अतः परिमाण में: $mv = MV$।"),
            rf"$V = \frac{{{plain(mass)} \times {speed}}}{{{gun}}} = {plain(value)}$ m/s",
        ),
        value=value,
        unit="m/s",
        wrong=[
            (value * 1000, "unit"),
            (mass * speed, "incomplete"),
            (Fraction(speed, gun), "part_only"),
            (mass * speed * gun, "multiplied"),
        ],
        asked=("the speed of recoil", "प्रतिक्षेप चाल"),
    )


def gravitational_force(rng: Random, language: str) -> Numerical:
    """How the force between two bodies changes when masses and distance are changed."""
    old = rng.choice((12, 18, 24, 36, 48, 60, 72, 90, 144))
    mass, way = rng.choice((1, 2, 3, 4)), rng.choice((2, 3))
    closer = rng.random() < 0.4
    factor = Fraction(mass * way * way) if closer else Fraction(mass, way * way)
    value = old * factor
    if (value * 100).denominator != 1:
        way, factor, value = 2, Fraction(mass, 4), Fraction(old * mass, 4)
        closer = False
    change = (f"{way} times", f"{way} गुनी") if not closer else (f"1/{way} of", f"1/{way}")
    words = {1: ("while the masses stay the same", "और द्रव्यमान वही रहते हैं")}.get(
        mass, (f"and one of the masses is made {mass} times as large", f"और एक द्रव्यमान {mass} गुना कर दिया जाता है")
    )
    square = way * way
    return pose(
        language,
        text=(
            f"Two bodies attract each other with a gravitational force of {old} N. Their distance "
            f"becomes {change[0]} the old one, {words[0]}. Find the new force.",
            f"दो वस्तुओं के बीच गुरुत्वाकर्षण बल {old} N है। उनके बीच की दूरी पहले की {change[1]} कर दी जाती है "
            f"{words[1]}। नया बल ज्ञात कीजिए।",
        ),
        steps=(
            (
                r"The force follows $F = \frac{Gm_1m_2}{r^2}$: it grows with each mass and falls with "
                r"the square of the distance.",
                r"बल का सूत्र $F = \frac{Gm_1m_2}{r^2}$ है: वह प्रत्येक द्रव्यमान के अनुक्रमानुपाती और दूरी के वर्ग के "
                r"व्युत्क्रमानुपाती है।",
            ),
            (
                f"The masses change the force by the factor {mass}, the distance by the factor "
                f"{square if closer else f'1/{square}'}.",
                f"द्रव्यमानों के कारण बल {mass} गुना और दूरी के कारण {square if closer else f'1/{square}'} गुना हो जाता है।",
            ),
            rf"$F' = {old} \times {mass} {chr(92)}{'times' if closer else 'div'} {square} = "
            rf"{plain(value)}$ N",
        ),
        value=value,
        unit="N",
        wrong=[
            (Fraction(old * mass * way) if closer else Fraction(old * mass, way), "not_squared"),
            (Fraction(old * mass, square) if closer else Fraction(old * mass * square), "inverted"),
            (old, "given_value"),
            (Fraction(old * mass), "part_only"),
        ],
        asked=("the new force", "नया बल"),
    )


GENERATORS: dict[str, Generator] = {
    "acceleration": acceleration,
    "motion_velocity": motion_velocity,
    "motion_displacement": motion_displacement,
    "free_fall": free_fall,
    "momentum_conservation": momentum_conservation,
    "gravitational_force": gravitational_force,
}
