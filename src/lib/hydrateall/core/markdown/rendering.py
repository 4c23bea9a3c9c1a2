"""Tokens to HTML that holds only what is on the lists below, with every formula as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from hydrateall.core.markdown.formulas import formula_html
from hydrateall.core.markdown.parsing import ALIGNMENTS, LINK_SCHEMES, parsed, parser, readable

_TAGS = "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul"
TAGS = frozenset(_TAGS.split())
# Holds the place of a formula while the HTML around it is sanitised. A text cannot write one: its < is escaped.
SLOT = "math-slot"
_SLOT = re.compile(rf'<{SLOT} n="(\d+)"></{SLOT}>')
# What the sanitiser leaves of a link whose address is none, such as http://[::1.
_EMPTY_LINK = re.compile(r'<a rel="noopener nofollow">(.*?)</a>', re.DOTALL)
_CLEANER = nh3.Cleaner(
    tags={*TAGS, SLOT},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}, SLOT: {"n"}},
    allowed_classes={
        "th": set(ALIGNMENTS.values()),
        "td": set(ALIGNMENTS.values()),
        "div": {"math-block"},
        "span": {"math-block"},
    },
    set_tag_attribute_values={"th": {"scope": "col"}},
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel="noopener nofollow",
)

Rule = Callable[[RendererProtocol, Sequence[Token], int, OptionsDict, MutableMapping[str, Any]], str]


def render(text: str) -> str:
    """Markdown as sanitised HTML, the same for the same text.

    Raw HTML is shown as text, an image is replaced by its alternative text, a link that is neither http(s) nor
    mailto by its words, and a formula that cannot be set by its source.
    """
    environment: dict[str, Any] = {}
    return _finished(_BLOCKS.renderer.render(parsed(text), _BLOCKS.options, environment), environment)


def render_inline(text: str) -> str:
    """The same for a question or an option: no paragraphs, headings or lists; a line end is a line break."""
    environment: dict[str, Any] = {}
    return _finished(_LINES.renderInline(readable(text).strip(), environment), environment)


def _finished(html: str, environment: dict[str, Any]) -> str:
    formulas: list[tuple[str, bool]] = environment.get("formulas", [])
    clean = _EMPTY_LINK.sub(r"\1", _CLEANER.clean(html))
    # MathML goes in last: a sanitiser of HTML would take it apart.
    return _SLOT.sub(lambda slot: formula_html(*formulas[int(slot[1])]), clean).strip()


def _slot(environment: MutableMapping[str, Any], latex: str, *, block: bool) -> str:
    formulas = environment.setdefault("formulas", [])
    formulas.append((latex.strip(), block))
    return f'<{SLOT} n="{len(formulas) - 1}"></{SLOT}>'


def _rule(before: str, after: str, *, block: bool) -> Rule:
    def formula(
        _: RendererProtocol, tokens: Sequence[Token], at: int, __: OptionsDict, environment: MutableMapping[str, Any]
    ) -> str:
        return before + _slot(environment, tokens[at].content, block=block) + after

    return formula


def _renderer(*, breaks: bool) -> MarkdownIt:
    markdown = parser(breaks=breaks)
    markdown.add_render_rule("math_inline", _rule("", "", block=False))
    markdown.add_render_rule("math_inline_double", _rule('<span class="math-block">', "</span>", block=True))
    markdown.add_render_rule("math_block", _rule('<div class="math-block">', "</div>\n", block=True))
    return markdown


_BLOCKS = _renderer(breaks=False)
_LINES = _renderer(breaks=True)
