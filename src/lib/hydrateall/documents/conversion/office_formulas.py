"""Office formulas (OMML) to LaTeX, for Word and PowerPoint."""

from __future__ import annotations

from collections.abc import Callable

from hydrateall.documents.conversion.latex import command, group, symbol
from hydrateall.documents.conversion.packages import Element, attribute, child, local, named

ACCENTS = {
    "\u0302": "hat", "^": "hat", "\u0303": "tilde", "~": "tilde", "\u20d7": "vec", "→": "vec", "\u0304": "bar",
    "\u0305": "overline", "¯": "bar", "\u0307": "dot", "\u0308": "ddot",
}  # fmt: skip
FUNCTIONS = {"sin", "cos", "tan", "cot", "sec", "log", "ln", "lim", "max", "min", "exp", "det"}
OPERATORS = {"": "\\int", "∑": "\\sum", "∏": "\\prod", "∫": "\\int", "∬": "\\iint", "∮": "\\oint", "⋃": "\\bigcup"}
PAIRS = {"{": "\\{", "}": "\\}", "⌊": "\\lfloor ", "⌋": "\\rfloor ", "⟨": "\\langle ", "⟩": "\\rangle "}


def to_latex(formula: Element) -> str:
    """The formula without dollars."""
    return _row(formula).strip()


def _row(element: Element | None) -> str:
    return "".join(_element(each) for each in element) if element is not None else ""


def _part(element: Element, name: str) -> str:
    return _row(child(element, name)).strip()


def _property(element: Element, *path: str) -> str | None:
    return attribute(child(element, *path), "val")


def _element(element: Element) -> str:
    name = local(element)
    if name in WRITERS:
        return WRITERS[name](element)
    return "" if name.endswith("Pr") else _row(element)


def _run(element: Element) -> str:
    text = "".join(each.text or "" for each in named(element, "t"))
    if child(element, "rPr", "nor") is not None and text.strip():
        return command("text", text)
    return f"\\{text} " if text in FUNCTIONS else symbol(text)


def _fraction(element: Element) -> str:
    over, under = _part(element, "num"), _part(element, "den")
    if _property(element, "fPr", "type") == "lin":
        return f"{over}/{under}"
    return f"\\frac{group(over)}{group(under)}"


def _root(element: Element) -> str:
    degree = _part(element, "deg")
    return f"\\sqrt{f'[{degree}]' if degree else ''}{group(_part(element, 'e'))}"


def _scripts(element: Element) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    base = group(_part(element, "e"), short=True)
    return base + (f"_{group(below)}" if below else "") + (f"^{group(above)}" if above else "")


def _scripts_before(element: Element) -> str:
    return f"{{}}_{group(_part(element, 'sub'))}^{group(_part(element, 'sup'))}{_part(element, 'e')}"


def _operator(element: Element) -> str:
    sign = _property(element, "naryPr", "chr") or ""
    below, above = _part(element, "sub"), _part(element, "sup")
    limits = (f"_{group(below)}" if below else "") + (f"^{group(above)}" if above else "")
    return f"{OPERATORS.get(sign, symbol(sign))}{limits} {_part(element, 'e')}"


def _delimited(element: Element) -> str:
    begin, end = _property(element, "dPr", "begChr"), _property(element, "dPr", "endChr")
    separator = _property(element, "dPr", "sepChr") or "|"
    inner = separator.join(_row(each).strip() for each in element if local(each) == "e")
    return f"{_sign(begin, '(')}{inner}{_sign(end, ')')}"


def _sign(value: str | None, default: str) -> str:
    sign = default if value is None else value
    return PAIRS.get(sign, sign)


def _accent(element: Element) -> str:
    sign = _property(element, "accPr", "chr") or "\u0302"
    return command(ACCENTS.get(sign, "hat"), _part(element, "e"))


def _bar(element: Element) -> str:
    return command("underline" if _property(element, "barPr", "pos") != "top" else "overline", _part(element, "e"))


def _function(element: Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}".replace("  ", " ")


def _matrix(element: Element) -> str:
    rows = [
        " & ".join(_row(each).strip() for each in row if local(each) == "e") for row in element if local(row) == "mr"
    ]
    return "\\begin{matrix}" + r" \\ ".join(rows) + "\\end{matrix}"


def _lines(element: Element) -> str:
    return r" \\ ".join(_row(each).strip() for each in element if local(each) == "e")


WRITERS: dict[str, Callable[[Element], str]] = {
    "r": _run,
    "f": _fraction,
    "rad": _root,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "nary": _operator,
    "d": _delimited,
    "acc": _accent,
    "bar": _bar,
    "func": _function,
    "m": _matrix,
    "eqArr": _lines,
    "limLow": lambda element: f"{_part(element, 'e')}_{group(_part(element, 'lim'))}",
    "limUpp": lambda element: f"{_part(element, 'e')}^{group(_part(element, 'lim'))}",
}
