"""Real numbers: HCF and LCM, prime factors, decimal expansions, surds, exponents."""

from __future__ import annotations

from collections import Counter
from math import gcd, isqrt, lcm
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, pose

PRIMES = (2, 3, 5, 7, 11, 13)


def prime_factors(number: int) -> Counter[int]:
    """Prime → exponent for a number made of PRIMES."""
    found: Counter[int] = Counter()
    for prime in PRIMES:
        while number % prime == 0:
            found[prime] += 1
            number //= prime
    return found


def powers(factors: Counter[int]) -> str:
    """2^3 × 5 in LaTeX, without the dollar signs."""
    return r" \times ".join(f"{p}^{{{e}}}" if e > 1 else f"{p}" for p, e in sorted(factors.items()) if e) or "1"


def hcf_lcm(rng: Random, language: str) -> Numerical:
    """HCF or LCM by prime factors, or the second number from HCF × LCM = a × b."""
    common = rng.choice((4, 6, 8, 10, 12, 14, 15, 18, 20))
    left, right = rng.choice(((2, 3), (2, 5), (3, 4), (3, 5), (4, 5), (2, 7), (3, 7), (5, 6)))
    a, b = common * left, common * right
    hcf, multiple = gcd(a, b), lcm(a, b)
    ask = rng.choice(("hcf", "lcm", "number"))
    if ask == "number":
        return pose(
            language,
            text=(
                f"The HCF of two numbers is {hcf}, their LCM is {multiple}, and one of them is {a}. Find "
                f"the other number.",
                f"दो संख्याओं का HCF {hcf} और LCM {multiple} है। यदि एक संख्या {a} है, तो दूसरी संख्या ज्ञात कीजिए।",
            ),
            steps=(
                (
                    r"For two numbers, HCF $\times$ LCM = product of the numbers.",
                    r"दो संख्याओं के लिए: HCF $\times$ LCM = संख्याओं का गुणनफल।",
                ),
                rf"$\frac{{{hcf} \times {multiple}}}{{{a}}} = {b}$",
            ),
            value=b,
            wrong=[
                (multiple // left, "wrong_formula"),
                (multiple - a, "subtracted"),
                (multiple // hcf, "part_only"),
                (b + hcf, "arithmetic"),
            ],
            asked=("the other number", "दूसरी संख्या"),
        )
    wanted = hcf if ask == "hcf" else multiple
    name = ("HCF", "the smallest", "न्यूनतम") if ask == "hcf" else ("LCM", "the greatest", "अधिकतम")
    return pose(
        language,
        text=(
            f"Find the {name[0]} of {a} and {b} by prime factorisation.",
            f"अभाज्य गुणनखंडन द्वारा {a} और {b} का {name[0]} ज्ञात कीजिए।",
        ),
        steps=(
            f"${a} = {powers(prime_factors(a))}$, ${b} = {powers(prime_factors(b))}$",
            (
                f"For the {name[0]} take {'common primes' if ask == 'hcf' else 'all primes'} with "
                f"{name[1]} power: ${powers(prime_factors(wanted))} = {wanted}$.",
                f"{name[0]} के लिए {'उभयनिष्ठ' if ask == 'hcf' else 'सभी'} अभाज्य गुणनखंडों की {name[2]} घात "
                f"लीजिए: ${powers(prime_factors(wanted))} = {wanted}$।",
            ),
        ),
        value=wanted,
        wrong=[
            (multiple if ask == "hcf" else hcf, "swapped"),
            (a * b if ask == "lcm" else hcf // 2 if hcf % 2 == 0 else hcf * 3, "incomplete"),
            (b - a if b > a else a - b, "subtracted"),
            (wanted * 2, "doubled"),
        ],
        asked=(f"the {name[0]}", f"अभीष्ट {name[0]}"),
    )


def prime_factorisation(rng: Random, language: str) -> Numerical:
    """A number as a product of powers of primes."""
    factors: Counter[int] = Counter(
        {2: rng.randint(1, 4), rng.choice((3, 5)): rng.randint(1, 3), rng.choice((7, 11, 13)): 1}
    )
    number = 1
    for prime, exponent in factors.items():
        number *= prime**exponent
    written = r" \times ".join(str(prime) for prime in sorted(factors.elements()))
    low, high = min(factors), max(factors)
    variants = [
        factors + Counter({low: 1}),
        factors + Counter({high: 1}),
        Counter({p: (e + 1 if p == sorted(factors)[1] else e) for p, e in factors.items()}),
    ]
    composite = rf"4 \times {number // 4}" if number % 4 == 0 else rf"{number // high} \times {high}"
    return pose(
        language,
        text=(
            f"Write {number} as a product of powers of prime numbers.",
            f"{number} को अभाज्य संख्याओं की घातों के गुणनफल के रूप में लिखिए।",
        ),
        steps=(
            (
                "Divide by the smallest prime as often as possible, then by the next one.",
                "सबसे छोटी अभाज्य संख्या से जितनी बार हो सके भाग दीजिए, फिर अगली अभाज्य संख्या से।",
            ),
            f"${number} = {written}$",
        ),
        value=f"${powers(factors)}$",
        wrong=[*((f"${powers(variant)}$", "arithmetic") for variant in variants), (f"${composite}$", "incomplete")],
        asked=("the factorisation", "गुणनखंडन"),
    )


def terminating_decimal(rng: Random, language: str) -> Numerical:
    """After how many places the decimal expansion of p / (2^m 5^n) ends."""
    m, n = rng.randint(0, 5), rng.randint(0, 3)
    if m == n == 0:
        m = 3
    numerator, denominator = rng.choice((3, 7, 9, 11, 13, 17, 21)), 2**m * 5**n
    places = max(m, n)
    split = powers(Counter({2: m, 5: n}))
    return pose(
        language,
        text=(
            rf"Without long division, find after how many decimal places the expansion of "
            rf"$\frac{{{numerator}}}{{{denominator}}}$ ends.",
            rf"लंबी विभाजन प्रक्रिया के बिना बताइए कि $\frac{{{numerator}}}{{{denominator}}}$ का दशमलव प्रसार "
            rf"कितने दशमलव स्थानों के बाद समाप्त होता है।",
        ),
        steps=(
            (f"Factorise the denominator: ${denominator} = {split}$.", f"हर के गुणनखंड कीजिए: ${denominator} = {split}$।"),
            (
                f"It has the form $2^m 5^n$ with $m = {m}$, $n = {n}$; the expansion ends after the "
                f"larger of the two exponents.",
                f"यह $2^m 5^n$ के रूप में है, जहाँ $m = {m}$, $n = {n}$; प्रसार दोनों घातांकों में से बड़े के बराबर "
                f"स्थानों पर समाप्त होता है।",
            ),
        ),
        value=places,
        wrong=[
            (m + n, "added"),
            (min(m, n), "swapped"),
            (places + 1, "off_by_one"),
            (places - 1, "off_by_one"),
            (places + 2, "arithmetic"),
        ],
        asked=("the number of decimal places", "दशमलव स्थानों की संख्या"),
    )


def surd_simplify(rng: Random, language: str) -> Numerical:
    """A sum or difference of two like surds in simplest form."""
    root = rng.choice((2, 3, 5, 6, 7))
    first, second = rng.sample((2, 3, 4, 5, 6), 2)
    plus = rng.random() < 0.6
    if not plus and first < second:
        first, second = second, first
    total = first + second if plus else first - second
    sign = "+" if plus else "-"
    squares = first**2 + second**2 if plus else first**2 - second**2

    def surd(factor: int) -> str:
        return rf"{factor if factor > 1 else ''}\sqrt{{{root}}}"

    return pose(
        language,
        text=(
            rf"Simplify $\sqrt{{{first**2 * root}}} {sign} \sqrt{{{second**2 * root}}}$.",
            rf"सरल कीजिए: $\sqrt{{{first**2 * root}}} {sign} \sqrt{{{second**2 * root}}}$",
        ),
        steps=(
            ("Take square factors out of the roots.", "वर्ग गुणनखंडों को वर्गमूल से बाहर निकालिए।"),
            rf"$\sqrt{{{first**2 * root}}} = {surd(first)}$, $\sqrt{{{second**2 * root}}} = {surd(second)}$",
            rf"${surd(first)} {sign} {surd(second)} = {surd(total)}$",
        ),
        value=f"${surd(total)}$",
        wrong=[
            *([(rf"$\sqrt{{{squares * root}}}$", "wrong_formula")] if isqrt(squares) ** 2 != squares else []),
            (f"${surd(first * second)}$", "multiplied"),
            (f"${surd(first - second if plus and first > second else first + second + 1)}$", "sign"),
            (f"${surd(total + 2)}$", "arithmetic"),
            (f"${surd(first**2 + second**2)}$", "no_root"),
        ],
        asked=("the simplest form", "सरलतम रूप"),
    )


def exponent_laws(rng: Random, language: str) -> Numerical:
    """Products, quotients and powers of powers, or a rational exponent."""
    base, m, n = rng.choice((2, 3, 5, 7)), rng.randint(3, 9), rng.randint(2, 6)
    kind = rng.choice(("product", "quotient", "power", "rational"))
    if kind == "rational":
        return _rational_exponent(rng, language)
    if kind == "quotient" and m <= n:
        m, n = n + 2, m
    shown, exponent, rule = {
        "product": (rf"{base}^{{{m}}} \times {base}^{{{n}}}", m + n, r"a^m \times a^n = a^{m+n}"),
        "quotient": (rf"{base}^{{{m}}} \div {base}^{{{n}}}", m - n, r"a^m \div a^n = a^{m-n}"),
        "power": (rf"({base}^{{{m}}})^{{{n}}}", m * n, "(a^m)^n = a^{mn}"),
    }[kind]
    others = [
        (m + n, "added"),
        (m * n, "multiplied"),
        (m - n, "subtracted"),
        (exponent + 1, "off_by_one"),
        (exponent + 3, "arithmetic"),
        (exponent + 2, "arithmetic"),
    ]
    return pose(
        language,
        text=(f"Write ${shown}$ as a single power of {base}.", f"${shown}$ को {base} की एक ही घात के रूप में लिखिए।"),
        steps=((f"Law of exponents: ${rule}$.", f"घातांक नियम: ${rule}$।"), f"${shown} = {base}^{{{exponent}}}$"),
        value=f"${base}^{{{exponent}}}$",
        wrong=[(f"${base}^{{{other}}}$", slip) for other, slip in others if other != exponent and other > 0],
        asked=("the power", "अभीष्ट घात"),
    )


def _rational_exponent(rng: Random, language: str) -> Numerical:
    base, root, power = rng.choice(
        (
            (2, 3, 2),
            (3, 3, 2),
            (2, 5, 3),
            (2, 5, 2),
            (5, 2, 3),
            (2, 4, 3),
            (3, 4, 3),
            (4, 3, 2),
            (7, 2, 3),
            (3, 2, 3),
            (2, 6, 5),
            (5, 3, 2),
        )
    )
    number, value = base**root, base**power
    return pose(
        language,
        text=(f"Find the value of ${number}^{{{power}/{root}}}$.", f"${number}^{{{power}/{root}}}$ का मान ज्ञात कीजिए।"),
        steps=(
            (r"Use $a^{m/n} = (a^{1/n})^m$.", r"$a^{m/n} = (a^{1/n})^m$ का उपयोग कीजिए।"),
            rf"${number}^{{1/{root}}} = {base}$, ${base}^{{{power}}} = {value}$",
        ),
        value=value,
        wrong=[
            (base, "incomplete"),
            (base * power, "wrong_formula"),
            (number * power, "multiplied"),
            (value * base, "off_by_one"),
        ],
        asked=("the value", "मान"),
    )


GENERATORS: dict[str, Generator] = {
    "hcf_lcm": hcf_lcm,
    "prime_factorisation": prime_factorisation,
    "terminating_decimal": terminating_decimal,
    "surd_simplify": surd_simplify,
    "exponent_laws": exponent_laws,
}
