"""Grounding: the passages that a writer is given, and where a stored item stands."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.curriculum.enums import ContentType
from hydrateall.documents import repository
from hydrateall.documents.chunking import tokens_of
from hydrateall.documents.errors import NothingSearchable
from hydrateall.documents.retrieval import search
from hydrateall.documents.schemas import Passage, Shown
from hydrateall.documents.words import lexemes

LEAST_SUPPORT = 0.3  # below it, a passage counts as where an item stands only if none is better


class Source(Shown):
    """Where an item stands: the passage of a document. `stale`: the document no longer says the same there."""

    content_id: uuid.UUID
    document_id: uuid.UUID
    document_title: str
    chunk: int
    heading_path: list[str]
    page_from: int | None
    page_to: int | None
    support: float
    stale: bool

    @property
    def place(self) -> str:
        """The source in a few words: its title, its page, its heading."""
        pages = f"p. {self.page_from}" if self.page_from else ""
        if self.page_to and self.page_to != self.page_from:
            pages = f"pp. {self.page_from}–{self.page_to}"
        heading = self.heading_path[-1] if self.heading_path else ""
        return ", ".join(part for part in (self.document_title, pages, heading) if part)


class StaleItem(Shown):
    """An item that stands on a passage which its document no longer holds."""

    content_type: ContentType
    content_id: uuid.UUID
    place: str
    document_id: uuid.UUID
    document_title: str
    chunk: int
    page_from: int | None
    anchored_at: datetime
    changed_at: datetime


class StandingItem(Shown):
    """A current item that stands on a document; `stale`: the document no longer holds the passage."""

    content_type: ContentType
    content_id: uuid.UUID
    place: str
    chunk: int
    page_from: int | None
    stale: bool


def require_realm(session: Session, realm: str, language: str) -> None:
    """Raise NothingSearchable unless the realm holds passages in this language."""
    [found] = rows(session, sql("documents/searchable"), realm=realm, language=language)
    if not found["here"]:
        raise NothingSearchable(realm, language, found["documents"], found["realms"])


def passages_for(
    session: Session,
    query: str,
    *,
    realm: str,
    language: str,
    vector: Sequence[float] | None,
    embedding_model: str,
    topic: str,
    chapter: str,
    least_overlap: float,
    most: int,
    most_tokens: int,
) -> list[Passage]:
    """The best passages for a query that fit into the tokens together, best first.

    A search always finds something. What holds less than `least_overlap` of the title words of topic and chapter, those
    of the topic counting twice, speaks of something else.
    """
    found = search(
        session, query, realm=realm, language=language, vector=vector, embedding_model=embedding_model, most=most
    )
    kept: list[Passage] = []
    left = most_tokens
    words = Counter(lexemes(topic)) + Counter(lexemes(topic)) + Counter(lexemes(chapter))
    for passage in found:
        if _overlap(words, passage) < least_overlap:
            continue
        size = tokens_of("\n".join([*passage.heading_path, passage.text, *passage.facts]))
        if size <= left:
            kept.append(passage)
            left -= size
    return kept


def anchor(
    session: Session, content_type: ContentType, items: Sequence[tuple[uuid.UUID, str]], passages: Sequence[Passage]
) -> None:
    """Note where items stand: on each passage that holds enough of their words, and on the best one in any case."""
    known = [(passage, frozenset(lexemes(passage.text))) for passage in passages]
    repository.add_anchors(
        session,
        [
            _row(content_type, item_id, passage, share)
            for item_id, text in items
            for passage, share in _standing(frozenset(lexemes(text)), known)
        ],
    )


def sources_of(session: Session, content_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Source]]:
    """Where items stand, by their ids, best first."""
    found: dict[uuid.UUID, list[Source]] = {}
    for row in rows(session, sql("documents/sources_of_items"), content_ids=list(content_ids)):
        found.setdefault(row["content_id"], []).append(Source.model_validate(dict(row)))
    return found


def stale_content(
    session: Session, *, realm: str | None = None, document_id: uuid.UUID | None = None, most: int = 200
) -> list[StaleItem]:
    """The items whose source has changed since they were written, newest change first."""
    found = rows(session, sql("documents/stale_content"), realm=realm, document_id=document_id, most=most)
    return [StaleItem.model_validate(dict(row)) for row in found]


def standing_on(session: Session, document_id: uuid.UUID, *, most: int = 100) -> list[StandingItem]:
    """The current items that stand on a document, each at its best passage; stale ones first."""
    found = rows(session, sql("documents/items_on_document"), document_id=document_id, most=most)
    return [StandingItem.model_validate(dict(row)) for row in found]


def _overlap(words: Counter[str], passage: Passage) -> float:
    held = frozenset(lexemes("\n".join([*passage.heading_path, passage.text])))
    return sum(words[word] for word in words if word in held) / (words.total() or 1)


def _standing(words: frozenset[str], known: Sequence[tuple[Passage, frozenset[str]]]) -> list[tuple[Passage, float]]:
    shares = sorted(
        ((passage, _shared(words, held)) for passage, held in known),
        key=lambda pair: -pair[1],
    )
    return [pair for place, pair in enumerate(shares) if place == 0 or pair[1] >= LEAST_SUPPORT]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The overlap coefficient: what both hold of what the smaller one holds; a note is longer than its passage."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _row(content_type: ContentType, item_id: uuid.UUID, passage: Passage, share: float) -> dict[str, object]:
    return {
        "content_type": content_type,
        "content_id": item_id,
        "document_id": passage.document_id,
        "document_checksum": passage.document_checksum,
        "chunk": passage.chunk,
        "chunk_checksum": passage.chunk_checksum,
        "heading_path": passage.heading_path,
        "page_from": passage.page_from,
        "page_to": passage.page_to,
        "support": round(share, 4),
    }
