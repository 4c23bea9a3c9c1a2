"""How many tokens a text has, estimated: a tokenizer's tables would be a download.

About four Latin or two Devanagari characters are one token. UTF-8 knows the difference already (one byte or three), so
the weight of a character is one more than its bytes, and eight of weight are a token: 1/4 for Latin, 1/2 for Devanagari
and other scripts of three bytes. Weights add up, which a limit needs: parts never have fewer tokens than their whole.
"""

from __future__ import annotations

WEIGHT_OF_TOKEN = 8
LEAST_WEIGHT, MOST_WEIGHT = 2, 5
"""Of one character: the least in ASCII, the most outside of the basic plane."""


def weight_of(text: str) -> int:
    """Characters and bytes of a text, in eighths of a token."""
    if text.isascii():
        return LEAST_WEIGHT * len(text)
    return len(text) + len(text.encode("utf-8", "surrogatepass"))


def tokens_of(text: str) -> int:
    """Estimated tokens of a text; zero for no text only."""
    return -(-weight_of(text) // WEIGHT_OF_TOKEN)
