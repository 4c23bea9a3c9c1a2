"""Arithmetic that belongs to every science and mathematics lesson: percentage, average, conversion, speed."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose

CONVERSIONS = (
    ("km", "m", 1000),
    ("m", "cm", 100),
    ("kg", "g", 1000),
    ("h", "min", 60),
    ("min", "s", 60),
    ("L", "mL", 1000),
    ("cm", "mm", 10),
)

SHARES = (
    (
        "In a test with {total} marks, a learner scores {part} marks. What percentage is that?",
        "{total} अंकों की एक परीक्षा में एक विद्यार्थी {part} अंक पाता है। यह कितने प्रतिशत है?",
    ),
    (
        "Of {total} seeds that were sown, {part} germinate. What percentage of the seeds germinates?",
        "बोए गए {total} बीजों में से {part} अंकुरित होते हैं। कितने प्रतिशत बीज अंकुरित होते हैं?",
    ),
    (
        "A library has {total} books, {part} of which are lent out. What percentage of the books is lent out?",
        "एक पुस्तकालय में {total} पुस्तकें हैं, जिनमें से {part} पढ़ने के लिए दी गई हैं। कितने प्रतिशत पुस्तकें दी गई हैं?",
    ),
)
VEHICLES = (("A bus", "एक बस"), ("A car", "एक कार"), ("A train", "एक रेलगाड़ी"), ("A motorcycle", "एक मोटरसाइकिल"))


def percentage(rng: Random, language: str) -> Numerical:
    """A share of a whole as a whole percentage."""
    total = rng.choice((20, 25, 40, 50, 60, 75, 80, 120, 150, 200, 250, 300, 400, 500))
    step = 100 // gcd(total, 100)
    percent = rng.randrange(step, 100, step)
    part = total * percent // 100
    english, hindi = rng.choice(SHARES)
    return pose(
        language,
        text=(english.format(total=total, part=part), hindi.format(total=total, part=part)),
        givens=(f"{part}", f"{total}"),
        steps=(
            ("Divide the part by the whole and multiply by 100.", "भाग को पूर्ण से विभाजित करके 100 से गुणा कीजिए।"),
            rf"$\frac{{{part}}}{{{total}}} \times 100 = {percent}$",
        ),
        value=percent,
        unit="%",
        wrong=[
            (100 - percent, "complement"),
            (part, "given_value"),
            (Fraction(percent, 10), "tenfold"),
            (total - part, "subtracted"),
        ],
        asked=("the percentage", "प्रतिशत"),
    )


def average(rng: Random, language: str) -> Numerical:
    """The mean of four or five readings."""
    count = rng.choice((4, 5))
    mean = rng.randint(12, 60)
    offsets = [rng.randint(-8, 8) for _ in range(count - 1)]
    readings = [mean + offset for offset in offsets]
    readings.append(mean * count - sum(readings))
    shown = ", ".join(str(reading) for reading in readings)
    total = sum(readings)
    return pose(
        language,
        text=(
            f"The readings of an experiment are {shown} (in cm). Find their average.",
            f"एक प्रयोग के पाठ्यांक (cm में) {shown} हैं। इनका औसत ज्ञात कीजिए।",
        ),
        givens=(shown,),
        steps=(
            (
                f"Add all readings and divide by their number, {count}.",
                f"सभी पाठ्यांकों को जोड़कर उनकी संख्या {count} से भाग दीजिए।",
            ),
            rf"$\frac{{{' + '.join(map(str, readings))}}}{{{count}}} = \frac{{{total}}}{{{count}}} = "
            rf"{mean}$ cm",
        ),
        value=mean,
        unit="cm",
        wrong=[
            (total, "incomplete"),
            (Fraction(total, count - 1), "off_by_one"),
            (Fraction(max(readings) + min(readings), 2), "part_only"),
            (sorted(readings)[count // 2], "wrong_formula"),
        ],
        asked=("the average", "औसत"),
    )


def unit_conversion(rng: Random, language: str) -> Numerical:
    """A reading in a smaller or a larger unit."""
    large, small, factor = rng.choice(CONVERSIONS)
    amount = Fraction(rng.randint(1, 60), 2)
    down = rng.random() < 0.5
    start, source, target = (amount, large, small) if down else (amount * factor, small, large)
    result = amount * factor if down else amount
    sign = r"\times" if down else r"\div"
    return pose(
        language,
        text=(f"Convert {plain(start)} {source} into {target}.", f"{plain(start)} {source} को {target} में बदलिए।"),
        steps=(
            f"1 {large} = {factor} {small}",
            f"${plain(start)} {sign} {factor} = {plain(result)}$ {target}",
        ),
        value=result,
        unit=target,
        wrong=[
            (Fraction(start) / factor if down else start * factor, "divided" if down else "multiplied"),
            (Fraction(result) * 10, "tenfold"),
            (Fraction(result) / 10, "tenfold"),
        ],
        asked=("the required value", "अभीष्ट मान"),
    )


def speed(rng: Random, language: str) -> Numerical:
    """The average speed of a journey in km/h."""
    hours = rng.choice((Fraction(1, 2), Fraction(3, 2), 2, Fraction(5, 2), 3, 4))
    pace = rng.randrange(20, 82, 2)
    vehicle = rng.choice(VEHICLES)
    way = pace * hours
    return pose(
        language,
        text=(
            f"{vehicle[0]} covers {plain(way)} km in {plain(hours)} h. Find its average speed.",
            f"{vehicle[1]} {plain(hours)} h में {plain(way)} km की दूरी तय करती है। उसकी औसत चाल ज्ञात कीजिए।",
        ),
        givens=(f"$s = {plain(way)}$ km", f"$t = {plain(hours)}$ h"),
        steps=(
            (r"Average speed = $\frac{\text{distance}}{\text{time}}$", r"औसत चाल = $\frac{\text{दूरी}}{\text{समय}}$"),
            rf"$v = \frac{{{plain(way)}}}{{{plain(hours)}}} = {pace}$ km/h",
        ),
        value=pace,
        unit="km/h",
        wrong=[
            (way * hours, "multiplied"),
            (Fraction(hours) / way, "inverted"),
            (way - hours, "subtracted"),
            (way, "given_value"),
        ],
        asked=("the average speed", "औसत चाल"),
    )


GENERATORS: dict[str, Generator] = {
    "percentage": percentage,
    "average": average,
    "unit_conversion": unit_conversion,
    "speed": speed,
}
