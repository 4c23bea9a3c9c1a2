"""Whether a phrase stands in a passage as a whole, and not as a piece of a longer word or number."""

from __future__ import annotations

from collections.abc import Callable


def stands_in(phrase: str, passage: str, *, before: Callable[[str], bool], after: Callable[[str], bool]) -> bool:
    """Find a phrase whose neighbours are allowed: `before` gets the text up to it, `after` the text from its end.

    Plain searching, because a pattern of its own for every phrase would cost more to compile than all gates to run.
    """
    at = passage.find(phrase) if phrase else -1
    while at >= 0:
        if before(passage[max(0, at - 1) : at]) and after(passage[at + len(phrase) : at + len(phrase) + 2]):
            return True
        at = passage.find(phrase, at + 1)
    return False


def is_word_edge(sign: str) -> bool:
    """Whether a neighbour ends a word; Devanagari vowel signs belong to their word."""
    return not sign or not (sign[0].isalnum() or sign[0] == "_" or "\u0900" <= sign[0] <= "\u0963")


def no_digit_before(sign: str) -> bool:
    """Whether a number may begin after this sign."""
    return not sign or not (sign.isdigit() or sign == ".")


def no_number_after(rest: str) -> bool:
    """Whether a number, or a number with its unit, may end before this text."""
    if not rest:
        return True
    if rest[0] == "." and rest[1:].isdigit():
        return False
    return not (rest[0].isdigit() or rest[0] in "°Ω²³/^%" or (rest[0].isascii() and rest[0].isalpha()))
