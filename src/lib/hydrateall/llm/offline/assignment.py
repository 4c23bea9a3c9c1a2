"""The assignment: the JSON block that every prompt carries between `<assignment>` and `</assignment>`."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from hydrateall.llm.errors import BadPrompt

BLOCK = re.compile(r"<assignment>\s*(\{.*?\})\s*</assignment>", re.DOTALL)
TRANSIENT = ("attempt", "issues")


@dataclass(frozen=True)
class Assignment:
    """One parsed assignment; `values` is the JSON object as it was sent."""

    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def purpose(self) -> str:
        return str(self.values["purpose"])

    @property
    def language(self) -> str:
        """The language to write in: "hi" or, for everything else, "en"."""
        return "hi" if self.values.get("language") == "hi" else "en"

    @cached_property
    def _lasting(self) -> str:
        return _canonical({key: value for key, value in self.values.items() if key not in TRANSIENT})

    def random(self) -> Random:
        """A generator that is the same for every attempt at the same work."""
        return Random(_number(self._lasting))

    def chance(self, event: str) -> float:
        """A number in [0, 1) that depends on the event and on the attempt, so that a retry draws anew."""
        return _number(f"{event}\n{_canonical(self.values)}") / 2**256

    def rotation(self, event: str, size: int) -> int:
        """Which of `size` variants of an event this assignment gets."""
        return _number(f"{event} variant\n{_canonical(self.values)}") % size


def read_assignment(user_text: str) -> Assignment:
    """Find the last assignment block of a prompt; raise BadPrompt when there is none."""
    blocks = BLOCK.findall(user_text)
    if not blocks:
        raise BadPrompt(
            "The prompt has no assignment block, so the offline writer does not know what to write.",
            "Put the assignment as JSON between <assignment> and </assignment>.",
        )
    try:
        values = json.loads(blocks[-1])
    except ValueError as error:
        raise BadPrompt(f"The assignment block is not JSON: {error}.") from None
    return Assignment(values)


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
