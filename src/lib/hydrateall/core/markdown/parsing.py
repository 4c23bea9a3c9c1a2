"""Markdown to tokens: CommonMark with tables, strike-through and dollar mathematics, and without raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

LINK_SCHEMES = frozenset(("http", "https", "mailto"))
# Neither PostgreSQL nor an HTML page can hold these; \t, \n and \r stay.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MATHEMATICS = frozenset(("math_inline", "math_inline_double", "math_block"))
ALIGNMENTS = {f"text-align:{side}": f"align-{side}" for side in ("left", "center", "right")}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def parser(*, breaks: bool = False) -> MarkdownIt:
    """A parser of the house's Markdown; `breaks` keeps line ends as line breaks."""
    markdown = MarkdownIt("commonmark", {"html": False, "langPrefix": "", "breaks": breaks})
    markdown.enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, allow_labels=False, double_inline=True)
    # Links are judged by the rule below: markdown-it would show the source of one that it refuses.
    markdown.validateLink = lambda _: True  # type: ignore[assignment, method-assign]
    markdown.core.ruler.push("keep_safe_parts", _keep_safe_parts)
    return markdown


@lru_cache(16)  # a note is rendered and then counted
def parsed(text: str) -> list[Token]:
    """The tokens of a text; shared, so to be read only."""
    return _PARSER.parse(readable(text))


def readable(text: str) -> str:
    """The text without the characters that no page and no database can hold."""
    return FORBIDDEN.sub("", text)


def scheme_of(url: str) -> str:
    """The scheme of a link in small letters; empty for a link within the same site."""
    match = _SCHEME.match(url.strip())
    return match[1].lower() if match else ""


def leaves(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that carry text, in order; those inside a paragraph, a heading or a cell too."""
    for token in tokens:
        if token.type == "inline":
            yield from token.children or ()
        else:
            yield token


def _keep_safe_parts(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_safe(token.children or [], state.env.setdefault("removed", [])))
        elif token.type in ("th_open", "td_open"):
            _align_by_class(token)


def _safe(tokens: Sequence[Token], removed: list[tuple[str, str]]) -> Iterator[Token]:
    """The tokens without images, whose alternative text stays, and without links that lead off the web."""
    open_links = list[bool]()
    for token in tokens:
        if token.type == "image":
            removed.append(("image", str(token.attrGet("src") or "")))
            yield Token("text", "", 0, content=token.content)
            continue
        if token.type == "link_open":
            url = str(token.attrGet("href") or "")
            open_links.append(scheme_of(url) in LINK_SCHEMES)
            if not open_links[-1]:
                removed.append(("link", url))
        if token.type not in ("link_open", "link_close") or open_links[-1]:
            yield token
        if token.type == "link_close":
            open_links.pop()


def _align_by_class(token: Token) -> None:
    name = ALIGNMENTS.get(str(token.attrs.pop("style", "")))
    if name:
        token.attrSet("class", name)


_PARSER = parser()
