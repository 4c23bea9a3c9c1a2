"""Facts without a model: declarative sentences of a passage, taken as they stand, typed by the words that they use.

It understands nothing. It takes a sentence for a fact if it states something about a named thing, and leaves out what
asks, tells to do, points to a figure, or speaks of "it" from the start, for none of these is understood alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.fact_patterns import (
    COMMANDS,
    ELSEWHERE,
    ENGLISH_POINTER,
    HINDI_POINTER,
    HINDI_STATES,
    OPENERS,
    PERSONS,
    STATES,
    TYPES,
)
from hydrateall.llm.offline.sentences import Sentence, sentences_of

MOST_OF_A_PASSAGE = 20
LEAST_WORDS, MOST_WORDS = 4, 45
DEVANAGARI = re.compile(r"[\u0900-\u0963]")
LETTERS = re.compile(r"[A-Za-z\u0900-\u0963]")


def write_facts(assignment: Assignment) -> dict[str, Any]:
    """The FactsDraft of an assignment: the same sentences every time."""
    return {"facts": [fact for passage in assignment["passages"] for fact in _facts_of(passage, assignment.language)]}


def _facts_of(passage: dict[str, Any], language: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for sentence in sentences_of(passage["text"]):
        if len(found) < MOST_OF_A_PASSAGE and is_statement(sentence, language):
            stated = {"type": type_of(sentence.plain), "statement": sentence.plain, "evidence": sentence.raw}
            found.setdefault(sentence.plain, {"chunk": passage["chunk"], **stated})
    return list(found.values())


def is_statement(sentence: Sentence, language: str) -> bool:
    """Whether a sentence states something by itself, in the document's language."""
    text = unicodedata.normalize("NFC", sentence.plain)
    if not LEAST_WORDS <= len(text.split()) <= MOST_WORDS or text.rstrip("\"'”’)]")[-1:] in "?!":
        return False
    if text.count("(") != text.count(")") or (language == "hi") != _is_hindi(text):
        return False
    pointer, states = (HINDI_POINTER, HINDI_STATES) if language == "hi" else (ENGLISH_POINTER, STATES)
    if pointer.search(text) or any(pattern.search(text) for pattern in (OPENERS, COMMANDS, PERSONS, ELSEWHERE)):
        return False
    return states.search(text) is not None


def type_of(text: str) -> str:
    """What a statement is, by the first pattern that it matches: what says most about it stands first."""
    return next((name for name, pattern in TYPES if pattern.search(text)), "property")


def _is_hindi(text: str) -> bool:
    return 2 * len(DEVANAGARI.findall(text)) > len(LETTERS.findall(text))
