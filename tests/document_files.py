"""Builders of document files for the tests: sound ones, and the ones that an attacker or an accident sends."""

from __future__ import annotations

import datetime
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import openpyxl

from hydrateall.documents.conversion import Limits

SIGNS = 'A & B < C "q" it\'s'
"""The line whose signs a careless reader drops."""

KRUTI_DEV = (
    "Hkkjr ,d fo'kky ns'k gSA ;gk¡ vusd Hkk\"kk,¡ cksyh tkrh gSaA izdk'k ,d izdkj dh ÅtkZ gS] ftlls ge oLrqvksa dks"
    " ns[krs gSaA vEy dk Lokn [kV~Vk gksrk gS vkSj ;g uhys fyVel dks yky dj nsrk gSA"
)
SHUSHA = "Baart ek ivaSaala doSa hO AaOr yahaM Anaok BaaYaaeM jaatI hOM. p`kaSa ko karNa hma vastu kao doKto hOM."
CHANAKYA = "ÖæÚUÌ °·¤ çßàææÜ Îðàæ ãñÐ Øãæ¡ ¥Ùð·¤ Öæáæ°¡ ÕæðÜè ÁæÌè ãñ´Ð Âý·¤æàæ °·¤ Âý·¤æÚU ·¤è ª¤Áæü ãñÐ"
HINDI = "भारत एक विशाल देश है। यहाँ अनेक भाषाएँ बोली जाती हैं। प्रकाश एक प्रकार की ऊर्जा है, जिससे हम वस्तुओं को देखते हैं।"
MIS_DECODED = HINDI.encode().decode("latin-1")
ENGLISH = (
    "Light is a form of energy that lets us see. When it falls on a mirror it bounces back, and the angle of"
    " incidence equals the angle of reflection. Acids taste sour and turn blue litmus red; bases do the opposite."
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def limits(**changes: Any) -> Limits:
    """Limits that honest files of the tests keep."""
    usual: dict[str, Any] = {
        "most_bytes": 60_000_000,
        "most_pages": 1_000,
        "most_expansion": 100.0,
        "most_unpacked_bytes": 300_000_000,
        "most_nesting": 200,
        "seconds": 60.0,
        "memory_mb": 2_048,
        "ocr": True,
    }
    return Limits(**{**usual, **changes})


def zipped(parts: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """A zip archive with these parts in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, archive.compression)
    return file.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """The relations part of (type's last word, target), with the ids rId1, rId2 …"""
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{TYPE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def content_types(**overrides: str) -> str:
    each = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
    )


def word_paragraph(
    text: str, *, style: str | None = None, font: str | None = None, numbering: int | None = None
) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbering is not None:
        properties += f'<w:numPr><w:ilvl w:val="{numbering}"/><w:numId w:val="1"/></w:numPr>'
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    run = f'<w:r>{fonts}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    cells = ["".join(f"<w:tc>{word_paragraph(text)}</w:tc>" for text in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word_formula(inner: str) -> str:
    return f'<w:p><m:oMath xmlns:m="{M}">{inner}</m:oMath></w:p>'


def docx(body: str, *, parts: Mapping[str, bytes | str] | None = None, styles: str = "") -> bytes:
    """A Word document of this body (inner XML of `w:body`). `parts` are added, or replace its own."""
    headings = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in range(1, 7)
    )
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>'
        for level, kind in enumerate(("decimal", "bullet", "decimal"))
    )
    own: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(
            **{
                "/word/document.xml": f"{WORD_TYPE}.document.main+xml",
                "/word/styles.xml": f"{WORD_TYPE}.styles+xml",
            }
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            ("styles", "styles.xml"), ("numbering", "numbering.xml"), ("footnotes", "footnotes.xml")
        ),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{headings}{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">'
        f"{word_paragraph('Snell found it in 1621.')}</w:footnote></w:footnotes>",
    }
    return zipped({**own, **(parts or {})})


def slide(*shapes: str) -> str:
    tree = f"<p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld>"
    return f'<p:sld xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}">{tree}</p:sld>'


def slide_text(*paragraphs: str, placeholder: str | None = None, properties: Sequence[str] = ()) -> str:
    """A text shape; `properties` are the inner XML of each paragraph's `a:pPr` with its attributes."""
    place = "<p:nvPr/>" if placeholder is None else f'<p:nvPr><p:ph type="{placeholder}"/></p:nvPr>'
    shown = [*properties, *["<a:pPr/>"] * (len(paragraphs) - len(properties))]
    texts = "".join(
        f"<a:p>{before}<a:r><a:t>{escape(text)}</a:t></a:r></a:p>"
        for text, before in zip(paragraphs, shown, strict=True)
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:cNvSpPr/>{place}</p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>'
    )


def pptx(slides: Sequence[str], *, notes: Mapping[int, str] | None = None) -> bytes:
    """A presentation of these slides' XML; `notes` are the speaker's words by slide number from 1."""
    notes = notes or {}
    numbers = range(1, len(slides) + 1)
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    order = f"<p:sldIdLst>{ids}</p:sldIdLst>"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}">{order}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", f"slides/slide{number}.xml") for number in numbers)),
    }
    for number, content in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{number}.xml"] = content
        if number in notes:
            target = f"../notesSlides/notesSlide{number}.xml"
            parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(("notesSlide", target))
            shapes = slide(slide_text(notes[number], placeholder="body"), slide_text("1", placeholder="sldNum"))
            parts[f"ppt/notesSlides/notesSlide{number}.xml"] = shapes.replace("p:sld", "p:notes")
    return zipped(parts)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.properties.created = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def epub(
    chapters: Sequence[str], *, parts: Mapping[str, bytes | str] | None = None, without: Sequence[str] = ()
) -> bytes:
    """A book of these chapters (inner XHTML of `body`)."""
    numbers = range(1, len(chapters) + 1)
    items = "".join(f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    own: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>A book</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        **{f"OEBPS/c {n}.xhtml": xhtml(body) for n, body in zip(numbers, chapters, strict=True)},
    }
    return zipped({name: content for name, content in {**own, **(parts or {})}.items() if name not in without})


