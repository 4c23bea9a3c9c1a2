"""Sample documents as DOCX: Markdown to headings, lists, tables, pictures and formulas as Word keeps them."""

from __future__ import annotations

import io
import re
import zipfile
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from markdown_it.tree import SyntaxTreeNode

FONTS = {"en": ("Cambria", "Cambria", "en-IN"), "hi": ("Cambria", "Nirmala UI", "hi-IN")}
COURSES = {"en": "Science · Class X", "hi": "विज्ञान · कक्षा 10"}
PAGES = {"en": "Page ", "hi": "पृष्ठ "}
ACCENT, QUIET = RGBColor(0x1B, 0x49, 0x65), RGBColor(0x5C, 0x67, 0x73)
SHADE = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="EEF3F6"/>')
HEADINGS = {"Heading 1": 22, "Heading 2": 14, "Heading 3": 11.5}
CAPTION = re.compile(r"(?:Figure|Table|आकृति|सारणी) \d+:")
FRACTION = re.compile(r"\\frac\{(?P<over>.+?)\}\{(?P<under>.+?)\}")
FORMULA_FONT = '<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'
MATHEMATICS = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
WRITTEN = datetime(2026, 11, 21)  # noqa: DTZ001 - the format keeps no time zone
TEXT_WIDTH, PICTURE_WIDTH, PICTURE_DOTS = Cm(16.5), Cm(14.5), 160


def docx(source: SyntaxTreeNode, entry: dict[str, Any], sources: Path) -> bytes:
    """The bytes of the document as DOCX, the same at every run."""
    document = Document()
    set_styles(document, entry["language"])
    set_page(document, entry)
    for node in source.children:
        BLOCKS[node.type](document, node, sources)
    properties = document.core_properties
    properties.title, properties.author, properties.language = entry["title"], "HydrateAll", entry["language"]
    properties.created = properties.modified = WRITTEN
    properties.comments = ""
    return without_times(document)


def set_styles(document: Any, language: str) -> None:
    latin, complex_, tag = FONTS[language]
    normal = document.styles["Normal"]
    set_font(normal, latin, complex_, 10)
    normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-IN" w:bidi="{tag}"/>'))
    normal.paragraph_format.space_after = Pt(5)
    normal.paragraph_format.line_spacing = 1.1
    for name, size in HEADINGS.items():
        style = document.styles[name]
        set_font(style, latin, complex_, size)
        style.font.bold = style.font.cs_bold = True
        style.font.color.rgb = ACCENT
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(size), Pt(4)
        style.paragraph_format.keep_with_next = True
    for name in ("Caption", "Header", "Footer"):
        set_font(document.styles[name], latin, complex_, 9)
        document.styles[name].font.color.rgb, document.styles[name].font.bold = QUIET, False


def set_font(style: Any, latin: str, complex_: str, points: float) -> None:
    style.font.name, style.font.size = latin, Pt(points)
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for script, name in (("hAnsi", latin), ("eastAsia", latin), ("cs", complex_)):
        fonts.set(qn(f"w:{script}"), name)
    size = properties.find(qn("w:szCs"))
    if size is None:
        size = OxmlElement("w:szCs")
        properties.find(qn("w:sz")).addnext(size)
    size.set(qn("w:val"), str(int(points * 2)))


