"""Web pages: their visible content as Markdown. EPUB and DOCX pass here too, chapter by chapter."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Comment, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString

from hydrateall.documents.conversion import errors, old_fonts
from hydrateall.documents.conversion.footnotes import mark_footnotes
from hydrateall.documents.conversion.limits import Conversion, Limits
from hydrateall.documents.conversion.markup import Writer
from hydrateall.documents.conversion.plain import decoded, tidied

WRITER_NESTING = 250  # the writer calls itself three times a level, and Python allows a thousand calls
DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|^<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.I)
INVISIBLE = {"script", "style", "template", "head", "noscript", "iframe", "object", "datalist"}
HIDDEN_STYLE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
FONT_FAMILY = re.compile(r"(?i)font(?:-family)?\s*:\s*([^;}]+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
BLANK_LINES = re.compile(r"\n{3,}")
SPACE_ENDS = re.compile(r"(?<! ) +$|(?<=\S) {3,}$", re.MULTILINE)


def convert_webpage(content: bytes, name: str, limits: Limits) -> Conversion:
    """The page's body; its title is that of the head, else the first heading."""
    text, doubts = decode_webpage(content, name)
    soup = parsed(text, name, limits)
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    heading = soup.find("h1")
    markdown, images = written(soup, name)
    return Conversion(
        markdown=markdown,
        title=title or (heading.get_text(" ", strip=True) if heading else None),
        warnings=doubts,
        images=images,
    )


def decode_webpage(content: bytes, name: str) -> tuple[str, list[str]]:
    """By byte order mark, by its own declaration, else as any text."""
    declared = DECLARED.search(content[:2048])
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = (declared.group(1) or declared.group(2)).decode("ascii")
        try:
            return content.decode(encoding), []
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(content, name)


def parsed(text: str, name: str, limits: Limits) -> BeautifulSoup:
    """The tree, if it is no deeper than the limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(text.replace("\x00", ""), "lxml")
    most = min(limits.most_nesting, WRITER_NESTING)
    if _depth(soup) > most:
        raise errors.NestedTooDeep(name, most)
    return soup


def written(soup: BeautifulSoup, name: str) -> tuple[str, int]:
    """Markdown of what a reader sees, and the number of pictures."""
    _refuse_old_fonts(soup, name)
    _keep_script_formulas(soup)
    _drop_unseen(soup)
    notes = mark_footnotes(soup)
    writer = Writer()
    text = writer.convert_soup(soup)
    for number, note in notes:
        words = " ".join(writer.written(note).split()).removeprefix("- ")
        text += f"\n\n[^{number}]: {words}"
    return spaced(text), writer.images


def spaced(markdown: str) -> str:
    """At most one blank line, none at the ends, no spaces at the ends of lines but the two of a line break."""
    return BLANK_LINES.sub("\n\n", SPACE_ENDS.sub("", tidied(markdown))).strip("\n ")


def _depth(soup: BeautifulSoup) -> int:
    deepest = 0
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    while waiting:
        tag, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in tag.children if isinstance(child, Tag))
    return deepest


def _keep_script_formulas(soup: BeautifulSoup) -> None:
    """MathJax keeps TeX in scripts."""
    for script in soup.find_all("script", type=re.compile("^math/tex")):
        block = "display" in str(script.get("type"))
        script.replace_with(NavigableString(f"$${script.get_text()}$$" if block else f"${script.get_text()}$"))


def _drop_unseen(soup: BeautifulSoup) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in [tag for tag in soup.find_all(True) if _is_unseen(tag)]:
        if not tag.decomposed:
            tag.decompose()
    for drawing in soup.find_all("svg"):
        _name_drawing(soup, drawing)


def _is_unseen(tag: Tag) -> bool:
    """What browsers do not show, and the second copy of a formula that KaTeX and MathJax draw."""
    if tag.name in INVISIBLE or (tag.name == "svg" and tag.find_parent("mjx-container")):
        return True
    attributes = tag.attrs
    if not attributes:
        return False
    hidden = "hidden" in attributes or HIDDEN_STYLE.search(str(attributes.get("style", "")))
    return bool(hidden) or "katex-html" in (attributes.get("class") or ())


def _name_drawing(soup: BeautifulSoup, drawing: Tag) -> None:
    words = [tag.get_text(" ", strip=True) for tag in drawing.find_all(["title", "desc", "text"])]
    words = [str(drawing["aria-label"]), *words] if drawing.get("aria-label") else words
    drawing.replace_with(soup.new_tag("img", attrs={"alt": " ".join(dict.fromkeys(words))}))


def _refuse_old_fonts(soup: BeautifulSoup, name: str) -> None:
    uses = [(str(tag["face"]), tag.get_text()) for tag in soup.find_all("font", face=True)]
    for tag in soup.find_all(style=FONT_FAMILY):
        uses += [(family, tag.get_text()) for family in FONT_FAMILY.findall(str(tag["style"]))]
    for style in soup.find_all("style"):
        uses += _uses_of_rules(soup, style.get_text())
    if font := old_fonts.used_old_font(uses):
        raise errors.OldHindiFont(name, f"the font {font.strip()}")


def _uses_of_rules(soup: BeautifulSoup, sheet: str) -> list[tuple[str, str]]:
    """(font, text) for the rules of a style sheet that name an old font."""
    uses = []
    for selector, body in RULE.findall(sheet):
        for family in FONT_FAMILY.findall(body):
            if old_fonts.is_old_font(family) and not selector.strip().startswith("@"):
                uses += [(family, tag.get_text()) for tag in _selected(soup, selector)]
    return uses


def _selected(soup: BeautifulSoup, selector: str) -> list[Tag]:
    try:
        return list(soup.select(selector.strip()))
    except (ValueError, NotImplementedError, SyntaxError):
        return []
