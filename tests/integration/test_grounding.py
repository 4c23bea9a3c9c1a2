"""Grounding: writers are given passages of a realm, and every stored item says where it stands."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from document_factories import uploader
from factories import ME
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.models import Topic, TopicNote, TopicQuestion
from hydrateall.documents import intake
from hydrateall.documents.errors import NothingSearchable
from hydrateall.documents.runner import Runner
from hydrateall.documents.schemas import Passage
from hydrateall.documents.service import Storage, anchor, sources_of, stale_content
from hydrateall.hydration import service, tasks
from hydrateall.hydration.models import JobExecutionLog, TopicSources
from hydrateall.hydration.schemas import HydrateRequest

REALM = "science"
TEXT = """# Chemical Reactions and Equations

## Writing and balancing chemical equations

A chemical equation shows the reactants and the products of a chemical reaction by their formulae. A balanced chemical
equation has the same number of atoms of each element on both sides, because mass is conserved in a reaction.

## Combination and decomposition reactions

In a combination reaction two or more substances form one product. In a decomposition reaction one substance breaks
down into two or more products; heat, light or electricity gives the energy that this takes.
"""
CHANGED = TEXT.replace("because mass is conserved in a reaction", "since no atom is made or lost")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Chunks so small that each section of the text is one."""
    return settings.model_copy(update={"chunk_tokens": 80, "chunk_overlap_tokens": 0})


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(str(tmp_path / "storage"))


@pytest.fixture
def document(runtime: Runtime, storage: Storage, tmp_path: Path) -> uuid.UUID:
    """A processed document on the first two topics of the first chapter."""
    path = tmp_path / "reactions.md"
    path.write_text(TEXT, encoding="utf-8")
    taken = intake.add_document(runtime, storage, path, realm=REALM, by=uploader(runtime), title="Reactions")
    process(runtime, storage, taken.id)
    return taken.id


def process(runtime: Runtime, storage: Storage, document: uuid.UUID) -> None:
    with Runner(runtime, storage, owner="test") as runner:
        assert runner.process(document).failures == []


def request(ground: str | None = REALM) -> HydrateRequest:
    return HydrateRequest.model_validate(
        {
            "boardCode": "CBSE",
            "grade": "10",
            "subjectCode": "SCIENCE",
            "options": {"chapterLimit": 1, "ground": ground},
        }
    )


def hydrate(runtime: Runtime, ground: str | None = REALM) -> uuid.UUID:
    """Hydrate the first chapter of Science, as its DAG does."""
    with runtime.database.transaction() as session:
        root = service.submit(
            session, request(ground), actor=ME, settings=runtime.settings, now=runtime.now(), dag_run_id="test"
        ).root_job_id
        service.open_root(session, root, dag_run_id="test", now=runtime.now())
    for chapter in tasks.write_chapters(runtime, root_id=str(root), owner="test"):
        for level in ("topics", "notes", "questions"):
            tasks.draft_level(runtime, level=level, root_id=str(root), chapter_id=chapter["id"], owner=f"test {level}")
    return root


def notes(runtime: Runtime) -> dict[int, TopicNote]:
    with runtime.database.transaction() as session:
        query = sa.select(Topic.topic_number, TopicNote).join(TopicNote, TopicNote.topic_id == Topic.id)
        return dict(session.execute(query).tuples().all())


