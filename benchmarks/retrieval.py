"""Part of `make bench-documents`: how often a search finds the passage that answers, how long that takes at size.

The 50 questions and passages of include/samples/documents, through the real stages (conversion, optimizer, chunker,
ingestor) into PostgreSQL. A hit is a chunk of the named document that holds the passage, whatever the white space. The
large realm holds the samples among copies of them that stand for other subjects: four of five words are their own.
Vectors are the offline ones, which know spellings only; another embedder finds more.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import psutil
import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from hydrateall.core.clock import new_id
from hydrateall.core.database import Database, migrate
from hydrateall.core.paths import SAMPLES
from hydrateall.core.settings import Settings
from hydrateall.documents.chunking import split
from hydrateall.documents.conversion import convert, inspect
from hydrateall.documents.ingestion import Vectors, chunks_to_embed, ingest, text_to_embed
from hydrateall.documents.optimizing import optimize
from hydrateall.documents.retrieval import Mode, search
from hydrateall.documents.schemas import ChunkSet, FactSet, Passage, SourceDocument
from hydrateall.documents.stages import limits_of
from hydrateall.llm.offline.hashed_vectors import vectors_of
from hydrateall.stack.postgres import EmbeddedPostgres

MODEL = "hashed-ngrams-384"
MODES: tuple[Mode, ...] = ("text", "vector", "hybrid")
FIRST, ROUNDS = 5, 4
OTHER_WORDS = 0.8  # the share of words that another subject does not have
LARGE, THOUSAND = 20_000, 1_000
WORD = re.compile(r"[^\W\d_]{2,}(?:[\u0900-\u0963]+[^\W\d_]*)*")
UPLOADER = uuid.UUID(int=1)


@dataclass(frozen=True)
class Text:
    """A document after the optimizer."""

    source: SourceDocument
    markdown: str


@dataclass(frozen=True)
class Pair:
    """A question, and where its answer stands."""

    question: str
    language: str
    document: str
    passage: str

    def is_in(self, passage: Passage) -> bool:
        return passage.source_name == self.document and self.stands_in(passage.text)

    def stands_in(self, text: str) -> bool:
        return _bare(self.passage) in _bare(text)


def _bare(text: str) -> str:
    return "".join(text.split())


@cache
def pairs() -> list[Pair]:
    """The questions of the samples."""
    listed = yaml.safe_load((SAMPLES / "documents" / "questions.yaml").read_text(encoding="utf-8"))
    return [Pair(**each) for each in listed]


@cache
def texts() -> list[Text]:
    """The sample documents as conversion and optimizer leave them."""
    folder = SAMPLES / "documents"
    listed = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    return [_text(folder / each["file"], each["title"], each["language"]) for each in listed]


def _text(path: Path, title: str, language: str) -> Text:
    limits = limits_of(Settings())
    facts = inspect(path, path.name, limits)
    made = convert(path, mime_type=facts.mime_type, source_name=path.name, limits=limits, language=language)
    source = SourceDocument(new_id(), title, "samples", path.name, facts.mime_type, language, facts.sha256)
    return Text(source, optimize(made.markdown, language=language).markdown)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=LARGE, help="of the large realm; 0 leaves it out")
    parser.add_argument("--chunk-tokens", type=int, default=Settings().chunk_tokens)
    parser.add_argument("--missed", action="store_true", help="name the questions whose passage is not found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hydrateall-retrieval-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "server", say=lambda _: None)
        try:
            database = _database(server)
            _print_machine(database)
            _small(database, options.chunk_tokens, missed=options.missed)
            _print_ingestion(database, options.chunk_tokens)
            if options.chunks:
                _large(database, options.chunk_tokens, options.chunks)
            database.dispose()
        finally:
            server.destroy()
    return 0


def _database(server: EmbeddedPostgres) -> Database:
    server.ensure_running()
    server.ensure_database("retrieval")
    database = Database(server.url("retrieval"))
    migrate(database.url)
    with database.transaction() as session:
        session.execute(
            sa.text("INSERT INTO users (id, identity_provider, external_id, name) VALUES (:id, 'shell', 'me', 'Me')"),
            {"id": UPLOADER},
        )
    return database


def _print_machine(database: Database) -> None:
    with database.transaction() as session:
        version = session.scalar(sa.text("SHOW server_version"))
        vector = session.scalar(sa.text("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
    print(
        f"machine    {platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}, "
        f"PostgreSQL {version}, pgvector {vector}, load {psutil.getloadavg()[0]:.1f}"
    )


def _small(database: Database, tokens: int, *, missed: bool) -> None:
    """The samples alone, as they ship."""
    total = sum(store(database, each, tokens) for each in texts())
    split_up = [each for each in pairs() if not _reachable(each, tokens)]
    hindi = sum(each.language == "hi" for each in pairs())
    print(
        f"samples    {len(texts())} documents, {total} chunks of at most {tokens} tokens; {len(pairs())} questions, "
        f"{hindi} in Hindi; {len(split_up)} passages stand in no chunk as a whole"
    )
    _table(database, "samples", missed=missed)


def _reachable(pair: Pair, tokens: int) -> bool:
    return any(
        pair.stands_in(chunk.text)
        for text in texts()
        if text.source.source_name == pair.document
        for chunk in _split(text.markdown, tokens).chunks
    )


def _split(markdown: str, tokens: int) -> ChunkSet:
    return split(markdown, most_tokens=tokens, overlap_tokens=Settings().chunk_overlap_tokens)


def store(database: Database, text: Text, tokens: int) -> int:
    """Add the document's row and ingest it; return how many chunks it has."""
    chunks = _split(text.markdown, tokens)
    with database.transaction() as session:
        session.execute(
            sa.text(
                "INSERT INTO documents (id, title, realm, source_name, mime_type, checksum, size_bytes, language, "
                "original_path, uploaded_by, trace_id) VALUES (:id, :title, :realm, :source_name, :mime_type, "
                ":checksum, 1, CAST(:language AS language_code), 'original', :uploader, 'benchmark')"
            ),
            vars(text.source) | {"uploader": UPLOADER},
        )
        _ingest(session, text, chunks, _vectors(session, text, chunks))
    return len(chunks.chunks)


