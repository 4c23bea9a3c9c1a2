"""One file to Markdown, in the calling process."""

from __future__ import annotations

import importlib
import re
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from hydrateall.documents.conversion import errors, kinds, old_fonts
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.plain import FIRST_HEADING, convert_text

MARKER = re.compile(r"^<!-- page \d+ -->$", re.MULTILINE)
READERS = {  # by name: a process that only sees Markdown loads none of their libraries
    kinds.PDF: "pdf_documents.convert_pdf",
    kinds.DOCX: "word.convert_word",
    kinds.PPTX: "slides.convert_slides",
    kinds.XLSX: "sheets.convert_sheets",
    kinds.EPUB: "books.convert_book",
    kinds.HTML: "webpages.convert_webpage",
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
    if kind not in READERS:
        return convert_text(content, name, is_markdown=kind is kinds.MARKDOWN)
    module, function = READERS[kind].split(".")
    reader = getattr(importlib.import_module(f"hydrateall.documents.conversion.{module}"), function)
    more = (language,) if kind is kinds.PDF else ()
    result: Conversion = reader(content, name, limits, *more)
    return result


def words_of(text: str) -> int:
    """Runs without spaces that hold a letter or a digit."""
    return sum(token[0].isalnum() or any(map(str.isalnum, token)) for token in text.split())
