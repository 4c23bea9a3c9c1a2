"""The text of documents as pages show it: sanitised, page by page, with the words that matter marked.

What a document says is untrusted. It is rendered by `core.markdown`, and marks are set in what that gives: a mark
stands around letters or a whole formula, never around a tag.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hydrateall.core.markdown import render, render_inline
from hydrateall.documents.words import WORD, lexemes
from hydrateall.web.pages.translation import gettext as _

Spans = Callable[[str], Iterable[tuple[int, int]]]

PAGE_MARKER = re.compile(r"^<!-- page (\d+) -->[ \t]*\n?", re.MULTILINE)
_PART = re.compile(r"(?P<formula><math\b.*?</math>)|(?P<tag><[^>]*>)|(?P<letter>&#?\w+;|.)", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|code|em|s|span|strong)\b")
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"(</?h)([1-6])>")
HEADINGS_ABOVE = 2  # levels of the page itself


@dataclass(frozen=True)
class Piece:
    """A part of a text, rendered; `page` is the page that begins with it, if one does."""

    page: int | None
    body: Markup


def rendered(text: str, spans: Spans | None = None) -> list[Piece]:
    """A text of a document page by page, with the spans marked that are found in what a reader sees of it."""
    found = PAGE_MARKER.split(text)
    pages = [None, *(int(number) for number in found[1::2])]
    parts = [(page, part) for page, part in zip(pages, found[::2], strict=True) if page or part.strip()]
    return [
        Piece(page, Markup(_fitted(marked(render(part), spans) if spans else render(part)))) for page, part in parts
    ]


def sentences(evidence: Sequence[str]) -> Spans:
    """The places of these passages of Markdown, as far as they are there."""
    wanted = [plain for each in evidence if (plain := _plain(render_inline(each)))]

    def places(text: str) -> Iterator[tuple[int, int]]:
        for each in wanted:
            if (start := text.find(each)) >= 0:
                yield start, start + len(each)

    return places


def words_of(query: str) -> Spans:
    """The places of a question's words, in all their endings."""
    asked = set(lexemes(query))

    def places(text: str) -> Iterator[tuple[int, int]]:
        for word in WORD.finditer(text):
            if asked.intersection(lexemes(word[0])):
                yield word.span()

    return places


def marked(body: str, spans: Spans) -> str:
    """Sanitised HTML with marks around the spans of its text. White space counts as one blank in that text."""
    parts = list(_PART.finditer(body))
    text, places = _read(parts)
    chosen: set[int] = set()
    for start, end in spans(text):
        chosen.update(range(places[start], places[end - 1] + 1))
    return "".join(_write(parts, chosen))


def _read(parts: Sequence[re.Match[str]]) -> tuple[str, list[int]]:
    """What a reader sees of the parts, and for each sign of it the part that it comes from."""
    text: list[str] = []
    places: list[int] = []
    for number, part in enumerate(parts):
        for sign in _seen(part):
            if not sign.isspace():
                text.append(sign)
            elif text and text[-1] != " ":
                text.append(" ")
            else:
                continue
            places.append(number)
    return "".join(text), places


def _seen(part: re.Match[str]) -> str:
    if part["tag"]:
        return "" if _INLINE.match(part["tag"]) else " "
    return _plain(part["formula"]) if part["formula"] else html.unescape(part["letter"])


def _write(parts: Sequence[re.Match[str]], chosen: set[int]) -> Iterator[str]:
    inside = False
    for number, part in enumerate(parts):
        wanted = number in chosen and not part["tag"]
        if wanted != inside:
            yield "<mark>" if wanted else "</mark>"
            inside = wanted
        yield part[0]
    if inside:
        yield "</mark>"


def _plain(body: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", body)).split())


def _fitted(body: str) -> str:
    """Fit a text into its page: its headings below ours, and a wide table in a frame that scrolls, by keyboard too."""
    body = _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + HEADINGS_ABOVE, 6)}>", body)
    frame = Markup('<div class="scroll" tabindex="0" role="group" aria-label="{}"><table>').format(_("Table"))
    return body.replace("<table>", frame).replace("</table>", "</table></div>")
