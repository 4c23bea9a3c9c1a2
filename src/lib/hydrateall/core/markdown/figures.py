"""How long a text is for its reader. 200 words a minute is the usual pace of silent reading at school."""

from __future__ import annotations

import re

from hydrateall.core.markdown.parsing import MATHEMATICS, leaves, parsed

WORDS_A_MINUTE = 200
_LETTER = re.compile(r"\w")
_CODE = frozenset(("text", "code_inline", "code_block", "fence"))
_JOINS = frozenset(f"{mark}_{side}" for mark in ("em", "strong", "s", "link") for side in ("open", "close"))


def word_count(text: str) -> int:
    """The words that a reader reads: no Markdown marks, no signs that stand alone; a formula is one word."""
    parts = list[str]()
    for token in leaves(parsed(text)):
        if token.type in MATHEMATICS:
            parts.append("x")
        elif token.type in _CODE:
            parts.append(token.content)
        elif token.type not in _JOINS:
            parts.append("\n")
    return sum(_LETTER.search(word) is not None for word in "".join(parts).split())


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one."""
    return max(1, round(words / WORDS_A_MINUTE))
