"""PowerPoint: each slide behind its page marker, with title, lists, tables, formulas, charts and speaker notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from hydrateall.documents.conversion import errors, old_fonts
from hydrateall.documents.conversion.drawings import chart_rows, diagram_lines, drawing_parts
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.office_formulas import to_latex
from hydrateall.documents.conversion.packages import Element, Package, attribute, child, local, named
from hydrateall.documents.conversion.plain import cell, escaped_paragraph_line, table
from hydrateall.documents.conversion.webpages import spaced
from hydrateall.documents.schemas import PAGE_MARKER

PRESENTATION = "ppt/presentation.xml"
TITLES = ("title", "ctrTitle")
UNSAID = ("sldNum", "dt", "ftr", "hdr", "sldImg")
"""Placeholders that repeat on each slide, or show it again on its page of notes."""
LISTS = ("body", "obj", "", "subTitle")


class Deck:
    """One presentation while it is read; counts its pictures."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.images = 0

    def slide(self, part: str) -> str:
        """The slide's Markdown without its marker: the title first, then all else in the order of its shapes."""
        tree, relations = self.package.tree(part), self.package.relations(part)
        shapes = list(_shapes(child(tree, "cSld", "spTree")))
        titles = [shape for shape in shapes if _placeholder(shape) in TITLES]
        heads = [f"## {cell(_plain(shape))}" for shape in titles if _plain(shape)]
        blocks = [self._shape(shape, relations) for shape in shapes if shape not in titles]
        notes = next((target for kind, target in relations.values() if kind == "notesSlide"), None)
        return "\n\n".join([*heads, *filter(None, blocks), *(self._notes(notes) if notes else [])])

    def _shape(self, shape: Element, relations: dict[str, tuple[str, str]]) -> str:
        if local(shape) == "sp":
            kind = _placeholder(shape)
            return "" if kind in UNSAID else _paragraphs(child(shape, "txBody"), listed=kind in LISTS)
        if local(shape) == "pic":
            return self._picture(shape)
        if local(shape) == "graphicFrame":
            return self._frame(shape, relations)
        return ""

    def _picture(self, shape: Element) -> str:
        self.images += 1
        properties = child(shape, "nvPicPr", "cNvPr")
        words = " ".join((attribute(properties, "descr") or "").split())
        return f"![{words.replace('[', '(').replace(']', ')')}]()" if words else ""

    def _frame(self, shape: Element, relations: dict[str, tuple[str, str]]) -> str:
        rows = [
            [" ".join(_lines(child(each, "txBody"))) for each in row if local(each) == "tc"]
            for row in named(shape, "tr")
        ]
        blocks = [table(rows)] if rows and any(rows) else []
        for kind, part in drawing_parts(shape, relations):
            if kind == "diagram":
                blocks.append("\n".join(f"- {line}" for line in diagram_lines(self.package, part)))
            else:
                title, rows = chart_rows(self.package, part)
                blocks += [title, table(rows) if rows else ""]
        return "\n\n".join(filter(None, blocks))

    def _notes(self, part: str) -> list[str]:
        if not self.package.has(part):
            return []
        shapes = _shapes(child(self.package.tree(part), "cSld", "spTree"))
        texts = [
            _paragraphs(child(shape, "txBody"), listed=False) for shape in shapes if _placeholder(shape) not in UNSAID
        ]
        said = [text for text in texts if text]
        return ["Notes:", *said] if said else []


