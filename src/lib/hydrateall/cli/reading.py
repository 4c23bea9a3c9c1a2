"""Notes and questions as a person reads them in a terminal."""

from __future__ import annotations

import functools
import re
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from hydrateall.cli.output import console
from hydrateall.curriculum.enums import ValidationStatus
from hydrateall.curriculum.service import NoteView, QuestionView

MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
SIZED_FRACTION = re.compile(r"\\[dt]frac")
OPERATOR = re.compile(r"[-+−±×·*/ ]")
WIDTH = 100
ANSWER_PARTS = (
    ("answer", "Answer"),
    ("direct_answer", "Answer"),
    ("explanation", "Why"),
    ("scientific_explanation", "Why"),
    ("solution_steps", "Steps"),
    ("final_answer", "Final answer"),
    ("discussion", "Discussion"),
    ("key_takeaway", "Take away"),
)


def plain_math(text: str) -> str:
    """Write LaTeX as plain Unicode, for a terminal draws no formulas."""
    converter = LatexNodes2Text(math_mode="text", strict_latex_spaces=True, latex_context=_notation())
    text = SIZED_FRACTION.sub(r"\\frac", text)
    return MATH.sub(lambda match: converter.latex_to_text((match[1] or match[2]).strip()).strip(), text)


@functools.cache
def _notation() -> Any:
    """The converter's macros, with fractions whose parts keep together: (a + b)/2, not a + b/2."""
    macros = [MacroTextSpec("frac", simplify_repl=_fraction)]
    notation = get_default_latex_context_db()
    notation.add_context_category("fractions", macros=macros, prepend=True)
    return notation


def _fraction(node: Any, l2tobj: Any) -> str:
    parts = [l2tobj.nodelist_to_text([part]).strip() for part in node.nodeargd.argnlist]
    return "/".join(f"({part})" if OPERATOR.search(part[1:]) else part for part in parts)


def show_note(note: NoteView) -> None:
    """Print a note, with its place in the curriculum."""
    console.print(
        f"[key]{escape(note.place)}[/]  [dim]{note.word_count} words, {note.reading_time_mins} min, id {note.id}[/]"
    )
    show_standing(note)
    console.print(Padding(Markdown(plain_math(note.content)), (1, 2)), width=WIDTH)
    show_provenance(note.provenance)


def show_question(question: QuestionView) -> None:
    """Print a question with its complete answer."""
    kind = f"{question.question_type} · {question.difficulty} · {question.marks:g} marks"
    console.print(f"[key]{escape(question.place)}[/]  [dim]{kind}, id {question.id}[/]")
    show_standing(question)
    console.print()
    body = "\n\n".join(part for part in (question.scenario, question.question_text) if part)
    console.print(Padding(Text(plain_math(body), style="bold"), (0, 2)), width=WIDTH)
    for line in question.option_lines():
        console.print(Padding(Text(plain_math(line)), (0, 4)), width=WIDTH)
    console.print(Padding(Panel(_answer(question), title="Answer", title_align="left"), (1, 2)), width=WIDTH)
    show_provenance(question.provenance)


def show_standing(item: NoteView | QuestionView) -> None:
    """Say of an item that is not simply valid where it stands."""
    if item.status is ValidationStatus.PENDING:
        console.print(f"[warn]waits for a review[/]  [dim]hydrateall review show {item.id}[/]", soft_wrap=True)
    if item.status is ValidationStatus.REJECTED:
        console.print("[bad]rejected by a person[/]  [dim]the next hydration writes another[/]")


def show_provenance(provenance: dict[str, Any]) -> None:
    """Print where an item comes from, if it says."""
    for line in provenance_lines(provenance):
        console.print(Padding(Text(line, style="bright_black"), (0, 2, 1, 2)), width=WIDTH)


def provenance_lines(provenance: dict[str, Any]) -> list[str]:
    """Who wrote an item, from which prompt, with which parameters."""
    parameters = provenance.get("parameters") or {}
    writer = [provenance.get("model") or "", f"at {provenance['deployment']}" if provenance.get("deployment") else ""]
    prompt = [
        f"prompt {provenance['promptId']}" if provenance.get("promptId") else "",
        f"version {provenance['promptVersion']}" if provenance.get("promptVersion") else "",
        f"sha256 {provenance['promptSha256'][:12]}" if provenance.get("promptSha256") else "",
    ]
    limits = [
        f"temperature {parameters['temperature']:g}" if parameters.get("temperature") is not None else "",
        f"at most {parameters['maxOutputTokens']} tokens" if parameters.get("maxOutputTokens") else "",
    ]
    sample = ["sample content"] if provenance.get("sample") else []
    parts = [" ".join(filter(None, writer)), " ".join(filter(None, prompt)), *limits, *sample]
    line = " · ".join(filter(None, parts))
    return [f"written by {line}"] if line else []


def _answer(question: QuestionView) -> Text:
    text = Text()
    for field, label in ANSWER_PARTS:
        value = question.correct_answer.get(field)
        if not value:
            continue
        lines = [f"{number}. {step}" for number, step in enumerate(value, 1)] if isinstance(value, list) else [value]
        text.append(f"{label}\n", style="bold cyan")
        text.append("".join(f"  {plain_math(line)}\n" for line in lines))
    for pair in question.correct_answer.get("pairs", []):
        text.append(f"  {pair['left']} – {pair['right']}\n")
    text.rstrip()
    return text
