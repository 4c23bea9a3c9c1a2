"""The nightly clean-up: it keeps the newest, and never takes an original or what is current."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from document_factories import add_row, claim, output
from factories import FakeClock
from hydrateall.core.runtime import Runtime
from hydrateall.documents import cleaning, repository, workflow
from hydrateall.documents.enums import StageName
from hydrateall.documents.storage import Storage

TWO_DAYS = 2 * 24 * 3600


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(str(tmp_path))


@pytest.fixture
def runtime_now(runtime: Runtime, clock: FakeClock) -> Runtime:
    """A runtime whose clock is that of the files."""
    clock.moment = datetime.now(UTC)
    return runtime


def convert(runtime: Runtime, storage: Storage, document: uuid.UUID, content: str) -> str:
    """Give the document another output of its first stage; return its key."""
    with runtime.database.transaction() as session:
        workflow.reset(session, document, stages=[StageName.MARKDOWN_CONVERSION], now=runtime.now())
    claimed = claim(runtime, document)
    assert claimed
    made = output(claimed.stage, content)
    key = f"documents/{document}/stages/{claimed.stage}/{made.checksum[:8]}/light.md"
    storage.write(key, content.encode())
    with runtime.database.transaction() as session:
        workflow.complete(session, claimed, type(made)(**{**made.__dict__, "file_path": key}), now=runtime.now())
    return key


def age(tmp_path: Path, key: str) -> None:
    old = time.time() - TWO_DAYS
    os.utime(tmp_path / key, (old, old))


class TestCleaning:
    def test_keeps_the_newest_outputs_of_a_stage(
        self, runtime_now: Runtime, storage: Storage, clock: FakeClock
    ) -> None:
        document = add_row(runtime_now)
        keys = []
        for number in range(5):
            keys.append(convert(runtime_now, storage, document, f"text {number}"))
            clock.advance(1)

        report = cleaning.clean(runtime_now, storage)

        assert report.outputs == 2
        assert [storage.has(key) for key in keys] == [False, False, True, True, True]
        assert cleaning.clean(runtime_now, storage).outputs == 0

    def test_keeps_what_is_current_however_old(self, runtime_now: Runtime, storage: Storage) -> None:
        document = add_row(runtime_now)
        first = convert(runtime_now, storage, document, "text 0")
        for number in range(1, 5):
            convert(runtime_now, storage, document, f"text {number}")
        convert(runtime_now, storage, document, "text 0")

        cleaning.clean(runtime_now, storage)

        assert storage.has(first)
        with runtime_now.database.transaction() as session:
            current = repository.current_output(session, document, StageName.MARKDOWN_CONVERSION)
        assert current
        assert current.file_path == first

    def test_sweeps_old_files_that_no_row_names_and_keeps_the_original(
        self, runtime_now: Runtime, storage: Storage, tmp_path: Path
    ) -> None:
        document = add_row(runtime_now)
        with runtime_now.database.transaction() as session:
            found = repository.get(session, document)
        assert found
        original = found.original_path
        stray = f"documents/{document}/stages/chunker/x/light.chunks.json"
        partial = f"documents/{document}/stages/chunker/x/light.chunks.json.abc.part"
        young = f"documents/{document}/stages/chunker/y/light.chunks.json"
        for key in (original, stray, partial, young):
            storage.write(key, b"1")
        for key in (original, stray, partial):
            age(tmp_path, key)

        report = cleaning.clean(runtime_now, storage)

        assert report.stray_files == 2
        assert {file.key for file in storage.list("documents")} == {original, young}

    def test_keeps_the_originals_of_earlier_versions(
        self, runtime_now: Runtime, storage: Storage, tmp_path: Path
    ) -> None:
        document = add_row(runtime_now)
        earlier = f"documents/{document}/original/0123456789abcdef/first edition.pdf"
        storage.write(earlier, b"1")
        age(tmp_path, earlier)

        cleaning.clean(runtime_now, storage)

        assert storage.has(earlier)

    def test_keeps_the_originals_of_documents_that_it_does_not_know(
        self, runtime_now: Runtime, storage: Storage, tmp_path: Path
    ) -> None:
        """The storage may be another installation's too, or younger than the database."""
        theirs = f"documents/{uuid.uuid4()}/original/0123456789abcdef/their book.pdf"
        storage.write(theirs, b"1")
        age(tmp_path, theirs)

        cleaning.clean(runtime_now, storage)

        assert storage.has(theirs)
