"""Word documents: mammoth reads them; formulas, charts, diagrams and outline levels are put in, which it leaves out."""

from __future__ import annotations

import html
import io
import re
import zipfile
from xml.etree import ElementTree

import mammoth

from hydrateall.documents.conversion import errors, old_fonts
from hydrateall.documents.conversion.drawings import chart_rows, diagram_lines, drawing_parts
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.office_formulas import to_latex
from hydrateall.documents.conversion.packages import Element, Package, attribute, child, local, named
from hydrateall.documents.conversion.webpages import parsed, written

DOCUMENT = "word/document.xml"
STYLES = "word/styles.xml"
PLACE = "\ue0d0{number}\ue0d1"
PLACES = re.compile("\ue0d0(\\d+)\ue0d1")
TITLE_STYLES = ("p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh")
BUILT_IN_HEADING = re.compile(r"(?i)heading \d")
MOST_LEVEL = 6
NOT_TOLD = ("Unrecognised", "An unrecognised element", "Image of type")
"""What mammoth warns of although no word is lost: styles without a rule, marks, picture formats."""


def convert_word(content: bytes, name: str, limits: Limits) -> Conversion:
    """The body with its notes; running heads and comments are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = Package(archive, name, limits)
        document = package.tree(DOCUMENT)
        styles = _styles(package)
        _refuse_old_fonts(document, styles, name)
        fragments = _put_in_what_mammoth_leaves_out(package, document)
        file = _with_document(archive, document) if fragments else io.BytesIO(content)
        title = _title(package)
    page, warnings = _as_html(file, _style_map(styles), name)
    soup = parsed(_filled(page, fragments), name, limits)
    heading = soup.find("h1")
    markdown, images = written(soup, name)
    return Conversion(
        markdown=markdown,
        title=title or (heading.get_text(" ", strip=True) if heading else None),
        warnings=warnings,
        images=images,
    )


def _as_html(file: io.BytesIO, style_map: str, name: str) -> tuple[str, list[str]]:
    try:
        result = mammoth.convert_to_html(
            file,
            style_map=style_map,
            convert_image=mammoth.images.img_element(lambda _: {"src": ""}),
            external_file_access=False,
        )
    except (KeyError, AttributeError, ValueError, TypeError, IndexError, OSError) as error:
        raise errors.CorruptFile(name, "its parts do not fit together") from error
    told = dict.fromkeys(each.message for each in result.messages if not each.message.startswith(NOT_TOLD))
    return result.value, list(told)[:20]


def _put_in_what_mammoth_leaves_out(package: Package, document: Element) -> list[str]:
    """Puts a mark into the text for each formula, chart and diagram; returns the HTML that belongs there."""
    relations = package.relations(DOCUMENT)
    fragments: list[str] = []
    for parent in list(document.iter()):
        for index, element in enumerate(list(parent)):
            if local(element) in ("oMathPara", "oMath"):
                fragments.append(_formula(element))
                parent[index] = _run(document, len(fragments) - 1, element.tail)
            elif local(element) == "drawing" and (words := _drawing(package, element, relations)):
                fragments.append(words)
                parent[index] = _text(document, len(fragments) - 1)
    return fragments


def _formula(element: Element) -> str:
    latex = to_latex(element)
    display = ' display="block"' if local(element) == "oMathPara" else ""
    annotation = f'<annotation encoding="application/x-tex">{html.escape(latex)}</annotation>'
    return f"<math{display}>{annotation}</math>" if latex else ""


def _drawing(package: Package, element: Element, relations: dict[str, tuple[str, str]]) -> str:
    words = ""
    for kind, part in drawing_parts(element, relations):
        if kind == "diagram":
            words += "".join(f"<li>{html.escape(line)}</li>" for line in diagram_lines(package, part))
        else:
            title, rows = chart_rows(package, part)
            cells = ["".join(f"<td>{html.escape(value)}</td>" for value in row) for row in rows]
            words += f"<p>{html.escape(title)}</p><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    return f"<ul>{words}</ul>" if words.startswith("<li>") else words


def _namespace(document: Element) -> str:
    return document.tag.rpartition("}")[0] + "}"


def _run(document: Element, number: int, tail: str | None) -> Element:
    run = ElementTree.Element(f"{_namespace(document)}r")
    run.append(_text(document, number))
    run.tail = tail
    return run


def _text(document: Element, number: int) -> Element:
    text = ElementTree.Element(f"{_namespace(document)}t")
    text.text = PLACE.format(number=number)
    return text


def _with_document(archive: zipfile.ZipFile, document: Element) -> io.BytesIO:
    """The package with another main part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for part in archive.namelist():
            changed = part.lower() == DOCUMENT
            copy.writestr(part, ElementTree.tostring(document) if changed else archive.read(part))
    file.seek(0)
    return file


def _filled(page: str, fragments: list[str]) -> str:
    """Blocks may not stand in a paragraph: it ends before them and goes on after them."""

    def fragment(match: re.Match[str]) -> str:
        words = fragments[int(match.group(1))] if int(match.group(1)) < len(fragments) else ""
        return f"</p>{words}<p>" if words.startswith(("<ul", "<p", "<table")) else words

    return PLACES.sub(fragment, page)


def _styles(package: Package) -> dict[str, Element]:
    if not package.has(STYLES):
        return {}
    return {attribute(each, "styleId") or "": each for each in named(package.tree(STYLES), "style")}


def _style_map(styles: dict[str, Element]) -> str:
    """Headings by outline level: templates of schools and publishers have styles of their own."""
    rules = list(TITLE_STYLES)
    for style in styles.values():
        name, level = attribute(child(style, "name"), "val") or "", _outline_level(style, styles)
        if level is None or BUILT_IN_HEADING.fullmatch(name) or "'" in name or "\\" in name or name == "Title":
            continue
        rules.append(f"p[style-name='{name}'] => h{level}:fresh")
    return "\n".join(rules)


def _outline_level(style: Element | None, styles: dict[str, Element]) -> int | None:
    for _ in range(20):  # styles that are based on each other in a circle
        if style is None or attribute(style, "type") not in (None, "paragraph"):
            return None
        value = attribute(child(style, "pPr", "outlineLvl"), "val")
        if value is not None:
            return int(value) + 1 if value.isdecimal() and int(value) < MOST_LEVEL else None
        style = styles.get(attribute(child(style, "basedOn"), "val") or "")
    return None


def _refuse_old_fonts(document: Element, styles: dict[str, Element], name: str) -> None:
    uses = []
    for paragraph in named(document, "p"):
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        for run in named(paragraph, "r"):
            text = "".join(each.text or "" for each in run if local(each) == "t")
            fonts = child(run, "rPr", "rFonts")
            if fonts is None:
                fonts = child(
                    styles.get(attribute(child(run, "rPr", "rStyle"), "val") or style or "Normal"), "rPr", "rFonts"
                )
            uses.append((attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or "", text))
    if font := old_fonts.used_old_font(uses):
        raise errors.OldHindiFont(name, f"the font {font}")


def _title(package: Package) -> str | None:
    if not package.has("docProps/core.xml"):
        return None
    return next((each.text.strip() for each in named(package.tree("docProps/core.xml"), "title") if each.text), None)
