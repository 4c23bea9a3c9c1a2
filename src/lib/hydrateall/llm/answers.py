"""The JSON object in a model's answer: what stands around it never reaches the content."""

from __future__ import annotations

import json
import re

THINKING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)


def storable(text: str) -> str:
    """The text without what PostgreSQL's JSON cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def json_object(text: str) -> str:
    """Return the first whole JSON object of the text, without thinking, fences and prose; else the text as it is."""
    stripped = text.strip()
    if stripped.startswith("{") and stripped.endswith("}"):
        return stripped
    spoken = THINKING.sub("", text)
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"\{", spoken)):
        try:
            found, end = decoder.raw_decode(spoken, start)
        except (ValueError, RecursionError):
            continue
        if found:
            return spoken[start:end]
    return stripped
