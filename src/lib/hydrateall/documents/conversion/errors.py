"""Why a file cannot be taken in. Each names the file and says what to do; another try finds the same.

DocumentError
├── UnusableFile          before anything is stored: the file itself
│   ├── EmptyFile, FileTooLarge, UnsafeFileName
│   ├── UnknownFileType, MislabelledFile, OldOfficeFile, MacroFile, EncryptedFile, TwoFilesInOne
│   ├── CorruptFile, UnsafeEntry, NestedArchive, UnpacksTooFar, UnsafeMarkup
│   └── TooManyPages
└── NotConverted          while it is read
    ├── NestedTooDeep, UnknownEncoding, OldHindiFont, ScannedPages, NoText
    └── TookTooLong, ConverterDied
"""

from __future__ import annotations

from hydrateall.documents.errors import DocumentError


class UnusableFile(DocumentError):
    """The file cannot be taken in as it is."""


class EmptyFile(UnusableFile):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty.", "Send the file again, or leave it out.")


class FileTooLarge(UnusableFile):
    def __init__(self, name: str, size: int, most: int) -> None:
        super().__init__(
            f"{name} has {megabytes(size)}; a document may have {megabytes(most)}.",
            "Split it, or have the limit raised.",
        )


class UnsafeFileName(UnusableFile):
    """The name cannot be a storage key: it leads elsewhere, or some system cannot hold it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The file name {shown(name)} {why}.", "Rename the file and send it again.")


class UnknownFileType(UnusableFile):
    def __init__(self, name: str, what: str, takes: str) -> None:
        super().__init__(f"{name} is {what}, which cannot be read.", f"Save it as one of these: {takes}.")


class MislabelledFile(UnusableFile):
    """What the file holds is not what its name says."""

    def __init__(self, name: str, says: str, holds: str, remedy: str) -> None:
        super().__init__(f"{name} is named as {says}, but it holds {holds}.", remedy)


class OldOfficeFile(UnusableFile):
    def __init__(self, name: str, instead: str) -> None:
        super().__init__(
            f"{name} is in the binary format of Office before 2007.", f"Save it as {instead} and send it again."
        )


class MacroFile(UnusableFile):
    def __init__(self, name: str, instead: str) -> None:
        super().__init__(f"{name} carries macros, which are programs.", f"Save it as {instead}, without macros.")


class EncryptedFile(UnusableFile):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is protected by a password.", "Save a copy without a password and send that.")


class TwoFilesInOne(UnusableFile):
    """A polyglot: programs that look at its other end see another file."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(
            f"{name} is {first} and {second} at once, so that programs disagree about what it says.",
            "Save it again from the program that made it.",
        )


class CorruptFile(UnusableFile):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} is damaged: {why}.", "Open it in the program that made it, save it anew and send that."
        )


class UnsafeEntry(UnusableFile):
    """A part of an archive has a name that leads out of it, or is a link."""

    def __init__(self, name: str, entry: str, why: str) -> None:
        super().__init__(
            f"The part {shown(entry)} inside {name} {why}.", "Save it again from the program that made it."
        )


class NestedArchive(UnusableFile):
    def __init__(self, name: str, entry: str) -> None:
        super().__init__(
            f"{name} has another archive inside, {shown(entry)}.", "Unpack it and send the documents one by one."
        )


class UnpacksTooFar(UnusableFile):
    """A zip bomb, or something that cannot be told from one."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}, as a zip bomb does.", "Save it again with smaller contents, or split it.")


class UnsafeMarkup(UnusableFile):
    """XML that declares a document type or entities, with which a small file grows without end or reads others."""

    def __init__(self, name: str, entry: str) -> None:
        super().__init__(
            f"The part {shown(entry)} inside {name} declares XML entities or a document type, which no office program"
            " writes.",
            "Save it again from the program that made it.",
        )


class TooManyPages(UnusableFile):
    def __init__(self, name: str, pages: int, most: int) -> None:
        super().__init__(
            f"{name} has {pages:,} pages; a document may have {most:,}.", "Split it, or have the limit raised."
        )


class NotConverted(DocumentError):
    """The file is sound, but what it says cannot be had from it."""


class NestedTooDeep(NotConverted):
    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"{name} nests its elements more than {most} deep, which no document needs.",
            "Save it again from the program that made it, or as plain text.",
        )


class UnknownEncoding(NotConverted):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The text of {name} cannot be read: {why}.", "Save it as UTF-8 and send it again.")


class OldHindiFont(NotConverted):
    """Latin letters that look like Hindi in one font only, and are gibberish to every program."""

    def __init__(self, name: str, evidence: str) -> None:
        super().__init__(
            f"The Hindi of {name} is written for an old font and not in Unicode ({evidence}).",
            "Convert to Unicode (TBIL Converter does it, or the font's own converter) and send that.",
        )


class ScannedPages(NotConverted):
    def __init__(self, name: str, pages: str, remedy: str) -> None:
        super().__init__(f"{name} has no text on {pages}: a scan or a drawing.", remedy)


class NoText(NotConverted):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no text.", "Send a document with text, or leave it out.")


class TookTooLong(NotConverted):
    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(
            f"Converting {name} took longer than {seconds:g} s and was stopped.", "Split it, or have the limit raised."
        )


class ConverterDied(NotConverted):
    """The process that read it ended: out of memory, or a fault in a library."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"The converter died of {name} ({why}).", "Save it again from the program that made it, or split it."
        )


def named(name: str, message: str, remedy: str) -> DocumentError:
    """The error that another process raised, by its class's name and its words."""
    kind = globals().get(name, DocumentError)
    if not (isinstance(kind, type) and issubclass(kind, DocumentError)):
        kind = DocumentError
    error: DocumentError = kind.__new__(kind)
    DocumentError.__init__(error, message, remedy)
    return error


def megabytes(size: int) -> str:
    """The size for people, rounded so that no limit reads as 0 MB."""
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def shown(name: str) -> str:
    """A name from outside, quoted, with what cannot be printed escaped, and cut."""
    return ascii(name[:80]) if not name.isprintable() else repr(name if len(name) <= 80 else f"{name[:79]}…")
