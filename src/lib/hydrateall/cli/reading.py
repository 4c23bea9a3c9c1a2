"""Notes and questions as a person reads them in a terminal."""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from hydrateall.cli.output import console
from hydrateall.curriculum.service import NoteView, QuestionView

MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
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
    converter = LatexNodes2Text(math_mode="text", strict_latex_spaces=True)
    return MATH.sub(lambda match: converter.latex_to_text((match[1] or match[2]).strip()).strip(), text)


def show_note(note: NoteView) -> None:
    """Print a note, with its place in the curriculum."""
    console.print(f"[key]{note.place}[/]  [dim]{note.word_count} words, {note.reading_time_mins} min, id {note.id}[/]")
    console.print(Padding(Markdown(plain_math(note.content)), (1, 2)), width=WIDTH)


def show_question(question: QuestionView) -> None:
    """Print a question with its complete answer."""
    kind = f"{question.question_type} · {question.difficulty} · {question.marks:g} marks"
    console.print(f"[key]{question.place}[/]  [dim]{kind}, id {question.id}[/]\n")
    body = "\n\n".join(part for part in (question.scenario, question.question_text) if part)
    console.print(Padding(Text(plain_math(body), style="bold"), (0, 2)), width=WIDTH)
    for line in question.option_lines():
        console.print(Padding(Text(plain_math(line)), (0, 4)), width=WIDTH)
    console.print(Padding(Panel(_answer(question), title="Answer", title_align="left"), (1, 2)), width=WIDTH)


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
