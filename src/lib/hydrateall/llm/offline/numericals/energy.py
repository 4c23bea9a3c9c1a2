"""Energy and sound: kinetic and potential energy, electrical energy in kWh, waves, echo."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.laws import Law, Quantity
from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose

APPLIANCES = (
    ("An electric heater", "का विद्युत हीटर", "लाया जाता है"),
    ("An electric iron", "की विद्युत इस्तरी", "लाई जाती है"),
    ("A refrigerator", "का रेफ़्रिजरेटर", "लाया जाता है"),
    ("An air cooler", "का कूलर", "लाया जाता है"),
    ("A washing machine", "की कपड़े धोने की मशीन", "लाई जाती है"),
)


def kinetic_energy(rng: Random, language: str) -> Numerical:
    """½mv², or the mass from it."""
    m = Fraction(rng.choice(("0.5", "2", "4", "5", "8", "10", "15", "20", "50", "60")))
    v = rng.choice((2, 3, 4, 5, 6, 8, 10, 12, 20))
    energy = m * v * v / 2
    formula = (r"Kinetic energy is $E_k = \frac{1}{2}mv^2$.", r"गतिज ऊर्जा का सूत्र है: $E_k = \frac{1}{2}mv^2$।")
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"A body of mass {plain(m)} kg moves with a velocity of {v} m/s. Find its kinetic energy.",
                f"{plain(m)} kg द्रव्यमान की एक वस्तु {v} m/s के वेग से चल रही है। उसकी गतिज ऊर्जा ज्ञात कीजिए।",
            ),
            givens=(f"$m = {plain(m)}$ kg", f"$v = {v}$ m/s"),
            steps=(formula, rf"$E_k = \frac{{1}}{{2}} \times {plain(m)} \times {v}^2 = {plain(energy)}$ J"),
            value=energy,
            unit="J",
            wrong=[
                (energy * 2, "not_halved"),
                (m * v / 2, "not_squared"),
                (m * v, "wrong_formula"),
                (m * m * v / 2, "swapped"),
            ],
            asked=("the kinetic energy", "गतिज ऊर्जा"),
        )
    return pose(
        language,
        text=(
            f"The kinetic energy of a body moving at {v} m/s is {plain(energy)} J. Find its mass.",
            f"{v} m/s के वेग से चलती एक वस्तु की गतिज ऊर्जा {plain(energy)} J है। उसका द्रव्यमान ज्ञात कीजिए।",
        ),
        givens=(f"$E_k = {plain(energy)}$ J", f"$v = {v}$ m/s"),
        steps=(formula, rf"$m = \frac{{2E_k}}{{v^2}} = \frac{{2 \times {plain(energy)}}}{{{v}^2}} = {plain(m)}$ kg"),
        value=m,
        unit="kg",
        wrong=[
            (m / 2, "not_halved"),
            (2 * energy / v, "not_squared"),
            (energy / v, "wrong_formula"),
            (m * 2, "doubled"),
        ],
        asked=("the mass", "द्रव्यमान"),
    )


def potential_energy(rng: Random, language: str) -> Numerical:
    """mgh with g = 10 m/s², asked for the energy or the height."""
    m, h = (
        Fraction(rng.choice(("0.5", "2", "3", "5", "8", "10", "12", "20", "40"))),
        rng.choice((2, 3, 4, 5, 6, 8, 10, 12, 15)),
    )
    energy = m * 10 * h
    formula = ("Potential energy is $E_p = mgh$.", "स्थितिज ऊर्जा का सूत्र है: $E_p = mgh$।")
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"An object of mass {plain(m)} kg is raised to a height of {h} m. Find its potential "
                f"energy. Take g = 10 m/s².",
                f"{plain(m)} kg द्रव्यमान की वस्तु को {h} m की ऊँचाई तक उठाया जाता है। उसकी स्थितिज ऊर्जा ज्ञात "
                f"कीजिए। g = 10 m/s² लीजिए।",
            ),
            givens=(f"$m = {plain(m)}$ kg", f"$h = {h}$ m", "$g = 10$ m/s²"),
            steps=(formula, rf"$E_p = {plain(m)} \times 10 \times {h} = {plain(energy)}$ J"),
            value=energy,
            unit="J",
            wrong=[(m * h, "part_only"), (energy / 2, "halved"), (m * 10 / h, "divided"), (m * 10 + h, "added")],
            asked=("the potential energy", "स्थितिज ऊर्जा"),
        )
    return pose(
        language,
        text=(
            f"An object of mass {plain(m)} kg has a potential energy of {plain(energy)} J above the "
            f"ground. At what height is it? Take g = 10 m/s².",
            f"{plain(m)} kg द्रव्यमान की वस्तु की भूमि के सापेक्ष स्थितिज ऊर्जा {plain(energy)} J है। वह कितनी ऊँचाई "
            f"पर है? g = 10 m/s² लीजिए।",
        ),
        givens=(f"$E_p = {plain(energy)}$ J", f"$m = {plain(m)}$ kg", "$g = 10$ m/s²"),
        steps=(formula, rf"$h = \frac{{E_p}}{{mg}} = \frac{{{plain(energy)}}}{{{plain(m)} \times 10}} = {h}$ m"),
        value=h,
        unit="m",
        wrong=[(energy / m, "part_only"), (energy / 10, "part_only"), (h * 2, "doubled"), (Fraction(h, 2), "halved")],
        asked=("the height", "ऊँचाई"),
    )


def energy_kwh(rng: Random, language: str) -> Numerical:
    """Electrical energy of an appliance in kilowatt hours (units)."""
    power = rng.choice((60, 100, 150, 200, 250, 400, 500, 750, 800, 1000, 1200, 1500, 2000))
    hours, days = rng.choice((2, 3, 4, 5, 6, 8)), rng.choice((1, 5, 10, 20, 30))
    value = Fraction(power * hours * days, 1000)
    name = rng.choice(APPLIANCES)
    span = (f" a day for {days} days", f" प्रतिदिन {days} दिनों तक") if days > 1 else ("", " तक")
    return pose(
        language,
        text=(
            f"{name[0]} rated {power} W is used for {hours} h{span[0]}. How much energy does it consume in kWh?",
            f"{power} W {name[1]} {hours} h{span[1]} उपयोग में {name[2]}। kWh में कितनी ऊर्जा व्यय होगी?",
        ),
        givens=(f"$P = {power}$ W $= {plain(Fraction(power, 1000))}$ kW", f"$t = {hours * days}$ h"),
        steps=(
            (r"Energy is power times time: $E = P \times t$.", r"ऊर्जा = शक्ति × समय: $E = P \times t$।"),
            rf"$E = {plain(Fraction(power, 1000))} \times {hours * days} = {plain(value)}$ kWh",
        ),
        value=value,
        unit="kWh",
        wrong=[
            (value * 1000, "unit"),
            (value / days if days > 1 else value / 10, "part_only"),
            (Fraction(power, hours * 1000), "divided"),
            (value * 10, "tenfold"),
        ],
        asked=("the energy", "ऊर्जा"),
    )


WAVE_SPEED = Law(
    p=Quantity("v", ("the speed of the wave", "तरंग की चाल"), "m/s"),
    a=Quantity(
        r"\nu", ("the frequency", "आवृत्ति"), "Hz", ("50", "80", "100", "170", "200", "250", "340", "500", "850", "1000")
    ),
    b=Quantity(r"\lambda", ("the wavelength", "तरंगदैर्ध्य"), "m", ("0.2", "0.4", "0.5", "0.8", "1.5", "2", "3", "4")),
    find_p=(
        (
            "A wave has a frequency of {a} and a wavelength of {b}. Find its speed.",
            "एक तरंग की आवृत्ति {a} और तरंगदैर्ध्य {b} है। उसकी चाल ज्ञात कीजिए।",
        ),
        (
            "A source vibrates with {a} and the wavelength in the medium is {b}. How fast does the wave travel?",
            "एक स्रोत {a} आवृत्ति से कंपन करता है और माध्यम में तरंगदैर्ध्य {b} है। तरंग किस चाल से चलती है?",
        ),
    ),
    find_a=(
        (
            "A wave travels at {p} and its wavelength is {b}. Find its frequency.",
            "एक तरंग {p} की चाल से चलती है और उसका तरंगदैर्ध्य {b} है। उसकी आवृत्ति ज्ञात कीजिए।",
        ),
    ),
    find_b=(
        (
            "A wave of frequency {a} travels at {p}. Find its wavelength.",
            "{a} आवृत्ति की एक तरंग {p} की चाल से चलती है। उसका तरंगदैर्ध्य ज्ञात कीजिए।",
        ),
    ),
)


def echo(rng: Random, language: str) -> Numerical:
    """The distance of a reflecting wall from the time of the echo."""
    speed = rng.choice((330, 340, 344, 346, 350))
    time = Fraction(rng.choice(("0.5", "0.8", "1", "1.2", "1.5", "2", "2.5", "3", "4", "5")))
    place = rng.choice((("a cliff", "एक चट्टान"), ("a tall building", "एक ऊँची इमारत"), ("a hill", "एक पहाड़ी")))
    value = speed * time / 2
    return pose(
        language,
        text=(
            f"A girl claps in front of {place[0]} and hears the echo after {plain(time)} s. The speed of "
            f"sound is {speed} m/s. How far away is the reflecting surface?",
            f"एक लड़की {place[1]} के सामने ताली बजाती है और {plain(time)} s बाद प्रतिध्वनि सुनती है। ध्वनि की चाल "
            f"{speed} m/s है। परावर्तक सतह कितनी दूर है?",
        ),
        givens=(f"$v = {speed}$ m/s", f"$t = {plain(time)}$ s"),
        steps=(
            (r"The sound goes there and back, so $2d = v \times t$.", r"ध्वनि जाती और लौटती है, अतः $2d = v \times t$।"),
            rf"$d = \frac{{{speed} \times {plain(time)}}}{{2}} = {plain(value)}$ m",
        ),
        value=value,
        unit="m",
        wrong=[(value * 2, "one_way"), (value / 2, "halved"), (speed / time, "divided"), (value * 4, "doubled")],
        asked=("the distance", "दूरी"),
    )


GENERATORS: dict[str, Generator] = {
    "kinetic_energy": kinetic_energy,
    "potential_energy": potential_energy,
    "energy_kwh": energy_kwh,
    "wave_speed": WAVE_SPEED,
    "echo": echo,
}