def _vectors(session: Session, text: Text, chunks: ChunkSet) -> Vectors:
    wanted = chunks_to_embed(session, text.source, chunks, MODEL)
    made = vectors_of(text_to_embed(text.markdown, chunks.chunks[ordinal]) for ordinal in wanted)
    return dict(zip(wanted, made, strict=True))


def _ingest(session: Session, text: Text, chunks: ChunkSet, vectors: Vectors) -> None:
    ingest(
        session,
        source=text.source,
        chunks=chunks,
        markdown=text.markdown,
        facts=FactSet(facts=[]),
        vectors=vectors,
        embedding_model=MODEL,
    )


def ask(database: Database, pair: Pair, *, realm: str, mode: Mode, any_language: bool = False) -> list[Passage]:
    """What a search finds for the question, its vector included."""
    [vector] = vectors_of([pair.question])
    with database.transaction() as session:
        return search(
            session,
            pair.question,
            realm=realm,
            language=None if any_language else pair.language,
            vector=vector,
            embedding_model=MODEL,
            most=2 * FIRST,
            mode=mode,
        )


def _table(database: Database, realm: str, *, missed: bool = False) -> None:
    print(
        f"{'':<10} {'recall@1':>9} {'recall@5':>9} {'MRR@10':>8} {'@5 English':>11} {'@5 Hindi':>9} "
        f"{'@5, both languages':>19}"
    )
    for mode in MODES:
        places = {pair: _place(pair, ask(database, pair, realm=realm, mode=mode)) for pair in pairs()}
        apart = [_place(pair, ask(database, pair, realm=realm, mode=mode, any_language=True)) for pair in pairs()]
        english, hindi = ([place for pair, place in places.items() if pair.language == each] for each in ("en", "hi"))
        print(
            f"{mode:<10} {_recall(places.values(), 1):>9.1%} {_recall(places.values(), FIRST):>9.1%} "
            f"{statistics.mean(1 / place if place else 0 for place in places.values()):>8.3f} "
            f"{_recall(english, FIRST):>11.1%} {_recall(hindi, FIRST):>9.1%} {_recall(apart, FIRST):>19.1%}"
        )
        for pair, place in places.items():
            if missed and not 0 < place <= FIRST:
                print(f"           missed ({place or 'not in the first ten'}): {pair.question}")


