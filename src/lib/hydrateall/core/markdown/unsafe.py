"""What a text asks for that rendering takes out, so that its writer can be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hydrateall.core.markdown.parsing import MATHEMATICS, leaves, parser, readable, scheme_of

# Only what one of these begins can be taken out, and most texts hold none of them.
_SUSPECT = re.compile(r"<[A-Za-z/!?]|\](?:\(|:)|\\(?:href|style|class|cssId|url)\b")
_TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?P<rest>[^<>]*)(?P<end>>?)")
_DECLARATION = re.compile(r"<!--|<!\[CDATA\[|<!doctype\b|<\?[A-Za-z]", re.IGNORECASE)
_HANDLER = re.compile(r"(?<![A-Za-z])(on[a-z]{3,})\s*=", re.IGNORECASE)
_COMMAND = re.compile(r"\\(?:href|style|class|cssId|url)\b")
_HTML_NAMES = (
    "a abbr acronym address animate animatetransform applet area article aside audio b base basefont bdi bdo bgsound"
    " big blink blockquote body br button canvas caption center circle cite code col colgroup command data datalist dd"
    " del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer foreignobject form frame"
    " frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label"
    " layer legend li link listing main map mark marquee math menu menuitem meta meter nav nobr noembed noframes"
    " noscript object ol optgroup option output p param path picture plaintext pre progress q rp rt ruby s samp script"
    " search section select set slot small source span strike strong style sub summary sup svg table tbody td template"
    " textarea tfoot th thead time title tr track tt u ul use var video wbr xml xmp"
)
HTML_NAMES = frozenset(_HTML_NAMES.split())
_SHORT_LINK = 40  # characters of an address that a message shows
_PARSER = parser().disable("text_join")  # so that \< and &lt; stay apart from a < that was typed


def unsafe_parts(text: str) -> list[str]:
    """Short phrases such as "a <script> tag"; empty for a text that is rendered whole.

    A sign for "less than" is no tag, and neither is anything inside a formula or code.
    """
    if not _SUSPECT.search(text):
        return []
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(readable(text), environment)
    phrases = [_removed(kind, url) for kind, url in environment.get("removed", [])]
    prose = list[str]()
    for token in leaves(tokens):
        if token.type in MATHEMATICS:
            phrases += (f"the LaTeX command {match}" for match in _COMMAND.findall(token.content))
        prose.append(token.content if token.type == "text" else "\n" if token.type == "softbreak" else "\x00")
    return list(dict.fromkeys([*_html("".join(prose)), *phrases]))


def _removed(kind: str, url: str) -> str:
    scheme = scheme_of(url)
    if kind == "image":
        return "a remote image" if scheme or url.startswith("//") else "an image"
    if scheme:
        return f"a {scheme}: link"
    return f"a link that is no web address ({url[:_SHORT_LINK]})"


def _html(prose: str) -> Iterator[str]:
    if _DECLARATION.search(prose):
        yield "an HTML comment or declaration"
    for match in _TAG.finditer(prose):
        handlers = _HANDLER.findall(match["rest"])
        if handlers or _is_tag(match):
            yield f"a <{match['name'].lower()}> tag"
        yield from (f"an event handler ({name.lower()})" for name in handlers)


def _is_tag(match: re.Match[str]) -> bool:
    """Whether this is HTML, and not an inequality such as "a<b and c>d"."""
    if match["name"].lower() not in HTML_NAMES:
        return False
    attributes = match["rest"].strip(" /")
    return len(match["name"]) > 1 or (match["end"] == ">" and (not attributes or "=" in attributes))
