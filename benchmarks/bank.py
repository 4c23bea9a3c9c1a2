"""A content database as after two months of a large installation.

2,000 root jobs of 1,000 subjects: 20 whole subjects of 253 jobs, the others one chapter of 22. 500,400 notes and
questions in 834 subjects, a line in the ledger for each call that wrote them, and the log lines, audit rows, outbox
entries, budgets and reviews that belong to all that. `bank.sql` says how.
"""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from hydrateall.core.database import Database, migrate
from hydrateall.curriculum.service import seed
from hydrateall.hydration.schemas import HydrateRequest
from hydrateall.validation.service import seed_rules

SUBJECTS, WRITTEN, CHAPTERS, TOPICS, UNFINISHED = 1_000, 834, 12, 5, 40
QUESTIONS = {"easy": 4, "medium": 3, "hard": 2}
STATEMENTS = Path(__file__).with_suffix(".sql")
SIZES = "CREATE TEMP TABLE sizes (subjects int, written int, chapters int, topics int, unfinished int, params jsonb)"
COUNTS = "CREATE TEMP TABLE question_counts (difficulty text, items int)"
FILL_SIZES = """
INSERT INTO sizes VALUES (:subjects, :written, :chapters, :topics, :unfinished, CAST(:params AS jsonb))
"""
FILL_COUNTS = "INSERT INTO question_counts VALUES (:difficulty, :items)"
# To keep them while 450,000 rows are added takes longer than to make them anew.
SIDE_INDEXES = """
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE tablename IN ('topic_questions', 'topic_notes', 'ai_content_logs') AND indexname LIKE 'ix_%'
"""

# The newer root of every subject runs: of the first `done` no job is open, a worker of the next `silent` is gone.
ACTIVE_ROOTS = """
UPDATE hydration_jobs root
SET status = 'running', started_at = root.created_at, finished_at = NULL, error_message = NULL
FROM (SELECT id FROM hydration_jobs WHERE root_job_id IS NULL ORDER BY created_at DESC, id DESC LIMIT :most) newest
WHERE newest.id = root.id
"""
OPEN_JOBS = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY created_at DESC, id DESC) AS number
    FROM hydration_jobs WHERE root_job_id IS NULL AND status = 'running'
), ended AS (
    UPDATE hydration_jobs job SET status = 'completed', items_completed = items_expected, finished_at = now()
    FROM numbered
    WHERE job.root_job_id = numbered.id AND numbered.number <= :done AND job.status IN ('pending', 'running')
), last AS (
    SELECT DISTINCT ON (numbered.number) job.id, numbered.number <= :done + :silent AS silent
    FROM hydration_jobs job JOIN numbered ON numbered.id = job.root_job_id
    WHERE numbered.number > :done
    ORDER BY numbered.number, job.hierarchy_level DESC, job.id DESC
)
UPDATE hydration_jobs job
SET status = CASE WHEN silent THEN 'running' ELSE 'pending' END::job_status, attempts = 1, items_completed = 0,
    finished_at = NULL, locked_by = CASE WHEN silent THEN 'hydrate/gone#1' END,
    lease_expires_at = CASE WHEN silent THEN now() - interval '1 minute' END
FROM last
WHERE job.id = last.id
"""
RUNS = """
SELECT dag_run_id FROM hydration_jobs
WHERE root_job_id IS NULL AND status = 'running'
ORDER BY created_at DESC, id DESC OFFSET :first
"""


def build_bank(database: Database) -> None:
    """Migrate an empty database and fill it."""
    migrate(database.url)
    with database.transaction() as session:
        seed(session)
        seed_rules(session)
    with database.transaction() as session:
        # The rows fit each other by construction; to check each foreign key would take longer than to write them.
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        indexes = session.execute(sa.text(SIDE_INDEXES)).all()
        for index in indexes:
            session.execute(sa.text(f"DROP INDEX {index.name}"))
        _make_sizes(session.connection())
        for statement in filter(str.strip, STATEMENTS.read_text().split(";\n")):
            session.execute(sa.text(statement))
        for index in indexes:
            session.execute(sa.text(index.definition))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def _make_sizes(connection: sa.Connection) -> None:
    options = {"questionCounts": QUESTIONS, "chapterLimit": CHAPTERS}
    asked = {"boardCode": "BOARD01", "grade": "8", "subjectCode": "MATH", "options": options}
    planned = {"chapters": CHAPTERS, "topics": CHAPTERS * TOPICS, "topicsAChapter": TOPICS}
    params = HydrateRequest.model_validate(asked).model_dump(mode="json", by_alias=True) | {"planned": planned}
    sizes = {"subjects": SUBJECTS, "written": WRITTEN, "chapters": CHAPTERS, "topics": TOPICS}
    for table in (SIZES, COUNTS):
        connection.execute(sa.text(table))
    connection.execute(sa.text(FILL_SIZES), {**sizes, "unfinished": UNFINISHED, "params": json.dumps(params)})
    connection.execute(sa.text(FILL_COUNTS), [{"difficulty": name, "items": n} for name, n in QUESTIONS.items()])


def let_run(database: Database, *, done: int, silent: int, dead: int) -> list[str]:
    """Let the newer root of every subject run; return the ids of the DAG runs that are alive then.

    `done` of them have nothing open any more, a worker of `silent` has vanished, and the DAG runs of `dead` are gone.
    """
    with database.transaction() as session:
        session.execute(sa.text(ACTIVE_ROOTS), {"most": SUBJECTS})
        session.execute(sa.text(OPEN_JOBS), {"done": done, "silent": silent})
        return list(session.execute(sa.text(RUNS), {"first": done + dead}).scalars())
