"""Hostile and broken files: each gets its own sentence, and the process that read it goes on."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from document_files import (
    CHANAKYA,
    ENGLISH,
    KRUTI_DEV,
    MIS_DECODED,
    SHUSHA,
    W,
    bomb,
    docx,
    encrypted_zip,
    epub,
    limits,
    ole,
    pdf,
    png,
    pptx,
    slide,
    slide_text,
    text_pdf,
    with_declared_size,
    with_link,
    word_paragraph,
    xhtml,
    xlsx,
    zipped,
)
from hydrateall.documents.conversion import Sandbox, errors, inspect
from hydrateall.documents.errors import DocumentError

MEBI = 1 << 20
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]><w:document xmlns:w="{W}"><w:body>&l9;</w:body></w:document>'
DEEP = "<w:ins>" * 5_000 + "</w:ins>" * 5_000
FAR_CELL = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>near</t></is></c></row><row r="1048576">'
    '<c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData></worksheet>'
)


@dataclass(frozen=True)
class Hostile:
    """A file, the error it must get, and a part of its sentence."""

    what: str
    name: str
    build: Callable[[], bytes]
    error: type[DocumentError]
    says: str
    limits: dict[str, Any] = field(default_factory=dict)


def changed(archive: bytes, **parts: bytes | str) -> bytes:
    """The archive with these parts more, or others in their place."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({**{name: old.read(name) for name in old.namelist()}, **parts})


def corrupted(archive: bytes) -> bytes:
    """One byte of the main part is another one."""
    at = archive.index(b"word/document.xml") + 60
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def stream_bomb(size: int, filters: str = "/FlateDecode", *, twice: bool = False) -> bytes:
    packed = zlib.compress(bomb(size)) if twice else bomb(size)
    body = f"<</Filter{filters}/Length {len(packed)}>>\nstream\n".encode() + packed + b"\nendstream"
    return pdf([[]], streams={1: body})


