"""Footnotes of web pages, books and Word: `[^1]` in the text and `[^1]: …` at the end."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

ROLES = {"doc-noteref", "noteref"}
CLASSES = {"footnote-ref", "footnoteref", "noteref"}
HOLDERS = {"ol", "ul", "section", "aside", "div", "footer"}
BACK_ROLES = {"doc-backlink", "backlink"}


def mark_footnotes(soup: BeautifulSoup) -> list[tuple[int, Tag]]:
    """Puts `[^n]` in the place of each reference, takes the notes out of the text and returns them by number."""
    numbers: dict[str, int] = {}
    notes: list[tuple[int, Tag]] = []
    targets = {str(tag["id"]): tag for tag in soup.find_all(id=True)}
    for reference in [link for link in soup.find_all("a", href=True) if _is_reference(link)]:
        target = str(reference["href"]).rpartition("#")[2]
        if target not in targets:
            continue
        number = numbers.setdefault(target, len(numbers) + 1)
        _replace(reference, f"[^{number}]")
    for target, number in numbers.items():
        notes.append((number, targets[target]))
    for _, note in notes:
        for link in note.find_all("a", href=True):
            if _is_back_link(link):
                link.decompose()
        holder = note.parent
        note.extract()
        _drop_empty(holder)
    return notes


def _is_reference(link: Tag) -> bool:
    if "#" not in str(link.get("href", "")) or _is_back_link(link):
        return False
    roles = {str(link.get("role", "")), *str(link.get("epub:type", "")).split()}
    classes = set(link.get("class") or ())
    identifier = str(link.get("id", ""))
    return bool(roles & ROLES or classes & CLASSES or identifier.startswith(("footnote-ref-", "endnote-ref-")))


def _is_back_link(link: Tag) -> bool:
    roles = {str(link.get("role", "")), *str(link.get("epub:type", "")).split()}
    return bool(roles & BACK_ROLES) or link.get_text().strip() in ("↑", "↩", "↩︎", "^")


def _replace(reference: Tag, text: str) -> None:
    """The reference's raised wrapper goes with it."""
    outer = reference
    while outer.parent is not None and outer.parent.name in ("sup", "span") and len(outer.parent.contents) == 1:
        outer = outer.parent
    outer.replace_with(NavigableString(text))


def _drop_empty(holder: Tag | None) -> None:
    """What held nothing but notes, with the rule above them."""
    while holder is not None and holder.name in HOLDERS and not holder.get_text(strip=True) and not holder.find("img"):
        outer = holder.parent
        holder.decompose()
        holder = outer
