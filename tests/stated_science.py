"""What a Markdown text states that can be counted: chemical equations, and sums such as 1/20 − 1/30 = 1/60."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from fractions import Fraction

EQUATION = re.compile(r"^> (.*→.*)$", re.MULTILINE)
NUMBER = r"\d+(?:\.\d+)?"
SIGNED = rf"[−+(]*{NUMBER}⁸?\)*"
SUM = rf"{SIGNED}(?: ?[−+×/] ?{SIGNED})*"
CHAIN = re.compile(rf"(?<![\w.°/]){SUM}(?: = {SUM})+")
UNITS = re.compile(r"(?<=[\d)⁸]) (?:m/s|cm|mL|mm|m|D|g)\b")
FRACTION = re.compile(r"\\frac\{(.+?)\}\{(.+?)\}")
PYTHON = str.maketrans({"−": "-", "×": "*"})


def equations(markdown: str) -> list[str]:
    return EQUATION.findall(markdown)


def balanced(equation: str) -> bool:
    """Whether both sides have the same atoms and the same charge."""
    before, after = equation.split(" → ")
    return atoms(before) == atoms(after)


def atoms(side: str) -> dict[str, Fraction]:
    """The atoms of one side, such as 2NaOH + H₂O or CaSO₄·½H₂O, and its charge under the key of the signs."""
    counted: dict[str, Fraction] = Counter()  # type: ignore[assignment]
    for formula in side.split(" + "):
        main, *water = formula.split("·")
        amount, rest = leading(main)
        add(counted, rest, amount)
        for part in water:
            own, rest = leading(part)
            add(counted, rest, amount * own)
    return dict(counted)


def leading(formula: str) -> tuple[Fraction, str]:
    """The number before a formula, 1 if there is none, and the rest."""
    digits, half, rest = re.fullmatch(r"(\d*)(½?)(.+)", formula).groups()  # type: ignore[union-attr]
    number = Fraction(digits or 0) + (Fraction(1, 2) if half else 0)
    return number or Fraction(1), rest


def add(counted: dict[str, Fraction], formula: str, amount: Fraction) -> None:
    plain = re.sub(r"\((.+?)\)([₀-₉]+)", lambda found: found[1] * subscript(found[2]), formula)
    for element, times in re.findall(r"([A-Z][a-z]?)([₀-₉]*)", plain):
        counted[element] += amount * subscript(times)
    counted["charge"] += amount * (plain.count("⁺") - plain.count("⁻"))


def subscript(digits: str) -> int:
    return int(unicodedata.normalize("NFKC", digits) or 1)


def chains(markdown: str) -> list[str]:
    plain = FRACTION.sub(r"(\1)/(\2)", markdown.replace(r"\times", "×").replace("*", ""))
    return [found.group() for found in CHAIN.finditer(UNITS.sub("", plain))]


def adds_up(chain: str) -> bool:
    """Whether all members are equal, to the last digit that is given."""
    members = chain.split(" = ")
    return all(abs(value(members[0]) - value(member)) <= rounding(member) for member in members)


def rounding(member: str) -> Fraction:
    """What half a unit of the last digit makes out, if the member has one decimal number."""
    decimals = re.findall(r"\d+\.(\d+)", member)
    if len(decimals) != 1:
        return Fraction(0)
    return abs(value(re.sub(r"\d+\.\d+", r"\g<0>5", member)) - value(member))


def value(member: str) -> Fraction:
    """The exact value; the pattern of a member lets nothing pass but numbers, signs and brackets."""
    exact = re.sub(NUMBER, r"Fraction('\g<0>')", member.replace("⁸", "**8")).translate(PYTHON)
    return Fraction(eval(exact, {"Fraction": Fraction, "__builtins__": {}}))
