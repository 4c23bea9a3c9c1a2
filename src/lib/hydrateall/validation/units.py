"""Units of school science and mathematics: what each measures, and how many base units it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

Dimension = tuple[tuple[str, int], ...]

# name: (factor to the base unit, exponents of the base units)
_BASE: dict[str, tuple[float, dict[str, int]]] = {
    "m": (1, {"m": 1}),
    "g": (1e-3, {"kg": 1}),
    "s": (1, {"s": 1}),
    "A": (1, {"A": 1}),
    "K": (1, {"K": 1}),
    "mol": (1, {"mol": 1}),
    "N": (1, {"kg": 1, "m": 1, "s": -2}),
    "Pa": (1, {"kg": 1, "m": -1, "s": -2}),
    "J": (1, {"kg": 1, "m": 2, "s": -2}),
    "W": (1, {"kg": 1, "m": 2, "s": -3}),
    "C": (1, {"A": 1, "s": 1}),
    "V": (1, {"kg": 1, "m": 2, "s": -3, "A": -1}),
    "Ω": (1, {"kg": 1, "m": 2, "s": -3, "A": -2}),
    "Hz": (1, {"s": -1}),
    "T": (1, {"kg": 1, "s": -2, "A": -1}),
    "L": (1e-3, {"m": 3}),
    "cal": (4.184, {"kg": 1, "m": 2, "s": -2}),
}
_PREFIXES = {"k": 1e3, "c": 1e-2, "m": 1e-3, "d": 1e-1, "M": 1e6, "µ": 1e-6, "μ": 1e-6, "n": 1e-9, "G": 1e9}
_OTHERS: dict[str, tuple[float, dict[str, int]]] = {
    "min": (60, {"s": 1}),
    "h": (3600, {"s": 1}),
    "hr": (3600, {"s": 1}),
    "day": (86400, {"s": 1}),
    "u": (1.66054e-27, {"kg": 1}),
    "D": (1, {"m": -1}),
    "kWh": (3.6e6, {"kg": 1, "m": 2, "s": -2}),
    "ha": (1e4, {"m": 2}),
    "t": (1e3, {"kg": 1}),
    "atm": (101325, {"kg": 1, "m": -1, "s": -2}),
    "°C": (1, {"°C": 1}),
    "°": (1, {"°": 1}),
    "dB": (1, {"dB": 1}),
}
_NAMES = {
    "metre": "m",
    "meter": "m",
    "मीटर": "m",
    "मी": "m",
    "centimetre": "cm",
    "सेमी": "cm",
    "सेंटीमीटर": "cm",
    "kilometre": "km",
    "किमी": "km",
    "किलोमीटर": "km",
    "gram": "g",
    "ग्राम": "g",
    "kilogram": "kg",
    "किग्रा": "kg",
    "किलोग्राम": "kg",
    "second": "s",
    "सेकंड": "s",
    "minute": "min",
    "मिनट": "min",
    "hour": "h",
    "घंटा": "h",
    "घंटे": "h",
    "newton": "N",
    "न्यूटन": "N",
    "joule": "J",
    "जूल": "J",
    "watt": "W",
    "वाट": "W",
    "volt": "V",
    "वोल्ट": "V",
    "ampere": "A",
    "ऐम्पियर": "A",
    "ohm": "Ω",
    "Ω": "Ω",
    "ओम": "Ω",
    "pascal": "Pa",
    "पास्कल": "Pa",
    "hertz": "Hz",
    "हर्ट्ज़": "Hz",
    "coulomb": "C",
    "कूलॉम": "C",
    "litre": "L",
    "लीटर": "L",
    "l": "L",
    "dioptre": "D",
    "degree": "°",
    "डिग्री": "°",
    "kelvin": "K",
    "mole": "mol",
    "मोल": "mol",
    "sec": "s",
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PART = re.compile(r"([^\d^²³⁻⁰¹⁴-⁹\-]+)\^?\{?([-⁻]?[\d⁰¹²³⁴-⁹]+)?\}?")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name, how many base units it holds, and what it measures."""

    name: str
    factor: float
    dimension: Dimension


def _simple(name: str) -> tuple[float, dict[str, int]] | None:
    name = _NAMES.get(name) or _NAMES.get(name.removesuffix("s")) or name
    if name in _BASE:
        return _BASE[name]
    if name in _OTHERS:
        return _OTHERS[name]
    if len(name) > 1 and name[0] in _PREFIXES and name[1:] in _BASE:
        factor, exponents = _BASE[name[1:]]
        return _PREFIXES[name[0]] * factor, exponents
    return None


@lru_cache(2048)
def unit(text: str) -> Unit | None:
    """The unit that a text such as `m/s²`, `kg m^{-3}` or `सेमी` names, or None."""
    factor, exponents = 1.0, dict[str, int]()
    for place, side in enumerate(text.strip().split("/")):
        for part in re.split(r"[\s·*]+", side.strip("() ")):
            found = _PART.fullmatch(part)
            known = _simple(found[1]) if found else None
            if not found or not known:
                return None
            power = int((found[2] or "1").translate(_SUPERSCRIPTS)) * (-1 if place else 1)
            if abs(power) > 9:
                return None
            factor *= known[0] ** power
            for base, exponent in known[1].items():
                exponents[base] = exponents.get(base, 0) + exponent * power
    return Unit(text, factor, tuple(sorted((base, each) for base, each in exponents.items() if each)))
