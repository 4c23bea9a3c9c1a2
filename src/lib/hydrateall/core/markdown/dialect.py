"""What school texts write in LaTeX and the converter does not know, in words that it knows."""

from __future__ import annotations

import re

_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A bare % begins a comment and would hide the rest; writers mean the sign.
        (r"(?<!\\)%", r"\\%"),
        (rf"\\SI\s*{_BRACED}\s*{_BRACED}", r"\1\\,\\text{\2}"),
        (rf"\\(?:si|unit|pu)\s*{_BRACED}", r"\\text{\1}"),
        (r"\\lcm\b", r"\\operatorname{lcm}"),
        (rf"\\(?:arc|overparen|wideparen)\s*{_BRACED}", r"\\overset{\\frown}{\1}"),
        (r"\\(?:hfill|newline)\b", r"\\quad "),
        (r"\\(begin|end)\s*\{(?:aligned|eqnarray\*?|flalign\*?)\}", r"\\\1{split}"),
        (r"\\(begin|end)\s*\{(?:gathered|gather\*?|equation\*?)\}", r"\\\1{matrix}"),
    )
)
_CHEMISTRY = re.compile(rf"\\ce\s*{_BRACED}")
# The converter sets each sign by itself, which takes Devanagari syllables apart and opens gaps in 1,20,000; \text keeps
# a phrase whole. (1,200) stays, for it may be a point.
_PHRASE = re.compile(
    r"(?P<text>\\(?:text\w*|mbox|hbox)\s*\{[^}]*\})"
    r"|(?P<phrase>[\u0900-\u097f\u200c\u200d]+(?:\s+[\u0900-\u097f\u200c\u200d]+)*"
    r"|(?<![\d.,(])\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d,]))"
)
_FORMULA = re.compile(
    r"\s*(?:(?P<both><=>|<->)|->\[(?P<over>[^\]]*)\]|(?P<to>->))\s*"
    r"|\s(?P<rises>\^)(?=\s|$)|\s(?P<falls>v)(?=\s|$)"
    r"|\^(?P<charge>\{[^}]*\}|\d*[+-])|(?<=[A-Za-z0-9)\]])(?P<sign>[+-])(?=\s|$|[)\]])"
    r"|(?<=[A-Za-z)\]])(?P<count>\d+)|(?P<letters>[A-Za-z]+)"
)


def plain_latex(latex: str) -> str:
    """The same formula for a converter without mhchem, siunitx and Indian scripts."""
    latex = _CHEMISTRY.sub(lambda match: _FORMULA.sub(_chemistry, match[1]), latex)
    for pattern, replacement in _REWRITES:
        latex = pattern.sub(replacement, latex)
    return _PHRASE.sub(lambda match: match["text"] or rf"\text{{{match['phrase']}}}", latex)


def _chemistry(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match[match.lastgroup or 0]
    match kind:
        case "both":
            return r"\rightleftharpoons "
        case "over":
            return rf"\xrightarrow{{\text{{{text}}}}} "
        case "to":
            return r"\rightarrow "
        case "rises":
            return r"\uparrow "
        case "falls":
            return r"\downarrow "
        case "charge" | "sign":
            return f"^{{{text.strip('{}')}}}"
        case "count":
            return f"_{{{text}}}"
        case _:
            return rf"\text{{{text}}}"
