"""The ingestor on real tables: exactly once, ids that stay, and readers that see the old document or the new one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from search_factories import LIGHT, MODEL, Given, chunk_ids, given, ingest_once, ingested, rows_of, run, stored

from hydrateall.core.database import Database
from hydrateall.documents.errors import UnknownDocument
from hydrateall.documents.ingestion import IngestReport, chunks_to_embed
from hydrateall.documents.search_errors import DocumentReplaced, OutputsDisagree, VectorsMissing

NEW_SECTION = "## Mirrors\n\nA plane mirror shows an upright image of the same size as the object before it.\n\n"
CHANGED = LIGHT.replace("## Refraction of light", f"{NEW_SECTION}## Refraction of light").replace("1.52", "1.53")


@pytest.fixture
def light(database: Database) -> Given:
    """A stored document of three sections and as many facts, not ingested yet."""
    facts = {"The_angles_are_equal": 0, "Crown_glass_has_the_index_1_52": 1, "A_concave_lens_spreads_rays": 2}
    return stored(database, given().with_facts(**facts))


def everything(database: Database, document: Given) -> list[dict[str, Any]]:
    return [row for table in ("document_chunks", "document_facts") for row in rows_of(database, table, document)]


class TestIngestion:
    def test_stores_each_chunk_as_the_chunker_made_it(self, database: Database, light: Given) -> None:
        report = ingest_once(database, light)

        rows = rows_of(database, "document_chunks", light)
        assert "".join(row["text"] for row in rows) == light.markdown
        assert [row["heading_path"] for row in rows] == [each.heading_path for each in light.chunks.chunks]
        assert {(row["realm"], row["language"], row["document_checksum"]) for row in rows} == {
            ("science", "en", light.source.checksum)
        }
        assert report == IngestReport(3, 0, 0, 3, 0, 0)

    def test_ties_each_fact_to_its_chunk(self, database: Database, light: Given) -> None:
        ingest_once(database, light)

        ids = [row["id"] for row in rows_of(database, "document_chunks", light)]
        assert [row["chunk_id"] for row in rows_of(database, "document_facts", light)] == ids

    def test_writes_no_row_twice(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        before = everything(database, light)

        report = ingest_once(database, light)

        assert everything(database, light) == before
        assert report == IngestReport(0, 3, 0, 0, 3, 0)

    def test_keeps_equal_chunks_apart_and_in_place(self, database: Database) -> None:
        twice = stored(database, given("# One\n\nThe same words.\n\n# One\n\nThe same words.\n\n"))
        ingest_once(database, twice)
        before = everything(database, twice)

        ingest_once(database, twice)

        assert everything(database, twice) == before

    def test_takes_a_fact_that_is_told_twice_once(self, database: Database, light: Given) -> None:
        told_twice = replace(light, facts=light.facts.model_copy(update={"facts": light.facts.facts * 2}))

        report = ingest_once(database, told_twice)

        assert report.facts_added == 3

    def test_removes_all_of_a_document_that_became_empty(self, database: Database, light: Given) -> None:
        ingest_once(database, light)

        report = ingest_once(database, stored(database, light.changed_to("")))

        assert everything(database, light) == []
        assert (report.chunks_removed, report.facts_removed) == (3, 3)

    def test_is_linear_in_the_chunks(self, database: Database) -> None:
        """A thousand chunks go in with as many statements as one does."""
        one, thousand = (
            stored(database, given("".join(f"## Part {n}\n\nWords of part {n}.\n\n" for n in range(size))))
            for size in (1, 1000)
        )

        counts = [statements_of(database, document) for document in (one, thousand)]

        assert counts[0] == counts[1]
        assert len(rows_of(database, "document_chunks", thousand)) == len(thousand.chunks.chunks) > 100


class TestChangedDocument:
    def test_keeps_the_ids_of_what_did_not_change(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        before = chunk_ids(database, light)

        report = ingest_once(database, stored(database, light.changed_to(CHANGED)))

        after = chunk_ids(database, light)
        kept = {"Reflection of light", "Spherical lenses"}
        assert {name for name in after if before.get(name) == after[name]} == kept
        assert (report.chunks_added, report.chunks_kept, report.chunks_removed) == (2, 2, 1)

    def test_moves_what_stayed_to_its_new_place(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        changed = stored(database, light.changed_to(CHANGED))

        ingest_once(database, changed)

        rows = rows_of(database, "document_chunks", changed)
        assert [row["ordinal"] for row in rows] == [0, 1, 2, 3]
        assert [(row["char_start"], row["char_end"]) for row in rows] == [
            (each.start, each.end) for each in changed.chunks.chunks
        ]
        assert all(row["text"] == changed.markdown[row["char_start"] : row["char_end"]] for row in rows)
        assert {row["document_checksum"] for row in rows} == {changed.source.checksum}

    def test_keeps_a_fact_that_moved_to_another_chunk(self, database: Database, light: Given) -> None:
        """The chunk that held it is gone, and must not take it along."""
        ingest_once(database, light)
        [old] = [row for row in rows_of(database, "document_facts", light) if "index" in row["statement"]]
        changed = stored(database, light.changed_to(CHANGED)).with_facts(Crown_glass_has_the_index_1_52=2)

        report = ingest_once(database, changed)

        [row] = rows_of(database, "document_facts", changed)
        assert row["id"] == old["id"]
        assert row["chunk_id"] != old["chunk_id"]
        assert (report.facts_kept, report.facts_removed) == (1, 2)

    def test_follows_the_document_into_another_realm_and_language(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        moved = replace(light, source=replace(light.source, realm="archive", language="hi"))

        report = ingest_once(database, moved)

        assert {(row["realm"], row["language"]) for row in everything(database, moved)} == {("archive", "hi")}
        assert (report.chunks_kept, report.facts_kept) == (3, 3)


class TestVectors:
    def test_are_wanted_for_new_chunks_only(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        changed = light.changed_to(CHANGED)

        with database.transaction() as session:
            again = chunks_to_embed(session, light.source, light.chunks, MODEL)
            wanted = chunks_to_embed(session, changed.source, changed.chunks, MODEL)

        assert again == []
        assert [changed.chunks.chunks[ordinal].heading_path[-1] for ordinal in wanted] == [
            "Mirrors",
            "Refraction of light",
        ]

    def test_are_wanted_again_from_another_model(self, database: Database, light: Given) -> None:
        ingest_once(database, light)

        with database.transaction() as session:
            wanted = chunks_to_embed(session, light.source, light.chunks, "another")

        assert wanted == [0, 1, 2]

    def test_of_another_model_replace_those_before_and_keep_the_rows(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        before = rows_of(database, "document_chunks", light)

        ingest_once(database, light, model="another", vectors={ordinal: [1.0, 2.0] for ordinal in range(3)})

        after = rows_of(database, "document_chunks", light)
        assert [row["id"] for row in after] == [row["id"] for row in before]
        assert {(row["embedding"], row["embedding_model"]) for row in after} == {("[1,2]", "another")}

    def test_that_are_missing_stop_the_ingestion(self, database: Database, light: Given) -> None:
        with pytest.raises(VectorsMissing, match=r"2 chunks have no vector of .*1, 2"):
            ingest_once(database, light, vectors={0: [1.0]})

        assert everything(database, light) == []

    def test_are_not_needed_to_be_found_by_words(self, database: Database, light: Given) -> None:
        ingest_once(database, light, vectors=None)

        assert {row["embedding"] for row in rows_of(database, "document_chunks", light)} == {None}

    def test_that_are_there_stay_when_none_come(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        before = everything(database, light)

        ingest_once(database, light, vectors=None)

        assert everything(database, light) == before


class TestReaders:
    def test_see_the_old_document_until_the_new_one_is_whole(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        old = everything(database, light)
        changed = stored(database, light.changed_to(CHANGED))

        with database.transaction() as writer:
            run(writer, changed)
            meanwhile = everything(database, light)

        assert meanwhile == old
        assert [row["text"] for row in rows_of(database, "document_chunks", light)] == [
            each.text for each in changed.chunks.chunks
        ]

    def test_see_the_old_document_after_the_writer_was_killed(self, database: Database, light: Given) -> None:
        ingest_once(database, light)
        old = everything(database, light)
        changed = stored(database, light.changed_to(CHANGED))

        with pytest.raises(sa.exc.OperationalError):
            ingest_and_die(database, changed)

        assert everything(database, light) == old

    def test_see_the_new_document_after_the_killed_writer_tries_again(self, database: Database, light: Given) -> None:
        changed = stored(database, light.changed_to(CHANGED))
        with pytest.raises(sa.exc.OperationalError):
            ingest_and_die(database, changed)

        report = ingest_once(database, changed)

        assert report.chunks_added == len(rows_of(database, "document_chunks", changed)) == 4


class TestTwoAtOnce:
    def test_follow_each_other(self, database: Database, light: Given) -> None:
        """The second waits at the document's row, then finds the rows of the first."""
        reports: list[IngestReport] = []
        second = threading.Thread(target=lambda: reports.append(ingest_once(database, light)))

        with database.transaction() as first:
            run(first, light)
            second.start()
            waited = waits_for_lock(database)
        second.join(30)

        assert waited
        assert reports == [IngestReport(0, 3, 0, 0, 3, 0)]
        assert len(rows_of(database, "document_chunks", light)) == 3

    def test_of_different_documents_do_not_wait(self, database: Database, light: Given) -> None:
        other = stored(database, given("# Sound\n\nSound needs a medium.\n", title="Sound"))

        with database.transaction() as first:
            run(first, light)
            report = ingest_once(database, other)

        assert report.chunks_added == 1


