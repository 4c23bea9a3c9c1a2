"""The schema: models and migrations are the same, and the database itself refuses what must never happen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError, IntegrityError

from database_server import TestServer
from factories import ScriptedModel, cascade, job, jobs, open_root, submit, tree
from hydrateall.core.clock import new_id
from hydrateall.core.database import Base, Database, migrate, pending_migrations
from hydrateall.core.models import AuditLog
from hydrateall.core.paths import HOME
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.models import Chapter, TopicQuestion
from hydrateall.curriculum.service import seed
from hydrateall.hydration.enums import Level
from hydrateall.hydration.models import HydrationJob


def execute(database: Database, statement: str, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(sa.text(statement), values)


@pytest.fixture
def empty(server: TestServer) -> Iterator[str]:
    with server.empty_database() as url:
        yield url


class TestMigrations:
    def test_give_exactly_the_tables_of_the_models(self, database: Database) -> None:
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_server_default": False})
            differences = compare_metadata(context, Base.metadata)

        assert differences == []

    def test_give_exactly_the_enum_labels_of_the_models(self, database: Database) -> None:
        labels = """
            SELECT typname, array_agg(enumlabel::text ORDER BY enumsortorder)
            FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY 1
        """
        with database.engine.connect() as connection:
            found = {name: list(each) for name, each in connection.execute(sa.text(labels))}

        columns = (column.type for table in Base.metadata.tables.values() for column in table.columns)
        expected = {kind.name: list(kind.enums) for kind in columns if isinstance(kind, sa.Enum)}
        assert {name: found[name] for name in expected} == expected
        assert set(found) == set(expected)

    def test_give_the_partial_and_null_safe_indexes(self, database: Database) -> None:
        chosen = "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'uq_hydration_jobs_%'"
        with database.engine.connect() as connection:
            found = dict(connection.execute(sa.text(chosen)).tuples().all())

        assert "(root_job_id IS NULL)" in found["uq_hydration_jobs_active_root"]
        assert "'pending'" in found["uq_hydration_jobs_active_root"]
        assert "NULLS NOT DISTINCT" in found["uq_hydration_jobs_child"]
        assert "(root_job_id IS NOT NULL)" in found["uq_hydration_jobs_child"]

    def test_change_nothing_the_second_time(self, database: Database) -> None:
        before = self.catalogue(database)

        migrate(database.url)

        assert self.catalogue(database) == before
        assert not pending_migrations(database.url)

    def test_let_workers_pass_and_try_again(self, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hydrateall.core.database.MIGRATION_PATIENCE", "100ms")
        engine = sa.create_engine(empty)
        config = Config(str(HOME / "alembic.ini"))
        config.set_main_option("script_location", str(HOME / "migrations"))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0004")

        with engine.connect() as worker:
            worker.execute(sa.text("LOCK TABLE topic_questions IN ROW EXCLUSIVE MODE"))
            release = threading.Timer(1.0, worker.rollback)
            release.start()
            migrate(empty)
            release.join()

        engine.dispose()
        assert not pending_migrations(empty)

    def test_are_pending_on_an_empty_database(self, empty: str) -> None:
        before = pending_migrations(empty)

        migrate(empty)

        assert (before, pending_migrations(empty)) == (True, False)

    def test_that_fail_leave_nothing_half_done(self, empty: str) -> None:
        engine = sa.create_engine(empty)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE topics (in_the_way int)"))

        with pytest.raises(sa.exc.DBAPIError):
            migrate(empty)

        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
        engine.dispose()
        assert tables == ["topics"]

    def catalogue(self, database: Database) -> list[Any]:
        chosen = "SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
        with database.engine.connect() as connection:
            return list(connection.execute(sa.text(chosen)).tuples())


class TestSeed:
    def test_adds_nothing_the_second_time(self, database: Database) -> None:
        with database.transaction() as session:
            before = session.execute(sa.text("SELECT count(*) FROM subjects")).scalar_one()
            report = seed(session)
            after = session.execute(sa.text("SELECT count(*) FROM subjects")).scalar_one()

        assert before == after == report.subjects


class TestKeys:
    def test_allow_one_open_root_a_subject(self, runtime: Runtime) -> None:
        root = job(runtime, submit(runtime))

        with pytest.raises(IntegrityError, match="uq_hydration_jobs_active_root"):
            self.copy(runtime, root)

    def test_allow_one_root_after_another(self, runtime: Runtime) -> None:
        ids = [submit(runtime) for _ in range(3) if not self.finish_all(runtime)]

        assert len(set(ids)) == 3

    @pytest.mark.parametrize("level", [Level.TOPICS, Level.NOTES, Level.QUESTIONS])
    def test_allow_one_child_for_a_target_and_variant(self, runtime: Runtime, level: Level) -> None:
        child, *_ = jobs(runtime, tree(runtime), level)

        with pytest.raises(IntegrityError, match="uq_hydration_jobs_child"):
            self.copy(runtime, child)

    def test_allow_one_root_for_a_dag_run(self, runtime: Runtime) -> None:
        root = job(runtime, open_root(runtime))
        self.finish_all(runtime)

        with pytest.raises(IntegrityError, match="uq_hydration_jobs_dag_run_id"):
            self.copy(runtime, root)

    def test_tell_roots_from_children(self, runtime: Runtime) -> None:
        [child] = jobs(runtime, submit(runtime))

        with pytest.raises(IntegrityError, match="only_roots_lack_a_root"):
            execute(runtime.database, "UPDATE hydration_jobs SET root_job_id = NULL WHERE id = :id", id=child.id)

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("attempts = max_retries + 1", "attempts_within_limit"),
            ("items_completed = items_expected + 1", "items_within_expectation"),
            ("items_completed = -1", "items_within_expectation"),
            ("hierarchy_level = 5", "level_known"),
        ],
    )
    def test_keep_a_job_s_figures_within_their_limits(self, runtime: Runtime, change: str, constraint: str) -> None:
        [child] = jobs(runtime, submit(runtime))

        with pytest.raises(IntegrityError, match=constraint):
            execute(runtime.database, f"UPDATE hydration_jobs SET {change} WHERE id = :id", id=child.id)  # noqa: S608

    @pytest.mark.parametrize("answer", ['{"final_answer": ""}', '{"final_answer": null}', "{}", "[]"])
    def test_allow_no_question_without_a_final_answer(self, runtime: Runtime, answer: str) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))

        with pytest.raises(IntegrityError, match="answer_is"):
            execute(
                runtime.database, "UPDATE topic_questions SET correct_answer = CAST(:answer AS jsonb)", answer=answer
            )

    def test_allow_one_chapter_with_a_number(self, runtime: Runtime) -> None:
        tree(runtime)

        with pytest.raises(IntegrityError, match="uq_chapters_subject_id_chapter_number"):
            execute(runtime.database, "UPDATE chapters SET chapter_number = 1")

    def copy(self, runtime: Runtime, row: HydrationJob) -> None:
        """Insert the same job under another id."""
        values = {column.key: getattr(row, column.key) for column in HydrationJob.__table__.columns}
        with runtime.database.transaction() as session:
            session.add(HydrationJob(**{**values, "id": new_id(), "status": "pending"}))

    def finish_all(self, runtime: Runtime) -> None:
        execute(runtime.database, "UPDATE hydration_jobs SET status = 'completed'")


class TestKeptForGood:
    def test_jobs_cannot_be_deleted(self, runtime: Runtime) -> None:
        submit(runtime)

        with pytest.raises(IntegrityError, match="Rows of hydration_jobs are kept for good"):
            execute(runtime.database, "DELETE FROM hydration_jobs")

    @pytest.mark.parametrize("statement", ["DELETE FROM audit_logs", "UPDATE audit_logs SET action = 'nothing'"])
    def test_audit_rows_cannot_be_changed(self, runtime: Runtime, statement: str) -> None:
        submit(runtime)

        with pytest.raises(IntegrityError, match="Rows of audit_logs are kept for good"):
            execute(runtime.database, statement)

        with runtime.database.transaction() as session:
            assert session.scalars(sa.select(AuditLog.action)).all() == ["hydration.submit"]

    def test_a_subject_with_jobs_cannot_be_deleted(self, runtime: Runtime) -> None:
        submit(runtime)

        with pytest.raises(IntegrityError, match="fk_hydration_jobs_subject_id"):
            execute(runtime.database, "DELETE FROM subjects")

        with runtime.database.transaction() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Chapter)) == 0
            assert session.scalar(sa.select(sa.func.count()).select_from(TopicQuestion)) == 0


class TestWhatIsKept:
    @pytest.mark.parametrize(
        "table", ["topic_notes", "topic_questions", "content_reviews", "hydration_jobs", "audit_logs", "users"]
    )
    def test_is_not_truncated_either(self, database: Database, table: str) -> None:
        with pytest.raises(DBAPIError, match="are kept for good: TRUNCATE is refused"):
            execute(database, f"TRUNCATE {table} CASCADE")
