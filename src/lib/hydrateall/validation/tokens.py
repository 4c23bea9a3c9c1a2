"""Mathematics in running text, cut into tokens: LaTeX between dollar signs and plain signs alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hydrateall.validation.units import Unit, unit

MOST_CHARACTERS = 4000  # of one text; a longer one is a lesson, not a calculation

_UNIT_ATOM = r"(?:k?cal|kWh|min|hr|°\s?C|°|[kcmdMµμnG]?(?:mol|Pa|Hz|[mgsAKNJWCVΩTL])|day|atm|dB|ha|[hutDl])"
_UNIT_POWER = r"(?:[⁻-]?[²³¹]|\^\{?-?[1-4]\}?)?"
_UNIT_END = r"(?![A-Za-z\u0900-\u097f])"
_UNIT = (
    rf"{_UNIT_ATOM}{_UNIT_POWER}"
    rf"(?:\s?[/·]\s?{_UNIT_ATOM}{_UNIT_POWER}|\s{_UNIT_ATOM}[⁻^]\{{?-?[¹²³1-3]\}}?)*{_UNIT_END}"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_SCAN = re.compile(
    r"(?P<space>\s+|\\[,;:!]|\\ |\\q?quad\b|~|\\left\b|\\right\b|\\displaystyle\b)"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<degree>\^\s*\{?\s*\\circ\s*\}?|°(?!\s?C\b))"
    r"|(?P<unit>\\(?:text|mathrm|textrm)\s*\{[^{}]{0,40}\})"
    r"|(?P<command>\\[A-Za-z]+|\\%)"
    r"|(?P<relation>≈|=|≠|<|>|≤|≥|→|⇒|∴)"
    r"|(?P<operator>[-+*/×÷·−–^:])"
    r"|(?P<subscript>(?<!_)_(?:\{[^{}]*\}|[A-Za-z0-9]))"
    r"|(?P<power>[⁻]?[²³¹⁰⁴-⁹]+)"
    r"|(?P<bracket>[()\[\]{}])"
    r"|(?P<root>√)|(?P<percent>%)|(?P<pi>π)"
    r"|(?P<word>[A-Za-z\u0900-\u0963\u0966-\u097fΩµμα-ωΑ-Ω][A-Za-z\u0900-\u0963\u0966-\u097fΩ'’′-]*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_UNIT_AFTER_NUMBER = re.compile(rf"\s*({_UNIT})")
_UNIT_WORD = re.compile(r"\s*([A-Za-z\u0900-\u0963]+)")
_OPERATORS = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"}
_COMMANDS = {"\\times": "*", "\\cdot": "*", "\\div": "/", "\\approx": "≈", "\\simeq": "≈", "\\implies": "⇒"}
_RELATIONS = {"\\Rightarrow", "\\rightarrow", "\\to", "\\therefore", "\\ne", "\\neq", "\\le", "\\leq", "\\ge", "\\geq"}
GREEK = "alpha beta gamma delta epsilon theta phi lambda mu nu rho sigma tau omega eta Delta"
_SYMBOLS = {f"\\{name}" for name in GREEK.split()}
_FUNCTIONS = {"sin", "cos", "tan", "cot", "sec", "cosec", "csc", "frac", "dfrac", "tfrac", "sqrt", "log", "ln"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


@dataclass(frozen=True, slots=True)
class Token:
    """One token. Kinds: number, unit, symbol, function, operator, bracket, relation, degree, percent, word, stop."""

    kind: str
    text: str
    math: bool
    unit: Unit | None = None


@lru_cache(4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Cut a text; letters between dollar signs are symbols, outside they are units or words."""
    found: list[Token] = []
    for place, part in enumerate(text[:MOST_CHARACTERS].split("$")):
        if place % 2:
            found.append(Token("open", "$", True))
        _cut(part, place % 2 == 1, found)
    return tuple(found)


def _cut(part: str, math: bool, found: list[Token]) -> None:
    at = 0
    while at < len(part):
        if not math and found and _ends_a_value(found) and (named := _unit_at(part, at)):
            found.append(named[0])
            at = named[1]
            continue
        match = _SCAN.match(part, at)
        if match is None:
            break
        at = match.end()
        _add(match, math, found)


def _ends_a_value(found: list[Token]) -> bool:
    for token in reversed(found):
        if token.kind != "open":
            return token.kind == "number" or token.text in (")", "}", "]", "½") or token.kind == "power"
    return False


def _unit_at(part: str, at: int) -> tuple[Token, int] | None:
    match = _UNIT_AFTER_NUMBER.match(part, at) or _UNIT_WORD.match(part, at)
    known = unit(match[1].replace("° C", "°C")) if match else None
    return (Token("unit", match[1], False, known), match.end()) if match and known else None


def _add(match: re.Match[str], math: bool, found: list[Token]) -> None:
    kind, text = match.lastgroup or "other", match[0]
    match kind:
        case "space":
            return
        case "number":
            found.append(Token("number", text.replace(",", ""), math))
        case "degree":
            found.append(Token("degree", "°", math))
        case "unit":
            inner = text[text.index("{") + 1 : -1].strip()
            known = unit(inner)
            found.append(Token("unit", inner, math, known) if known else Token("word", inner, math))
        case "command":
            found.append(_command(text, math))
        case "relation":
            found.append(Token("relation", text, math))
        case "operator":
            found.append(Token("operator", _OPERATORS.get(text, text), math))
        case "subscript":
            before = found.pop().text if found and found[-1].kind in ("symbol", "word") else ""
            found.append(Token("symbol", before + text, math))
        case "power":
            found += [Token("operator", "^", math), Token("number", text.translate(_SUPERSCRIPTS), math)]
        case "bracket":
            found.append(Token("bracket", text, math))
        case "root":
            found.append(Token("function", "sqrt", math))
        case "percent":
            found.append(Token("percent", "%", math))
        case "pi":
            found.append(Token("symbol", "π", math))
        case "word":
            _word(text, math, found)
        case _:
            found.append(Token("stop", text, math))


def _command(text: str, math: bool) -> Token:
    if text in _COMMANDS:
        sign = _COMMANDS[text]
        return Token("relation" if sign in "≈⇒" else "operator", sign, math)
    if text in _RELATIONS:
        return Token("relation", text, math)
    if text == "\\pi":
        return Token("symbol", "π", math)
    if text == "\\%":
        return Token("percent", "%", math)
    if text in ("\\Omega", "\\ohm"):
        return Token("unit", "Ω", math, unit("Ω"))
    if text[1:] in _FUNCTIONS:
        return Token("function", text[1:].replace("dfrac", "frac").replace("tfrac", "frac"), math)
    return Token("symbol" if text in _SYMBOLS else "word", text, math)


def _word(text: str, math: bool, found: list[Token]) -> None:
    if text in _FUNCTIONS and text not in ("sec", "frac", "sqrt"):
        found.append(Token("function", text, math))
    elif math and text.isascii():
        letters = re.findall(r"[A-Za-z]['’′]*|-", text)
        found += [Token("operator" if each == "-" else "symbol", each, True) for each in letters]
    elif text == "x" and found and found[-1].kind in ("number", "unit"):
        found.append(Token("symbol", "x", math))
    elif len(text.rstrip("'’′")) == 1:
        found.append(Token("symbol", text, math))
    else:
        found.append(Token("word", text, math))