def _place(pair: Pair, found: Sequence[Passage]) -> int:
    return next((place for place, passage in enumerate(found, 1) if pair.is_in(passage)), 0)


def _recall(places: Iterable[int], first: int) -> float:
    listed = list(places)
    return sum(0 < place <= first for place in listed) / len(listed)


def _print_ingestion(database: Database, tokens: int) -> None:
    """One document of a thousand chunks: new, the same again, and after a paragraph was put before it all."""
    english = (text for text in large() if text.source.language == "en")
    markdown = ""
    while len(_split(markdown, tokens).chunks) < THOUSAND:
        markdown += "".join(next(english).markdown for _ in range(5))
    whole = Text(replace(texts()[0].source, id=new_id(), realm="thousand"), markdown)
    times = [_timed_ingestion(database, each, tokens) for each in (_emptied(whole), whole, whole, _longer(whole))][1:]
    told = ", ".join(
        f"{name} {seconds:.2f} s" for name, seconds in zip(("new", "again", "shifted"), times, strict=True)
    )
    print(f"\none of     {len(_split(markdown, tokens).chunks):,} chunks ({len(markdown) / 1e6:.1f} MB): {told}")


def _emptied(text: Text) -> Text:
    return replace(text, markdown="")


def _longer(text: Text) -> Text:
    return replace(text, markdown=f"# Preface\n\nThis was put before it all.\n\n{text.markdown}")


def _timed_ingestion(database: Database, text: Text, tokens: int) -> float:
    """Seconds of the ingestion itself; the vectors are made before. An empty text is only the document's row."""
    if not text.markdown:
        store(database, text, tokens)
        return 0.0
    chunks = _split(text.markdown, tokens)
    with database.transaction() as session:
        vectors = _vectors(session, text, chunks)
    started = time.perf_counter()
    with database.transaction() as session:
        _ingest(session, text, chunks, vectors)
    return time.perf_counter() - started


def _large(database: Database, tokens: int, size: int) -> None:
    """The samples among the documents of other subjects."""
    started = time.perf_counter()
    documents = total = 0
    for text in large():
        total += store(database, text, tokens)
        documents += 1
        if total >= size:
            break
    seconds = time.perf_counter() - started
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    print(
        f"\nlarge      {total:,} chunks of {documents:,} documents, split, embedded and ingested in {seconds:.0f} s "
        f"({total / seconds:,.0f} chunks/s, a transaction a document)"
    )
    _table(database, "large")
    print(
        f"{'':<10} {'p50':>9} {'p95':>9} {'slowest':>9}   ms a search, the question's vector and the reading included"
    )
    for mode in MODES:
        times = sorted(_times(lambda pair, mode=mode: ask(database, pair, realm="large", mode=mode)))
        print(f"{mode:<10} {times[len(times) // 2]:>9.1f} {times[len(times) * 95 // 100]:>9.1f} {times[-1]:>9.1f}")


def large() -> Iterator[Text]:
    """The samples, then copies of them as texts of other subjects, without end, all in one realm."""
    for copy in range(1_000_000):
        for text in texts():
            markdown = text.markdown if copy == 0 else _varied(text, copy)
            checksum = hashlib.sha256(f"{copy}/{markdown}".encode()).hexdigest()
            name = text.source.source_name if copy == 0 else f"{copy}-{text.source.source_name}"
            source = replace(text.source, id=new_id(), realm="large", source_name=name, checksum=checksum)
            yield Text(source, markdown)


def _varied(text: Text, copy: int) -> str:
    """The text as one of another subject: most of its words are words of this copy alone, the same one each time."""
    rng, ending = Random(copy), _endings(text.source.language)
    own = "".join(rng.choice(ending) for _ in range(3))
    chosen: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word not in chosen:
            chosen[word] = word + own if rng.random() < OTHER_WORDS else word
        return chosen[word]

    return WORD.sub(other, text.markdown)


def _endings(language: str) -> str:
    return "कखगघचजटडतदनपबमरलवशसह" if language == "hi" else "bcdfghjklmnpqrstvwxz"


def _times(call: Callable[[Pair], object]) -> Iterator[float]:
    for pair in pairs():
        call(pair)
    for pair in pairs() * ROUNDS:
        started = time.perf_counter()
        call(pair)
        yield 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