WORDS = word_paragraph(ENGLISH)
DOCX_PARTS: dict[str, bytes | str] = {"word/document.xml": "<x/>"}
TRAVERSALS = ("../../etc/passwd", "/etc/passwd", "C:/windows/x", "word\\..\\..\\x", "word/a\nb.xml")
HOSTILE = [
    Hostile("nothing", "a.pdf", lambda: b"", errors.EmptyFile, "is empty"),
    Hostile("a byte order mark alone", "a.txt", lambda: b"\xef\xbb\xbf", errors.EmptyFile, "is empty"),
    Hostile("spaces alone", "a.md", lambda: b" \n\t\n", errors.EmptyFile, "is empty"),
    Hostile(
        "more than the limit", "a.txt", lambda: b"a" * 2_000, errors.FileTooLarge, "2,000 bytes", {"most_bytes": 1_999}
    ),
    Hostile("NUL bytes in text", "a.txt", lambda: b"a\0b" * 100, errors.CorruptFile, "NUL bytes"),
    Hostile("a picture named PDF", "a.pdf", png, errors.MislabelledFile, "holds a PNG picture"),
    Hostile(
        "a program named PDF", "a.pdf", lambda: b"MZ\x90\0" + b"\0" * 500, errors.MislabelledFile, "a Windows program"
    ),
    Hostile("a PDF named Word", "a.docx", lambda: text_pdf("x"), errors.MislabelledFile, "holds a PDF"),
    Hostile("a PDF named text", "a.txt", lambda: text_pdf("x"), errors.MislabelledFile, "holds a PDF"),
    Hostile("Word named Excel", "a.xlsx", lambda: docx(WORDS), errors.MislabelledFile, "holds a Word document"),
    Hostile(
        "a zip named Word", "a.docx", lambda: zipped({"a.txt": "x"}), errors.MislabelledFile, "holds a zip archive"
    ),
    Hostile("a program", "a.exe", lambda: b"MZ\x90\0", errors.UnknownFileType, "a Windows program"),
    Hostile("rich text", "a.rtf", lambda: rb"{\rtf1 x}", errors.UnknownFileType, "rich text"),
    Hostile("rich text named Word", "a.docx", lambda: rb"{\rtf1 x}", errors.MislabelledFile, "rich text"),
    Hostile("no extension", "README", lambda: b"x", errors.UnknownFileType, "without extension"),
    Hostile("old Word", "a.doc", ole, errors.OldOfficeFile, "Save it as .docx"),
    Hostile("old Word named new", "a.docx", ole, errors.OldOfficeFile, "Save it as .docx"),
    Hostile("encrypted Word", "a.docx", lambda: ole(encrypted=True), errors.EncryptedFile, "password"),
    Hostile("an encrypted book", "a.epub", lambda: encrypted_zip({"mimetype": "x"}), errors.EncryptedFile, "password"),
    Hostile(
        "an encrypted PDF", "a.pdf", lambda: text_pdf("x", encryption=(b"u", b"o")), errors.EncryptedFile, "password"
    ),
    Hostile("a macro workbook", "a.xlsm", lambda: xlsx({"a": [["x"]]}), errors.MacroFile, "macros"),
    Hostile(
        "macros under another name",
        "a.docx",
        lambda: docx(WORDS, parts={"word/vbaProject.bin": b"x"}),
        errors.MacroFile,
        "macros",
    ),
    Hostile(
        "ten gigabytes declared",
        "a.docx",
        lambda: with_declared_size(docx(WORDS), "word/document.xml", 4_000_000_000),
        errors.UnpacksTooFar,
        "unpacks to 4,000.0 MB",
    ),
    Hostile(
        "a zip bomb",
        "a.docx",
        lambda: docx(WORDS, parts={"word/media/x.bin": b"\0" * 40 * MEBI}),
        errors.UnpacksTooFar,
        "times its size",
    ),
    Hostile(
        "too many parts",
        "a.docx",
        lambda: zipped({**DOCX_PARTS, **{f"a/{number}": b"" for number in range(20_001)}}, stored=True),
        errors.UnpacksTooFar,
        "20,002 parts",
    ),
    Hostile(
        "an archive inside",
        "a.docx",
        lambda: docx(WORDS, parts={"word/media/a.png": zipped({"x": "y"})}),
        errors.NestedArchive,
        "another archive inside",
    ),
    *(
        Hostile(
            f"the part {name!r}",
            "a.docx",
            lambda name=name: docx(WORDS, parts={name: "x"}),
            errors.UnsafeEntry,
            "inside",
        )  # type: ignore[misc]
        for name in TRAVERSALS
    ),
    Hostile(
        "a link inside",
        "a.docx",
        lambda: with_link(DOCX_PARTS, "word/link", "/etc/passwd"),
        errors.UnsafeEntry,
        "is a link to another file",
    ),
    Hostile(
        "a billion laughs",
        "a.docx",
        lambda: docx("", parts={"word/document.xml": LAUGHS}),
        errors.UnsafeMarkup,
        "entities",
    ),
    Hostile(
        "a billion laughs in UTF-16",
        "a.docx",
        lambda: docx(
            "", parts={"word/document.xml": f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}'.encode("utf-16")}
        ),
        errors.UnsafeMarkup,
        "entities",
    ),
    Hostile(
        "an entity that reads a file",
        "a.epub",
        lambda: epub([], parts={"OEBPS/c 1.xhtml": '<!DOCTYPE h [<!ENTITY f SYSTEM "file:///etc/passwd">]><p>&f;</p>'}),
        errors.UnsafeMarkup,
        "entities",
    ),
    Hostile(
        "a damaged archive", "a.docx", lambda: corrupted(docx(WORDS)), errors.CorruptFile, "archive cannot be read"
    ),
    Hostile("half an archive", "a.docx", lambda: docx(WORDS)[:700], errors.CorruptFile, "archive cannot be read"),
    Hostile("a part that is no XML", "a.docx", lambda: docx("<w:p>"), errors.CorruptFile, "is no sound XML"),
    Hostile("parts nested without end", "a.docx", lambda: docx(DEEP), errors.NestedTooDeep, "more than 200 deep"),
    Hostile(
        "a book without container",
        "a.epub",
        lambda: epub(["x"], without=["META-INF/container.xml"]),
        errors.CorruptFile,
        "is missing",
    ),
    Hostile("a book without chapters", "a.epub", lambda: epub([]), errors.CorruptFile, "no chapters"),
    Hostile(
        "a book whose chapter is missing",
        "a.epub",
        lambda: epub(["x"], without=["OEBPS/c 1.xhtml"]),
        errors.CorruptFile,
        "c 1.xhtml",
    ),
    Hostile("half a PDF", "a.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<</Type/Cat", errors.CorruptFile, "damaged"),
    Hostile(
        "a PDF of a million pages",
        "a.pdf",
        lambda: text_pdf("x", declared_pages=1_000_000),
        errors.TooManyPages,
        "1,000,000",
    ),
    Hostile(
        "more pages than there are", "a.pdf", lambda: text_pdf("x", declared_pages=500), errors.CorruptFile, "page 500"
    ),
    Hostile(
        "a bomb in a PDF",
        "a.pdf",
        lambda: stream_bomb(64 * MEBI),
        errors.UnpacksTooFar,
        "more than 30.0 MB",
        {"most_unpacked_bytes": 30_000_000},
    ),
    Hostile(
        "a bomb in a bomb in a PDF",
        "a.pdf",
        lambda: stream_bomb(64 * MEBI, "[/FlateDecode/FlateDecode]", twice=True),
        errors.UnpacksTooFar,
        "packs a stream twice",
    ),
    Hostile(
        "PDF and zip at once",
        "a.pdf",
        lambda: text_pdf("x") + zipped({"a": "b"}),
        errors.TwoFilesInOne,
        "a PDF and a zip archive",
    ),
    Hostile("a page before a PDF", "a.pdf", lambda: b"<html>" + text_pdf("x"), errors.TwoFilesInOne, "at once"),
    Hostile(
        "a zip that begins as PDF",
        "a.docx",
        lambda: changed(zipped({"%PDF-1.7": "x"}, stored=True), **DOCX_PARTS),
        errors.TwoFilesInOne,
        "at once",
    ),
    Hostile("a hundred thousand divs", "a.html", lambda: b"<div>" * 100_000 + b"x", errors.NestedTooDeep, "200 deep"),
    Hostile("nested lists", "a.html", lambda: b"<ul><li>" * 5_000 + b"x", errors.NestedTooDeep, "200 deep"),
    Hostile("a page of scripts", "a.html", lambda: b"<script>x</script>", errors.NoText, "no text"),
    Hostile("a PDF without text", "a.pdf", lambda: pdf([[]]), errors.NoText, "no text"),
    Hostile(
        "more slides than allowed",
        "a.pptx",
        lambda: pptx([slide()] * 3),
        errors.TooManyPages,
        "3 pages",
        {"most_pages": 2},
    ),
    Hostile("Kruti Dev", "a.txt", KRUTI_DEV.encode, errors.OldHindiFont, "Convert to Unicode"),
    Hostile("Shusha", "a.md", SHUSHA.encode, errors.OldHindiFont, "Shusha"),
    Hostile("Chanakya", "a.docx", lambda: docx(word_paragraph(CHANAKYA)), errors.OldHindiFont, "accented letters"),
    Hostile("Hindi in a wrong encoding", "a.txt", MIS_DECODED.encode, errors.OldHindiFont, "wrong encoding"),
    Hostile(
        "Word in an old font",
        "a.docx",
        lambda: docx(word_paragraph("ty", font="Kruti Dev 010")),
        errors.OldHindiFont,
        "Kruti Dev 010",
    ),
    Hostile(
        "a page in an old font",
        "a.html",
        lambda: b"<style>.h{font-family:DevLys 010}</style><p class=h>ty</p>",
        errors.OldHindiFont,
        "DevLys 010",
    ),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def taken_in(sandbox: Sandbox, path: Path, **changes: Any) -> str:
    """What the pipeline does with a file."""
    own = limits(**{"ocr": False, **changes})
    facts = sandbox.inspect(path, path.name, own)
    return sandbox.convert(path, mime_type=facts.mime_type, source_name=path.name, limits=own, language="en").markdown


class TestHostileFile:
    @pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.what)
    def test_gets_its_sentence_and_the_worker_lives(self, sandbox: Sandbox, tmp_path: Path, file: Hostile) -> None:
        path = tmp_path / file.name
        path.write_bytes(file.build())
        good = tmp_path / "good.docx"
        good.write_bytes(docx(WORDS))
        taken_in(sandbox, good)
        worker = sandbox.worker_id

        with pytest.raises(file.error) as caught:
            taken_in(sandbox, path, **file.limits)

        assert type(caught.value) is file.error
        assert file.says in str(caught.value)
        assert file.name in caught.value.message
        assert caught.value.remedy
        assert sandbox.worker_id == worker
        assert ENGLISH in taken_in(sandbox, good)
        assert psutil.Process(worker).memory_info().rss < 1_000 * MEBI

    def test_has_an_error_of_its_own_kind_at_least_twenty_times(self) -> None:
        assert len({file.what for file in HOSTILE}) == len(HOSTILE) >= 20
        assert len({file.error for file in HOSTILE}) >= 15

    def test_is_refused_before_its_bytes_are_read_if_it_is_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        with path.open("wb") as file:
            file.truncate(1 << 40)

        with pytest.raises(errors.FileTooLarge):
            inspect(path, "a.pdf", limits())


