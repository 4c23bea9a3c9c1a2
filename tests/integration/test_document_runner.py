"""The runner over the real stages: each ends whole or not at all, whatever dies, and what is done is not done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from document_factories import stages, uploader
from factories import FakeClock
from hydrateall.core.runtime import Runtime
from hydrateall.documents import intake, repository, runs, workflow
from hydrateall.documents.enums import StageName, StageStatus
from hydrateall.documents.errors import AlreadyThere, DocumentBusy, DocumentError
from hydrateall.documents.runner import Ended, Runner
from hydrateall.documents.service import document_detail, search
from hydrateall.documents.storage import Storage

TEXT = """# Light

## Reflection

Reflection is the return of light from a surface into the medium that it came from. A plane mirror forms a virtual
image as far behind the mirror as the object stands before it.

## Refraction

Refraction is the bending of light at the border of two media. The refractive index of water is 1.33.
"""
OTHER = TEXT + "\n## Dispersion\n\nDispersion is the splitting of white light into its colours by a prism.\n"
ALL = list(StageName)

Add = Callable[..., uuid.UUID]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(str(tmp_path / "storage"))


@pytest.fixture
def add(runtime: Runtime, storage: Storage, tmp_path: Path) -> Add:
    """Take in a Markdown text."""
    by = uploader(runtime)

    def take(text: str = TEXT, name: str = "light.md", **more: object) -> uuid.UUID:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return intake.add_document(runtime, storage, path, realm="science", by=by, **more).id  # type: ignore[arg-type]

    return take


def process(runtime: Runtime, storage: Storage, document: uuid.UUID, *wanted: StageName, owner: str = "one") -> Ended:
    with Runner(runtime, storage, owner=owner) as runner:
        return runner.process(document, wanted=wanted or None)


def order_again(runtime: Runtime, document: uuid.UUID, *stages: StageName, force: bool = False) -> None:
    with runtime.database.transaction() as session:
        runs.order(
            session,
            [document],
            by=uploader(runtime),
            now=runtime.now(),
            most=10,
            stages=stages or None,
            force=force,
        )


class TestADocument:
    def test_goes_through_every_stage_and_can_be_searched(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()

        ended = process(runtime, storage, document)

        assert (ended.ran, ended.failures) == (ALL, [])
        with runtime.database.transaction() as session:
            [found, *_] = search(
                session,
                "refractive index of water",
                realm="science",
                language="en",
                vector=None,
                embedding_model="",
                most=3,
                mode="text",
            )
            detail = document_detail(session, document)
        assert "1.33" in found.text
        assert detail.state == "completed"
        assert detail.chunks > 0
        assert detail.facts > 0

    def test_keeps_its_outputs_under_the_layout_of_its_stages(
        self, runtime: Runtime, storage: Storage, add: Add
    ) -> None:
        document = add()
        process(runtime, storage, document)

        kept = {file.key.split("/", 2)[2] for file in storage.list(f"documents/{document}")}

        assert {key.split("/")[0] for key in kept} == {"original", "stages"}
        assert {key.split("/")[1] for key in kept if key.startswith("stages")} == set(StageName)
        assert not any(key.endswith(".part") for key in kept)

    def test_says_of_each_output_its_size_and_digest(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        import hashlib

        from hydrateall.documents.storage import unpacked

        document = add()
        process(runtime, storage, document)

        with runtime.database.transaction() as session:
            outputs = repository.outputs_of(session, document)
        assert len(outputs) == 5
        for output in outputs:
            key = output.file_path
            content = unpacked(storage.read(key), output.encoding, checksum=output.checksum, key=key)
            assert (output.file_size, output.checksum) == (len(content), hashlib.sha256(content).hexdigest())

    def test_whose_file_was_damaged_fails_with_its_sentence(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()
        with runtime.database.transaction() as session:
            key = repository.get(session, document).original_path  # type: ignore[union-attr]
        storage.write(key, b"# Something else")

        ended = process(runtime, storage, document)

        assert ended.ran == []
        [first, *_] = stages_in_order(runtime, document)
        assert first.status is StageStatus.FAILED
        assert first.error_message
        assert "is not what was written there" in first.error_message


class TestASecondRun:
    def test_changes_nothing(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()
        process(runtime, storage, document)
        before = snapshot(runtime, document)
        order_again(runtime, document)

        ended = process(runtime, storage, document)

        assert (ended.ran, ended.unchanged) == ([], ALL)
        assert snapshot(runtime, document) == before

    def test_makes_anew_what_is_forced_once(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()
        process(runtime, storage, document)
        order_again(runtime, document, StageName.CHUNKER, force=True)

        first = process(runtime, storage, document)
        order_again(runtime, document, StageName.CHUNKER)
        second = process(runtime, storage, document)

        assert first.ran == [StageName.CHUNKER]  # the same chunks: what stands on them is not stale
        assert second.unchanged == [StageName.CHUNKER]

    def test_with_other_settings_makes_what_stands_on_them_anew(
        self, runtime: Runtime, storage: Storage, add: Add
    ) -> None:
        document = add()
        process(runtime, storage, document)
        order_again(runtime, document)
        small = Runtime(
            runtime.settings.model_copy(update={"chunk_tokens": 50, "chunk_overlap_tokens": 10}),
            runtime.database,
            runtime.now,
        )

        ended = process(small, storage, document)

        assert ended.unchanged == ALL[:2]
        assert ended.ran == ALL[2:]

    def test_takes_a_missing_file_as_not_done(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()
        process(runtime, storage, document)
        with runtime.database.transaction() as session:
            output = repository.current_output(session, document, StageName.CHUNKER)
        assert output
        storage.delete(output.file_path)
        order_again(runtime, document, StageName.CHUNKER)

        assert process(runtime, storage, document).ran == [StageName.CHUNKER]
        assert storage.has(output.file_path)

    def test_takes_a_file_of_another_size_as_not_done(self, runtime: Runtime, storage: Storage, add: Add) -> None:
        document = add()
        process(runtime, storage, document)
        with runtime.database.transaction() as session:
            output = repository.current_output(session, document, StageName.CHUNKER)
        assert output
        storage.write(output.file_path, b"damaged")
        order_again(runtime, document)

        assert process(runtime, storage, document).ran == [StageName.CHUNKER]

    def test_runs_a_single_stage_and_says_that_the_rest_is_stale(
        self, runtime: Runtime, storage: Storage, add: Add
    ) -> None:
        document = add()
        process(runtime, storage, document)
        order_again(runtime, document, StageName.CHUNKER)
        small = Runtime(
            runtime.settings.model_copy(update={"chunk_tokens": 50, "chunk_overlap_tokens": 10}),
            runtime.database,
            runtime.now,
        )

        process(small, storage, document, StageName.CHUNKER)

        stale = {stage.stage_name for stage in stages(runtime, document) if stage.stale}
        assert stale == {StageName.FACT_GENERATOR, StageName.INGESTOR}
        with runtime.database.transaction() as session:
            assert document_detail(session, document).state == "stale"


class TestAReplacedFile:
    def test_replaces_what_is_searched(self, runtime: Runtime, storage: Storage, add: Add, tmp_path: Path) -> None:
        document = add()
        process(runtime, storage, document)
        other = tmp_path / "second edition.md"
        other.write_text(OTHER, encoding="utf-8")

        taken = intake.replace_document(runtime, storage, document, other, by=uploader(runtime), source_name=None)
        process(runtime, storage, document)

        assert (taken.version, set(taken.stale)) == (2, set(StageName))
        with runtime.database.transaction() as session:
            found = search(
                session,
                "dispersion prism colours",
                realm="science",
                language="en",
                vector=None,
                embedding_model="",
                most=1,
                mode="text",
            )
        assert "Dispersion" in found[0].text
        originals = [file.key for file in storage.list(f"documents/{document}/original")]
        assert len(originals) == 2

    def test_is_refused_while_the_document_is_at_work(
        self, runtime: Runtime, storage: Storage, add: Add, tmp_path: Path
    ) -> None:
        from document_factories import claim

        document = add()
        claim(runtime, document)
        other = tmp_path / "other.md"
        other.write_text(OTHER, encoding="utf-8")

        with pytest.raises(DocumentBusy):
            intake.replace_document(runtime, storage, document, other, by=uploader(runtime), source_name=None)


class TestTwoReplacementsAtOnce:
    def test_by_the_same_file_leave_one_and_refuse_the_other(
        self, runtime: Runtime, storage: Storage, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = add(), add(OTHER, "other.md")
        path = tmp_path / "third.md"
        path.write_text("# A third text\n\nIt is about sound.\n", encoding="utf-8")
        intake.replace_document(runtime, storage, first, path, by=uploader(runtime), source_name=None)
        asked = iter([None])  # the look before the write was too early to see the other
        known = repository.find_by_checksum
        monkeypatch.setattr(repository, "find_by_checksum", lambda *given: next(asked, known(*given)))

        with pytest.raises(AlreadyThere):
            intake.replace_document(runtime, storage, second, path, by=uploader(runtime), source_name=None)

        assert len(storage.list(f"documents/{second}/original")) == 1


class TestTheSameFile:
    def test_is_taken_once_a_realm(self, add: Add) -> None:
        document = add()

        with pytest.raises(AlreadyThere) as there:
            add(name="copy.md")

        assert there.value.document_id == document
        assert "light.md" in str(there.value) or "Light" in str(there.value) or "light" in str(there.value)


class TestARefusal:
    @pytest.mark.parametrize("wrong", [{"realm": "abc\n"}, {"skip": (StageName.CHUNKER,)}])
    def test_of_what_was_asked_keeps_no_file(
        self, runtime: Runtime, storage: Storage, tmp_path: Path, wrong: dict[str, Any]
    ) -> None:
        path = tmp_path / "light.md"
        path.write_text(TEXT, encoding="utf-8")

        with pytest.raises(DocumentError):
            intake.add_document(runtime, storage, path, by=uploader(runtime), **{"realm": "science"} | wrong)

        assert storage.list("documents") == []


class TestAHostileFile:
    def test_leaves_nothing_behind(self, runtime: Runtime, storage: Storage, tmp_path: Path) -> None:
        path = tmp_path / "fake.pdf"
        path.write_bytes(b"MZ this is a program")

        with pytest.raises(DocumentError):
            intake.add_document(runtime, storage, path, realm="science", by=uploader(runtime))

        assert storage.list("documents") == []
        with runtime.database.transaction() as session:
            from hydrateall.documents.service import document_page

            assert document_page(session).documents == []


class TestAFailure:
    def test_that_may_pass_is_tried_again_and_counted(
        self, runtime: Runtime, storage: Storage, add: Add, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        document = add()
        write, failures = Storage.write, iter([OSError("disk full"), OSError("disk full")])

        def flaky(self: Storage, key: str, content: bytes) -> None:
            from hydrateall.documents.storage import StorageDown

            if error := next(failures, None):
                raise StorageDown(f"write {key}", error)
            write(self, key, content)

        monkeypatch.setattr(Storage, "write", flaky)

        ended = process(runtime, storage, document)

        assert ended.ran == ALL
        assert stages_in_order(runtime, document)[0].retry_count == 2

    def test_of_the_storage_that_stays_pauses_the_document_for_a_while(
        self, runtime: Runtime, storage: Storage, add: Add, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hydrateall.documents.storage import StorageDown

        document = add()

        def full(_: Storage, key: str, __: bytes) -> None:
            raise StorageDown(f"write {key}", "No space left on device")

        monkeypatch.setattr(Storage, "write", full)

        ended = process(runtime, storage, document)

        with runtime.database.transaction() as session:
            flow = repository.workflow_of(session, document)
        assert flow
        assert ended.failures == []
        assert "No space left" in (flow.pause_reason or "")
        assert flow.paused_until
        assert {stage.status for stage in stages(runtime, document)} == {StageStatus.PENDING}

    def test_of_worker_after_worker_ends_the_stage(
        self, runtime: Runtime, storage: Storage, add: Add, clock: FakeClock
    ) -> None:
        from document_factories import claim

        document = add()
        for number in range(runtime.settings.max_lost_leases + 1):
            claim(runtime, document, owner=f"worker {number}")
            clock.advance(61)

        ended = process(runtime, storage, document)

        assert "vanished" in ended.failures[0]


KILLED = """
import os, signal, sys, uuid
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.documents import runner as module
from hydrateall.documents.runner import Runner
from hydrateall.documents.storage import Storage

