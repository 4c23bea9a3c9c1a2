"""Where files are kept: a folder or a bucket, by fsspec. Keys are relative: `documents/{id}/original|stages/…`."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from hydrateall.core.errors import Unavailable, UsageError

PARTIAL = ".part"  # the end of a name that a file has until it is whole
GZIP_LEVEL = 6
PIECE = 262_144  # bytes that are read of a file at once when it is passed on


class StorageDown(Unavailable):
    """The storage did not take or give a file."""

    def __init__(self, what: str, reason: object) -> None:
        super().__init__(
            f"The storage could not {what}: {reason}.",
            "Check HYDRATEALL_STORAGE_URL, the rights on it and the space that is left.",
        )


class FileMissing(Unavailable):
    """A file that a row names is not in the storage."""

    retryable = False

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The file {key} is not in the storage.",
            "Bring it back from a backup. An output can be made anew: `hydrateall documents run DOCUMENT --force`.",
        )


class FileDamaged(Unavailable):
    """A file in the storage is not what was written there."""

    retryable = False

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The file {key} in the storage is not what was written there: its SHA-256 differs.",
            "Bring it back from a backup; an output can be made anew by `hydrateall documents run DOCUMENT --force`.",
        )


@dataclass(frozen=True)
class StoredFile:
    """A file as the storage lists it."""

    key: str
    size: int
    modified: datetime


class Storage:
    """One place to keep files. A file appears whole or not at all: it is renamed to its key when it is written."""

    def __init__(self, filesystem: AbstractFileSystem, root: str) -> None:
        self._files = filesystem
        self._root = root.rstrip("/")

    @classmethod
    def open(cls, url: str, **options: Any) -> Storage:
        """Open the storage at a URL (`file:///…`, `s3://bucket/…`, a plain path); raise UsageError."""
        try:
            filesystem, root = url_to_fs(url, **options)
        except (ValueError, ImportError) as error:
            raise UsageError(
                f"The storage {url!r} cannot be opened: {error}.",
                "Set HYDRATEALL_STORAGE_URL to a folder, or to a URL whose fsspec package is installed (s3fs for s3://).",
            ) from None
        return cls(filesystem, root)

    def write(self, key: str, content: bytes) -> None:
        """Write a file under a temporary name and rename it; raise StorageDown. The same again changes nothing."""
        path = self._path(key)
        partial = f"{path}.{uuid.uuid4().hex[:12]}{PARTIAL}"
        try:
            self._files.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
            self._files.pipe_file(partial, content)
            self._files.mv(partial, path)
        except OSError as error:
            self._forget(partial)
            raise StorageDown(f"write {key}", error.strerror or error) from None

    def read(self, key: str) -> bytes:
        """Read a file; raise FileMissing or StorageDown."""
        try:
            content: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError:
            raise FileMissing(key) from None
        except OSError as error:
            raise StorageDown(f"read {key}", error.strerror or error) from None
        return content

    def pieces(self, key: str) -> Iterator[bytes]:
        """Read a file piece by piece, so that a large one never stands in memory; raise FileMissing or StorageDown."""
        try:
            with self._files.open(self._path(key), "rb") as file:
                while piece := file.read(PIECE):
                    yield piece
        except FileNotFoundError:
            raise FileMissing(key) from None
        except OSError as error:
            raise StorageDown(f"read {key}", error.strerror or error) from None

    def has(self, key: str, *, size: int | None = None) -> bool:
        """Say whether a file is there, and has this size."""
        path = self._path(key)
        try:
            return bool(self._files.exists(path)) and size in (None, self._files.size(path))
        except OSError as error:
            raise StorageDown(f"look for {key}", error.strerror or error) from None

    def delete(self, key: str) -> None:
        """Delete a file; that it is gone already is as well."""
        try:
            self._files.rm_file(self._path(key))
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageDown(f"delete {key}", error.strerror or error) from None

    def list(self, prefix: str) -> list[StoredFile]:
        """Every file below a prefix, partial ones too."""
        try:
            self._files.invalidate_cache()
            found = self._files.find(self._path(prefix), detail=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageDown(f"list {prefix}", error.strerror or error) from None
        return [
            StoredFile(path.removeprefix(f"{self._root}/"), int(info["size"] or 0), self._modified(path, info))
            for path, info in sorted(found.items())
        ]

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """The file as a path on this machine: itself in a folder, a temporary copy of what is in a bucket."""
        if isinstance(self._files, LocalFileSystem):
            if not self.has(key):
                raise FileMissing(key)
            yield Path(self._path(key))
            return
        with tempfile.TemporaryDirectory(prefix="hydrateall-") as folder:
            path = Path(folder, PurePosixPath(key).name)
            path.write_bytes(self.read(key))
            yield path

    def _path(self, key: str) -> str:
        parts = PurePosixPath(key).parts
        if not parts or ".." in parts or key.startswith("/"):
            raise ValueError(f"{key!r} is not a key of the storage")
        return f"{self._root}/{key}"

    def _forget(self, path: str) -> None:
        try:
            self._files.rm_file(path)
        except OSError:
            return  # the nightly clean-up finds it by its ending

    def _modified(self, path: str, info: dict[str, Any]) -> datetime:
        found = info.get("mtime") or info.get("LastModified") or info.get("created")
        if isinstance(found, (int, float)):
            return datetime.fromtimestamp(found, UTC)
        return found.astimezone(UTC) if isinstance(found, datetime) else self._files.modified(path).astimezone(UTC)


def packed(content: bytes, *, above: int) -> tuple[bytes, str]:
    """The bytes as they are stored, and their encoding: compressed if larger than `above`, the same each time."""
    if len(content) <= above:
        return content, "identity"
    return gzip.compress(content, GZIP_LEVEL, mtime=0), "gzip"


def checked(content: bytes, checksum: str, key: str) -> bytes:
    """The content, if it is the one with this SHA-256; raise FileDamaged."""
    if hashlib.sha256(content).hexdigest() != checksum:
        raise FileDamaged(key)
    return content


def unpacked(stored: bytes, encoding: str, *, checksum: str, key: str) -> bytes:
    """The content of a stored file, if it is the one with this SHA-256; raise FileDamaged."""
    try:
        content = gzip.decompress(stored) if encoding == "gzip" else stored
    except (OSError, EOFError, zlib.error):
        raise FileDamaged(key) from None
    return checked(content, checksum, key)