def xhtml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head><body>{body}</body></html>'
    )


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def ole(*, encrypted: bool = False) -> bytes:
    """The start of an old Office file, or of an encrypted new one."""
    names = "EncryptedPackage" if encrypted else "WordDocument"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + names.encode("utf-16-le") + b"\0" * 500


TextLine = tuple[float, bool, str]  # size, bold, text


def pdf(
    pages: Sequence[Sequence[TextLine]],
    *,
    pictures: Mapping[int, tuple[int, int, bytes]] | None = None,
    font: str = "Helvetica",
    declared_pages: int | None = None,
    encryption: tuple[bytes, bytes] | None = None,
    streams: Mapping[int, bytes] | None = None,
) -> bytes:
    """A PDF of these lines, page by page. `pictures` are (width, height, grey bytes) that fill a page by its number
    from 1; `streams` are raw stream objects (dictionary and stream) that stand for a page's contents; `encryption`
    are the user's and the owner's password."""
    file = _PdfFile(encryption)
    plain = file.add(f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>".encode())
    bold = file.add(f"<</Type/Font/Subtype/Type1/BaseFont/{font}-Bold/Encoding/WinAnsiEncoding>>".encode())
    tree = file.reserve()
    kids = []
    for number, lines in enumerate(pages, 1):
        drawn = _drawn(lines)
        resources = f"/Font<</F1 {plain} 0 R/F2 {bold} 0 R>>"
        if pictures and number in pictures:
            width, height, grey = pictures[number]
            head = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
            image = file.add_stream(zlib.compress(grey), f"{head}/Filter/FlateDecode")
            resources += f"/XObject<</I {image} 0 R>>"
            drawn = b"q 595 0 0 842 0 0 cm /I Do Q\n" + drawn
        content = file.add(streams[number]) if streams and number in streams else file.add_stream(drawn)
        page = f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]/Resources<<{resources}>>/Contents {content} 0 R>>"
        kids.append(file.add(page.encode()))
    count = declared_pages or len(kids)
    file.objects[tree] = f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    return file.written(file.add(f"<</Type/Catalog/Pages {tree} 0 R>>".encode()))


