"""Search in a realm: by words, by vectors, or by both, with the facts that stand in what is found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hydrateall.core.database import plan_anew, rows, sql
from hydrateall.documents.enums import FactType
from hydrateall.documents.ingestion import vector_literal
from hydrateall.documents.schemas import Passage, Stored
from hydrateall.documents.search_errors import NothingAsked, NothingIngested, OtherEmbeddings, UnknownRealm
from hydrateall.documents.words import quoted, terms_of

Mode = Literal["hybrid", "text", "vector"]

MOST_TERMS = 32  # of a question; each costs time, and a question of more words is a text
DEPTH = 60  # places of a ranking that count when two are put together
ENOUGH = 1000  # candidates by the rarest terms, after which the commoner ones only rank them
FLATNESS = 20.0  # the k of reciprocal rank fusion: how little the first places are worth more than the next
WORDS_WEIGHT, VECTOR_WEIGHT = 1.0, 1.0
SPELLINGS, SPELLINGS_WEIGHT = "hashed-", 0.35  # vectors of spellings mostly repeat what the words have said
HEADING_WEIGHTS = [0.4, 0.4, 0.4, 1.0]  # of lexemes labelled D, C, B and A; A is a heading
BY_LENGTH = 1  # ts_rank divides by 1 + ln(length)
SPARE = 4  # times the passages asked for are read, so that repetitions can be left out
ALIKE = 0.85  # the share of common words from which a passage repeats a better one


class KnownFact(Stored):
    """A fact that a search found, with the sentence it stands on and where that is. Scores: higher is better."""

    statement: str
    type: FactType
    evidence: str
    page: int | None
    checksum: str
    chunk: int
    chunk_checksum: str
    document_id: uuid.UUID
    document_title: str
    source_name: str
    document_checksum: str
    score: float


def search(
    session: Session,
    query: str,
    *,
    realm: str,
    language: str | None,
    vector: Sequence[float] | None,
    embedding_model: str,
    most: int,
    mode: Mode = "hybrid",
    words_weight: float = WORDS_WEIGHT,
    vector_weight: float | None = None,
    flatness: float = FLATNESS,
    alike: float = ALIKE,
) -> list[Passage]:
    """The best `most` passages of a realm, best first; one that mostly repeats a better one is left out.

    `vector` is the question's, by `embedding_model`; a hybrid search without one goes by words alone. One statement, so
    that a document that is ingested meanwhile is seen as it was or as it is. Raise NothingAsked, UnknownRealm,
    NothingIngested or OtherEmbeddings.
    """
    terms = terms_of(query, most=MOST_TERMS) if mode != "vector" else []
    sought = vector if mode != "text" else None
    if not terms and sought is None:
        raise NothingAsked
    plan_anew(session)
    found = rows(
        session,
        sql("documents/search_chunks"),
        **_asked(terms, realm=realm, language=language),
        use_words=bool(terms),
        use_vector=sought is not None,
        vector=vector_literal(sought) if sought is not None else None,
        embedding_model=embedding_model,
        words_weight=words_weight,
        vector_weight=_weight_of(embedding_model) if vector_weight is None else vector_weight,
        flatness=flatness,
        depth=max(DEPTH, SPARE * most),
        most=SPARE * most,
    )
    if not found or (sought is not None and all(row["by_vector"] is None for row in found)):
        numbers = len(sought) if sought is not None else None
        _explain(session, realm=realm, language=language, model=embedding_model, numbers=numbers, mode=mode)
    return [_passage(row) for row in _different(found, alike)][:most]


def facts_about(session: Session, query: str, *, realm: str, language: str | None, most: int) -> list[KnownFact]:
    """The best `most` facts of a realm by their words, best first. Raise as `search` does."""
    terms = terms_of(query, most=MOST_TERMS)
    if not terms:
        raise NothingAsked
    plan_anew(session)
    asked = _asked(terms, realm=realm, language=language)
    found = rows(session, sql("documents/search_facts"), **asked, most=most)
    if not found:
        _explain(session, realm=realm, language=language)
    return [KnownFact.model_validate(dict(row)) for row in found]


def _weight_of(embedding_model: str) -> float:
    return SPELLINGS_WEIGHT if embedding_model.startswith(SPELLINGS) else VECTOR_WEIGHT


def _asked(terms: Sequence[str], *, realm: str, language: str | None) -> dict[str, Any]:
    return {
        "terms": [quoted(term) for term in terms],
        "realm": realm,
        "language": language,
        "weights": HEADING_WEIGHTS,
        "normalisation": BY_LENGTH,
        "enough": ENOUGH,
    }


def _explain(
    session: Session,
    *,
    realm: str,
    language: str | None,
    model: str = "",
    numbers: int | None = None,
    mode: Mode = "text",
) -> None:
    """Raise the reason why nothing can be found, if there is one; otherwise nothing matches the question.

    A realm that was ingested without any vector is one to search by words, so a hybrid search does not complain.
    """
    [about] = rows(session, sql("documents/search_realm"), realm=realm, language=language)
    if not about["documents"]:
        raise UnknownRealm(realm, session.scalars(sql("documents/search_realms")).all())
    if not about["languages"] or (language and language not in about["languages"]):
        raise NothingIngested(realm, language, documents=about["documents"], languages=about["languages"])
    asked = f"{model} ({numbers} numbers)"
    if numbers is not None and asked not in about["models"] and (about["models"] or mode == "vector"):
        raise OtherEmbeddings(realm, asked, found=about["models"])


def _different(found: Iterable[sa.RowMapping], alike: float) -> list[sa.RowMapping]:
    """The rows without those whose words are mostly those of a better one: a page that two documents share."""
    kept: list[tuple[sa.RowMapping, set[str]]] = []
    for row in found:
        words = set(row["lexemes"])
        if not any(_similarity(words, other) >= alike for _, other in kept):
            kept.append((row, words))
    return [row for row, _ in kept]


def _similarity(one: set[str], other: set[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def _passage(row: sa.RowMapping) -> Passage:
    return Passage.model_validate({name: row[name] for name in Passage.model_fields})
