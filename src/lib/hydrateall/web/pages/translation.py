"""The words of the pages in the reader's language: English in the source, others in `locales/<language>.yaml`.

A message without a translation stays English, so that a catalogue may be incomplete.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from pathlib import Path

import yaml

LOCALES = Path(__file__).resolve().parents[1] / "locales"
SOURCE_LANGUAGE = "en"

_language: ContextVar[str] = ContextVar("language_of_the_reader", default=SOURCE_LANGUAGE)


def speak(language: str) -> None:
    """Use this language for the rest of the request."""
    _language.set(language)


def spoken() -> str:
    """The language of this request."""
    return _language.get()


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of a language, by the English message; empty where there are none."""
    file = LOCALES / f"{language}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages that pages can be read in."""
    return (SOURCE_LANGUAGE, *sorted(file.stem for file in LOCALES.glob("*.yaml")))


def preferred(accepted: str) -> str:
    """The first language of an Accept-Language header that pages can be read in."""
    wishes = (part.split(";") for part in accepted.lower().split(","))
    ranked = sorted(wishes, key=lambda parts: -_quality(parts[1:]))
    names = (parts[0].strip().split("-")[0] for parts in ranked)
    return next((name for name in names if name in languages()), SOURCE_LANGUAGE)


def _quality(parameters: list[str]) -> float:
    given = next((each.strip()[2:] for each in parameters if each.strip().startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 0.0


def gettext(message: str) -> str:
    """The message in the language of this request."""
    return catalogue(spoken()).get(message, message)


def ngettext(one: str, many: str, number: int) -> str:
    """The message for one thing or for many."""
    return gettext(one if number == 1 else many)