def text_pdf(*texts: str, **changes: Any) -> bytes:
    """A PDF with a page for each text, broken into lines."""
    return pdf([[(11.0, False, line) for line in wrapped(text)] for text in texts], **changes)


def wrapped(text: str, width: int = 90) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _drawn(lines: Sequence[TextLine]) -> bytes:
    y, drawn = 790.0, []
    for size, bold, text in lines:
        y -= size * 1.4
        shown = text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        drawn.append(b"BT /%s %.1f Tf 60 %.1f Td (%s) Tj ET" % (b"F2" if bold else b"F1", size, y, shown))
    return b"\n".join(drawn)


class _PdfFile:
    def __init__(self, encryption: tuple[bytes, bytes] | None) -> None:
        self.objects: dict[int, bytes] = {}
        self.cipher = _Encryption(*encryption) if encryption else None

    def reserve(self) -> int:
        self.objects[len(self.objects) + 1] = b"null"
        return len(self.objects)

    def add(self, body: bytes) -> int:
        number = self.reserve()
        self.objects[number] = body
        return number

    def add_stream(self, body: bytes, head: str = "") -> int:
        number = self.reserve()
        body = self.cipher.encrypted(number, body) if self.cipher else body
        self.objects[number] = f"<<{head}/Length {len(body)}>>\nstream\n".encode() + body + b"\nendstream"
        return number

    def written(self, catalog: int) -> bytes:
        extra = (
            f"/Encrypt {self.add(self.cipher.dictionary())} 0 R/ID[<{'00' * 16}><{'00' * 16}>]" if self.cipher else ""
        )
        content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in sorted(self.objects.items()):
            places.append(len(content))
            content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        count = len(places) + 1
        trailer = f"trailer\n<</Size {count}/Root {catalog} 0 R{extra}>>\nstartxref\n{len(content)}\n%%EOF\n"
        return content + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer.encode()


class _Encryption:
    """The standard handler of PDF, revision 2: RC4 with 40 bits."""

    PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    PERMISSIONS = -4

    def __init__(self, user: bytes, owner: bytes) -> None:
        self.owner = rc4(hashlib.md5(self._padded(owner)).digest()[:5], self._padded(user))
        seed = self._padded(user) + self.owner + struct.pack("<i", self.PERMISSIONS) + b"\0" * 16
        self.key = hashlib.md5(seed).digest()[:5]

    def encrypted(self, number: int, body: bytes) -> bytes:
        key = hashlib.md5(self.key + struct.pack("<I", number)[:3] + b"\0\0").digest()[:10]
        return rc4(key, body)

    def dictionary(self) -> bytes:
        owner, user = self.owner.hex(), rc4(self.key, self.PAD).hex()
        return f"<</Filter/Standard/V 1/R 2/O<{owner}>/U<{user}>/P {self.PERMISSIONS}>>".encode()

    def _padded(self, password: bytes) -> bytes:
        return (password + self.PAD)[:32]


def rc4(key: bytes, body: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in body:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def bomb(size: int) -> bytes:
    """A deflate stream of this many zeros."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(b"\0" * (1 << 20)) for _ in range(size >> 20)]
    return b"".join(pieces) + packer.flush()


def with_declared_size(archive: bytes, part: str, size: int) -> bytes:
    """The archive, whose directory says that this part unpacks to `size`."""
    at = archive.rindex(part.encode())
    start = archive.rindex(b"PK\x01\x02", 0, at)
    return archive[: start + 24] + struct.pack("<I", min(size, 0xFFFFFFFE)) + archive[start + 28 :]


def with_link(parts: Mapping[str, bytes | str], name: str, target: str) -> bytes:
    """An archive one part of which is a symbolic link."""
    file = io.BytesIO(zipped(parts))
    with zipfile.ZipFile(file, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, target)
    return file.getvalue()


def encrypted_zip(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive whose parts say that they need a password."""
    content = bytearray(zipped(parts))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)