def set_page(document: Any, entry: dict[str, Any]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = (section.page_width - TEXT_WIDTH) // 2
    section.top_margin = section.bottom_margin = Cm(2.4)
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.text = f"{COURSES[entry['language']]}\t\t{entry['title']}"
    footer.text = PAGES[entry["language"]]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def heading(document: Any, node: SyntaxTreeNode, _: Path) -> None:
    write(document.add_paragraph(style=f"Heading {node.tag[1:]}"), node)


def paragraph(document: Any, node: SyntaxTreeNode, sources: Path) -> None:
    first = node.children[0].children[0]
    if first.type == "image":
        picture(document, first, sources)
        return
    captioned = CAPTION.match(node.children[0].content) is not None
    target = document.add_paragraph(style="Caption" if captioned else "Normal")
    write(target, node)
    if captioned:
        target.alignment = WD_ALIGN_PARAGRAPH.CENTER
        target.paragraph_format.keep_with_next = node.next_sibling.type == "table"


def picture(document: Any, node: SyntaxTreeNode, sources: Path) -> None:
    """A PNG of the figure with its alternative text."""
    markup = f'#set page(width: auto, height: auto, margin: 2pt)\n#image("{node.attrs["src"]}")'
    image = typst.compile(markup.encode(), root=str(sources), format="png", ppi=PICTURE_DOTS)
    target = document.add_paragraph()
    target.alignment, target.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    shape = target.add_run().add_picture(io.BytesIO(image), width=PICTURE_WIDTH)
    shape._inline.docPr.set("descr", node.content)
    shape._inline.docPr.set("name", Path(str(node.attrs["src"])).stem)


def write(target: Paragraph, node: SyntaxTreeNode, **marks: bool) -> None:
    if node.type == "text":
        run = target.add_run(node.content)
        run.bold = run.font.cs_bold = marks.get("strong")
        run.italic = run.font.cs_italic = marks.get("em")
    for child in node.children:
        write(target, child, **(marks | {node.type: True}))


def items(style: str) -> Any:
    def listed(document: Any, node: SyntaxTreeNode, _: Path) -> None:
        numbering = new_numbering(document, style) if node.type == "ordered_list" else None
        for item in node.children:
            target = document.add_paragraph(style=style)
            target.paragraph_format.space_after = Pt(3)
            write(target, item)
            if numbering is not None:
                number = target._p.get_or_add_pPr().get_or_add_numPr()
                number.get_or_add_ilvl().val, number.get_or_add_numId().val = 0, numbering

    return listed


def new_numbering(document: Any, style: str) -> int:
    """The id of a numbering of the same look that begins at 1: Word would go on counting from the list before."""
    numbering = document.part.numbering_part.element
    used = document.styles[style].element.pPr.numPr.numId.val
    abstract = next(each for each in numbering.num_lst if each.numId == used).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def table(document: Any, node: SyntaxTreeNode, _: Path) -> None:
    rows = [row for part in node.children for row in part.children]
    made = document.add_table(len(rows), len(rows[0].children), style="Table Grid")
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    plain_look(made)
    for row, source in zip(made.rows, rows, strict=True):
        for cell, inner in zip(row.cells, source.children, strict=True):
            write(cell.paragraphs[0], inner, strong=source is rows[0])
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    set_widths(made)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def set_widths(made: Any) -> None:
    """Gives each column room by its longest text, within bounds."""
    made.autofit = False
    room = [min(max(14, *(len(cell.text) for cell in column.cells)), 50) for column in made.columns]
    for column, share in zip(made.columns, room, strict=True):
        column.width = TEXT_WIDTH * share // sum(room)
        for cell in column.cells:
            cell.width = column.width


def plain_look(made: Any) -> None:
    """Fine lines between the rows, a tinted first row, no other ornament."""
    sides = "".join(
        f'<w:{side} w:val="{kind}" w:sz="4" w:color="C8D1D9"/>'
        for side, kind in (
            ("top", "single"), ("left", "nil"), ("bottom", "single"), ("right", "nil"), ("insideH", "single"),
            ("insideV", "nil"),
        )
    )  # fmt: skip
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>")
    made._tbl.tblPr.find(qn("w:jc")).addnext(borders)
    for cell in made.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(deepcopy(SHADE))


def law(document: Any, node: SyntaxTreeNode, _: Path) -> None:
    target = document.add_paragraph()
    write(target, node)
    target.alignment = WD_ALIGN_PARAGRAPH.CENTER
    target._p.pPr.jc.addprevious(deepcopy(SHADE))


def formula(document: Any, node: SyntaxTreeNode, _: Path) -> None:
    """Fractions and what stands beside them, as an Office formula (OMML)."""
    latex = node.content.strip()
    found = FRACTION.search(latex)
    if found is None:
        raise SystemExit(f"The formula {latex!r} has no fraction, and the builder knows no other.")
    before, after = latex[: found.start()], latex[found.end() :]
    fraction = f"<m:f><m:num>{letters(found['over'])}</m:num><m:den>{letters(found['under'])}</m:den></m:f>"
    inner = letters(before) + fraction + letters(after)
    xml = f"<m:oMathPara {nsdecls('w')} {MATHEMATICS}><m:oMath>{inner}</m:oMath></m:oMathPara>"
    document.add_paragraph()._p.append(parse_xml(xml))


def letters(latex: str) -> str:
    shown = " ".join(latex.replace(r"\times", "×").split())
    return f'<m:r>{FORMULA_FONT}<m:t xml:space="preserve">{shown}</m:t></m:r>' if shown else ""


def without_times(document: Any) -> bytes:
    """The package packed again with one fixed date for all of its parts."""
    first, target = io.BytesIO(), io.BytesIO()
    document.save(first)
    with (
        zipfile.ZipFile(first) as package,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as again,
    ):
        for name in package.namelist():
            part = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(part, package.read(name))
    return target.getvalue()


BLOCKS = {
    "heading": heading,
    "paragraph": paragraph,
    "ordered_list": items("List Number"),
    "bullet_list": items("List Bullet"),
    "table": table,
    "blockquote": law,
    "math_block": formula,
}