url, root, document, stage, moment = sys.argv[1:]
storage = Storage.open(root)

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def at(name, original):
    def wrapped(self, claim, *more):
        if claim.stage == stage and moment == name:
            die()
        done = original(self, claim, *more)
        if claim.stage == stage and moment == f"after {name}":
            die()
        return done
    return wrapped

Runner._write = at("write", Runner._write)
if moment == "half":
    def half(path, content):
        with open(path, "wb") as file:
            file.write(content[: len(content) // 2])
        die()
    write = Runner._write
    def at_half(self, claim, *more):
        if claim.stage == stage:
            storage._files.pipe_file = half
        return write(self, claim, *more)
    Runner._write = at_half
with Runner(Runtime(Settings(), Database(url)), storage, owner="victim") as runner:
    runner.process(uuid.UUID(document))
"""


class TestAKilledWorker:
    @pytest.mark.parametrize("moment", ["half", "after write"])
    @pytest.mark.parametrize("stage", list(StageName))
    def test_leaves_no_half_output_and_the_next_completes(
        self, runtime: Runtime, storage: Storage, add: Add, tmp_path: Path, stage: StageName, moment: str
    ) -> None:
        document = add()
        code = self.run_and_die(runtime, tmp_path, document, stage, moment)

        assert code == -signal.SIGKILL
        ended = process(runtime, storage, document, owner="victim")

        assert ended.failures == []
        assert {each.status for each in stages(runtime, document)} == {StageStatus.COMPLETED}
        with runtime.database.transaction() as session:
            outputs = repository.outputs_of(session, document)
            detail = document_detail(session, document)
        assert len(outputs) == 5
        assert detail.chunks > 0
        whole = {file.file_path for file in outputs} | {original(runtime, document)}
        left = {file.key for file in storage.list(f"documents/{document}")} - whole
        assert all(key.endswith(".part") for key in left)

    def run_and_die(self, runtime: Runtime, tmp_path: Path, document: uuid.UUID, stage: StageName, moment: str) -> int:
        """Run the document in a process that is killed at a moment of a stage."""
        command = [sys.executable, "-c", KILLED, runtime.database.engine.url.render_as_string(hide_password=False)]
        victim = subprocess.Popen(
            [*command, str(tmp_path / "storage"), str(document), stage, moment], env=os.environ | {"TZ": "UTC"}
        )
        return victim.wait(timeout=120)


def original(runtime: Runtime, document: uuid.UUID) -> str:
    with runtime.database.transaction() as session:
        found = repository.get(session, document)
    assert found
    return found.original_path


def stages_in_order(runtime: Runtime, document: uuid.UUID):  # type: ignore[no-untyped-def]
    with runtime.database.transaction() as session:
        order = [step.stage for step in workflow.stages_in_order(session)]
    return sorted(stages(runtime, document), key=lambda stage: order.index(stage.stage_name))


def snapshot(runtime: Runtime, document: uuid.UUID) -> list[object]:
    """Everything that processing a document writes, but when each stage last ended."""
    import sqlalchemy as sa

    queries = (
        "SELECT id, checksum, file_path, is_current, created_at FROM stage_output_files",
        "SELECT id, checksum, ordinal, embedding::text, created_at FROM document_chunks",
        "SELECT id, checksum, statement, created_at FROM document_facts",
    )
    with runtime.database.transaction() as session:
        chosen = " WHERE document_id = :id ORDER BY 1"
        return [list(session.execute(sa.text(query + chosen), {"id": document})) for query in queries]
