"""What the stages hand to each other, and what the API takes and shows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hydrateall.documents.enums import FactType, FileType

MARKER_LINE = re.compile(r"^<!-- page \d+ -->[ \t]*\n*", re.MULTILINE)

REALM = r"^[a-z0-9][a-z0-9._-]{0,63}$"
"""The name of a realm: a collection of documents that are searched together."""

PAGE_MARKER = "<!-- page {number} -->"
"""The line that stands before the text of a page, from conversion to chunking; also for slides and sheets."""


@dataclass(frozen=True)
class SourceDocument:
    """What a stage must know of its document. `language` is "en" or "hi"; `source_name` is a bare file name."""

    id: uuid.UUID
    title: str
    realm: str
    source_name: str
    mime_type: str
    language: str
    checksum: str
    licence: str | None = None


@dataclass(frozen=True)
class StageOutput:
    """What a stage made: the file's bytes, and what the row says of it (counts, warnings) in `metadata`."""

    file_type: FileType
    mime_type: str
    content: bytes
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Stored(BaseModel):
    """The base of what is written to files and sent over HTTP: camelCase outside, nothing unknown."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


def plain(text: str) -> str:
    """A text on one line without control characters, as titles and reasons are kept."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def without_markers(text: str) -> str:
    """A passage as it is read: without the lines that say where a page begins."""
    return MARKER_LINE.sub("", text)


class Shown(BaseModel):
    """The base of what is shown: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class Chunk(Stored):
    """One piece of a document. `text` is `source[start:end]`; all chunks in order give the source back.

    `overlap_start` (at most `start`) is where its searched text begins: `source[overlap_start:end]` without page
    markers. Spans count characters, tokens are estimated, pages count from 1 and are None where the format has none.
    """

    ordinal: int
    start: int
    end: int
    overlap_start: int
    text: str
    heading_path: list[str] = Field(default_factory=list)
    page_from: int | None = None
    page_to: int | None = None
    tokens: int
    checksum: str = Field(description="SHA-256 of `text`")


class ChunkSet(Stored):
    """The output of the chunker."""

    source_checksum: str = Field(description="SHA-256 of the text that was split")
    chunks: list[Chunk]


class Fact(Stored):
    """One atomic fact and the sentence that it stands on, which is a part of its chunk's text, word for word."""

    statement: str
    type: FactType
    evidence: str
    chunk: int = Field(description="ordinal of its chunk")
    chunk_checksum: str
    start: int | None = Field(None, description="where the evidence begins in the chunk's text")
    page: int | None = None
    checksum: str = Field(description="SHA-256 of the statement, normalised")


class FactSet(Stored):
    """The output of the fact generator; `dropped` counts by reason what the gate let not pass."""

    facts: list[Fact]
    dropped: dict[str, int] = Field(default_factory=dict)
    calls: int = 0
    cost_usd: str = "0"


class Passage(Stored):
    """What a search finds: a chunk of a document, with the facts that stand in it. Scores: higher is better."""

    document_id: uuid.UUID
    document_title: str
    document_checksum: str
    source_name: str
    chunk: int
    chunk_checksum: str
    heading_path: list[str]
    page_from: int | None
    page_to: int | None
    start: int
    end: int
    text: str
    facts: list[str] = Field(default_factory=list)
    score: float