class TestOddButSoundFile:
    """What only looks hostile is taken in."""

    @pytest.mark.parametrize(
        ("name", "content", "has"),
        [
            ("page.txt", b"<html><body>text of a page</body></html>", "text of a page"),
            ("owner.pdf", text_pdf("readable by all", encryption=(b"", b"owner")), "readable by all"),
            ("chart.docx", docx(WORDS, parts={"word/embeddings/a.xlsx": xlsx({"a": [[1]]})}), ENGLISH),
            ("type.epub", epub(["<p>fine</p>"], parts={"OEBPS/x.xhtml": xhtml("x")}), "fine"),
            ("far.xlsx", changed(xlsx({"a": [["x"]]}), **{"xl/worksheets/sheet1.xml": FAR_CELL}), "far"),
            ("huge.html", b"<table><tr><td colspan=99999999 rowspan=99999999>a</td><td>b</td></tr></table>", "a"),
            ("list.html", b"<ol start=99999999999999999999><li value=99999999999999999999>a</li></ol>", "a"),
        ],
    )
    def test_is_read(self, sandbox: Sandbox, tmp_path: Path, name: str, content: bytes, has: str) -> None:
        path = tmp_path / name
        path.write_bytes(content)

        assert has in taken_in(sandbox, path)

    def test_of_one_line_of_fifty_megabytes_is_read(self, sandbox: Sandbox, tmp_path: Path) -> None:
        path = tmp_path / "line.txt"
        path.write_bytes(b"word " * 10_000_000)

        assert len(taken_in(sandbox, path)) > 49_000_000

    def test_with_slides_of_the_same_words_is_read(self, sandbox: Sandbox, tmp_path: Path) -> None:
        path = tmp_path / "many.pptx"
        path.write_bytes(pptx([slide(slide_text("same words"))] * 500))

        assert taken_in(sandbox, path).count("same words") == 500
