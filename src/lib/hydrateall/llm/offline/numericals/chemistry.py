"""Counting matter: mass per cent, moles, particles, atoms and their parts, formula masses, pH."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose
from hydrateall.llm.offline.numericals.substances import ATOMIC_MASSES, ATOMS, FORMULAS, IONS, MOLAR_MASSES, SOLUTES


def mass_percent(rng: Random, language: str) -> Numerical:
    """Mass by mass percentage of a solution."""
    percent, total = rng.choice((4, 5, 8, 10, 12, 15, 16, 20, 25)), rng.choice((50, 100, 150, 200, 250, 300, 400, 500))
    solute = Fraction(percent * total, 100)
    water = total - solute
    name = rng.choice(SOLUTES)
    s, w = plain(solute), plain(water)
    return pose(
        language,
        text=(
            f"A solution contains {s} g of {name[0]} in {w} g of water. Find its concentration in mass "
            f"by mass percentage.",
            f"एक विलयन में {w} g जल में {s} g {name[1]} घुला है। विलयन की द्रव्यमान/द्रव्यमान प्रतिशत सांद्रता ज्ञात कीजिए।".replace(
                "चीनी घुला", "चीनी घुली"
            ),
        ),
        givens=(f"$m_1 = {s}$ g", f"$m_2 = {w}$ g"),
        steps=(
            (f"Mass of the solution = {s} g + {w} g = {total} g.", f"विलयन का द्रव्यमान = {s} g + {w} g = {total} g।"),
            rf"$\frac{{{s}}}{{{total}}} \times 100 = {percent}$",
        ),
        value=percent,
        unit="%",
        wrong=[
            (solute / water * 100, "wrong_total"),
            (100 - percent, "complement"),
            (solute, "given_value"),
            (Fraction(percent, 10), "tenfold"),
        ],
        asked=("the concentration", "सांद्रता"),
    )


def moles_from_mass(rng: Random, language: str) -> Numerical:
    """n = m / M and m = n × M."""
    formula, molar = rng.choice(MOLAR_MASSES)
    n = Fraction(rng.choice(("0.1", "0.2", "0.25", "0.5", "1.5", "2", "2.5", "3", "4")))
    mass = n * molar
    rule = (r"Number of moles: $n = \frac{m}{M}$.", r"मोलों की संख्या: $n = \frac{m}{M}$।")
    if rng.random() < 0.5:
        return pose(
            language,
            text=(
                f"How many moles are there in {plain(mass)} g of ${formula}$? The molar mass is {molar} g/mol.",
                f"${formula}$ के {plain(mass)} g में कितने मोल हैं? मोलर द्रव्यमान {molar} g/mol है।",
            ),
            givens=(f"$m = {plain(mass)}$ g", f"$M = {molar}$ g/mol"),
            steps=(rule, rf"$n = \frac{{{plain(mass)}}}{{{molar}}} = {plain(n)}$ mol"),
            value=n,
            unit="mol",
            wrong=[(mass * molar, "multiplied"), (molar / mass, "inverted"), (n * 10, "tenfold"), (n * 2, "doubled")],
            asked=("the number of moles", "मोलों की संख्या"),
        )
    return pose(
        language,
        text=(
            f"Find the mass of {plain(n)} mol of ${formula}$. The molar mass is {molar} g/mol.",
            f"${formula}$ के {plain(n)} mol का द्रव्यमान ज्ञात कीजिए। मोलर द्रव्यमान {molar} g/mol है।",
        ),
        givens=(f"$n = {plain(n)}$ mol", f"$M = {molar}$ g/mol"),
        steps=(rule, rf"$m = n \times M = {plain(n)} \times {molar} = {plain(mass)}$ g"),
        value=mass,
        unit="g",
        wrong=[(molar / n, "divided"), (molar, "given_value"), (molar + n, "added"), (mass / 10, "tenfold")],
        asked=("the mass", "द्रव्यमान"),
    )


def particles_count(rng: Random, language: str) -> Numerical:
    """Number of molecules in an amount of substance, with 6.022 × 10²³ per mole."""
    formula, molar = rng.choice(MOLAR_MASSES)
    n = Fraction(rng.choice(("0.1", "0.2", "0.25", "0.5", "1.5", "2", "2.5", "3")))
    from_mass = rng.random() < 0.4
    amount = f"{plain(n * molar)} g" if from_mass else f"{plain(n)} mol"
    hint = (f" The molar mass is {molar} g/mol.", f" मोलर द्रव्यमान {molar} g/mol है।") if from_mass else ("", "")
    steps = [rf"$n = \frac{{{plain(n * molar)}}}{{{molar}}} = {plain(n)}$ mol"] if from_mass else []
    return pose(
        language,
        text=(
            rf"How many formula units of ${formula}$ are there in {amount}?{hint[0]} Take $N_A = 6.022 "
            rf"\times 10^{{23}}$ per mol.",
            rf"${formula}$ के {amount} में कितनी सूत्र इकाइयाँ हैं?{hint[1]} $N_A = 6.022 \times 10^{{23}}$ प्रति "
            rf"mol लीजिए।",
        ),
        steps=(
            *steps,
            (
                r"One mole contains $N_A$ units: $N = n \times N_A$.",
                r"एक मोल में $N_A$ इकाइयाँ होती हैं: $N = n \times N_A$।",
            ),
            rf"$N = {plain(n)} \times 6.022 \times 10^{{23}}$ = {_scientific(n * Fraction('6.022'), 23)}",
        ),
        value=_scientific(n * Fraction("6.022"), 23),
        wrong=[
            (_scientific(n * Fraction("6.022"), 22), "tenfold"),
            (_scientific(Fraction("6.022") * (1 / n if (1 / n * 10).denominator == 1 else n * 4), 23), "divided"),
            (_scientific(n * Fraction("6.022") * 2, 23), "doubled"),
            (_scientific(n * Fraction("6.022") / 2, 23), "halved"),
        ],
        asked=("the number of formula units", "सूत्र इकाइयों की संख्या"),
    )


def _scientific(mantissa: Fraction, exponent: int) -> str:
    """m × 10ⁿ with 1 ≤ m < 10, in LaTeX."""
    while mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    while mantissa < 1:
        mantissa, exponent = mantissa * 10, exponent - 1
    return rf"${float(mantissa):.6g} \times 10^{{{exponent}}}$"


def atomic_particles(rng: Random, language: str) -> Numerical:
    """Neutrons of an atom, its mass number, or the electrons of an ion."""
    if rng.random() < 0.35:
        return _ion(rng, language)
    symbol, z, a = rng.choice(ATOMS)
    neutrons = a - z
    if rng.random() < 0.6:
        return pose(
            language,
            text=(
                f"An atom of {symbol} has atomic number {z} and mass number {a}. How many neutrons does it have?",
                f"{symbol} के एक परमाणु की परमाणु संख्या {z} और द्रव्यमान संख्या {a} है। उसमें कितने न्यूट्रॉन हैं?",
            ),
            givens=(f"$Z = {z}$", f"$A = {a}$"),
            steps=(
                ("Neutrons = mass number − atomic number.", "न्यूट्रॉनों की संख्या = द्रव्यमान संख्या − परमाणु संख्या।"),
                f"$n = {a} - {z} = {neutrons}$",
            ),
            value=neutrons,
            wrong=[
                (a + z, "added"),
                (a, "given_value"),
                (z, "given_value"),
                (neutrons + 1, "off_by_one"),
                (neutrons + 2, "arithmetic"),
            ],
            asked=("the number of neutrons", "न्यूट्रॉनों की संख्या"),
        )
    return pose(
        language,
        text=(
            f"An atom of {symbol} has {z} protons and {neutrons} neutrons. Find its mass number.",
            f"{symbol} के एक परमाणु में {z} प्रोटॉन और {neutrons} न्यूट्रॉन हैं। उसकी द्रव्यमान संख्या ज्ञात कीजिए।",
        ),
        steps=(
            ("Mass number = protons + neutrons.", "द्रव्यमान संख्या = प्रोटॉनों की संख्या + न्यूट्रॉनों की संख्या।"),
            f"$A = {z} + {neutrons} = {a}$",
        ),
        value=a,
        wrong=[
            (2 * z + neutrons, "wrong_formula"),
            (z, "part_only"),
            (a + 1, "off_by_one"),
            (a - 1, "off_by_one"),
            (2 * a, "doubled"),
        ],
        asked=("the mass number", "द्रव्यमान संख्या"),
    )


def _ion(rng: Random, language: str) -> Numerical:
    symbol, z, charge = rng.choice(IONS)
    size, sign = abs(charge), "+" if charge > 0 else "-"
    mark = f"{size if size > 1 else ''}{sign}"
    change = ("lost", "खोए", "-") if charge > 0 else ("gained", "ग्रहण किए", "+")
    return pose(
        language,
        text=(
            f"The atomic number of {symbol} is {z}. How many electrons does the ion ${symbol}^{{{mark}}}$ have?",
            f"{symbol} की परमाणु संख्या {z} है। आयन ${symbol}^{{{mark}}}$ में कितने इलेक्ट्रॉन हैं?",
        ),
        steps=(
            (
                f"The neutral atom has {z} electrons; the ion has {change[0]} {size}.",
                f"उदासीन परमाणु में {z} इलेक्ट्रॉन होते हैं; आयन बनने में {size} इलेक्ट्रॉन {change[1]} गए।",
            ),
            f"${z} {change[2]} {size} = {z - charge}$",
        ),
        value=z - charge,
        wrong=[
            (z + charge, "sign"),
            (z, "given_value"),
            (z - charge + 1, "off_by_one"),
            (2 * z - charge, "wrong_formula"),
        ],
        asked=("the number of electrons", "इलेक्ट्रॉनों की संख्या"),
    )


def molecular_mass(rng: Random, language: str) -> Numerical:
    """The mass of a molecule or formula unit from the atomic masses."""
    formula = rng.choice(tuple(FORMULAS))
    parts = FORMULAS[formula]
    value = sum((count * ATOMIC_MASSES[symbol] for symbol, count in parts.items()), Fraction(0))
    masses = ", ".join(f"{symbol} = {plain(ATOMIC_MASSES[symbol])} u" for symbol in parts)
    terms = " + ".join(
        rf"{count} \times {plain(ATOMIC_MASSES[symbol])}" if count > 1 else plain(ATOMIC_MASSES[symbol])
        for symbol, count in parts.items()
    )
    once = sum((ATOMIC_MASSES[symbol] for symbol in parts), Fraction(0))
    last = list(parts)[-1]
    return pose(
        language,
        text=(
            f"Find the formula mass of ${formula}$. Atomic masses: {masses}.",
            f"${formula}$ का सूत्र द्रव्यमान ज्ञात कीजिए। परमाणु द्रव्यमान: {masses}।",
        ),
        steps=(
            ("Add the atomic masses of all atoms in the formula.", "सूत्र के सभी परमाणुओं के परमाणु द्रव्यमान जोड़िए।"),
            f"${terms} = {plain(value)}$ u",
        ),
        value=value,
        unit="u",
        wrong=[
            (once, "part_only"),
            (value - ATOMIC_MASSES[last], "off_by_one"),
            (value + ATOMIC_MASSES[last], "off_by_one"),
            (once * sum(parts.values()), "wrong_formula"),
        ],
        asked=("the formula mass", "सूत्र द्रव्यमान"),
    )


def ph_scale(rng: Random, language: str) -> Numerical:
    """How many of some solutions are acidic or basic, by their pH at 25 °C."""
    readings = rng.sample((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14), 6)
    acidic = rng.random() < 0.5
    chosen = [ph for ph in readings if (ph < 7 if acidic else ph > 7)]
    if not 1 <= len(chosen) <= 5:
        return ph_scale(rng, language)
    rest = len(readings) - len(chosen)
    listed, found = ", ".join(map(str, readings)), ", ".join(map(str, chosen))
    kind = ("acidic", "अम्लीय", "less than 7", "7 से कम") if acidic else ("basic", "क्षारकीय", "more than 7", "7 से अधिक")
    return pose(
        language,
        text=(
            f"At 25 °C six solutions have the pH values {listed}. How many of them are {kind[0]}?",
            f"25 °C पर छह विलयनों के pH मान {listed} हैं। इनमें से कितने विलयन {kind[1]} हैं?",
        ),
        steps=(
            (
                f"A solution is {kind[0]} when its pH is {kind[2]}; pH 7 is neutral.",
                f"जिस विलयन का pH {kind[3]} हो वह {kind[1]} होता है; pH 7 उदासीन है।",
            ),
            (f"These values fit: {found}.", f"ये मान उपयुक्त हैं: {found}।"),
        ),
        value=len(chosen),
        wrong=[
            (rest, "swapped"),
            (len(chosen) + 1, "off_by_one"),
            (len(chosen) - 1, "off_by_one"),
            (6, "given_value"),
            (len(chosen) + 2, "arithmetic"),
        ],
        asked=(f"the number of {kind[0]} solutions", f"{kind[1]} विलयनों की संख्या"),
    )


GENERATORS: dict[str, Generator] = {
    "mass_percent": mass_percent,
    "moles_from_mass": moles_from_mass,
    "particles_count": particles_count,
    "atomic_particles": atomic_particles,
    "molecular_mass": molecular_mass,
    "ph_scale": ph_scale,
}
