"""How the review queue and its items are drawn in a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hydrateall.cli.output import command_name, console, table
from hydrateall.cli.reading import ANSWER_PARTS, WIDTH, plain_math, show_provenance
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft
from hydrateall.review.schemas import EntryPage, QueueEntry, Said
from hydrateall.review.service import is_open

SEVERITY_STYLE = {"error": "bold red", "review": "yellow", "advice": "bright_black"}
SEVERITY_WORD = {"error": "error", "review": "doubt", "advice": "advice"}
PREVIEW = 60


def queue_table(entries: Sequence[QueueEntry]) -> Table:
    """The entries, one a line; the last group of an id is enough to name one."""
    shown = table("entry", "score", "place", "what", "reasons", "begins", numbers=("score",), whole=("entry", "what"))
    for entry in entries:
        score = "" if entry.quality_score is None else f"{entry.quality_score:.2f}"
        place = f"{entry.subject_code} {entry.grade} {entry.language} · {entry.chapter_number}.{entry.topic_number}"
        what = f"{entry.difficulty} {entry.question_type}" if entry.question_type else "note"
        words = " ".join(plain_math(entry.text).split()) if entry.question_type else entry.topic_title
        preview = words if len(words) <= PREVIEW else f"{words[: PREVIEW - 1]}…"
        shown.add_row(entry.short_id, score, place, what, ", ".join(entry.reasons), Text(preview))
    return shown


def show_entry(page: EntryPage) -> None:
    """Print an item as a learner sees it, its key marked, what was found, its history, and what to do next."""
    item = page.item
    score = "no score" if item.quality_score is None else f"score {item.quality_score:.2f}"
    console.print(
        f"[bold]{item.board_code} · grade {item.grade} · {escape(item.subject_name)} · {item.language}[/]  "
        f"{item.chapter_number} {escape(item.chapter_title)}",
        soft_wrap=True,
    )
    console.print(
        f"[key]{escape(item.place)}[/]  [dim]version {item.version}, {_state(page)}, {score}, item {item.id}[/]\n",
        soft_wrap=True,
    )
    if isinstance(item.draft, QuestionDraft):
        _show_question(item.draft)
    else:
        _show_note(item.draft)
    show_provenance(item.provenance)
    _show_findings(page.findings)
    _show_history(page)
    _show_next(page)


def _state(page: EntryPage) -> str:
    if page.item.decided_at:
        return f"{page.item.status.value.lower()} by a person"
    return "on the queue" if is_open(page) else page.item.status.value.lower()


def _show_note(draft: NoteDraft) -> None:
    console.print(Padding(Markdown(plain_math(draft.content)), (0, 2, 1, 2)), width=WIDTH)


def _show_question(draft: QuestionDraft) -> None:
    about = [str(draft.question_type), str(draft.difficulty_level), str(draft.bloom_taxonomy_level)]
    about += [f"{draft.marks:g} marks", f"{draft.estimated_time_mins} min"]
    console.print(Padding(Text(" · ".join(about), style="bright_black"), (0, 2)), width=WIDTH)
    parts = (draft.scenario, draft.question_text, draft.diagram_description and f"[{draft.diagram_description}]")
    body = "\n\n".join(part for part in parts if part)
    console.print(Padding(Text(plain_math(body), style="bold"), (0, 2)), width=WIDTH)
    right = set(draft.correct_answer.correct_options or ())
    for option in draft.options or ():
        mark, style = ("✓", "bold green") if option.key in right else (" ", "")
        line = Text(f"{mark} {option.key}) {plain_math(option.text)}", style=style)
        console.print(Padding(line, (0, 2, 0, 4)), width=WIDTH)
    if draft.match_columns:
        for left, other in zip(draft.match_columns.left, draft.match_columns.right, strict=False):
            columns = f"{left.key}) {left.text}   ·   {other.key}) {other.text}"
            console.print(Padding(Text(plain_math(columns)), (0, 2, 0, 6)), width=WIDTH)
    console.print(Padding(Panel(_answer(draft), title="Answer", title_align="left"), (1, 2, 0, 2)), width=WIDTH)
    console.print(Padding(Text(f"Objective: {draft.learning_objective}", style="bright_black"), (0, 2)), width=WIDTH)


def _answer(draft: QuestionDraft) -> Text:
    text = Text()
    answer = draft.correct_answer
    if answer.correct_options:
        text.append(f"Key  {', '.join(answer.correct_options)}\n", style="bold green")
    if answer.pairs:
        pairs = ", ".join(f"{pair.left}–{pair.right}" for pair in answer.pairs)
        text.append(f"Key  {pairs}\n", style="bold green")
    for field, label in ANSWER_PARTS:
        value = getattr(answer, field)
        if not value:
            continue
        lines = [f"{number}. {step}" for number, step in enumerate(value, 1)] if isinstance(value, list) else [value]
        text.append(f"{label}\n", style="bold cyan")
        text.append("".join(f"  {plain_math(line)}\n" for line in lines))
    text.rstrip()
    return text


def _show_findings(findings: Sequence[Said]) -> None:
    if not findings:
        console.print("The gates found nothing.\n")
        return
    console.print("[bold]What the gates found[/]")
    for found in findings:
        line = Text.assemble(
            (f"{SEVERITY_WORD.get(found.severity, found.severity):<7}", SEVERITY_STYLE.get(found.severity, "")),
            f"{found.code} · {found.field}: {found.message}",
            (f"  (rule {found.rule}, version {found.rule_version})" if found.rule else "", "bright_black"),
        )
        console.print(Padding(line, (0, 2)), width=WIDTH)
    console.print()


def _show_history(page: EntryPage) -> None:
    console.print("[bold]History[/]")
    events = [(each.created_at, f"version {each.version} written by {each.written_by}") for each in page.versions]
    events += [(each.created_at, f"queued: {', '.join(each.reasons)}") for each in page.reviews if each.reasons]
    for each in page.audit:
        reason = f" ({each.details['reasonCode']})" if "reasonCode" in each.details else ""
        note = f": {each.rationale}" if each.rationale else ""
        action = each.action.removeprefix("review.")
        events.append((each.created_at, f"{action} by {each.actor or 'somebody'}{reason}{note}"))
    for at, what in sorted(events):
        console.print(f"  {at.astimezone():%d %b %Y %H:%M}  {what}", markup=False, soft_wrap=True)
    console.print()


def _show_next(page: EntryPage) -> None:
    command = f"{command_name()} review"
    named = str(page.item.id) if page.entry is None else str(page.entry.id)[-12:]
    if not page.current:
        newest = page.versions[-1]
        console.print(f"→ Version {newest.version} replaced it: `{command} show {newest.id}`", soft_wrap=True)
    elif page.item.decided_at:
        console.print(
            f"→ This decision stays. A new version of it: `{command} edit {page.item.id} --revise --editor`",
            soft_wrap=True,
        )
    else:
        console.print(f"→ right       `{command} approve {named}`", soft_wrap=True)
        console.print(f"→ wrong       `{command} reject {named} --reason WRONG_KEY --note …`", soft_wrap=True)
        console.print(f"→ nearly      `{command} edit {named} --editor`", soft_wrap=True)


def entry_json(page: EntryPage) -> str:
    """The page for machines; `item.draft` is what `review edit --file` takes back."""
    plain = page.model_dump(mode="json", by_alias=True)
    plain["item"] = page.item.model_dump(mode="json", exclude={"draft"}) | {
        "draft": page.item.draft.model_dump(mode="json", by_alias=True)
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)
