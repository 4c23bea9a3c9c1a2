"""Sample documents as PDF: Markdown to Typst markup, tagged pages, text that can be copied word for word."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import typst
from markdown_it.tree import SyntaxTreeNode

WORDS = {
    "en": {"page": "Page {} of {}", "course": "Science · Class X"},
    "hi": {"page": "पृष्ठ {} / {}", "course": "विज्ञान · कक्षा 10"},
}
FONTS = {"en": ("Libertinus Serif",), "hi": ("Noto Sans Devanagari", "Noto Sans")}
SIZES = {"en": "10.5pt", "hi": "9.7pt"}
INTRODUCED = ("blockquote", "ordered_list", "bullet_list")
CAPTION = re.compile(r"(?:Figure|आकृति|(?P<table>Table|सारणी)) \d+:")
TOGETHER = re.compile(r" (?=(?:cm|mm|m|D)\b|= [−+]?\d)|(?<==) |(?<=sin) ")
"""The spaces at which a line may not end: before a unit, around the sign of equality, after the name of a function."""
HYPHENATED = "A spherical mirror is a"
"""The one paragraph that may break words, so that readers of the file meet a hyphen at a line's end."""

STYLE = """
#let ink = rgb("#1f2933")
#let accent = rgb("#1b4965")
#let quiet = rgb("#5c6773")
#set document(title: %(title)s, author: "HydrateAll", date: datetime(year: 2026, month: 11, day: 21))
#set text(font: %(fonts)s, size: %(size)s, fill: ink, lang: "%(language)s", hyphenate: false)
#set smartquote(enabled: false)
#set par(justify: %(justify)s, leading: %(leading)s, spacing: %(between)s)
#set page(
  paper: "a4", margin: (x: 24mm, top: 27mm, bottom: 24mm), header-ascent: 38%%, footer-descent: 38%%,
  header: [#set text(size: 0.82em, fill: quiet)
    #grid(columns: (1fr, auto), %(course)s, %(title)s)
    #v(-0.55em) #line(length: 100%%, stroke: 0.4pt + quiet)],
  footer: context [#set text(size: 0.82em, fill: quiet)
    #align(center, %(page)s)],
)
#show heading: set text(fill: accent, weight: "bold")
#show heading.where(level: 1): set text(size: 1.55em)
#show heading.where(level: 2): set text(size: 1.06em)
#show heading.where(level: 3): set text(size: 1em)
#show heading: set block(above: 1.6em, below: 0.85em, sticky: true)
#show heading.where(level: 1): set block(above: 0em, below: 0.7em)
#set enum(indent: 0.4em, body-indent: 0.7em, spacing: %(between)s * 0.8)
#set list(indent: 0.4em, body-indent: 0.7em, spacing: %(between)s * 0.8, marker: text(fill: accent, "•"))
#set table(
  stroke: (x, y) => (bottom: if y == 0 { 0.8pt + accent } else { 0.3pt + rgb("#c8d1d9") }),
  inset: (x: 6pt, y: 4.6pt),
)
#show table: set text(size: 0.92em)
#show table: set par(justify: false, leading: 0.5em)
#show table.cell.where(y: 0): set text(fill: accent, weight: "bold")
#let subtitle(body) = block(below: 1.7em, text(fill: quiet, style: "%(slant)s", body))
#let slanted(body) = text(font: "%(italic)s", style: "italic", body)
#let bold(body) = text(weight: "bold", body)
#let caption(body) = align(center, text(size: 0.9em, fill: quiet, body))
#let boxed = block.with(fill: rgb("#eef3f6"), radius: 2pt, inset: (x: 16pt, y: 7pt), above: 1.1em, below: 1.1em)
#let law(body) = align(center, boxed({
  show regex("[A-Za-z]+"): it => if it.text.len() == 1 { slanted(it) } else { it }
  text(size: 1.08em, body)
}))
"""


def pdf(document: SyntaxTreeNode, entry: dict[str, Any], sources: Path) -> bytes:
    """The bytes of the document as tagged PDF."""
    markup = style(entry) + "\n".join(block(node) for node in document.children)
    made = typst.compile(markup.encode(), root=str(sources), pdf_standards="ua-1")
    return with_spaces(made)


def style(entry: dict[str, Any]) -> str:
    language = entry["language"]
    now, last = "#counter(page).display()", "#counter(page).final().first()"
    return STYLE % {
        "title": json.dumps(entry["title"], ensure_ascii=False),
        "fonts": "(" + "".join(f'"{name}", ' for name in FONTS[language]) + ")",
        "italic": FONTS[language][-1],
        "size": SIZES[language],
        "language": language,
        "justify": "true" if language == "en" else "false",
        "leading": "0.62em" if language == "en" else "0.8em",
        "between": "1.05em" if language == "en" else "1.3em",
        "slant": "italic" if language == "en" else "normal",
        "course": literal(WORDS[language]["course"]).removeprefix("#"),
        "page": f"[{WORDS[language]['page'].format(now, last)}]",
    }


