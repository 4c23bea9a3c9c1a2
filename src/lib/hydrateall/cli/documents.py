"""`documents`: add, list, show, run, pause, resume, replace."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hydrateall.cli import document_progress, document_search
from hydrateall.cli.context import actor, airflow_of, open_runtime, read_id
from hydrateall.cli.document_tables import show_detail, table_of
from hydrateall.cli.output import console, print_json
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.delivery.service import deliver_due
from hydrateall.documents import service
from hydrateall.documents.enums import DocumentState, StageName, WorkflowType
from hydrateall.documents.errors import AlreadyThere, DocumentError
from hydrateall.documents.schemas import Shown
from hydrateall.documents.service import Order, Taken, open_storage

app = typer.Typer(help="Documents: take in, process, search.", no_args_is_help=True)
app.command("search")(document_search.search)
app.command("realms")(document_search.realms)
app.command("stale")(document_search.stale)
app.command("output")(document_search.output)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of the document.")]
Wait = Annotated[bool, typer.Option("--wait", help="Show progress until all are done.")]
Realm = Annotated[str, typer.Option(help="The collection it belongs to, e.g. cbse-science-10.")]


class Refused(Shown):
    """A file that was not taken in, and why."""

    file: str
    error: str
    remedy: str
    known: uuid.UUID | None = None


@app.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, or folders of files.")],
    realm: Realm,
    language: Annotated[LanguageCode, typer.Option(help="Language of the text.")] = LanguageCode.EN,
    title: Annotated[str | None, typer.Option(help="Title; else made of the file's name.")] = None,
    licence: Annotated[str | None, typer.Option(help='What allows its use, e.g. "CC BY 4.0".')] = None,
    skip: Annotated[list[StageName] | None, typer.Option(help="Leave out an optional stage.")] = None,
    hold: Annotated[bool, typer.Option("--hold", help="Only take in; `documents run` processes them.")] = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Take files in and process them: PDF, DOCX, PPTX, XLSX, HTML, EPUB, Markdown, text.

    A file that cannot be used is named with the reason, and the others go on. Exit code 1 if there was one.
    """
    service.check_realm(realm)
    files = _files(paths)
    if title and len(files) > 1:
        raise UsageError("One title cannot serve several files.", "Add them one by one, or leave out --title.")
    with open_runtime() as runtime:
        airflow = None if hold else airflow_of(runtime)  # a wrong address is found before anything is written
        with runtime.database.transaction() as session:
            by = actor().user_id(session)
        storage, taken, refused = open_storage(runtime.settings), [], []
        for file in files:
            try:
                taken.append(
                    service.add_document(
                        runtime,
                        storage,
                        file,
                        realm=realm,
                        by=by,
                        title=title,
                        language=language,
                        licence=licence,
                        skip=tuple(skip or ()),
                        kind=WorkflowType.MANUAL if hold else WorkflowType.AUTOMATIC,
                    )
                )
            except (DocumentError, AlreadyThere) as error:
                known = getattr(error, "document_id", None)
                refused.append(Refused(file=str(file), error=error.message, remedy=error.remedy, known=known))
            if not as_json:
                _tell(taken, refused, file)
        if taken and not hold:
            _order(runtime, airflow, [each.id for each in taken], by, kind=WorkflowType.AUTOMATIC, quiet=as_json)
        _conclude(runtime, [each.id for each in taken], wait=wait, as_json=as_json, refused=refused)


@app.command("samples")
def samples(wait: Wait = False, as_json: Json = False) -> None:
    """Take in the sample documents (realm `samples`) and process them. A second run adds nothing."""
    with open_runtime() as runtime:
        airflow = airflow_of(runtime)
        with runtime.database.transaction() as session:
            by = actor().user_id(session)
        new, known = service.add_samples(runtime, open_storage(runtime.settings), by=by)
        if known and not as_json:
            console.print(f"{len(known)} sample documents are there already.")
        if new:
            _order(runtime, airflow, new, by, kind=WorkflowType.AUTOMATIC, quiet=as_json)
        _conclude(runtime, [*new, *known], wait=wait, as_json=as_json)


@app.command("replace")
def replace(document: DocumentId, path: Path, wait: Wait = False, as_json: Json = False) -> None:
    """Give a document another file and process it again. The old file is kept; what stood on it is stale until then."""
    document_id = read_id(document)
    with open_runtime() as runtime:
        airflow = airflow_of(runtime)
        with runtime.database.transaction() as session:
            by = actor().user_id(session)
        if not path.is_file():
            raise UsageError(f"{path} is not a file.", "Name the one file that takes the place of the old one.")
        storage = open_storage(runtime.settings)
        taken = service.replace_document(runtime, storage, document_id, path, by=by, source_name=None)
        if not as_json:
            console.print(f"[good]“{escape(taken.title)}” has version {taken.version}.[/]")
        _order(runtime, airflow, [document_id], by, quiet=as_json)
        _conclude(runtime, [document_id], wait=wait, as_json=as_json)


