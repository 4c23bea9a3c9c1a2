"""EPUB books: their chapters in reading order, each a web page."""

from __future__ import annotations

import io
import re
import zipfile

from hydrateall.documents.conversion import errors
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.packages import Package, attribute, named, within
from hydrateall.documents.conversion.webpages import decode_webpage, parsed, written

CONTAINER = "META-INF/container.xml"
PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
FOOTNOTE = re.compile(r"\[\^(\d+)\]")


def convert_book(content: bytes, name: str, limits: Limits) -> Conversion:
    """The spine's pages; footnotes keep their order through the whole book."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        package = Package(archive, name, limits)
        main = _main_part(package)
        opf = package.tree(main)
        title = next((each.text.strip() for each in named(opf, "title") if each.text), None)
        chapters, images, notes = [], 0, 0
        for part in _spine(package, main):
            text, _ = decode_webpage(package.read(part), name)
            markdown, pictures = written(parsed(text, name, limits), name)
            chapters.append(_renumbered(markdown, notes))
            images += pictures
            notes += max(map(int, FOOTNOTE.findall(markdown)), default=0)
    return Conversion(markdown="\n\n".join(filter(None, chapters)), title=title, images=images)


def _main_part(package: Package) -> str:
    if not package.has(CONTAINER):
        raise errors.CorruptFile(package.name, f"its part {CONTAINER} is missing")
    path = next((attribute(each, "full-path") for each in named(package.tree(CONTAINER), "rootfile")), None)
    if not path or not package.has(path):
        raise errors.CorruptFile(package.name, "it does not say where its book begins")
    return path


def _spine(package: Package, main: str) -> list[str]:
    opf = package.tree(main)
    folder = main.rpartition("/")[0]
    items = {attribute(each, "id"): each for each in named(opf, "item")}
    wanted = [items.get(attribute(each, "idref")) for each in named(opf, "itemref")]
    parts = [
        within(folder, attribute(item, "href") or "")
        for item in wanted
        if item is not None
        and attribute(item, "media-type") in PAGES
        and "nav" not in (attribute(item, "properties") or "").split()
    ]
    missing = next((part for part in parts if not package.has(part)), None)
    if missing or not parts:
        raise errors.CorruptFile(package.name, f"its chapter {missing} is missing" if missing else "it has no chapters")
    return parts


def _renumbered(markdown: str, by: int) -> str:
    return FOOTNOTE.sub(lambda match: f"[^{int(match.group(1)) + by}]", markdown) if by else markdown
