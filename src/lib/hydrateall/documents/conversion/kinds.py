"""The kinds of files: which are read, by what sign their content is known, and which others it could be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

OOXML = "application/vnd.openxmlformats-officedocument."
ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF_START = b"%PDF-"


@dataclass(frozen=True)
class Kind:
    """A kind that is read. `main_part` is the entry that makes a zip archive such a file."""

    extension: str
    mime_type: str
    words: str
    main_part: str | None = None


PDF = Kind("pdf", "application/pdf", "a PDF")
DOCX = Kind("docx", f"{OOXML}wordprocessingml.document", "a Word document", "word/document.xml")
PPTX = Kind("pptx", f"{OOXML}presentationml.presentation", "a PowerPoint presentation", "ppt/presentation.xml")
XLSX = Kind("xlsx", f"{OOXML}spreadsheetml.sheet", "an Excel workbook", "xl/workbook.xml")
EPUB = Kind("epub", "application/epub+zip", "an EPUB book", "META-INF/container.xml")
HTML = Kind("html", "text/html", "a web page")
MARKDOWN = Kind("md", "text/markdown", "Markdown")
TEXT = Kind("txt", "text/plain", "text")

KINDS = (PDF, DOCX, PPTX, XLSX, EPUB, HTML, MARKDOWN, TEXT)
OFFICE = (DOCX, PPTX, XLSX)
TAKES = "PDF, DOCX, PPTX, XLSX, HTML, EPUB, Markdown (.md), text (.txt)"
BY_MIME_TYPE = {kind.mime_type: kind for kind in KINDS}
BY_EXTENSION = {kind.extension: kind for kind in KINDS} | {
    "htm": HTML,
    "xhtml": HTML,
    "markdown": MARKDOWN,
    "text": TEXT,
}
OLD_OFFICE = {"doc": ".docx", "dot": ".docx", "ppt": ".pptx", "pps": ".pptx", "xls": ".xlsx", "xlt": ".xlsx"}
WITH_MACROS = {
    "docm": ".docx",
    "dotm": ".docx",
    "pptm": ".pptx",
    "ppsm": ".pptx",
    "potm": ".pptx",
    "xlsm": ".xlsx",
    "xltm": ".xlsx",
    "xlam": ".xlsx",
    "xlsb": ".xlsx",
}

FOREIGN_STARTS = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a Java or macOS program"),
    (b"#!/", "a script"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a bitmap picture"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or film file"),
)
ARCHIVES = ("zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "jar", "cab", "zst", "lz", "iso", "epub")
SCRIPT_LIKE = ("a script", "a bitmap picture", "a Windows program", "a bzip2 archive", "a sound file")
"""Their signs are plain letters, with which an honest text may begin too."""


def extension_of(name: str) -> str:
    """The last extension in lower case, without its dot."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def foreign(head: bytes) -> str | None:
    """What else the content is, by its first bytes."""
    found = next((words for start, words in FOREIGN_STARTS if head.startswith(start)), None)
    return None if found in SCRIPT_LIKE and not _binary(head) else found


def _binary(head: bytes) -> bool:
    return b"\x00" in head