@app.command("run")
def run(
    documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT…", help="Ids of documents.")],
    stage: Annotated[list[StageName] | None, typer.Option(help="Only this stage; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make outputs anew that are up to date.")] = False,
    wait: Wait = False,
    as_json: Json = False,
) -> None:
    """Process documents again. What was made from the same input by the same version and settings stays as it is."""
    ids = [read_id(each) for each in documents]
    with open_runtime() as runtime:
        airflow = airflow_of(runtime)
        with runtime.database.transaction() as session:
            by = actor().user_id(session)
        _order(runtime, airflow, ids, by, stages=stage or None, force=force, quiet=as_json)
        _conclude(runtime, ids, wait=wait, as_json=as_json)


@app.command("pause")
def pause(
    document: DocumentId, reason: Annotated[str, typer.Option(help="Why; it is shown.")] = "", as_json: Json = False
) -> None:
    """Stop a document after the stage that is at work."""
    document_id = read_id(document)
    with open_runtime() as runtime:
        with runtime.database.transaction() as session:
            service.pause(session, document_id, reason=reason, by=actor().user_id(session), now=runtime.now())
        _conclude(runtime, [document_id], wait=False, as_json=as_json)


@app.command("resume")
def resume(document: DocumentId, wait: Wait = False, as_json: Json = False) -> None:
    """Let a paused document go on."""
    document_id = read_id(document)
    with open_runtime() as runtime:
        airflow = airflow_of(runtime)
        with runtime.database.transaction() as session:
            made = service.resume(session, document_id, by=actor().user_id(session), now=runtime.now())
        _deliver(runtime, airflow, made, quiet=as_json)
        _conclude(runtime, [document_id], wait=wait, as_json=as_json)


@app.command("list")
def list_all(
    realm: Annotated[str | None, typer.Option(help="Only of this realm.")] = None,
    state: Annotated[DocumentState | None, typer.Option(help="Only documents in this state.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List documents, newest first."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        page = service.document_page(session, realm=realm, state=state, most=most)
    if as_json:
        print_json(page)
    elif not page.documents and (realm or state):
        console.print("No document is like that. `hydrateall documents realms` shows what there is.")
    elif not page.documents:
        console.print("No documents here yet. Add one: hydrateall documents add FILE --realm cbse-science-10 --wait")
    else:
        console.print(table_of(page.documents))
        if page.next_cursor:
            console.print(f"These are the newest {most}; there are more (`--most`, `--realm`, `--state`).", style="dim")


@app.command("show")
def show(document: DocumentId, as_json: Json = False) -> None:
    """Show one document: its stages, its outputs, what was found in it, what stands on it."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        detail = service.document_detail(session, read_id(document))
    if as_json:
        print_json(detail)
    else:
        show_detail(detail)


def _files(paths: list[Path]) -> list[Path]:
    """The files that the paths name, those in folders in their order; raise UsageError."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file {path}.", "Check the path.")
        found += sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    if not found:
        raise UsageError("The folder holds no files.", "Name at least one file.")
    return found


def _tell(taken: list[Taken], refused: list[Refused], file: Path) -> None:
    if refused and refused[-1].file == str(file):
        console.print(f"[bad]✗[/] {escape(refused[-1].error)}", soft_wrap=True)
        console.print(f"  → {escape(refused[-1].remedy)}", style="dim", soft_wrap=True)
    else:
        console.print(f"[good]✓[/] {escape(taken[-1].source_name)}  [dim]{taken[-1].id}[/]", soft_wrap=True)


def _order(  # type: ignore[no-untyped-def]
    runtime: Runtime, airflow, ids: list[uuid.UUID], by: uuid.UUID, *, quiet: bool, **how
) -> None:
    """Order documents, as many a run as one may have, and deliver each order."""
    most = runtime.settings.documents_a_run
    for start in range(0, len(ids), most):
        with runtime.database.transaction() as session:
            made = service.order(session, ids[start : start + most], by=by, now=runtime.now(), most=most, **how)
        _deliver(runtime, airflow, made, quiet=quiet)


def _deliver(runtime: Runtime, airflow, made: Order, *, quiet: bool) -> None:  # type: ignore[no-untyped-def]
    delivery = deliver_due(runtime, airflow, entry_ids=[made.entry_id] if made.entry_id else [])
    waits = f"Airflow did not take it yet ({delivery.error}); the outbox delivers it within the minute it is back."
    if not quiet:
        told = "Airflow has it." if delivery.sent else waits
        documents = "1 document is" if made.documents == 1 else f"{made.documents} documents are"
        console.print(f"{documents} to be processed. {told}", soft_wrap=True)


def _conclude(
    runtime: Runtime, ids: list[uuid.UUID], *, wait: bool, as_json: bool, refused: list[Refused] | None = None
) -> None:
    """Wait if asked to, then show the documents; exit with 1 if something went wrong."""
    if wait and ids:
        document_progress.watch(runtime, ids, quiet=as_json)
    with runtime.database.transaction() as session:
        details = [service.document_detail(session, document_id) for document_id in ids]
    if as_json:
        shown = [each.model_dump(mode="json", by_alias=True) for each in details]
        told = [each.model_dump(mode="json", by_alias=True) for each in refused or []]
        print_json({"documents": shown, "refused": told})
    elif wait and len(details) == 1:
        show_detail(details[0])
    elif wait and details:
        console.print(table_of(details))
    elif ids:
        console.print(f"→ `hydrateall documents show {ids[0]}` says how far it is.", soft_wrap=True)
    failed = wait and any(each.state in ("failed", "paused") for each in details)
    if refused or failed:
        raise typer.Exit(1)
