"""Mirrors, lenses and refraction with the New Cartesian sign convention."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Number, Numerical, Pair, decimal, plain, pose, rounded

# focal length and object distance (cm, without sign) whose image distances are whole numbers
CLEAN = tuple(
    (f, u)
    for f in (6, 8, 10, 12, 15, 20, 24, 30)
    for u in range(f + 2, 5 * f + 1)
    if (f * u) % (u - f) == 0 and f * u // (u - f) <= 120
)
VIRTUAL = tuple((f, u) for f in (6, 10, 12, 15, 20, 24, 30) for u in range(4, 3 * f) if (f * u) % (u + f) == 0)


def mirror_formula(rng: Random, language: str) -> Numerical:
    """Image distance of a concave (real image) or convex mirror: 1/v + 1/u = 1/f."""
    if rng.random() < 0.6:
        f, u = rng.choice(CLEAN)
        v, focus = Fraction(-f * u, u - f), -f
        kind, nature = ("concave", "अवतल"), ("in front of the mirror", "दर्पण के सामने")
    else:
        f, u = rng.choice(VIRTUAL)
        v, focus = Fraction(f * u, u + f), f
        kind, nature = ("convex", "उत्तल"), ("behind the mirror", "दर्पण के पीछे")
    return pose(
        language,
        text=(
            f"An object is placed {u} cm in front of a {kind[0]} mirror of focal length {f} cm. Find the "
            f"image distance with its sign.",
            f"एक बिंब को {f} cm फोकस दूरी वाले {kind[1]} दर्पण के सामने {u} cm पर रखा जाता है। प्रतिबिंब दूरी चिह्न "
            f"सहित ज्ञात कीजिए।",
        ),
        givens=(f"$u = -{u}$ cm", f"$f = {focus}$ cm"),
        steps=(
            (
                r"Mirror formula: $\frac{1}{v} + \frac{1}{u} = \frac{1}{f}$.",
                r"दर्पण सूत्र: $\frac{1}{v} + \frac{1}{u} = \frac{1}{f}$।",
            ),
            rf"$\frac{{1}}{{v}} = \frac{{1}}{{{focus}}} - \frac{{1}}{{-{u}}} = \frac{{1}}{{{plain(v)}}}$",
            (
                f"So $v = {plain(v)}$ cm; the image is formed {nature[0]}.",
                f"अतः $v = {plain(v)}$ cm; प्रतिबिंब {nature[1]} बनता है।",
            ),
        ),
        value=v,
        unit="cm",
        wrong=[(-v, "sign"), *_other_sign(f, u, v), (Fraction(-u), "given_value"), (Fraction(focus), "given_value")],
        asked=("the image distance", "प्रतिबिंब दूरी"),
    )


def lens_formula(rng: Random, language: str) -> Numerical:
    """Image distance of a convex (real image) or concave lens: 1/v − 1/u = 1/f."""
    if rng.random() < 0.6:
        f, u = rng.choice(CLEAN)
        v, focus = Fraction(f * u, u - f), f
        kind, nature = ("convex", "उत्तल"), ("on the other side of the lens", "लेंस के दूसरी ओर")
    else:
        f, u = rng.choice(VIRTUAL)
        v, focus = Fraction(-f * u, u + f), -f
        kind, nature = ("concave", "अवतल"), ("on the same side as the object", "उसी ओर जिस ओर बिंब है")
    return pose(
        language,
        text=(
            f"An object is placed {u} cm from a {kind[0]} lens of focal length {f} cm. Find the image "
            f"distance with its sign.",
            f"एक बिंब को {f} cm फोकस दूरी वाले {kind[1]} लेंस से {u} cm दूर रखा जाता है। प्रतिबिंब दूरी चिह्न सहित ज्ञात कीजिए।",
        ),
        givens=(f"$u = -{u}$ cm", f"$f = {focus}$ cm"),
        steps=(
            (
                r"Lens formula: $\frac{1}{v} - \frac{1}{u} = \frac{1}{f}$.",
                r"लेंस सूत्र: $\frac{1}{v} - \frac{1}{u} = \frac{1}{f}$।",
            ),
            rf"$\frac{{1}}{{v}} = \frac{{1}}{{{focus}}} + \frac{{1}}{{-{u}}} = \frac{{1}}{{{plain(v)}}}$",
            (
                f"So $v = {plain(v)}$ cm; the image is formed {nature[0]}.",
                f"अतः $v = {plain(v)}$ cm; प्रतिबिंब {nature[1]} बनता है।",
            ),
        ),
        value=v,
        unit="cm",
        wrong=[(-v, "sign"), *_other_sign(f, u, v), (Fraction(-u), "given_value"), (Fraction(focus), "given_value")],
        asked=("the image distance", "प्रतिबिंब दूरी"),
    )


def _other_sign(f: int, u: int, v: Fraction) -> list[tuple[Number | str, str]]:
    """What comes out when the two reciprocals are added instead of subtracted, or the other way round."""
    found = [Fraction(f * u, u + f)] + ([Fraction(f * u, abs(u - f))] if u != f else [])
    signed = [candidate * (1 if v > 0 else -1) for candidate in found]
    return [(candidate, "sign") for candidate in signed if candidate != v and candidate.denominator == 1]


def magnification(rng: Random, language: str) -> Numerical:
    """Magnification of a mirror (−v/u) or lens (v/u), or the image height from it."""
    factor = Fraction(rng.choice(("0.5", "1.5", "2", "2.5", "3", "4")))
    u, height = rng.choice((10, 12, 15, 16, 20, 24, 30, 40)), rng.choice((2, 3, 4, 5))
    v, mirror = factor * u, rng.random() < 0.5
    device: Pair = ("concave mirror", "अवतल दर्पण") if mirror else ("convex lens", "उत्तल लेंस")
    shown = f"-{plain(v)}" if mirror else plain(v)
    formula = r"m = -\frac{v}{u}" if mirror else r"m = \frac{v}{u}"
    return pose(
        language,
        text=(
            f"A {device[0]} forms a real image at $v = {shown}$ cm of an object at $u = -{u}$ cm. Find "
            f"the magnification with its sign.",
            f"एक {device[1]} $u = -{u}$ cm पर रखे बिंब का वास्तविक प्रतिबिंब $v = {shown}$ cm पर बनाता है। "
            f"आवर्धन चिह्न सहित ज्ञात कीजिए।",
        )
        if rng.random() < 0.5
        else (
            f"An object of height {height} cm stands at $u = -{u}$ cm before a {device[0]}; its real "
            f"image lies at $v = {shown}$ cm. Find the magnification with its sign.",
            f"{height} cm ऊँचा बिंब {device[1]} से $u = -{u}$ cm पर है; उसका वास्तविक प्रतिबिंब $v = {shown}$ "
            f"cm पर है। आवर्धन चिह्न सहित ज्ञात कीजिए।",
        ),
        givens=(f"$u = -{u}$ cm", f"$v = {shown}$ cm"),
        steps=(
            (f"Use ${formula}$.", f"सूत्र: ${formula}$।"),
            rf"$m = {'-' if mirror else ''}\frac{{{shown}}}{{-{u}}} = -{plain(factor)}$",
            ("The minus sign says that the image is inverted.", "ऋण चिह्न बताता है कि प्रतिबिंब उलटा है।"),
        ),
        value=-factor,
        wrong=[(factor, "sign"), (-1 / factor, "inverted"), (1 / factor, "inverted"), (-(factor + 1), "added")],
        asked=("the magnification", "आवर्धन"),
    )


def refractive_index(rng: Random, language: str) -> Numerical:
    """n = c / v, asked for the index or for the speed in the medium."""
    index = Fraction(rng.choice(("1.2", "1.25", "1.5", "1.6", "2", "2.4", "2.5")))
    speed = Fraction(3) / index
    medium = rng.choice(
        (
            ("a transparent liquid", "एक पारदर्शी द्रव"),
            ("a glass block", "काँच के एक गुटके"),
            ("a crystal", "एक क्रिस्टल"),
            ("a plastic sheet", "प्लास्टिक की एक पट्टी"),
        )
    )
    n, v = plain(index), plain(speed)
    formula = (r"Refractive index is $n = \frac{c}{v}$.", r"अपवर्तनांक का सूत्र है: $n = \frac{c}{v}$।")
    if rng.random() < 0.5:
        return pose(
            language,
            text=(
                rf"Light travels at ${v} \times 10^8$ m/s in {medium[0]} and at $3 \times 10^8$ m/s in "
                rf"vacuum. Find the refractive index of the medium.",
                rf"{medium[1]} में प्रकाश की चाल ${v} \times 10^8$ m/s और निर्वात में $3 \times 10^8$ m/s है। "
                rf"माध्यम का अपवर्तनांक ज्ञात कीजिए।",
            ),
            givens=(r"$c = 3 \times 10^8$ m/s", rf"$v = {v} \times 10^8$ m/s"),
            steps=(formula, rf"$n = \frac{{3 \times 10^8}}{{{v} \times 10^8}} = {n}$"),
            value=index,
            wrong=[
                (1 / index, "inverted"),
                (3 * speed, "multiplied"),
                (3 - speed, "subtracted"),
                (index + 1, "off_by_one"),
            ],
            asked=("the refractive index", "अपवर्तनांक"),
            show=_index,
        )
    answer = rf"${v} \times 10^8$ m/s"
    wrong = (
        (3 * index, "multiplied"),
        (index / 3, "inverted"),
        (Fraction(3), "given_value"),
        (speed / 2, "halved"),
        (speed * 2, "doubled"),
        (speed + 1, "arithmetic"),
    )
    return pose(
        language,
        text=(
            rf"The refractive index of {medium[0]} is {n}. Find the speed of light in it. The speed of "
            rf"light in vacuum is $3 \times 10^8$ m/s.",
            rf"{medium[1]} का अपवर्तनांक {n} है। उसमें प्रकाश की चाल ज्ञात कीजिए। निर्वात में प्रकाश की चाल $3 "
            rf"\times 10^8$ m/s है।",
        ),
        givens=(f"$n = {n}$", r"$c = 3 \times 10^8$ m/s"),
        steps=(formula, rf"$v = \frac{{c}}{{n}} = \frac{{3 \times 10^8}}{{{n}}} = {v} \times 10^8$ m/s"),
        value=answer,
        wrong=[(rf"${_index(number, '')} \times 10^8$ m/s", slip) for number, slip in wrong if number != speed],
        asked=("the speed of light in the medium", "माध्यम में प्रकाश की चाल"),
    )


def _index(value: Number, unit: str) -> str:
    """Exact where four places hold the number, else two places."""
    return rounded(2)(value, unit) if "/" in plain(value) else decimal(value, unit)


def lens_power(rng: Random, language: str) -> Numerical:
    """P = 1 / f in metres, and back; concave lenses are negative."""
    centimetres = rng.choice((10, 12.5, 16, 20, 25, 40, 50, 80, 100, 125, 200))
    f = Fraction(str(centimetres))
    sign, kind = rng.choice(((1, ("convex", "उत्तल")), (-1, ("concave", "अवतल"))))
    power = sign * 100 / f
    who = rng.choice((("A doctor prescribes", "एक चिकित्सक", "लिखता है"), ("A student uses", "एक विद्यार्थी", "लेता है")))
    formula = (
        r"Power in dioptre: $P = \frac{1}{f}$ with $f$ in metres.",
        r"डायॉप्टर में क्षमता: $P = \frac{1}{f}$, जहाँ $f$ मीटर में है।",
    )
    if rng.random() < 0.5:
        return pose(
            language,
            text=(
                f"{who[0]} a {kind[0]} lens of focal length {plain(f)} cm. Find its power with its sign.",
                f"{who[1]} {plain(f)} cm फोकस दूरी का {kind[1]} लेंस {who[2]}। उसकी क्षमता चिह्न सहित ज्ञात कीजिए।",
            ),
            givens=(f"$f = {plain(sign * f)}$ cm $= {plain(sign * f / 100)}$ m",),
            steps=(formula, rf"$P = \frac{{1}}{{{plain(sign * f / 100)}}} = {plain(power)}$ D"),
            value=power,
            unit="D",
            wrong=[(-power, "sign"), (sign / f, "unit"), (sign * f / 100, "not_inverted"), (power * 10, "tenfold")],
            asked=("the power", "क्षमता"),
        )
    return pose(
        language,
        text=(
            f"{who[0]} a lens of power {plain(power)} D. Find its focal length in cm with its sign.",
            f"{who[1]} {plain(power)} D क्षमता का लेंस {who[2]}। उसकी फोकस दूरी cm में चिह्न सहित ज्ञात कीजिए।",
        ),
        givens=(f"$P = {plain(power)}$ D",),
        steps=(
            formula,
            rf"$f = \frac{{1}}{{P}} = \frac{{1}}{{{plain(power)}}} = {plain(sign * f / 100)}$ m $= "
            rf"{plain(sign * f)}$ cm",
        ),
        value=sign * f,
        unit="cm",
        wrong=[
            (-sign * f, "sign"),
            (sign * f / 100, "unit"),
            (power * 100, "not_inverted"),
            (sign * f / 10, "tenfold"),
        ],
        asked=("the focal length", "फोकस दूरी"),
    )


GENERATORS: dict[str, Generator] = {
    "mirror_formula": mirror_formula,
    "lens_formula": lens_formula,
    "magnification": magnification,
    "refractive_index": refractive_index,
    "lens_power": lens_power,
}
