"""What a gate says: findings, each a sentence for the model that will try again and for the person who reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `item` is the item's number in its set, from 1; None speaks of the whole set."""

    code: str
    field: str
    message: str
    item: int | None = None

    def __str__(self) -> str:
        where = f"item {self.item}, " if self.item else ""
        return f"{where}{self.field}: {self.message}"


def sentences(findings: Sequence[Finding]) -> list[str]:
    """The findings as the model is told them."""
    return [str(finding) for finding in findings]
