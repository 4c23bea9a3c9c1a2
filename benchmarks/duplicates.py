"""`make bench-duplicates`: the index of near duplicates at a million questions, in a database of its own.

The questions are the offline writer's, varied: about every second word is another one of the same language, every
number is another number, so that a question has relatives that share its template, as in a real bank. Planted repeats
have one or two words changed, or their options in another order. Without the gates' other work.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import psutil
import sqlalchemy as sa
from psycopg.types.json import Jsonb

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hydrateall.core.database import Database, migrate
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import seed
from hydrateall.stack.postgres import EmbeddedPostgres
from hydrateall.validation.duplicates import Fingerprint, find_near, fingerprint, remember
from hydrateall.validation.fingerprints import ALGORITHM
from outline_bank import outline_questions

GOAL_MS = 5.0
QUESTIONS, TOPICS, LOOKUPS, SET, CHUNK = 1_000_000, 10_000, 1_000, 10, 5_000
OTHER_WORD = 0.5
WORD = re.compile(r"[^\W\d_]{2,}(?:[\u0900-\u0963]+[^\W\d_]*)*|\d+")
TABLE, BANDS, SHAPES = (
    "question_fingerprints",
    "ix_question_fingerprints_bands",
    "ix_question_fingerprints_shape",
)
Question = tuple[str, str, list[str]]  # language, stem with its passage, options


@cache
def originals() -> list[Question]:
    """The offline writer's questions for all outlines, both languages."""
    return [
        (
            each.language,
            f"{each.question.scenario or ''} {each.question.question_text}".strip(),
            _options(each.question),
        )
        for each in outline_questions()
    ]


def _options(question: QuestionDraft) -> list[str]:
    columns = question.match_columns
    entries = [*columns.left, *columns.right] if columns else question.options or []
    return [entry.text for entry in entries]


@cache
def vocabulary(language: str) -> list[str]:
    """All words of the language that the originals have."""
    words = {word for own, stem, _ in originals() if own == language for word in WORD.findall(stem)}
    return sorted(word for word in words if not word.isdigit())


def varied(number: int) -> Question:
    """The question with this number, the same each time."""
    language, stem, options = originals()[number % len(originals())]
    if number < len(originals()):
        return language, stem, options
    rng, words = Random(number), vocabulary(language)

    def other(found: re.Match[str]) -> str:
        word = found.group()
        if word.isdigit():
            return str(rng.randint(1, 500))
        return rng.choice(words) if rng.random() < OTHER_WORD else word

    return language, WORD.sub(other, stem), [WORD.sub(other, option) for option in options]


def changed(question: Question, *, words: int, rng: Random) -> Question:
    """The question with so many words of its stem changed, and its options in another order."""
    language, stem, options = question
    places = [found for found in WORD.finditer(stem) if not found.group().isdigit()]
    for place in sorted(rng.sample(places, min(words, len(places))), key=lambda each: -each.start()):
        stem = stem[: place.start()] + rng.choice(vocabulary(language)) + stem[place.end() :]
    return language, stem, rng.sample(options, len(options))


def id_of(number: int) -> uuid.UUID:
    """Ids in the order of time, as UUIDv7 are."""
    return uuid.UUID(int=(0x0190 << 112) + (7 << 76) + (1 << 63) + number)


def made(start: int, end: int) -> list[tuple[Any, ...]]:
    """What is copied into the two tables for these questions."""
    questions = []
    for number in range(start, end):
        language, stem, options = varied(number)
        found = fingerprint(language, stem, options)
        listed = json.dumps([{"key": str(key), "text": text} for key, text in enumerate(options)], ensure_ascii=False)
        questions.append((number, stem, listed, found.bands, found.shape))
    return questions


def _made(bounds: tuple[int, int]) -> list[tuple[Any, ...]]:
    return made(*bounds)


