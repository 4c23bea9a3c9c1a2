"""The gate of facts against the hand-written statements: what it lets pass and what it stops, by kind and language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hydrateall.documents.enums import FactType
from hydrateall.documents.facts import FactDraft, Gate
from hydrateall.documents.schemas import Chunk, Fact

FIRST, SECOND = "facts.yaml", "facts_second.yaml"


@dataclass(frozen=True)
class Judged:
    """One statement of a set: how it is wrong and what the gate objects; either is empty if it is nothing."""

    statement: str
    language: str
    wrong: str
    objection: str


def judged(name: str, **gate: Any) -> Iterator[Judged]:
    """Every statement of a set with the gate's verdict."""
    cases = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    for case in [*cases["supported"], *cases["unsupported"]]:
        passage = cases["passages"][case["passage"]]
        draft = FactDraft(chunk=0, type=FactType.OTHER, statement=case["statement"], evidence=case["evidence"])
        found = Gate(passage["title"], passage["language"], **gate).judge(draft, chunk_of(passage))
        objection = "" if isinstance(found, Fact) else found
        yield Judged(case["statement"], passage["language"], case.get("wrong", ""), objection)


def chunk_of(passage: dict[str, Any]) -> Chunk:
    text = passage["text"]
    return Chunk(
        ordinal=0,
        start=0,
        end=len(text),
        overlap_start=0,
        text=text,
        heading_path=passage["headings"],
        tokens=len(text) // 4,
        checksum=hashlib.sha256(text.encode()).hexdigest(),
    )