def literal(text: str) -> str:
    """The text as a Typst string, in which no sign has a meaning of its own."""
    return "#" + json.dumps(text, ensure_ascii=False)


def block(node: SyntaxTreeNode) -> str:
    return BLOCKS[node.type](node) + "\n"


def heading(node: SyntaxTreeNode) -> str:
    return f"#heading(level: {node.tag[1:]})[{inline(node)}]"


def paragraph(node: SyntaxTreeNode) -> str:
    parts = node.children[0].children
    text = node.children[0].content
    if len(parts) == 1 and parts[0].type == "em":
        return f"#subtitle[{''.join(inline(part) for part in parts[0].children)}]"
    if parts[0].type == "image":
        return f"#block(sticky: true, above: 1.5em, below: 0.6em, width: 100%, align(center, {picture(parts[0])}))"
    if found := CAPTION.match(text):
        sticky = str(bool(found["table"])).lower()
        return f"#block(sticky: {sticky}, above: 1.5em, width: 100%, caption[{inline(node)}])"
    if text.startswith(HYPHENATED):
        return f'#par(linebreaks: "simple", {{set text(hyphenate: true); [{inline(node)}]}})'
    if node.next_sibling is not None and node.next_sibling.type in INTRODUCED:
        return f"#block(sticky: true)[{inline(node)}]"
    return inline(node)


def picture(node: SyntaxTreeNode) -> str:
    return f"image({json.dumps(node.attrs['src'])}, width: 88%, alt: {json.dumps(node.content, ensure_ascii=False)})"


def inline(node: SyntaxTreeNode) -> str:
    if node.type == "text":
        return literal(TOGETHER.sub("\u00a0", node.content)) + ";"
    if node.type == "softbreak":
        return " "
    inner = "".join(inline(child) for child in node.children)
    return {"em": f"#slanted[{inner}]", "strong": f"#bold[{inner}]"}.get(node.type, inner)


def items(function: str) -> Any:
    def listed(node: SyntaxTreeNode) -> str:
        return f"#{function}(" + "".join(f"[{inline(item)}], " for item in node.children) + ")"

    return listed


def table(node: SyntaxTreeNode) -> str:
    rows = [[f"[{inline(cell)}]" for cell in row.children] for part in node.children for row in part.children]
    cells = "".join(f"{cell}, " for row in rows[1:] for cell in row)
    head = f"table.header({', '.join(rows[0])})"
    columns = len(rows[0])
    return f"#align(center, table(columns: {columns}, align: left + horizon, {head}, {cells}))"


BLOCKS = {
    "heading": heading,
    "paragraph": paragraph,
    "ordered_list": items("enum"),
    "bullet_list": items("list"),
    "table": table,
    "blockquote": lambda node: f"#law[{inline(node)}]",
}


def with_spaces(content: bytes) -> bytes:
    """Put the space that follows a Devanagari cluster into the cluster's own text.

    Typst writes such a cluster with the text that it stands for. PDFium, which most readers of text are built on, drops
    a space of no ink that stands between two of them if the first ends in a vowel sign above the line.
    """
    document = pikepdf.open(io.BytesIO(content))
    for page in document.pages:
        spaces = {str(name): space_of(font) for name, font in page.Resources.Font.items()}
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(joined(page, spaces)))
    target = io.BytesIO()
    document.save(
        target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True
    )
    return target.getvalue()


def space_of(font: Any) -> bytes | None:
    found = re.search(rb"<([0-9A-F]{4})> <0020>", font.ToUnicode.read_bytes())
    return bytes.fromhex(found.group(1).decode()) if found else None


def joined(page: Any, spaces: dict[str, bytes | None]) -> list[Any]:
    operations = list(pikepdf.parse_content_stream(page))
    cluster, inside, font = None, False, ""
    for operands, operator in operations:
        name = str(operator)
        if name == "Tf":
            font = str(operands[0])
        elif name == "BDC":
            inside = "/ActualText" in operands[1]
            cluster = operands[1] if inside else None
        elif name == "EMC":
            inside = False
        elif name in ("Tj", "TJ") and not inside:
            shown = bytes(operands[0] if name == "Tj" else operands[0][0])
            if cluster is not None and shown[:2] == spaces[font]:
                cluster["/ActualText"] = pikepdf.String(f"{cluster['/ActualText']} ")
            cluster = None
    return operations
