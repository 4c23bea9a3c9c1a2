"""Probability: the chance of one event and of its complement."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Number, Numerical, decimal, fraction, plain, pose, tex


def _chance(value: Number, unit: str) -> str:
    """A probability as a fraction; raise ValueError for what no probability can be."""
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is not a probability")
    return fraction(value, unit)


def probability_single(rng: Random, language: str) -> Numerical:
    """The chance of one event: a bag of balls, a die, numbered cards."""
    red, blue, green = (rng.randint(2, 9) for _ in range(3))
    total = red + blue + green
    if rng.random() < 0.6:
        colour, count, hindi = rng.choice((("red", red, "लाल"), ("blue", blue, "नीली"), ("green", green, "हरी")))
        text = (
            f"A bag contains {red} red, {blue} blue and {green} green balls. One ball is drawn at "
            f"random. Find the probability that it is {colour}.",
            f"एक थैले में {red} लाल, {blue} नीली और {green} हरी गेंदें हैं। एक गेंद यादृच्छया निकाली जाती है। उसके "
            f"{hindi} होने की प्रायिकता ज्ञात कीजिए।",
        )
    else:
        total, divisor = rng.choice((10, 15, 18, 20, 24, 25, 30, 40)), rng.choice((2, 3, 4, 5, 6, 7))
        count = total // divisor
        text = (
            f"Cards numbered 1 to {total} are mixed and one is drawn at random. Find the probability "
            f"that its number is a multiple of {divisor}.",
            f"1 से {total} तक संख्या लिखे कार्ड मिलाए जाते हैं और एक कार्ड यादृच्छया निकाला जाता है। उस पर लिखी संख्या "
            f"के {divisor} का गुणज होने की प्रायिकता ज्ञात कीजिए।",
        )
    value = Fraction(count, total)
    return pose(
        language,
        text=text,
        steps=(
            (
                f"There are {total} equally likely outcomes, of which {count} are favourable.",
                f"कुल {total} समप्रायिक परिणाम हैं, जिनमें से {count} अनुकूल हैं।",
            ),
            rf"$P = \frac{{{count}}}{{{total}}}$" + (f" $= {tex(value)}$" if value.numerator != count else ""),
        ),
        value=value,
        show=_chance,
        wrong=[
            (1 - value, "complement"),
            (Fraction(count, total - count), "wrong_total"),
            (Fraction(1, total), "part_only"),
            (Fraction(count + 1, total), "off_by_one"),
            (Fraction(1, count), "inverted"),
        ],
        asked=("the probability", "प्रायिकता"),
    )


def probability_complement(rng: Random, language: str) -> Numerical:
    """P(not E) = 1 − P(E), as decimal or from counts."""
    if rng.random() < 0.5:
        chance = Fraction(rng.randint(3, 97), 100)
        if chance == Fraction(1, 2):
            chance = Fraction(1, 4)
        event = rng.choice(
            (
                ("it rains tomorrow", "कल वर्षा होने"),
                ("a team wins its match", "किसी टीम के मैच जीतने"),
                ("a bus is late", "किसी बस के देर से आने"),
            )
        )
        return pose(
            language,
            text=(
                f"The probability that {event[0]} is {plain(chance)}. Find the probability that this does not happen.",
                f"{event[1]} की प्रायिकता {plain(chance)} है। ऐसा न होने की प्रायिकता ज्ञात कीजिए।",
            ),
            steps=(
                ("$P(\\text{not } E) = 1 - P(E)$", "$P(\\bar{E}) = 1 - P(E)$"),
                f"$1 - {plain(chance)} = {plain(1 - chance)}$",
            ),
            value=1 - chance,
            show=decimal,
            wrong=[
                (chance, "given_value"),
                (abs(1 - 2 * chance), "wrong_formula"),
                (1 - chance / 10, "tenfold"),
                (chance / 2, "halved"),
            ],
            asked=("the probability", "प्रायिकता"),
        )
    total, bad = rng.choice((20, 24, 25, 30, 40, 50, 60, 80, 100)), rng.randint(2, 9)
    value = 1 - Fraction(bad, total)
    return pose(
        language,
        text=(
            f"A box holds {total} bulbs, {bad} of which are defective. One bulb is taken at random. Find "
            f"the probability that it is not defective.",
            f"एक डिब्बे में {total} बल्ब हैं, जिनमें से {bad} खराब हैं। एक बल्ब यादृच्छया निकाला जाता है। उसके खराब न होने "
            f"की प्रायिकता ज्ञात कीजिए।",
        ),
        steps=(
            (
                rf"$P(\text{{defective}}) = \frac{{{bad}}}{{{total}}}$",
                rf"खराब बल्ब निकलने की प्रायिकता $= \frac{{{bad}}}{{{total}}}$",
            ),
            rf"$1 - \frac{{{bad}}}{{{total}}} = {tex(value)}$",
        ),
        value=value,
        show=_chance,
        wrong=[
            (1 - value, "complement"),
            (Fraction(bad, total - bad), "wrong_total"),
            (Fraction(1, total), "part_only"),
            (Fraction(total - bad - 1, total), "off_by_one"),
        ],
        asked=("the probability", "प्रायिकता"),
    )


GENERATORS: dict[str, Generator] = {
    "probability_single": probability_single,
    "probability_complement": probability_complement,
}