def main() -> int:
    """Build, look up, print; exit 1 if the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    size = parser.parse_args().questions
    with tempfile.TemporaryDirectory(prefix="hydrateall-duplicates-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "server")
        try:
            server.ensure_running()
            server.ensure_database("duplicates")
            database = Database(server.url("duplicates"))
            _print_machine(database)
            topics = build(database, size)
            median = measure(database, topics, size)
            database.dispose()
        finally:
            server.destroy()
    return int(median > GOAL_MS)


def _print_machine(database: Database) -> None:
    version, buffers = (_scalar(database, f"SHOW {name}") for name in ("server_version", "shared_buffers"))
    print(
        f"machine      {platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}, "
        f"PostgreSQL {version} with shared_buffers {buffers}, algorithm {ALGORITHM}, "
        f"load {psutil.getloadavg()[0]:.1f} (above 1, the times are those of the neighbours)"
    )


def build(database: Database, size: int) -> list[uuid.UUID]:
    """Fill the two tables and their indexes; return the ids of the topics."""
    migrate(database.url)
    with database.transaction() as session:
        seed(session)
    topics = _tree(database)
    _keep_only_used_indexes(database)
    started = time.perf_counter()
    _copy(database, size, topics)
    copied = time.perf_counter() - started
    started = time.perf_counter()
    _execute(
        database,
        "SET maintenance_work_mem = '256MB'",
        f"CREATE INDEX {BANDS} ON {TABLE} USING gin (bands) WITH (fastupdate = off)",
        f"CREATE INDEX {SHAPES} ON {TABLE} (shape) WHERE shape IS NOT NULL",
    )
    indexed = time.perf_counter() - started
    _execute(database, "VACUUM ANALYZE")
    print(
        f"build        {size:,} questions made, fingerprinted and copied in {copied:.0f} s ({size / copied:,.0f}/s), "
        f"indexed in {indexed:.0f} s"
    )
    sizes = {
        name: _scalar(database, f"SELECT pg_relation_size('{name}')") / 2**20
        for name in (TABLE, f"pk_{TABLE}", BANDS, SHAPES)
    }
    print(f"disk         {sum(sizes.values()):,.0f} MB: {', '.join(f'{n} {mb:,.0f}' for n, mb in sizes.items())}")
    return topics


def _tree(database: Database) -> list[uuid.UUID]:
    """Chapters of ten topics, spread over the seeded subjects."""
    topics = [id_of(10**9 + number) for number in range(TOPICS)]
    with database.transaction() as session:
        subjects = list(session.scalars(sa.text("SELECT id FROM subjects ORDER BY id")))
        chapters = [
            {"id": id_of(2 * 10**9 + number), "subject": subjects[number % len(subjects)], "number": number}
            for number in range(TOPICS // 10)
        ]
        session.execute(
            sa.text(
                "INSERT INTO chapters (id, subject_id, chapter_number, title) VALUES (:id, :subject, :number, 'One')"
            ),
            chapters,
        )
        session.execute(
            sa.text("INSERT INTO topics (id, chapter_id, topic_number, title) VALUES (:id, :chapter, :number, 'One')"),
            [
                {"id": topic, "chapter": chapters[number // 10]["id"], "number": number % 10}
                for number, topic in enumerate(topics)
            ],
        )
    return topics


def _keep_only_used_indexes(database: Database) -> None:
    """A lookup reads questions by id and by what supersedes them; the other indexes would only lengthen the build."""
    with database.engine.connect() as connection:
        unused = connection.execute(
            sa.text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix_topic_questions_%'")
        ).scalars()
        _execute(database, *(f"DROP INDEX {name}" for name in (*unused, BANDS, SHAPES)))


def _copy(database: Database, size: int, topics: list[uuid.UUID]) -> None:
    originals(), vocabulary("en"), vocabulary("hi")  # before the fork, so that both processes have them
    bounds = [(start, min(start + CHUNK, size)) for start in range(0, size, CHUNK)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for questions in pool.imap(_made, bounds):
            _copy_chunk(database, questions, topics)


def _copy_chunk(database: Database, questions: list[tuple[Any, ...]], topics: list[uuid.UUID]) -> None:
    columns = "id, topic_id, position, question_type, difficulty_level, question_text, options, correct_answer, marks"
    with database.transaction() as session:
        cursor = session.connection().connection.cursor()
        with cursor.copy(f"COPY topic_questions ({columns}) FROM STDIN") as copy:
            for number, stem, listed, _, _ in questions:
                place = (id_of(number), topics[number % TOPICS], number // TOPICS)
                answer = Jsonb({"final_answer": "A"})
                copy.write_row((*place, "MCQ", "easy", stem, listed, answer, 1))
        with cursor.copy(f"COPY {TABLE} (question_id, algorithm, bands, shape) FROM STDIN") as copy:
            for number, _, _, bands, shape in questions:
                copy.write_row((id_of(number), ALGORITHM, bands, shape))


def measure(database: Database, topics: list[uuid.UUID], size: int) -> float:
    """Print recall and times; return the median of one lookup in ms."""
    rng, before = Random(4), _resident()
    _print_recall(database, topics, rng, size)
    asked = [_asked(number, rng, size) for number in range(LOOKUPS * SET)]
    singles = _timed([[each] for each in asked[:LOOKUPS]], lambda each: _look(database, each, topics[0]))
    sets = _timed(
        [asked[start : start + SET] for start in range(0, len(asked), SET)],
        lambda each: _look(database, each, topics[0]),
    )
    _print_times("lookup of 1", singles)
    _print_times(f"lookup of {SET}", sets)
    _print_writes(database, rng, size)
    grown = _resident() - before
    print(
        f"memory       {grown:,.0f} MB more in this process after all lookups and writes; in the server the shared "
        f"buffers and the file cache: {_index_megabytes(database):,.0f} MB hold all of the index"
    )
    print(f"goal         one lookup ≤ {GOAL_MS:.0f} ms: the median is {statistics.median(singles) / GOAL_MS:.2f} of it")
    return statistics.median(singles)


def _resident() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _index_megabytes(database: Database) -> float:
    return float(_scalar(database, f"SELECT pg_total_relation_size('{TABLE}')") / 2**20)


def _asked(number: int, rng: Random, size: int) -> Fingerprint:
    """Every second one is new, every second one repeats a stored question with a word changed."""
    if number % 2:
        return fingerprint(*varied(size + number))
    return fingerprint(*changed(varied(rng.randrange(size)), words=1, rng=rng))


def _look(database: Database, asked: list[Fingerprint], topic_id: uuid.UUID) -> list[Any]:
    with database.transaction() as session:
        return find_near(session, asked, topic_id=topic_id)


def _timed(inputs: list[Any], call: Callable[[Any], Any]) -> list[float]:
    def times() -> Iterator[float]:
        for each in inputs:
            started = time.perf_counter()
            call(each)
            yield 1000 * (time.perf_counter() - started)

    for each in inputs[:20]:
        call(each)
    return sorted(times())


def _print_times(name: str, times: list[float]) -> None:
    at = ", ".join(f"p{share} {times[share * len(times) // 100]:.2f} ms" for share in (50, 95, 99))
    print(f"{name:<12} fastest {times[0]:.2f} ms, {at} ({len(times):,} calls)")


def _print_recall(database: Database, topics: list[uuid.UUID], rng: Random, size: int) -> None:
    print(f"{'planted':<34} {'repeats':>8} {'similar ≥ 0.8':>14} {'of these found':>15}")
    for name, words in (("options reordered", 0), ("one word changed", 1), ("two words changed", 2)):
        numbers = rng.sample(range(size), LOOKUPS)
        asked = [fingerprint(*changed(varied(number), words=words, rng=rng)) for number in numbers]
        alike = [
            one.similarity(fingerprint(*varied(number))) >= 0.8 for one, number in zip(asked, numbers, strict=True)
        ]
        near = [
            found
            for start in range(0, len(asked), SET)
            for found in _look(database, asked[start : start + SET], topics[0])
        ]
        hits = [
            any(each.question_id == id_of(number) for each in found)
            for found, number in zip(near, numbers, strict=True)
        ]
        both = sum(hit for hit, similar in zip(hits, alike, strict=True) if similar)
        print(f"{name:<34} {len(numbers):>8,} {sum(alike):>14,} {both / max(1, sum(alike)):>15.1%}")


def _print_writes(database: Database, rng: Random, size: int) -> None:
    """Replace fingerprints one set at a time, as the flow adds them."""
    numbers = rng.sample(range(size), min(LOOKUPS * SET, size))
    given = [(id_of(number), fingerprint(*varied(size + number))) for number in numbers]

    def write(questions: list[tuple[uuid.UUID, Fingerprint]]) -> None:
        with database.transaction() as session:
            remember(session, questions)

    _print_times(f"write of {SET}", _timed([given[start : start + SET] for start in range(0, len(given), SET)], write))


def _execute(database: Database, *statements: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _scalar(database: Database, statement: str) -> Any:
    with database.engine.connect() as connection:
        return connection.execute(sa.text(statement)).scalar_one()


if __name__ == "__main__":
    sys.exit(main())
