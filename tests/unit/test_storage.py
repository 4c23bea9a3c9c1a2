"""The storage: a file is whole or not there, in a folder and in a bucket alike."""

from __future__ import annotations

import uuid
from hashlib import sha256
from pathlib import Path

import pytest

from hydrateall.core.errors import UsageError
from hydrateall.documents.storage import FileDamaged, FileMissing, Storage, StorageDown, checked, packed, unpacked

KEY = "documents/1/stages/chunker/abc/light.chunks.json"


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """A folder, and fsspec's memory in place of a bucket: it has no paths of this machine either."""
    return Storage.open(str(tmp_path / "kept") if request.param == "folder" else f"memory://{uuid.uuid4().hex}/kept")


class TestStorage:
    def test_gives_back_what_it_took(self, storage: Storage) -> None:
        storage.write(KEY, b"whole")

        assert storage.read(KEY) == b"whole"
        assert storage.has(KEY)

    def test_replaces_a_file_and_leaves_no_other(self, storage: Storage) -> None:
        storage.write(KEY, b"first")
        storage.write(KEY, b"second")

        assert storage.read(KEY) == b"second"
        assert [file.key for file in storage.list("documents")] == [KEY]

    def test_lists_sizes_and_times(self, storage: Storage) -> None:
        storage.write(KEY, b"12345")

        [found] = storage.list("documents/1")

        assert (found.key, found.size) == (KEY, 5)
        assert found.modified.tzinfo

    def test_deletes_what_may_be_gone_already(self, storage: Storage) -> None:
        storage.write(KEY, b"1")

        storage.delete(KEY)
        storage.delete(KEY)

        assert not storage.has(KEY)
        assert storage.list("documents") == []

    def test_says_which_file_is_missing(self, storage: Storage) -> None:
        with pytest.raises(FileMissing, match=r"light\.chunks\.json is not in the storage"):
            storage.read(KEY)
        with pytest.raises(FileMissing), storage.local_copy(KEY):
            pass

    def test_lends_a_path_on_this_machine(self, storage: Storage) -> None:
        storage.write(KEY, b"content")

        with storage.local_copy(KEY) as path:
            assert path.read_bytes() == b"content"

    @pytest.mark.parametrize("key", ["../outside", "documents/../../outside", "/etc/passwd", ""])
    def test_keeps_to_its_root(self, storage: Storage, key: str) -> None:
        with pytest.raises(ValueError, match="is not a key"):
            storage.write(key, b"1")


class TestAFolder:
    def test_that_cannot_be_written_to_is_said_to_be(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")

        with pytest.raises(StorageDown, match="could not write"):
            Storage.open(str(tmp_path / "file")).write(KEY, b"1")

    def test_keeps_no_partial_file_when_writing_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        storage = Storage.open(str(tmp_path))

        def broken(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(storage._files, "mv", broken)

        with pytest.raises(StorageDown, match="No space left"):
            storage.write(KEY, b"1")
        assert storage.list("documents") == []


class TestAnAddress:
    def test_whose_package_is_missing_is_refused_with_the_remedy(self) -> None:
        with pytest.raises(UsageError, match="HYDRATEALL_STORAGE_URL"):
            Storage.open("nowhere://bucket")


class TestPacking:
    def test_compresses_what_is_large_and_is_the_same_each_time(self) -> None:
        content = b"the same words again and again " * 1000

        stored, encoding = packed(content, above=1000)

        assert encoding == "gzip"
        assert len(stored) < len(content) / 10
        assert packed(content, above=1000) == (stored, encoding)
        assert unpacked(stored, encoding, checksum=sha256(content).hexdigest(), key=KEY) == content

    def test_leaves_what_is_small_as_it_is(self) -> None:
        assert packed(b"small", above=1000) == (b"small", "identity")
        assert unpacked(b"small", "identity", checksum=sha256(b"small").hexdigest(), key=KEY) == b"small"

    def test_tells_when_a_file_is_not_what_was_written(self) -> None:
        with pytest.raises(FileDamaged, match="SHA-256 differs"):
            checked(b"other", "0" * 64, KEY)
        with pytest.raises(FileDamaged):
            unpacked(b"not gzip", "gzip", checksum="0" * 64, key=KEY)
