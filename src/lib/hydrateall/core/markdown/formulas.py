"""LaTeX to MathML that is rebuilt from lists of harmless elements and attributes, because LaTeX can ask for links."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from hydrateall.core.markdown.dialect import plain_latex

LONGEST = 2000  # characters; the converter's time grows faster than its text
_ELEMENTS = (
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover"
    " mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose"
)
ELEMENTS = frozenset(_ELEMENTS.split())
# One digit before the point: a formula cannot be moved over the text beside it.
# Browsers read "+1em" (wider by 1em) as 1em, so growing is left out.
_LENGTH = re.compile(r"-?(?:\d(?:\.\d+)?|\.\d+)(?:em|ex|px|pt|mm)?")
_FLAG = re.compile(r"true|false")
_WORDS = re.compile(r"[a-z]+(?:[ -][a-z]+){0,9}")
ATTRIBUTES = {
    **dict.fromkeys(("width", "height", "depth", "minsize", "maxsize"), _LENGTH),
    **dict.fromkeys(("stretchy", "fence", "separator", "accent", "accentunder", "movablelimits", "largeop"), _FLAG),
    **dict.fromkeys(("form", "mathvariant", "notation"), _WORDS),
    "displaystyle": _FLAG,
    "scriptlevel": re.compile(r"[+-]?\d"),
    "linethickness": _LENGTH,
}
# Browsers ignore columnalign and the bold variant, so these become classes and letters of their own.
COLUMNS = {"left": "align-left", "right": "align-right"}
BOLD = {
    first + place: code + place
    for first, code, count in ((65, 0x1D400, 26), (97, 0x1D41A, 26), (48, 0x1D7CE, 10))
    for place in range(count)
}
# The converter takes these relations for letters, which get no space around them, and infinity for an operator.
RELATIONS = {"~": "\N{TILDE OPERATOR}", "⟂": "\N{UP TACK}"}
VALUES = frozenset("∞∅")
UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")  # as TeX sets them, and as the ohm must stand
LIMITS = frozenset(("lim", "max", "min", "sup", "inf"))
_ENVIRONMENTS = "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases split align align* array"
ENVIRONMENTS = frozenset(_ENVIRONMENTS.split())
_BEGIN = re.compile(r"\\begin\s*\{([^}]*)\}")
ROWS = frozenset(("math", "mrow", "mstyle", "mtd", "msqrt", "mphantom", "mpadded"))
SCRIPTS = frozenset(("msub", "msup", "msubsup"))
GAPS = frozenset(("mo", "mspace", "mtext"))
_CHARACTER = re.compile(r"&#x?[0-9A-Fa-f]+;")
_SPACE_IN_TEXT = re.compile(r"\\[,;: ]|~")
_SIGN_IN_TEXT = re.compile(r"\\([%_&#${}])")
_MACRO = re.compile(r"\\(?:def|let|(?:re)?newcommand|providecommand|DeclareMathOperator)\b")


class _NotConvertible(ValueError):
    """The formula holds a command that MathML has no sign for."""


@lru_cache(4096)
def formula_html(latex: str, block: bool) -> str:
    """MathML of a formula, or its source as code where it cannot be converted."""
    try:
        return _mathml(latex, block)
    except Exception:  # noqa: BLE001 - the converter raises whatever it trips over; a reader still gets the source
        return f"<code>{html.escape(latex)}</code>"


def _mathml(latex: str, block: bool) -> str:
    source = plain_latex(latex) if len(latex) <= LONGEST else ""
    if not source or _MACRO.search(source) or not ENVIRONMENTS.issuperset(_BEGIN.findall(source)):
        raise _NotConvertible
    # Imported here: it reads a table of 2,800 signs, and most processes that know this module set no formula.
    from latex2mathml.converter import convert_to_element

    tree = convert_to_element(source, display="block" if block else "inline")
    display = ' display="block"' if block else ""
    return f'<math{display} alttext="{html.escape(latex)}">{_inside(tree)}</math>'


def _markup(element: Element) -> str:
    if element.tag == "msub" and element[0].text in LIMITS:  # beside the word in a line, below it in a block
        element.tag = "munder"
        element[0].set("movablelimits", "true")
    tag = _tag(element)
    return f"<{tag}{_attributes(element)}>{_inside(element)}</{tag}>"


def _tag(element: Element) -> str:
    if element.tag in ("mi", "mo"):
        sign = _text(element)
        if sign in VALUES:
            return "mi"
        return "mo" if len(sign) == 1 and unicodedata.category(sign) == "Sm" else element.tag
    return element.tag if element.tag in ELEMENTS else "mrow"


def _inside(element: Element) -> str:
    children = list(_spaced(_joined(element))) if element.tag in ROWS else list(element)
    return html.escape(_text(element), quote=False) + "".join(_markup(child) for child in children)


def _text(element: Element) -> str:
    text = element.text or ""
    if element.tag == "mtext":
        text = _SIGN_IN_TEXT.sub(r"\1", _SPACE_IN_TEXT.sub("\N{NO-BREAK SPACE}", text))
    # Signs that the converter knows are character references by now; these two are what it left over.
    if "\\" in text or (text == "&" and element.tag == "mi"):
        raise _NotConvertible
    text = _CHARACTER.sub(lambda match: html.unescape(match[0]), text)
    text = RELATIONS.get(text, text)
    return text.translate(BOLD) if element.get("mathvariant") == "bold" else text


def _attributes(element: Element) -> str:
    attributes = element.attrib
    if element.tag == "mi" and _text(element) in UPRIGHT:
        attributes = {"mathvariant": "normal"}
    kept = [
        f' {name}="{html.escape(value)}"'
        for name, value in attributes.items()
        if name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value)
    ]
    column = COLUMNS.get(element.get("columnalign", ""))
    return "".join(kept) + (f' class="{column}"' if column else "")


def _joined(row: Element) -> Iterator[Element]:
    """The children of a row, upright letters that follow each other as one word: "kg", not "k" and "g"."""
    word: Element | None = None
    for child in row:
        if not _is_upright(child):
            if word is not None:
                yield word
            word = None
            yield child
        elif word is None:
            word = Element(child.tag, child.attrib)
            word.text = child.text
        else:
            word.text = f"{word.text}{child.text}"
    if word is not None:
        yield word


def _spaced(row: Iterator[Element]) -> Iterator[Element]:
    """A row with a thin space beside the name of a function: "sin x" and not "sinx"."""
    before: Element | None = None
    for child in row:
        if before is not None and (_is_function(before) or _is_function(child)) and not {before.tag, child.tag} & GAPS:
            yield Element("mspace", {"width": "0.167em"})
        yield child
        before = child


def _is_function(element: Element) -> bool:
    name = element[0] if element.tag in SCRIPTS and len(element) else element
    return name.tag == "mi" and not name.attrib and len(name.text or "") > 1 and (name.text or "").isalpha()


def _is_upright(element: Element) -> bool:
    return element.tag == "mi" and element.get("mathvariant") == "normal" and len(element.text or "") == 1
