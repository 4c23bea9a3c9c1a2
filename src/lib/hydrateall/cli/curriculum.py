"""`curriculum`: read what there is, and measure it against the official outline."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.tree import Tree
from sqlalchemy.orm import Session

from hydrateall.cli.context import open_runtime, read_id
from hydrateall.cli.output import console, print_json, table
from hydrateall.cli.reading import show_note, show_question
from hydrateall.curriculum.service import (
    Coverage,
    SubjectTree,
    SubjectView,
    TopicPage,
    coverage_of,
    find_subject,
    subject_tree,
    topic_page,
)

app = typer.Typer(help="The curriculum and its content.", no_args_is_help=True)
Board = Annotated[str, typer.Option(help="Code of the board, e.g. CBSE.")]
Grade = Annotated[str, typer.Option(help="1 to 12.")]
SubjectCode = Annotated[str, typer.Option("--subject", help="Code of the subject, e.g. SCIENCE.")]
Language = Annotated[str, typer.Option(help="en or hi.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command("tree")
def tree(
    board: Board = "CBSE",
    grade: Grade = "10",
    subject: SubjectCode = "SCIENCE",
    language: Language = "en",
    ids: Annotated[bool, typer.Option("--ids", help="Show the ids, for `curriculum show`.")] = False,
    as_json: Json = False,
) -> None:
    """Show chapters and topics with the content that each has."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = subject_tree(session, _subject(session, board, grade, subject, language))
    if as_json:
        print_json(found)
    elif not found.chapters:
        where = f"--board {board} --grade {grade} --subject {subject} --language {language}"
        console.print(f"{found.subject} has no chapters yet. Write them: hydrateall hydrate {where} --wait")
    else:
        console.print(_drawn(found, ids))


def _drawn(found: SubjectTree, ids: bool) -> Tree:
    root = Tree(f"[bold]{found.subject}[/]")
    for chapter in found.chapters:
        label = f" [dim]{chapter.id}[/]" if ids else ""
        branch = root.add(f"[key]{chapter.number} · {escape(chapter.title)}[/]{label}")
        for topic in chapter.topics:
            mark = "[good]✓[/]" if topic.notes else "[dim]–[/]"
            counts = " + ".join(str(topic.questions[level]) for level in topic.questions)
            label = f" [dim]{topic.topic_id}[/]" if ids else ""
            branch.add(
                f"{chapter.number}.{topic.number} {escape(topic.title)}  "
                f"[dim]note[/] {mark} [dim]questions[/] {counts}{label}"
            )
    return root


@app.command("show")
def show(
    item: Annotated[str, typer.Argument(metavar="TOPIC", help="A topic like 3.2, or an id from `tree --ids`.")],
    board: Board = "CBSE",
    grade: Grade = "10",
    subject: SubjectCode = "SCIENCE",
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Show a topic: its note, its questions with their answers, and where each comes from."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        chapter, dot, number = item.partition(".")
        if dot and chapter.isdigit() and number.isdigit():
            found = _subject(session, board, grade, subject, language)
            page = topic_page(session, subject_id=found.id, chapter=int(chapter), topic=int(number))
        else:
            page = topic_page(session, item_id=read_id(item))
    if as_json:
        print_json(page)
    else:
        _show(page)


def _show(page: TopicPage) -> None:
    console.print(f"[bold]{escape(page.title)}[/]")
    for objective in page.objectives:
        console.print(f"  • {objective}", markup=False)
    if page.note is None and not page.questions:
        console.print("\nNothing is written for this topic yet.")
    if page.note:
        console.print()
        show_note(page.note)
    for question in page.questions:
        console.print()
        show_question(question)


@app.command("coverage")
def coverage(
    board: Board = "CBSE",
    grade: Grade = "10",
    subject: SubjectCode = "SCIENCE",
    language: Language = "en",
    easy: Annotated[int, typer.Option(min=0, help="Easy questions a topic should have.")] = 5,
    medium: Annotated[int, typer.Option(min=0, help="Medium questions a topic should have.")] = 3,
    hard: Annotated[int, typer.Option(min=0, help="Hard questions a topic should have.")] = 2,
    as_json: Json = False,
) -> None:
    """Measure the content against the official outline. Exit code 1 if something is missing."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = coverage_of(session, _subject(session, board, grade, subject, language), (easy, medium, hard))
    if as_json:
        print_json(found)
    else:
        _show_coverage(found)
    raise typer.Exit(0 if found.complete else 1)


def _show_coverage(found: Coverage) -> None:
    console.print(
        f"[bold]{found.subject}[/]\n[dim]{found.edition or 'no official outline; measured by what was planned'}[/]"
    )
    shown = table("", "official", "there", "", numbers=("official", "there"))
    shown.add_row("chapters", str(found.chapters_official), str(found.chapters), f"{found.percent:.0f} % covered")
    shown.add_row("topics", str(found.topics_official), str(found.topics))
    shown.add_row("topics with a note", "", str(found.topics_with_note))
    shown.add_row("topics with exact question counts", "", str(found.topics_with_exact_counts))
    shown.add_row("questions", "", str(found.questions))
    shown.add_row("questions without an answer", "", str(found.null_answers))
    console.print(shown)
    for line in found.gaps[:20]:
        console.print(f"[bad]gap[/] {escape(line)}", soft_wrap=True)
    verdict = (
        "[good]Complete.[/]" if found.complete else "[warn]Incomplete.[/] `hydrateall hydrate` adds what is missing."
    )
    console.print(verdict)


def _subject(session: Session, board: str, grade: str, subject: str, language: str) -> SubjectView:
    return find_subject(session, board=board, grade=grade, subject=subject, language=language)
