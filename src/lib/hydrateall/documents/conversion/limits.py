"""What a conversion may cost, what is known of a file before it, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a file may cost. The caller takes them from the settings."""

    most_bytes: int
    most_pages: int  # of a PDF; slides and sheets count too
    most_expansion: float  # unpacked size / packed size of an archive
    most_unpacked_bytes: int
    most_nesting: int  # elements within elements, of HTML and XML; no archive within an archive is ever opened
    seconds: float  # of one conversion in the sandbox
    memory_mb: int  # of the sandbox's process
    ocr: bool  # whether scanned pages may go to Tesseract


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What the checks at upload find out. `sha256` is of the file's bytes."""

    mime_type: str
    extension: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """A document as Markdown. `pages` counts pages, slides or sheets; None where the format has none."""

    markdown: str
    pages: int | None = None
    title: str | None = None
    warnings: list[str] = field(default_factory=list)
    ocr_pages: int = 0
    words: int = 0
    images: int = 0
