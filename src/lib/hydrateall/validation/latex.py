"""LaTeX that a page can render: dollar signs in pairs, everything that opens closes, no command of a lost backslash."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem

# What KaTeX renders and school texts use.
COMMANDS = """
    frac dfrac tfrac sqrt times div cdot pm mp ast star circ bullet oplus otimes degree
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar
    sin cos tan cot sec csc cosec arcsin arccos arctan log ln exp lim max min gcd lcm det deg mod bmod pmod
    le leq ge geq lt gt ne neq approx equiv cong sim simeq propto parallel nparallel perp mid nmid doteq ll gg
    in notin ni subset subseteq supset supseteq cup cap emptyset varnothing setminus forall exists neg land lor
    to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow longleftarrow
    rightleftharpoons leftrightharpoons xrightarrow xleftarrow uparrow downarrow Uparrow Downarrow implies iff mapsto
    sum prod int iint oint partial nabla infty therefore because angle measuredangle triangle square Box blacksquare
    left right big Big bigg Bigg bigl bigr Bigl Bigr langle rangle lvert rvert vert Vert lfloor rfloor lceil rceil
    text textbf textit textrm mathrm mathbf mathit mathsf mathbb mathcal mathscr operatorname boldsymbol bm rm bf
    bar overline underline hat widehat vec overrightarrow overleftarrow overleftrightarrow tilde dot ddot overset
    underset underbrace overbrace stackrel overparen wideparen arc
    dots ldots cdots vdots ddots quad qquad hspace space hfill phantom hphantom vphantom displaystyle textstyle
    scriptstyle limits nolimits substack binom dbinom tbinom choose begin end hline cline tag label notag
    cancel boxed color textcolor ce pu si SI unit not prime backslash dagger ddagger checkmark S P
    Re Im aleph wp complement top bot vdash models amalg cdotp colon lbrace rbrace lbrack rbrack newline
"""
KNOWN = frozenset(COMMANDS.split())
PARTS = re.compile(r"\\([A-Za-z]+)|\\(.)|([{}])", re.DOTALL)
LOST_BACKSLASH = re.compile(
    r"(?<![\\A-Za-z])(?:d?frac|sqrt|times|cdot|theta|alpha|text|mathrm|circ|angle|triangle|overline)(?=[{^]|\b\d|\s*\{)"
    r"|(?<![\\A-Za-z])(?:rac|qrt|imes|heta|ext)\{"
)
OUTSIDE = re.compile(r"\\(?:frac|dfrac|sqrt|times|text|mathrm|circ|angle|theta|pi|cdot|div|left|right)\b|\\[(\[]")


def renderable_latex(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find LaTeX that does not close, or that names what no renderer knows."""
    for field, text in item.texts:
        if "\\" in text or "$" in text:
            problem = latex_problem(text)
        else:
            problem = "holds a LaTeX command without its backslash." if LOST_BACKSLASH.search(text) else None
        if problem:
            yield Finding("LATEX", field, problem)


def latex_problem(text: str) -> str | None:
    """What is wrong with the LaTeX of a text, as a sentence, or None."""
    parts = text.replace("\\$", "  ").replace("$$", "$").split("$")
    if len(parts) % 2 == 0:
        return "has a $ without its partner; put $ at both ends of every formula (write ₹ or the word for money)."
    for place, part in enumerate(parts):
        if place % 2:
            if problem := _formula_problem(part):
                return f"{problem} in ${part[:60]}$."
        elif match := OUTSIDE.search(part):
            return f"has {match[0]} outside of dollar signs; put the whole formula between dollar signs."
        elif LOST_BACKSLASH.search(part):
            return "holds a LaTeX command without its backslash."
    return None


def _formula_problem(formula: str) -> str | None:
    if not formula.strip():
        return "has an empty formula"
    if match := LOST_BACKSLASH.search(formula):
        return f"lacks the backslash of {match[0]}"
    depth, sides, open_environments = 0, 0, list[str]()
    for match in PARTS.finditer(formula):
        command, _, brace = match.groups()
        depth += {"{": 1, "}": -1}.get(brace or "", 0)
        if depth < 0:
            return "closes a brace that is not open"
        if command in ("begin", "end"):
            name = re.match(r"\s*\{([a-zA-Z*]+)\}", formula[match.end() :])
            if not name or (command == "end" and (not open_environments or open_environments.pop() != name[1])):
                return f"has a \\{command} without its partner"
            if command == "begin":
                open_environments.append(name[1])
        elif command in ("left", "right"):
            sides += 1 if command == "left" else -1
            if sides < 0:
                return "has a \\right without its \\left"
        elif command and command not in KNOWN:
            return f"uses the unknown command \\{command}"
        elif command in ("frac", "dfrac", "tfrac", "binom") and not re.match(r"\s*[\w\\{]", formula[match.end() :]):
            return f"has a \\{command} without its two parts"
    if depth or open_environments:
        return "leaves a brace open" if depth else f"leaves \\begin{{{open_environments[-1]}}} open"
    return "has a \\left without its \\right" if sides else None
