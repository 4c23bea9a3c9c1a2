"""The rules of the stages: what can run is read from rows, and every end says what it means for the others."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from document_factories import add_row, claim, digest_of, output, stages
from factories import FakeClock
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import StageName, StageStatus
from hydrateall.documents.errors import LeaseGone, NotOptional, StageUnknown
from hydrateall.documents.models import StageDependency

CONVERSION, OPTIMIZER, CHUNKER = (
    StageName.MARKDOWN_CONVERSION,
    StageName.MARKDOWN_OPTIMIZER,
    StageName.CHUNKER,
)
FACTS, INGESTOR = StageName.FACT_GENERATOR, StageName.INGESTOR


@pytest.fixture
def document(runtime: Runtime) -> uuid.UUID:
    """A document of which nothing has run."""
    return add_row(runtime)


def run_next(runtime: Runtime, document: uuid.UUID, content: str = "") -> StageName | None:
    """Run the next stage with an output that is made of its name."""
    claimed = claim(runtime, document)
    if claimed is None:
        return None
    with runtime.database.transaction() as session:
        workflow.complete(session, claimed, output(claimed.stage, content or claimed.stage), now=runtime.now())
    return claimed.stage


def run_all(runtime: Runtime, document: uuid.UUID) -> list[StageName]:
    ran = []
    while stage := run_next(runtime, document):
        ran.append(stage)
    return ran


def available(runtime: Runtime, document: uuid.UUID, *wanted: StageName) -> StageName | None:
    with runtime.database.transaction() as session:
        return workflow.next_available_stage(session, document, now=runtime.now(), wanted=wanted or None)


class TestTheNextStage:
    def test_follows_the_rows_to_the_end(self, runtime: Runtime, document: uuid.UUID) -> None:
        assert run_all(runtime, document) == [CONVERSION, OPTIMIZER, CHUNKER, FACTS, INGESTOR]

    def test_is_none_while_what_it_requires_is_at_work(self, runtime: Runtime, document: uuid.UUID) -> None:
        claim(runtime, document)

        assert available(runtime, document) is None

    def test_is_the_chunker_when_the_optimizer_is_skipped(self, runtime: Runtime, document: uuid.UUID) -> None:
        with runtime.database.transaction() as session:
            workflow.skip(session, document, [OPTIMIZER], now=runtime.now())

        assert run_all(runtime, document) == [CONVERSION, CHUNKER, FACTS, INGESTOR]

    def test_is_the_chunker_when_the_optimizer_failed(self, runtime: Runtime, document: uuid.UUID) -> None:
        run_next(runtime, document)
        failed = claim(runtime, document)
        assert failed
        with runtime.database.transaction() as session:
            workflow.fail(session, failed, "It was too odd.", again=False, now=runtime.now())

        assert available(runtime, document) is CHUNKER

    def test_is_none_when_a_stage_failed_that_others_require(self, runtime: Runtime, document: uuid.UUID) -> None:
        failed = claim(runtime, document)
        assert failed
        with runtime.database.transaction() as session:
            workflow.fail(session, failed, "It is encrypted.", again=False, now=runtime.now())

        assert available(runtime, document) is None

    def test_is_the_chunker_without_the_optimizer_if_only_it_is_wanted(
        self, runtime: Runtime, document: uuid.UUID
    ) -> None:
        run_next(runtime, document)

        assert available(runtime, document, CHUNKER) is CHUNKER
        assert available(runtime, document) is OPTIMIZER

    def test_is_none_while_the_document_is_paused(self, runtime: Runtime, document: uuid.UUID) -> None:
        with runtime.database.transaction() as session:
            repository.pause(session, document, reason="a look", now=runtime.now())

        assert available(runtime, document) is None

    def test_follows_a_dependency_that_is_added_as_a_row(self, runtime: Runtime, document: uuid.UUID) -> None:
        """No code knows the order: with this row, facts wait for the ingestor, and nothing else has changed."""
        with runtime.database.transaction() as session:
            session.execute(sa.delete(StageDependency).where(StageDependency.stage_name == INGESTOR))
            session.add(StageDependency(stage_name=INGESTOR, depends_on_stage=CHUNKER, execution_order=4))
            session.execute(
                sa.update(StageDependency)
                .where(StageDependency.stage_name == FACTS)
                .values(depends_on_stage=INGESTOR, execution_order=5)
            )

        assert run_all(runtime, document)[-2:] == [INGESTOR, FACTS]


class TestAClaim:
    def test_is_given_to_one_worker_only(self, runtime: Runtime, document: uuid.UUID) -> None:
        assert claim(runtime, document, owner="one")
        assert claim(runtime, document, owner="two") is None

    def test_is_taken_over_when_its_lease_ends(self, runtime: Runtime, document: uuid.UUID, clock: FakeClock) -> None:
        first = claim(runtime, document, owner="one")
        clock.advance(61)
        second = claim(runtime, document, owner="two")

        assert first
        assert second
        assert (second.stage, second.lost) == (CONVERSION, 1)
        assert second.fencing_token > first.fencing_token

    def test_is_taken_over_at_once_by_a_later_try_of_the_same_task(self, runtime: Runtime, document: uuid.UUID) -> None:
        claim(runtime, document, owner="task")

        assert claim(runtime, document, owner="task")

    def test_that_is_gone_writes_nothing(self, runtime: Runtime, document: uuid.UUID, clock: FakeClock) -> None:
        stale = claim(runtime, document, owner="one")
        clock.advance(61)
        claim(runtime, document, owner="two")

        assert stale
        with pytest.raises(LeaseGone), runtime.database.transaction() as session:
            workflow.complete(session, stale, output(stale.stage, "late"), now=runtime.now())
        with runtime.database.transaction() as session:
            assert repository.current_output(session, document, CONVERSION) is None

    def test_that_is_extended_is_not_taken_over(self, runtime: Runtime, document: uuid.UUID, clock: FakeClock) -> None:
        held = claim(runtime, document, owner="one")
        assert held
        clock.advance(50)
        with runtime.database.transaction() as session:
            assert workflow.extend(session, held, until=clock() + timedelta(seconds=60))
        clock.advance(50)

        assert claim(runtime, document, owner="two") is None


class TestAnotherOutput:
    def test_makes_stale_what_stands_on_it(self, runtime: Runtime, document: uuid.UUID) -> None:
        run_all(runtime, document)
        with runtime.database.transaction() as session:
            workflow.reset(session, document, stages=[OPTIMIZER], now=runtime.now())

        run_next(runtime, document, "another text")

        assert {stage.stage_name for stage in stages(runtime, document) if stage.stale} == {CHUNKER, FACTS, INGESTOR}
        assert run_all(runtime, document) == [CHUNKER, FACTS, INGESTOR]

    def test_that_is_the_same_makes_nothing_stale(self, runtime: Runtime, document: uuid.UUID) -> None:
        run_all(runtime, document)
        with runtime.database.transaction() as session:
            workflow.reset(session, document, stages=[OPTIMIZER], now=runtime.now())

        run_next(runtime, document)

        assert not any(stage.stale for stage in stages(runtime, document))

    def test_is_the_current_one_and_the_old_one_stays(self, runtime: Runtime, document: uuid.UUID) -> None:
        run_next(runtime, document, "first")
        with runtime.database.transaction() as session:
            workflow.reset(session, document, stages=[CONVERSION], now=runtime.now())
        run_next(runtime, document, "second")

        with runtime.database.transaction() as session:
            found = repository.outputs_of(session, document)
            current = repository.current_output(session, document, CONVERSION)
        assert len(found) == 2
        assert current
        assert current.checksum == digest_of("second")

    def test_that_was_there_before_becomes_current_again(self, runtime: Runtime, document: uuid.UUID) -> None:
        for content in ("first", "second", "first"):
            with runtime.database.transaction() as session:
                workflow.reset(session, document, stages=[CONVERSION], now=runtime.now())
            run_next(runtime, document, content)

        with runtime.database.transaction() as session:
            assert len(repository.outputs_of(session, document)) == 2
            current = repository.current_output(session, document, CONVERSION)
        assert current
        assert current.checksum == digest_of("first")


class TestTheWorkflow:
    def test_counts_its_stages(self, runtime: Runtime, document: uuid.UUID) -> None:
        run_next(runtime, document)
        run_next(runtime, document)

        with runtime.database.transaction() as session:
            flow = workflow.hold(session, document)
        assert (flow.completed_stages, flow.total_stages, flow.current_stage) == (2, 5, "chunker")
        assert flow.completed_at is None

    def test_ends_with_the_last_stage_and_begins_again_with_a_stale_one(
        self, runtime: Runtime, document: uuid.UUID
    ) -> None:
        run_all(runtime, document)
        with runtime.database.transaction() as session:
            flow = workflow.hold(session, document)
            assert (flow.current_stage, flow.completed_at) == ("completed", runtime.now())

        with runtime.database.transaction() as session:
            workflow.original_changed(session, document, now=runtime.now())

        with runtime.database.transaction() as session:
            flow = workflow.hold(session, document)
        assert (flow.current_stage, flow.completed_stages, flow.completed_at) == ("markdown-conversion", 0, None)

    def test_refuses_to_skip_what_others_stand_on(self, runtime: Runtime, document: uuid.UUID) -> None:
        with pytest.raises(NotOptional, match="chunker cannot be skipped"), runtime.database.transaction() as session:
            workflow.skip(session, document, [CHUNKER], now=runtime.now())

    def test_names_the_stages_there_are_when_one_is_unknown(self) -> None:
        with pytest.raises(StageUnknown, match="markdown-optimizer"):
            workflow.read_stages(["chunker_opt"])


class TestTheMigration:
    def test_gives_existing_documents_their_workflow_and_stages(self, runtime: Runtime, database: Database) -> None:
        document = add_row(runtime, stages=False)

        with database.engine.begin() as connection:
            migrate_existing(connection)
            migrate_existing(connection)

        found = stages(runtime, document)
        assert {stage.stage_name for stage in found} == set(StageName)
        assert {stage.status for stage in found} == {StageStatus.PENDING}
        with database.transaction() as session:
            assert workflow.hold(session, document).current_stage == "markdown-conversion"


def migrate_existing(connection: sa.Connection) -> None:
    """Run the statements of revision 0014, as alembic does."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from hydrateall.core.paths import HOME

    file = HOME / "migrations" / "versions" / "0014_process_existing_documents.py"
    with Operations.context(MigrationContext.configure(connection)):
        code: dict[str, object] = {}
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), code)
        code["upgrade"]()  # type: ignore[operator]
