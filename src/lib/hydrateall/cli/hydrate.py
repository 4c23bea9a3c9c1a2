"""`hydrate`: submit a subject, and watch it if asked to."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from hydrateall.cli.context import actor, airflow_of, open_runtime
from hydrateall.cli.live import watch
from hydrateall.cli.output import console, duration, print_json, table, usd
from hydrateall.cli.summary import show_summary
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import service
from hydrateall.hydration.control import deliver_jobs
from hydrateall.hydration.enums import JobStatus, Mode
from hydrateall.hydration.errors import JobActive
from hydrateall.hydration.schemas import HydrateRequest, Submission, read_budget
from hydrateall.hydration.service import Prospect
from hydrateall.hydration.views import newest_root


def hydrate(
    board: Annotated[str, typer.Option(help="Code of the board, e.g. CBSE.")],
    grade: Annotated[str, typer.Option(help="1 to 12.")],
    subject: Annotated[str, typer.Option(help="Code of the subject, e.g. SCIENCE or MATH.")],
    language: Annotated[str, typer.Option(help="en or hi.")] = "en",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only estimate; change nothing.")] = False,
    no_notes: Annotated[bool, typer.Option("--no-notes", help="Write no notes.")] = False,
    no_questions: Annotated[bool, typer.Option("--no-questions", help="Write no questions.")] = False,
    chapters: Annotated[int | None, typer.Option(help="Only the first so many chapters.")] = None,
    easy: Annotated[int | None, typer.Option(help="Easy questions a topic.")] = None,
    medium: Annotated[int | None, typer.Option(help="Medium questions a topic.")] = None,
    hard: Annotated[int | None, typer.Option(help="Hard questions a topic.")] = None,
    max_cost_usd: Annotated[float | None, typer.Option(help="Budget of this job in USD.")] = None,
    mode: Annotated[Mode, typer.Option(help="fast, or batch: at the provider's batch price, within days.")] = Mode.FAST,
    second_opinion: Annotated[
        bool, typer.Option("--second-opinion", help="Solve each question again without its key; costs a call a set.")
    ] = False,
    ground: Annotated[
        str | None, typer.Option(help="Stand on the documents of this realm (`hydrateall documents realms`).")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Show live progress and a summary at the end.")] = False,
    attach: Annotated[bool, typer.Option("--attach", help="Watch a job that runs already, if there is one.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Hydrate one subject: chapters → topics → notes → questions."""
    with open_runtime() as runtime:
        settings = runtime.settings
        counts = {
            "easy": settings.easy_questions if easy is None else easy,
            "medium": settings.medium_questions if medium is None else medium,
            "hard": settings.hard_questions if hard is None else hard,
        }
        options = {
            "generateNotes": not no_notes,
            "generateQuestions": not no_questions,
            "chapterLimit": chapters,
            "questionCounts": counts,
            "maxCostUsd": None if max_cost_usd is None else read_budget(max_cost_usd),
            "mode": mode,
            "secondOpinion": second_opinion,
            "ground": ground,
            "dryRun": dry_run,
        }
        request = _request(language=language, boardCode=board, grade=grade, subjectCode=subject, options=options)
        ahead = _prospect(runtime, request)
        if dry_run:
            _show_estimates(ahead, as_json, batchable=not second_opinion)
        elif not ahead.work.calls:
            _nothing_to_do(runtime, ahead, as_json, wait)
        else:
            _submit_and_watch(runtime, request, attach=attach, wait=wait, as_json=as_json)


def _request(**body: Any) -> HydrateRequest:
    try:
        return HydrateRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"{first['loc'][-1]}: {first['msg']}.", "`hydrateall hydrate --help` shows what fits."
        ) from None


def _prospect(runtime: Runtime, request: HydrateRequest) -> Prospect:
    with runtime.database.transaction() as session:
        return service.prospect(session, request, settings=runtime.settings, now=runtime.now())


def _submit_and_watch(runtime: Runtime, request: HydrateRequest, *, attach: bool, wait: bool, as_json: bool) -> None:
    try:
        submission = submit_and_deliver(runtime, request)
        job_id = submission.root_job_id
        if as_json and not wait:
            print_json(submission)
        elif not as_json:
            console.print(f"[key]Job {job_id}[/] submitted. {submission.message}", soft_wrap=True)
    except JobActive as active:
        if not attach:
            raise
        job_id = active.job_id
        console.print(f"[key]Job {job_id}[/] runs already; watching it.", soft_wrap=True)
    if not wait:
        if not as_json:
            console.print(f"→ `hydrateall jobs show {job_id} --wait` watches it.")
        return
    view = watch(runtime, job_id, quiet=as_json)
    if as_json:
        print_json(view)
    else:
        show_summary(runtime, job_id)
    raise typer.Exit(0 if view.status is JobStatus.COMPLETED else 1)


def submit_and_deliver(runtime: Runtime, request: HydrateRequest) -> Submission:
    """Commit the job and its outbox entry, then deliver it at once; what Airflow does not take waits in the outbox."""
    airflow = airflow_of(runtime)  # a wrong address is found before anything is written
    with runtime.database.transaction() as session:
        submission = service.submit(session, request, actor=actor(), settings=runtime.settings, now=runtime.now())
    delivery = deliver_jobs(runtime, airflow, job_id=submission.root_job_id)
    waits = f"Airflow did not take it yet ({delivery.error}); the outbox delivers it within the minute it is back."
    message = "Airflow has it." if delivery.sent else waits
    return submission.model_copy(update={"delivered": bool(delivery.sent), "message": message})


def _nothing_to_do(runtime: Runtime, ahead: Prospect, as_json: bool, wait: bool) -> None:
    if as_json:
        print_json({"status": "complete", "estimates": ahead.estimates.model_dump(mode="json", by_alias=True)})
        return
    console.print(f"[good]{ahead.subject.title} is complete:[/] nothing is drafted that is there already.")
    with runtime.database.transaction() as session:
        job_id: uuid.UUID | None = newest_root(session, ahead.subject.id)
    if wait and job_id:
        show_summary(runtime, job_id)


def _show_estimates(ahead: Prospect, as_json: bool, *, batchable: bool) -> None:
    if as_json:
        print_json(ahead.estimates)
        return
    estimates, work = ahead.estimates, ahead.work
    console.print(f"[bold]{ahead.subject.title}[/]  dry run: nothing was changed\n")
    edition = ahead.subject.outline.edition if ahead.subject.outline else "none; the model proposes the chapters"
    shown = table("level", "in all", "to draft (calls)", numbers=("in all", "to draft (calls)"))
    for level, total, calls in (
        ("chapters", work.chapters, work.chapter_calls),
        ("topics", work.topics, work.topic_calls),
        ("notes", work.notes, work.note_calls),
        ("questions", work.questions, sum(work.question_calls.values())),
    ):
        shown.add_row(level, str(total), str(calls))
    console.print(shown)
    console.print(f"\nOfficial outline  {edition}", soft_wrap=True)
    console.print(f"Estimated cost    {usd(float(estimates.estimated_cost_usd))}")
    console.print(f"Estimated time    {duration(60 * estimates.estimated_duration_mins)}")
    if batchable and estimates.estimated_cost_usd:
        batch_time = duration(60 * estimates.estimated_batch_duration_mins)
        console.print(
            f"In batch mode     {usd(float(estimates.estimated_batch_cost_usd))}, within {batch_time} (--mode batch)"
        )
    console.print(f"Based on          {estimates.basis}", soft_wrap=True)
