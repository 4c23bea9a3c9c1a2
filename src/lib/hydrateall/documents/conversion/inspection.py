"""The checks at upload, before anything is stored: is it what it says, and can it be opened without harm."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hydrateall.documents.conversion import archives, errors, kinds, pdf_checks
from hydrateall.documents.conversion.kinds import Kind
from hydrateall.documents.conversion.limits import FileFacts, Limits
from hydrateall.documents.conversion.names import safe_name

TEXT_KINDS = (kinds.HTML, kinds.MARKDOWN, kinds.TEXT)
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
HEAD_BYTES = 4096


def inspect(content: bytes | Path | str, source_name: str, limits: Limits) -> FileFacts:
    """Facts of a file that may be stored, or the error that says what is wrong. A path's size is asked before its
    bytes are read."""
    name = safe_name(source_name)
    if isinstance(content, (Path, str)):
        _check_size(name, Path(content).stat().st_size, limits)
        content = Path(content).read_bytes()
    _check_size(name, len(content), limits)
    kind = _kind_by_name(name, content)
    _check_content(name, kind, content, limits)
    return FileFacts(
        mime_type=kind.mime_type,
        extension=kind.extension,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _check_size(name: str, size: int, limits: Limits) -> None:
    if size == 0:
        raise errors.EmptyFile(name)
    if size > limits.most_bytes:
        raise errors.FileTooLarge(name, size, limits.most_bytes)


def _kind_by_name(name: str, content: bytes) -> Kind:
    extension = kinds.extension_of(name)
    if instead := kinds.WITH_MACROS.get(extension):
        raise errors.MacroFile(name, instead)
    if instead := kinds.OLD_OFFICE.get(extension):
        raise errors.EncryptedFile(name) if _is_encrypted_office(content) else errors.OldOfficeFile(name, instead)
    if kind := kinds.BY_EXTENSION.get(extension):
        return kind
    what = kinds.foreign(content[:HEAD_BYTES]) or (f"a .{extension} file" if extension else "a file without extension")
    raise errors.UnknownFileType(name, what, kinds.TAKES)


def _check_content(name: str, kind: Kind, content: bytes, limits: Limits) -> None:
    if kind in TEXT_KINDS:
        return _check_text(name, kind, content)
    if content.startswith(kinds.OLE_START):
        return _refuse_ole(name, kind, content)
    if kind is kinds.PDF:
        return pdf_checks.check(name, content, limits)
    if not content.startswith(kinds.ZIP_START):
        raise _mislabelled(name, kind, content)
    return archives.check(name, kind, content, limits)


def _refuse_ole(name: str, kind: Kind, content: bytes) -> None:
    """An encrypted Office file is an OLE container, whatever its extension; so is Office before 2007."""
    if _is_encrypted_office(content):
        raise errors.EncryptedFile(name)
    raise errors.OldOfficeFile(name, f".{kind.extension}")


def _is_encrypted_office(content: bytes) -> bool:
    return content.startswith(kinds.OLE_START) and "EncryptedPackage".encode("utf-16-le") in content


def _check_text(name: str, kind: Kind, content: bytes) -> None:
    """Text may begin in any way but that of another format, and holds no NUL unless it is UTF-16."""
    unmarked = content.startswith(BYTE_ORDER_MARKS[1:])
    if not (other := _other_kind(content)) and not unmarked and b"\x00" in content:
        raise errors.CorruptFile(name, "it holds NUL bytes, which no text has")
    if other:
        raise _mislabelled(name, kind, content)
    if not any(content.removeprefix(mark).strip() for mark in _marks_of(content)):
        raise errors.EmptyFile(name)


def _marks_of(content: bytes) -> tuple[bytes, ...]:
    return tuple(mark for mark in BYTE_ORDER_MARKS if content.startswith(mark)) or (b"",)


def _other_kind(content: bytes) -> str | None:
    """What else the content is, if it begins as something that is not text."""
    if content.startswith(kinds.PDF_START):
        return kinds.PDF.words
    if content.startswith(kinds.ZIP_START):
        return "a zip archive (perhaps Office or EPUB)"
    if content.startswith(kinds.OLE_START):
        return "an old Office file"
    return kinds.foreign(content[:HEAD_BYTES])


def _mislabelled(name: str, kind: Kind, content: bytes) -> errors.MislabelledFile:
    holds = _other_kind(content) or ("plain text" if b"\x00" not in content[:HEAD_BYTES] else "something else")
    return errors.MislabelledFile(name, kind.words, holds, "Give it the extension of what it holds, or save it anew.")
