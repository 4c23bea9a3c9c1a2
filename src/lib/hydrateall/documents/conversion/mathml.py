"""MathML to LaTeX: as much of it as web pages and books carry."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import Tag
from bs4.element import NavigableString

from hydrateall.documents.conversion.latex import command, group, symbol

IGNORED = {"annotation", "annotation-xml", "mspace", "maligngroup", "malignmark", "mphantom", "none", "mprescripts"}
ACCENTS = {"¯": "bar", "‾": "overline", "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "→": "vec", "⃗": "vec"}
ACCENTS |= {"˙": "dot", "¨": "ddot", "⏞": "overbrace", "―": "overline", "−": "bar"}


def to_latex(math: Tag) -> str:
    """The formula without dollars. Its own TeX annotation is taken where there is one."""
    for annotation in math.find_all("annotation"):
        if "tex" in str(annotation.get("encoding", "")).lower():
            return annotation.get_text().strip()
    return _row(math).strip()


def _row(element: Tag) -> str:
    return "".join(_element(child) for child in _children(element))


def _children(element: Tag) -> list[Tag]:
    return [child for child in element.children if isinstance(child, Tag)]


def _element(element: Tag) -> str:
    name = (element.name or "").rpartition(":")[2]
    if name in IGNORED:
        return ""
    if name in WRITERS:
        return WRITERS[name](element)
    if not _children(element):
        return symbol(element.get_text())
    return _row(element)


def _operand(element: Tag, index: int) -> str:
    parts = _children(element)
    return _element(parts[index]).strip() if index < len(parts) else ""


def _text(element: Tag) -> str:
    text = "".join(str(part) for part in element.descendants if isinstance(part, NavigableString))
    return command("text", " ".join(text.split())) if text.strip() else " "


def _identifier(element: Tag) -> str:
    text = element.get_text().strip()
    return command("mathrm", text) if len(text) > 1 and text.isascii() and text.isalpha() else symbol(text)


def _fenced(element: Tag) -> str:
    separator = str(element.get("separators", ",")).strip()[:1]
    inner = separator.join(_element(child) for child in _children(element))
    return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"


def _over(element: Tag) -> str:
    base, sign = _operand(element, 0), _children(element)[1].get_text().strip() if len(_children(element)) > 1 else ""
    if sign in ACCENTS:
        return command(ACCENTS[sign], base)
    return (
        f"{base}^{group(_operand(element, 1))}"
        if base.startswith("\\")
        else f"\\overset{group(_operand(element, 1))}{group(base)}"
    )


def _under(element: Tag) -> str:
    return f"{_operand(element, 0)}_{group(_operand(element, 1))}"


def _both(element: Tag) -> str:
    return f"{_operand(element, 0)}_{group(_operand(element, 1))}^{group(_operand(element, 2))}"


def _table(element: Tag) -> str:
    rows = [" & ".join(_row(cell).strip() for cell in _children(row)) for row in _children(element)]
    return "\\begin{matrix}" + r" \\ ".join(rows) + "\\end{matrix}"


def _scripts(element: Tag) -> str:
    base, below, above = _operand(element, 0), _operand(element, 1), _operand(element, 2)
    return base + (f"_{group(below)}" if below else "") + (f"^{group(above)}" if above else "")


WRITERS: dict[str, Callable[[Tag], str]] = {
    "mtext": _text,
    "mi": _identifier,
    "mfrac": lambda element: f"\\frac{group(_operand(element, 0))}{group(_operand(element, 1))}",
    "msqrt": lambda element: f"\\sqrt{group(_row(element).strip())}",
    "mroot": lambda element: f"\\sqrt[{_operand(element, 1)}]{group(_operand(element, 0))}",
    "msup": lambda element: f"{group(_operand(element, 0), short=True)}^{group(_operand(element, 1))}",
    "msub": lambda element: f"{group(_operand(element, 0), short=True)}_{group(_operand(element, 1))}",
    "msubsup": _both,
    "munderover": _both,
    "munder": _under,
    "mover": _over,
    "mmultiscripts": _scripts,
    "mfenced": _fenced,
    "mtable": _table,
}