def convert_slides(content: bytes, name: str, limits: Limits) -> Conversion:
    """All slides that are shown, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = Package(archive, name, limits)
        parts = _slide_parts(package)
        if len(parts) > limits.most_pages:
            raise errors.TooManyPages(name, len(parts), limits.most_pages)
        deck, pages = Deck(package), []
        for number, part in enumerate(parts, 1):
            _refuse_old_fonts(package.tree(part), name)
            pages.append(f"{PAGE_MARKER.format(number=number)}\n\n{spaced(deck.slide(part))}")
        first = next((line[3:] for page in pages for line in page.split("\n") if line.startswith("## ")), None)
    return Conversion(markdown="\n\n".join(pages), pages=len(parts), title=first, images=deck.images)


def _slide_parts(package: Package) -> list[str]:
    """In the order of the presentation. A slide's own number is `id` too, but has no namespace."""
    relations = package.relations(PRESENTATION)
    keys = [
        value
        for each in named(package.tree(PRESENTATION), "sldId")
        for key, value in each.attrib.items()
        if key.endswith("}id")
    ]
    return [relations[key][1] for key in keys if key in relations and package.has(relations[key][1])]


def _shapes(tree: Element | None) -> Iterator[Element]:
    """Groups are opened; of alternatives the first is taken."""
    for each in tree if tree is not None else ():
        kind = local(each)
        if kind == "grpSp":
            yield from _shapes(each)
        elif kind == "AlternateContent":
            yield from _shapes(child(each, "Choice"))
        elif kind in ("sp", "pic", "graphicFrame"):
            yield each


def _placeholder(shape: Element) -> str | None:
    """The kind of placeholder; "" for one without a kind, None for a free text box."""
    placeholder = child(shape, "nvSpPr", "nvPr", "ph")
    return None if placeholder is None else attribute(placeholder, "type") or ""


def _plain(shape: Element) -> str:
    return " ".join(" ".join(_lines(child(shape, "txBody"))).split())


def _lines(body: Element | None) -> list[str]:
    return [text for paragraph in _direct(body) if (text := _words(paragraph))]


def _direct(body: Element | None) -> list[Element]:
    return [each for each in body if local(each) == "p"] if body is not None else []


def _paragraphs(body: Element | None, *, listed: bool) -> str:
    """Paragraphs with bullets or numbers become lists; those of the body have bullets unless told otherwise."""
    lines: list[str] = []
    numbers: dict[int, int] = {}
    for paragraph in _direct(body):
        text = _words(paragraph)
        if not text:
            continue
        properties = child(paragraph, "pPr")
        level = int(attribute(properties, "lvl") or 0)
        mark = _mark(properties, level, numbers, listed=listed)
        lines.append(f"{'   ' * level}{mark}{text}" if mark else f"\n{escaped_paragraph_line(text)}\n")
    return "\n".join(lines).strip("\n")


def _mark(properties: Element | None, level: int, numbers: dict[int, int], *, listed: bool) -> str:
    kinds = {local(each) for each in properties} if properties is not None else set()
    for deeper in [each for each in numbers if each > level]:
        del numbers[deeper]
    if "buAutoNum" in kinds:
        start = attribute(child(properties, "buAutoNum"), "startAt") or "1"
        numbers[level] = numbers.get(level, int(start) - 1) + 1
        return f"{numbers[level]}. "
    numbers.pop(level, None)
    return "- " if "buChar" in kinds or (listed and "buNone" not in kinds) else ""


def _words(paragraph: Element) -> str:
    """The paragraph's text; formulas in dollars, line breaks as spaces."""
    return " ".join("".join(_pieces(paragraph)).split())


def _pieces(element: Element) -> Iterator[str]:
    for each in element:
        kind = local(each)
        if kind == "t":
            yield each.text or ""
        elif kind == "br":
            yield " "
        elif kind in ("oMath", "oMathPara"):
            yield f"${to_latex(each)}$"
        elif kind == "AlternateContent":
            choice = child(each, "Choice")
            yield from _pieces(choice) if choice is not None else ()
        elif kind in ("r", "fld", "m", "Fallback"):
            yield from _pieces(each)


def _refuse_old_fonts(slide: Element, name: str) -> None:
    uses = []
    for run in named(slide, "r"):
        latin = attribute(child(run, "rPr", "latin"), "typeface") or ""
        uses.append((latin, "".join(each.text or "" for each in named(run, "t"))))
    if font := old_fonts.used_old_font(uses):
        raise errors.OldHindiFont(name, f"the font {font}")
