"""Orders of documents: one DAG run for many, delivered once, divided evenly, asked for again when it died."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from document_factories import add_row, claim, output, uploader
from factories import FakeClock
from hydrateall.core.errors import Conflict, UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.documents import repository, runs, tasks, workflow
from hydrateall.documents.enums import StageName
from hydrateall.documents.errors import (
    DocumentBusy,
    DocumentsFailed,
    DocumentsLeft,
    NothingToProcess,
    RunNotOpened,
    StageBlocked,
    TooManyDocuments,
    UnknownDocument,
)
from hydrateall.documents.runs import Order
from hydrateall.documents.service import document_rows
from hydrateall.documents.storage import Storage


def order(runtime: Runtime, *documents: uuid.UUID, most: int = 100, **how: object) -> Order:
    with runtime.database.transaction() as session:
        return runs.order(
            session,
            documents,
            by=uploader(runtime),
            now=runtime.now(),
            most=most,
            **how,  # type: ignore[arg-type]
        )


def open_batch(runtime: Runtime, params: dict[str, object], run: str = "manual") -> list[dict[str, object]]:
    return tasks.open_batch(runtime, params=params, dag_run_id=run, triggered_by="ada")


def is_open(runtime: Runtime, document: uuid.UUID) -> bool:
    with runtime.database.transaction() as session:
        [row] = document_rows(session, [document])
    return row.open


def entries(runtime: Runtime) -> int:
    with runtime.database.transaction() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) or 0


class TestAnOrder:
    def test_of_many_documents_is_one_entry_of_the_outbox(self, runtime: Runtime) -> None:
        documents = [add_row(runtime) for _ in range(5)]

        made = order(runtime, *documents)

        airflow = FakeAirflow()
        assert deliver_due(runtime, airflow).sent == 1
        assert (made.documents, entries(runtime)) == (5, 1)
        portions = open_batch(runtime, {"run_id": made.dag_run_id}, made.dag_run_id)
        assert sorted(each for portion in portions for each in portion["documents"]) == sorted(map(str, documents))  # type: ignore[attr-defined]

    def test_of_a_document_at_work_is_refused_whole(self, runtime: Runtime) -> None:
        idle, busy = add_row(runtime), add_row(runtime, title="Acids")
        claim(runtime, busy)

        with pytest.raises(DocumentBusy, match="Acids"):
            order(runtime, idle, busy)

        assert entries(runtime) == 0

    def test_of_none_of_too_many_or_of_an_unknown_one_is_refused(self, runtime: Runtime) -> None:
        with pytest.raises(NothingToProcess):
            order(runtime)
        with pytest.raises(TooManyDocuments, match="HYDRATEALL_DOCUMENTS_A_RUN"):
            order(runtime, add_row(runtime), add_row(runtime), most=1)
        with pytest.raises(UnknownDocument):
            order(runtime, uuid.uuid4())

    def test_by_the_form_belongs_to_the_run_that_asks(self, runtime: Runtime) -> None:
        document = add_row(runtime)

        first = open_batch(runtime, {"documents": [str(document)], "stages": ["markdown-conversion"], "force": True})
        second = open_batch(runtime, {"documents": [str(document)], "stages": ["markdown-conversion"], "force": True})

        assert first == second
        assert entries(runtime) == 0
        with runtime.database.transaction() as session:
            assert runs.wanted_stages(session, document) == [StageName.MARKDOWN_CONVERSION]

    @pytest.mark.parametrize(
        ("params", "named"),
        [
            ({"documents": ["not an id"]}, "documents"),
            ({"documents": [], "stages": ["chunker_opt"]}, "stages"),
            ({"document": []}, "document"),
        ],
    )
    def test_that_cannot_be_read_names_the_param(self, runtime: Runtime, params: dict[str, object], named: str) -> None:
        with pytest.raises(UsageError, match=f"The param {named} is not usable"):
            open_batch(runtime, params)

    def test_of_a_stage_that_cannot_run_is_refused_with_what_it_needs(self, runtime: Runtime) -> None:
        document = add_row(runtime)

        with pytest.raises(StageBlocked, match=r"ingestor of “Light” cannot run before chunker and fact-generator"):
            order(runtime, document, stages=[StageName.INGESTOR])
        order(runtime, document, stages=[StageName.MARKDOWN_CONVERSION, StageName.CHUNKER])

    def test_is_open_until_what_it_names_is_done(self, runtime: Runtime) -> None:
        document = add_row(runtime)
        order(runtime, document, stages=[StageName.MARKDOWN_CONVERSION])
        assert is_open(runtime, document)

        held = claim(runtime, document)
        assert held
        with runtime.database.transaction() as session:
            workflow.complete(session, held, output(held.stage, "text"), now=runtime.now())

        assert not is_open(runtime, document)


class TestPortions:
    def test_are_at_most_so_many_and_alike_in_size(self, runtime: Runtime) -> None:
        documents = [add_row(runtime) for _ in range(10)]
        with runtime.database.transaction() as session:
            for place, document in enumerate(documents, 1):
                found = repository.get(session, document)
                assert found
                found.size_bytes = place * 100_000
        made = order(runtime, *documents)

        with runtime.database.transaction() as session:
            portions = runs.portions_of(session, made.dag_run_id, most=3)

        assert sorted(len(portion.documents) for portion in portions) == [3, 3, 4]
        assert len({document for portion in portions for document in portion.documents}) == 10

    def test_hold_many_documents_where_these_are_small(self, runtime: Runtime) -> None:
        """A task's start costs more than a small document's whole work."""
        made = order(runtime, *(add_row(runtime) for _ in range(30)))

        with runtime.database.transaction() as session:
            portions = runs.portions_of(session, made.dag_run_id, most=30)

        assert [len(portion.documents) for portion in portions] == [10, 10, 10]

    def test_name_what_they_hold(self, runtime: Runtime) -> None:
        made = order(runtime, add_row(runtime, title="Light"))

        with runtime.database.transaction() as session:
            [portion] = runs.portions_of(session, made.dag_run_id, most=3)

        assert portion.label == "1 · Light"


class TestAPause:
    def test_stops_a_document_and_resume_orders_it_anew(self, runtime: Runtime) -> None:
        document, by = add_row(runtime), uploader(runtime)
        with runtime.database.transaction() as session:
            runs.pause(session, document, reason="the licence is asked for", by=by, now=runtime.now())
        assert claim(runtime, document) is None

        with runtime.database.transaction() as session:
            runs.resume(session, document, by=by, now=runtime.now())

        assert claim(runtime, document)
        assert entries(runtime) == 1

    def test_that_is_none_cannot_be_lifted(self, runtime: Runtime) -> None:
        document = add_row(runtime)

        with pytest.raises(Conflict, match="not paused"), runtime.database.transaction() as session:
            runs.resume(session, document, by=uploader(runtime), now=runtime.now())


class TestAskingAgain:
    def test_orders_what_was_uploaded_and_never_ordered(self, runtime: Runtime, clock: FakeClock) -> None:
        add_row(runtime)
        clock.advance(3600 * 24 * 365)  # the row's creation is the server's time

        assert tasks.ask_again(runtime, FakeAirflow()) == 1
        assert tasks.ask_again(runtime, FakeAirflow()) == 0  # it waits in the outbox

    def test_delivers_again_what_a_dead_run_left(self, runtime: Runtime, clock: FakeClock) -> None:
        document, airflow = add_row(runtime), FakeAirflow()
        first = order(runtime, document)
        deliver_due(runtime, airflow)
        claim(runtime, document)
        clock.advance(120)
        assert tasks.ask_again(runtime, airflow) == 0  # its run is alive

        airflow.running.remove(first.dag_run_id)

        assert tasks.ask_again(runtime, airflow) == 1
        with runtime.database.transaction() as session:
            flow = repository.workflow_of(session, document)
        assert flow
        assert flow.dag_run_id != first.dag_run_id

    def test_leaves_alone_what_failed_is_paused_or_done(self, runtime: Runtime, clock: FakeClock) -> None:
        failed, paused, done = add_row(runtime), add_row(runtime), add_row(runtime)
        order(runtime, failed, paused, done)
        deliver_due(runtime, FakeAirflow())
        broken = claim(runtime, failed)
        assert broken
        with runtime.database.transaction() as session:
            workflow.fail(session, broken, "It is empty.", again=False, now=runtime.now())
            repository.pause(session, paused, reason="a look", now=runtime.now())
        while each := claim(runtime, done):
            with runtime.database.transaction() as session:
                workflow.complete(session, each, output(each.stage, each.stage), now=runtime.now())
        clock.advance(3600)

        assert tasks.ask_again(runtime, FakeAirflow()) == 0

    def test_lets_go_on_what_was_paused_for_a_time(self, runtime: Runtime, clock: FakeClock) -> None:
        document = add_row(runtime)
        order(runtime, document)
        deliver_due(runtime, FakeAirflow())
        with runtime.database.transaction() as session:
            until = clock() + timedelta(minutes=10)
            repository.pause(session, document, reason="The server is down.", now=clock(), until=until)
        clock.advance(300)
        assert tasks.ask_again(runtime, FakeAirflow()) == 0

        clock.advance(301)

        assert tasks.ask_again(runtime, FakeAirflow()) == 1
        assert claim(runtime, document)

    def test_leaves_alone_what_no_run_could_do(self, runtime: Runtime, clock: FakeClock) -> None:
        document = add_row(runtime)
        order(runtime, document, stages=[StageName.MARKDOWN_CONVERSION, StageName.CHUNKER])
        deliver_due(runtime, FakeAirflow())
        with runtime.database.transaction() as session:
            flow = workflow.hold(session, document)
            flow.configuration = {"stages": ["ingestor"], "force": []}
        clock.advance(3600)

        assert tasks.ask_again(runtime, FakeAirflow()) == 0

    def test_ends_in_a_pause_when_run_after_run_died(self, runtime: Runtime, clock: FakeClock) -> None:
        document = add_row(runtime)
        order(runtime, document)
        for _ in range(runs.MOST_DELIVERIES):
            deliver_due(runtime, FakeAirflow())
            clock.advance(3600)
            tasks.ask_again(runtime, FakeAirflow())

        with runtime.database.transaction() as session:
            flow = repository.workflow_of(session, document)
        assert flow
        assert flow.pause_reason
        assert "DAG runs of it died" in flow.pause_reason


class TestTheEndOfARun:
    def test_of_which_the_first_task_failed_is_a_failure(self, runtime: Runtime) -> None:
        with pytest.raises(RunNotOpened, match="not opened"):
            tasks.close_batch(runtime, portions=None)

    def test_that_left_documents_is_a_failure_that_names_them(self, runtime: Runtime) -> None:
        document = add_row(runtime, title="Acids")
        run = order(runtime, document).dag_run_id

        with pytest.raises(DocumentsLeft, match="1 documents of this run are not done: Acids"):
            tasks.close_batch(runtime, portions=[{"run": run, "documents": [str(document)]}])

    def test_whose_documents_were_ordered_anew_is_none(self, runtime: Runtime) -> None:
        """They are another run's now, and that one answers for them."""
        document = add_row(runtime)
        run = order(runtime, document).dag_run_id
        order(runtime, document)

        closed = tasks.close_batch(runtime, portions=[{"run": run, "documents": [str(document)]}])

        assert closed == {"documents": 1}

    def test_that_was_paused_is_none(self, runtime: Runtime) -> None:
        document = add_row(runtime)
        run = order(runtime, document).dag_run_id
        with runtime.database.transaction() as session:
            repository.pause(session, document, reason="a look", now=runtime.now())

        assert tasks.close_batch(runtime, portions=[{"run": run, "documents": [str(document)]}]) == {"documents": 1}


class TestAPortion:
    def test_does_the_others_when_one_fails(self, runtime: Runtime, tmp_path: Path) -> None:
        """The files of these rows are nowhere, so each fails; every one is tried, and every one is named."""
        storage = Storage.open(str(tmp_path))
        documents = [add_row(runtime, title=title) for title in ("Light", "Acids")]

        with pytest.raises(DocumentsFailed, match=r"2 of 2 documents.*Light.*Acids"):
            tasks.process_portion(runtime, storage, documents=list(map(str, documents)), owner="task")

        with pytest.raises(DocumentsFailed, match="Acids"):
            tasks.close_batch(runtime, portions=[{"run": "none", "documents": list(map(str, documents))}])
