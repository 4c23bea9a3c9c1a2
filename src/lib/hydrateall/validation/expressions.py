"""The value of a school expression. Nothing is executed: a small parser with limits computes with floats.

Symbols are given fixed values at a few points, so that two expressions that agree at all of them are taken as equal.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence

from hydrateall.validation.tokens import Token

MOST_TOKENS, DEEPEST, HIGHEST_POWER, LARGEST = 120, 24, 400, 1e200
POINTS = (0, 1, 2)
PI_VALUES = (math.pi, 22 / 7, 3.14)
_TRIGONOMETRY: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "cot": lambda angle: 1 / math.tan(angle),
    "sec": lambda angle: 1 / math.cos(angle),
    "cosec": lambda angle: 1 / math.sin(angle),
    "csc": lambda angle: 1 / math.sin(angle),
}
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Unreadable(Exception):
    """The tokens are no expression that can be computed with certainty."""


def evaluate(tokens: Sequence[Token], *, point: int = 0, pi: float = math.pi) -> float:
    """The value of an expression at one point; raise Unreadable where it has none that is certain."""
    if not tokens or len(tokens) > MOST_TOKENS:
        raise Unreadable
    reader = _Reader([token for token in tokens if token.kind not in ("unit", "open", "percent")], point, pi)
    try:
        value = reader.expression(0)
    except (ZeroDivisionError, OverflowError, ValueError, TypeError):
        raise Unreadable from None
    if reader.at != len(reader.tokens) or not math.isfinite(value) or abs(value) > LARGEST:
        raise Unreadable
    return value


class _Reader:
    def __init__(self, tokens: list[Token], point: int, pi: float) -> None:
        self.tokens, self.point, self.pi, self.at = tokens, point, pi, 0

    def peek(self, text: str = "") -> Token | None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token if token and (not text or token.text == text) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise Unreadable
        self.at += 1
        return token

    def expression(self, depth: int) -> float:
        if depth > DEEPEST:
            raise Unreadable
        value = self.term(depth)
        while (token := self.peek()) and token.kind == "operator" and token.text in "+-":
            self.at += 1
            other = self.term(depth)
            value = value + other if token.text == "+" else value - other
        return value

    def term(self, depth: int) -> float:
        value = self.factor(depth)
        while token := self.peek():
            if token.kind == "operator" and token.text in "*/":
                self.at += 1
                other = self.factor(depth)
                value = value * other if token.text == "*" else value / other
            elif token.kind in ("symbol", "function") or (token.kind == "bracket" and token.text in "(["):
                value *= self.beside(token, depth)
            else:
                break
        return value

    def beside(self, token: Token, depth: int) -> float:
        """A factor without a sign before it. A number beside a fraction may be a mixed number: too doubtful."""
        if token.text == "frac" and self.tokens[self.at - 1].kind == "number":
            raise Unreadable
        return self.factor(depth)

    def factor(self, depth: int) -> float:
        if (token := self.peek()) and token.kind == "operator" and token.text in "+-":
            self.at += 1
            value = self.factor(depth)
            return -value if token.text == "-" else value
        value = self.base(depth)
        if self.peek("^"):
            self.at += 1
            value = _power(value, self.group(depth, signed=True))
        if (token := self.peek()) and token.kind == "degree":
            self.at += 1
        return value

    def base(self, depth: int) -> float:
        token = self.take()
        if token.kind == "number":
            return float(token.text)
        if token.kind == "symbol":
            return self.symbol(token)
        if token.kind == "bracket" and token.text in _CLOSING:
            return self.inside(token.text, depth)
        if token.kind == "function":
            return self.function(token.text, depth)
        raise Unreadable

    def symbol(self, token: Token) -> float:
        if token.text == "π":
            return self.pi
        before = self.tokens[self.at - 2] if self.at > 1 else None
        if token.text.isupper() and before and before.kind == "symbol" and before.text.isupper():
            raise Unreadable  # AB is a segment or a formula, not a product
        return 1.1 + (zlib.crc32(f"{token.text} {self.point}".encode()) % 9973) / 5000

    def inside(self, opening: str, depth: int) -> float:
        value = self.expression(depth + 1)
        if self.take().text != _CLOSING[opening]:
            raise Unreadable
        return value

    def group(self, depth: int, *, signed: bool = False) -> float:
        token = self.take()
        if token.kind == "bracket" and token.text in "{(":
            return self.inside(token.text, depth)
        if signed and token.text == "-":
            return -self.group(depth)
        if token.kind == "number":
            if "." not in token.text and len(token.text) > 1 and not signed:
                raise Unreadable  # \frac12 is one half, and this tokeniser sees 12
            return float(token.text)
        if token.kind == "symbol":
            return self.symbol(token)
        raise Unreadable

    def function(self, name: str, depth: int) -> float:
        if name == "frac":
            above = self.group(depth)
            return above / self.group(depth)
        if name == "sqrt":
            return self.root(depth)
        if name not in _TRIGONOMETRY:
            raise Unreadable
        exponent = 1.0
        if self.peek("^"):
            self.at += 1
            exponent = self.group(depth, signed=True)
        start = self.at
        angle = self.base(depth)
        if (token := self.peek()) and token.kind == "degree":
            self.at += 1
            angle = math.radians(angle)
        elif any(each.kind == "degree" for each in self.tokens[start : self.at]):
            angle = math.radians(angle)
        elif self.tokens[start].kind != "symbol":
            raise Unreadable
        if exponent < 0:
            raise Unreadable
        return float(_TRIGONOMETRY[name](angle) ** exponent)

    def root(self, depth: int) -> float:
        order = 2.0
        if self.peek("["):
            self.at += 1
            order = self.inside("[", depth)
        token = self.peek()
        if token and token.kind == "number":
            self.at += 1
            return float(float(token.text) ** (1 / order))
        value = self.group(depth)
        if value < 0 and order == 3:
            return -float((-value) ** (1 / 3))
        return float(value ** (1 / order))


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > HIGHEST_POWER or (base < 0 and not exponent.is_integer()):
        raise Unreadable
    return float(base**exponent)
