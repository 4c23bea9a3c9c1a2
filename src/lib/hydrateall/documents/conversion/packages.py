"""Zip packages of Office and EPUB: parts as XML trees, and the relations between parts."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from hydrateall.documents.conversion import errors
from hydrateall.documents.conversion.limits import Limits

Element = ElementTree.Element
PIECE = 1 << 16
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Package:
    """An open package. Every part is parsed within the limit of nesting."""

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self.archive, self.name, self.limits = archive, name, limits
        self.parts = {part.lower(): part for part in archive.namelist()}

    def has(self, part: str) -> bool:
        return part.lower() in self.parts

    def read(self, part: str) -> bytes:
        if not self.has(part):
            raise errors.CorruptFile(self.name, f"its part {part} is missing")
        return self.archive.read(self.parts[part.lower()])

    def tree(self, part: str) -> Element:
        """The part's root element."""
        try:
            return self._parsed(self.read(part))
        except ElementTree.ParseError as error:
            raise errors.CorruptFile(self.name, f"its part {part} is no sound XML") from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Of a part: id → (last word of its type, the target's path in the package). External ones are left out."""
        folder, file = posixpath.split(part)
        path = f"{folder}/_rels/{file}.rels".lstrip("/")
        if not self.has(path):
            return {}
        return {
            str(each.get("Id")): (str(each.get("Type")).rpartition("/")[2], within(folder, str(each.get("Target"))))
            for each in self.tree(path).iter(RELATION)
            if each.get("TargetMode") != "External"
        }

    def _parsed(self, content: bytes) -> Element:
        """Fed in pieces, so that a part nested without end is refused before its tree is built."""
        parser: Any = ElementTree.XMLPullParser(("start", "end"))
        root: Element | None = None
        depth = 0
        for start in range(0, len(content), PIECE):
            parser.feed(content[start : start + PIECE])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                if depth > self.limits.most_nesting:
                    raise errors.NestedTooDeep(self.name, self.limits.most_nesting)
        parser.close()
        if root is None:
            raise errors.CorruptFile(self.name, "one of its parts is empty")
        return root


def within(folder: str, target: str) -> str:
    """The path of a target in the package; targets that begin with "/" count from its root."""
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def local(element: Element) -> str:
    """The tag's name without its namespace: transitional and strict files differ in that only."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(element: Element, name: str) -> Iterator[Element]:
    """All elements below with this local name, in the order of the document."""
    return (each for each in element.iter() if local(each) == name)


def child(element: Element | None, *names: str) -> Element | None:
    """The element along a path of local names."""
    for name in names:
        element = next((each for each in element if local(each) == name), None) if element is not None else None
    return element


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