class TestWrongInput:
    def test_of_an_unknown_document_is_refused(self, database: Database) -> None:
        with pytest.raises(UnknownDocument):
            ingest_once(database, given())

    def test_of_a_file_that_was_replaced_meanwhile_is_refused(self, database: Database, light: Given) -> None:
        stored(database, light.changed_to(CHANGED))

        with pytest.raises(DocumentReplaced, match="replaced by another file"):
            ingest_once(database, light)

        assert everything(database, light) == []

    def test_of_chunks_of_another_text_is_refused(self, database: Database, light: Given) -> None:
        with pytest.raises(OutputsDisagree, match="chunks were not made from these pages"):
            ingest_once(database, light, markdown=light.markdown + "more")

    def test_of_facts_of_other_chunks_is_refused(self, database: Database, light: Given) -> None:
        changed = stored(database, light.changed_to(CHANGED))

        with pytest.raises(OutputsDisagree, match="facts were not made from these chunks"):
            ingest_once(database, changed, facts=light.facts)

    def test_leaves_what_was_there(self, database: Database, light: Given) -> None:
        document = ingested(database, light)
        before = everything(database, document)

        with pytest.raises(OutputsDisagree):
            ingest_once(database, document, markdown="another")

        assert everything(database, document) == before


def statements_of(database: Database, document: Given) -> int:
    counted: list[str] = []

    def count(*execution: Any) -> None:
        counted.append(execution[2])

    sa.event.listen(database.engine, "before_cursor_execute", count)
    ingest_once(database, document)
    sa.event.remove(database.engine, "before_cursor_execute", count)
    return len(counted)


def ingest_and_die(database: Database, document: Given) -> None:
    """Do all of an ingestion but the commit, then lose the connection, as when the process is killed."""
    with database.transaction() as writer, database.transaction() as other:
        run(writer, document)
        pid = writer.scalar(sa.text("SELECT pg_backend_pid()"))
        other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def waits_for_lock(database: Database) -> bool:
    """Say whether some connection comes to wait for a lock within ten seconds."""
    statement = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM documents%'
    """
    for _ in range(200):
        with database.transaction() as session:
            if session.scalar(sa.text(statement)):
                return True
            session.execute(sa.text("SELECT pg_sleep(0.05)"))
    return False
