"""The end of a hydration: what came out, what it cost, something to read, where to go next."""

from __future__ import annotations

import uuid

from rich.markup import escape

from hydrateall.cli.output import command_name, console, duration, status_text, table, usd
from hydrateall.cli.pauses import show_pause
from hydrateall.cli.reading import show_note, show_question
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import sample_page
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.grounding import grounding_of
from hydrateall.hydration.schemas import JobView
from hydrateall.hydration.views import JobUsage, job_view, missing_items, subject_of, usage_of
from hydrateall.review.schemas import QueueFilter
from hydrateall.review.service import queue
from hydrateall.stack.service import status


def show_summary(runtime: Runtime, job_id: uuid.UUID) -> None:
    """Print the summary of a job that has ended."""
    with runtime.database.transaction() as session:
        view = job_view(session, job_id)
        usage = usage_of(session, job_id)
        missing = missing_items(session, job_id)
        page = sample_page(session, subject_of(session, job_id))
        doubtful = queue(session, _queue_of(view), most=1).total
        grounding = grounding_of(session, job_id)
    if page and page.note:
        console.rule("[bold]One note[/]", style="dim")
        show_note(page.note)
    hard = [question for question in page.questions if question.difficulty == "hard"] if page else []
    if hard:
        console.rule("[bold]One hard question[/]", style="dim")
        show_question(hard[0])
    console.rule("[bold]Summary[/]", style="dim")
    _show_counts(view, usage)
    for line in grounding_lines(*grounding):
        console.print(line, soft_wrap=True)
    for item in missing[:10]:
        console.print(f"[bad]missing[/] {escape(f'{item.what} of {item.where}: {item.reason}')}", soft_wrap=True)
    if doubtful:
        noun = "item waits" if doubtful == 1 else "items wait"
        console.print(f"[warn]{doubtful} {noun} for a review:[/] the gates had doubts that a person settles.")
    if view.sample:
        console.print("[warn]Sample content:[/] written by the offline writer, without a language model.")
        if usage.cost_usd:
            console.print("The mock model server bills nobody; the cost is what its prices would make it.")
    _show_next(runtime, view, doubtful)


def _queue_of(view: JobView) -> QueueFilter:
    """The open reviews of the job's subject."""
    return QueueFilter(board=view.board_code, grade=view.grade, subject=view.subject_code, language=view.language)


def _show_counts(view: JobView, usage: JobUsage) -> None:
    shown = table("level", "there", "asked for", numbers=("there", "asked for"))
    for name, level in view.progress.levels().items():
        shown.add_row(name, str(level.completed), str(level.expected))
    console.print(f"{view.subject}  {status_text(view.status)}\n")
    console.print(shown)
    console.print()
    for line in usage_lines(usage):
        console.print(line, soft_wrap=True)
    minutes = view.timing.actual_duration_mins
    console.print(f"wall time {duration(60 * minutes) if minutes else 'unknown'}")
    if view.status is JobStatus.PAUSED:
        show_pause(view)
    elif view.error_message:
        console.print(f"[bad]{view.status}[/] {escape(view.error_message)}", soft_wrap=True)


def grounding_lines(topics: int, grounded: int) -> list[str]:
    """On how many topics the documents had something to say; nothing for a job that stands on none."""
    if not topics:
        return []
    lines = [f"sources for {grounded} of {topics} topics"]
    if grounded < topics:
        lines.append("[warn]The others stand on no document:[/] no passage of the realm speaks of them.")
    return lines


def usage_lines(usage: JobUsage) -> list[str]:
    """What the calls came to: how many there were, what became of them, what they cost."""
    fates = (
        ("from the cache", usage.cached),
        ("rejected", usage.rejected),
        ("failed and tried again", usage.errors),
        ("lost to a crash or a stop", usage.discarded),
    )
    lines = [
        " · ".join([f"calls {usage.calls}", *(f"{count} {name}" for name, count in fates if count)]),
        f"tokens {usage.prompt_tokens:,} in, {usage.completion_tokens:,} out · cost {usd(float(usage.cost_usd))}",
    ]
    if usage.uncertain_usd:
        answers = "1 lost answer" if usage.uncertain == 1 else f"{usage.uncertain} lost answers"
        lines.append(f"up to {usd(float(usage.uncertain_usd))} more may have been billed for {answers}")
    return lines


def _show_next(runtime: Runtime, view: JobView, doubtful: int) -> None:
    stack = status(runtime.settings)
    where = f"--board {view.board_code} --grade {view.grade} --subject {view.subject_code} --language {view.language}"
    console.print()
    console.print(f"Airflow   {stack.url} · user {stack.username} · password in {stack.password_file}", soft_wrap=True)
    command = command_name()
    console.print(f"The tree  {command} curriculum tree {where}", soft_wrap=True)
    console.print(f"The job   {command} jobs show {view.job_id}", soft_wrap=True)
    if doubtful:
        console.print(f"Reviews   {command} review list {where}", soft_wrap=True)
    if view.status not in (JobStatus.COMPLETED, JobStatus.PAUSED):
        console.print(f"Again     {command} jobs resume {view.job_id}", soft_wrap=True)
