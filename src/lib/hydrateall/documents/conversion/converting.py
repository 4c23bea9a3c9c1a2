"""One file to Markdown, in the calling process."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from hydrateall.documents.conversion import errors, kinds, old_fonts
from hydrateall.documents.conversion.books import convert_book
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.pdf_documents import convert_pdf
from hydrateall.documents.conversion.plain import FIRST_HEADING, convert_text
from hydrateall.documents.conversion.sheets import convert_sheets
from hydrateall.documents.conversion.slides import convert_slides
from hydrateall.documents.conversion.webpages import convert_webpage
from hydrateall.documents.conversion.word import convert_word

MARKER = re.compile(r"^<!-- page \d+ -->$", re.MULTILINE)
PACKAGES = {
    kinds.DOCX: convert_word,
    kinds.PPTX: convert_slides,
    kinds.XLSX: convert_sheets,
    kinds.EPUB: convert_book,
    kinds.HTML: convert_webpage,
}


def convert(path: Path | str, *, mime_type: str, source_name: str, limits: Limits, language: str) -> Conversion:
    """The document as Markdown, or a DocumentError with its sentence. `language` is "en" or "hi".

    The file must have passed `inspect`. What can be hostile belongs in a `Sandbox`, which keeps time and memory.
    """
    kind = kinds.BY_MIME_TYPE.get(mime_type)
    if kind is None:
        raise errors.UnknownFileType(source_name, f"of the type {mime_type}", kinds.TAKES)
    try:
        result = _converted(kind, Path(path).read_bytes(), source_name, limits, language)
    except RecursionError as error:
        raise errors.NestedTooDeep(source_name, limits.most_nesting) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise errors.CorruptFile(source_name, "its archive cannot be read") from error
    words = words_of(MARKER.sub("", result.markdown))
    if not words:
        raise errors.NoText(source_name)
    if kind is not kinds.PDF and (evidence := old_fonts.gibberish(result.markdown)):
        raise errors.OldHindiFont(source_name, evidence)
    heading = FIRST_HEADING.search(result.markdown)
    title = result.title or (heading.group(1) if heading else None)
    return replace(result, markdown=f"{result.markdown.rstrip()}\n", words=words, title=title)


def _converted(kind: kinds.Kind, content: bytes, name: str, limits: Limits, language: str) -> Conversion:
    if kind is kinds.PDF:
        return convert_pdf(content, name, limits, language)
    if kind in PACKAGES:
        return PACKAGES[kind](content, name, limits)
    return convert_text(content, name, is_markdown=kind is kinds.MARKDOWN)


def words_of(text: str) -> int:
    """Runs without spaces that hold a letter or a digit."""
    return sum(token[0].isalnum() or any(map(str.isalnum, token)) for token in text.split())
