"""Checks of zip archives (Office, EPUB): nothing in them leads out, unpacks without end or is another archive."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib

from hydrateall.documents.conversion import errors, kinds
from hydrateall.documents.conversion.kinds import Kind
from hydrateall.documents.conversion.limits import Limits
from hydrateall.documents.conversion.names import entry_objection

MOST_ENTRIES = 20_000
SMALL_BYTES = 1_000_000  # an archive that unpacks to less harms nobody, however well it was packed
PIECE = 1 << 20
MARKUP = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".svg", ".vml")
ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!\s*DOCTYPE", re.IGNORECASE)
EMBEDDED = re.compile(r"(^|/)embeddings/")
"""Where Office keeps the workbook behind a chart. Nobody opens it here."""
MACRO_PART = re.compile(r"(?i)(^|/)(vbaProject\.bin|vbaData\.xml)$")
ENCRYPTED_FLAG = 0x1
EPUB_FONT_OBFUSCATION = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")


def check(name: str, kind: Kind, content: bytes, limits: Limits) -> None:
    """Refuses an archive that is not a sound file of this kind."""
    if kinds.PDF_START in content[:1024]:
        raise errors.TwoFilesInOne(name, kind.words, "a PDF")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(name, archive.infolist(), len(content), limits)
            _check_parts(name, kind, archive)
            _read_all(name, kind, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, OSError) as error:
        raise errors.CorruptFile(name, f"its archive cannot be read ({_first_words(error)})") from error


def _first_words(error: Exception) -> str:
    words = str(error) or type(error).__name__
    return words if len(words) <= 80 else f"{words[:79]}…"


def _check_directory(name: str, entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if len(entries) > MOST_ENTRIES:
        raise errors.UnpacksTooFar(name, f"has {len(entries):,} parts")
    for entry in entries:
        _check_entry(name, entry)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.most_unpacked_bytes:
        raise errors.UnpacksTooFar(name, f"unpacks to {errors.megabytes(unpacked)}")
    if unpacked > SMALL_BYTES and unpacked > limits.most_expansion * packed:
        raise errors.UnpacksTooFar(name, f"unpacks to {unpacked / packed:,.0f} times its size")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise errors.CorruptFile(name, "two of its parts have the same name")


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    raw = entry.orig_filename
    if why := entry_objection(raw):
        raise errors.UnsafeEntry(name, raw, why)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise errors.UnsafeEntry(name, raw, "is a link to another file")
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise errors.EncryptedFile(name)
    if kinds.extension_of(raw) in kinds.ARCHIVES and not EMBEDDED.search(raw):
        raise errors.NestedArchive(name, raw)


def _check_parts(name: str, kind: Kind, archive: zipfile.ZipFile) -> None:
    parts = set(archive.namelist())
    if any(MACRO_PART.search(part) for part in parts):
        raise errors.MacroFile(name, f".{kind.extension}")
    if kind.main_part in parts:
        return
    other = next((each for each in kinds.KINDS if each.main_part in parts), None)
    if other:
        remedy = f"Give it the extension .{other.extension} and send it again."
        raise errors.MislabelledFile(name, kind.words, other.words, remedy)
    if kind is kinds.EPUB or "[Content_Types].xml" in parts:
        raise errors.CorruptFile(name, f"its part {kind.main_part} is missing")
    raise errors.MislabelledFile(
        name, kind.words, "a zip archive", "Unpack it and send the documents in it one by one."
    )


def _read_all(name: str, kind: Kind, archive: zipfile.ZipFile) -> None:
    """Reads every part once: the checksums must hold, the sizes must be the declared ones, markup must be harmless."""
    for entry in archive.infolist():
        with archive.open(entry) as part:
            head = part.read(PIECE)
            _check_nested(name, entry.filename, head)
            if entry.filename.lower().endswith(MARKUP):
                _check_markup(name, kind, entry.filename, head + part.read())
            while part.read(PIECE):
                pass


def _check_nested(name: str, entry: str, head: bytes) -> None:
    if head.startswith((kinds.ZIP_START, b"Rar!", b"7z\xbc\xaf", b"\xfd7zXZ")) and not EMBEDDED.search(entry):
        raise errors.NestedArchive(name, entry)


def _check_markup(name: str, kind: Kind, entry: str, text: bytes) -> None:
    """EPUB has document types by its standard, but no entities of its own; Office has neither."""
    plain = text.replace(b"\x00", b"") if b"\x00" in text[:64] else text  # UTF-16 hides from a search of bytes
    if ENTITY.search(plain) or (kind is not kinds.EPUB and DOCTYPE.search(plain)):
        raise errors.UnsafeMarkup(name, entry)
    if kind is not kinds.EPUB and entry == "[Content_Types].xml" and b"macroEnabled" in plain:
        raise errors.MacroFile(name, f".{kind.extension}")
    if entry == "META-INF/encryption.xml" and _encrypts_text(plain):
        raise errors.EncryptedFile(name)


def _encrypts_text(encryption: bytes) -> bool:
    """Obfuscated fonts are usual in books and hide no text."""
    methods = re.findall(rb"EncryptionMethod[^>]*Algorithm\s*=\s*[\"']([^\"']+)", encryption)
    return any(method not in EPUB_FONT_OBFUSCATION for method in methods)