class TestAGroundedHydration:
    def test_gives_every_item_of_a_covered_topic_its_anchors(self, runtime: Runtime, document: uuid.UUID) -> None:
        hydrate(runtime)

        first = notes(runtime)[1]
        with runtime.database.transaction() as session:
            questions = session.scalars(
                sa.select(TopicQuestion.id).where(TopicQuestion.topic_id == first.topic_id)
            ).all()
            found = sources_of(session, [first.id, *questions])
        assert set(found) == {first.id, *questions}
        assert {source.document_id for sources in found.values() for source in sources} == {document}
        assert found[first.id][0].heading_path[-1] == "Writing and balancing chemical equations"
        assert found[first.id][0].place == "Reactions, Writing and balancing chemical equations"

    @pytest.mark.usefixtures("document")
    def test_writes_what_no_passage_speaks_of_without_sources_and_says_so(self, runtime: Runtime) -> None:
        root = hydrate(runtime)

        with runtime.database.transaction() as session:
            said = session.scalars(sa.select(JobExecutionLog.message).where(JobExecutionLog.job_id == root)).all()
            found = sources_of(session, [notes(runtime)[5].id])
        assert found == {}
        assert any("No passage of the realm science speaks of 1.5 Corrosion and rancidity" in (m or "") for m in said)

    @pytest.mark.usefixtures("document")
    def test_takes_facts_of_the_passages_into_the_note(self, runtime: Runtime) -> None:
        hydrate(runtime)

        assert "## Also worth knowing" in notes(runtime)[1].content
        assert "## Also worth knowing" not in notes(runtime)[5].content

    @pytest.mark.usefixtures("document")
    def test_finds_the_passages_once_for_all_writers_of_a_topic(self, runtime: Runtime) -> None:
        hydrate(runtime)

        with runtime.database.transaction() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(TopicSources)) == 5

    @pytest.mark.usefixtures("document")
    def test_without_a_realm_stands_on_nothing(self, runtime: Runtime) -> None:
        hydrate(runtime, ground=None)

        with runtime.database.transaction() as session:
            assert sources_of(session, [note.id for note in notes(runtime).values()]) == {}
            assert session.scalar(sa.select(sa.func.count()).select_from(TopicSources)) == 0

    @pytest.mark.usefixtures("document")
    def test_is_refused_on_a_realm_that_holds_nothing(self, runtime: Runtime) -> None:
        with (
            runtime.database.transaction() as session,
            pytest.raises(NothingSearchable, match="There is no realm 'sciences'") as refused,
        ):
            service.prospect(session, request("sciences"), settings=runtime.settings, now=runtime.now())
        assert "Those there are: science." in refused.value.remedy

    @pytest.mark.usefixtures("document")
    def test_is_refused_where_the_realm_holds_another_language_only(self, runtime: Runtime) -> None:
        hindi = request().model_copy(update={"language": "hi"})

        with (
            runtime.database.transaction() as session,
            pytest.raises(NothingSearchable, match="none in 'hi' is searchable"),
        ):
            service.prospect(session, hindi, settings=runtime.settings, now=runtime.now())


class TestAChangedSource:
    def test_makes_stale_what_stood_on_the_changed_passage_only(
        self, runtime: Runtime, storage: Storage, document: uuid.UUID, tmp_path: Path
    ) -> None:
        hydrate(runtime)
        with runtime.database.transaction() as session:
            assert stale_content(session) == []
        path = tmp_path / "second.md"
        path.write_text(CHANGED, encoding="utf-8")
        intake.replace_document(runtime, storage, document, path, by=uploader(runtime), source_name=None)
        process(runtime, storage, document)

        with runtime.database.transaction() as session:
            stale = stale_content(session, realm=REALM)
            kept = sources_of(session, [note.id for note in notes(runtime).values()])
        assert notes(runtime)[1].id in {item.content_id for item in stale}
        assert notes(runtime)[2].id not in {item.content_id for item in stale}
        assert [source.stale for source in kept[notes(runtime)[2].id]][:1] == [False]


class TestAnAnchor:
    @pytest.mark.usefixtures("document")
    def test_is_noted_once_however_often(self, runtime: Runtime) -> None:
        hydrate(runtime)
        with runtime.database.transaction() as session:
            note = notes(runtime)[1]
            passages = session.scalars(sa.select(TopicSources).where(TopicSources.topic_id == note.topic_id)).one()
            found = [Passage.model_validate(each) for each in passages.passages]
            before = len(sources_of(session, [note.id])[note.id])

            anchor(session, ContentType.NOTE, [(note.id, note.content)], found)

            assert len(sources_of(session, [note.id])[note.id]) == before
