"""The page of one document: its stages and what they made, its chunks with their facts, and what stands on it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Form, Query, Request
from fastapi.responses import Response

from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.documents import routes, service
from hydrateall.documents.enums import StageName
from hydrateall.documents.runs import DAG
from hydrateall.documents.service import ChunkView, DocumentDetail, OutputView, StageView
from hydrateall.documents.wire import PauseDocument
from hydrateall.web.access import Caller, CurrentRuntime, CurrentStorage, Viewer, Writer
from hydrateall.web.pages.document_list import ENDINGS
from hydrateall.web.pages.document_text import Piece, rendered, sentences
from hydrateall.web.pages.layout import fragment, page, page_router

CHUNKS = 20
SHOWN_SIGNS = 60_000  # of an output that is looked at in the page
ITEMS = 100
MOVING = ("waiting", "running")
WHEN: dict[str, tuple[str, ...]] = {
    "pause": ("waiting", "running"),
    "resume": ("paused",),
    "run": ("waiting", "paused", "failed", "stale", "completed"),
    "replace": ("waiting", "paused", "failed", "stale", "completed"),
}
Action = Literal["pause", "resume", "run", "replace"]
# The stages in words: their names, and what each makes of what.
STAGES = {
    StageName.MARKDOWN_CONVERSION: ("Markdown conversion", "The file becomes text with headings, tables, pages."),
    StageName.MARKDOWN_OPTIMIZER: ("Markdown optimizer", "Headers, page numbers and broken lines are tidied away."),
    StageName.CHUNKER: ("Chunker", "The text is split along its headings and sentences."),
    StageName.FACT_GENERATOR: ("Fact generator", "Single facts are drawn, each with its sentence."),
    StageName.INGESTOR: ("Ingestor", "Chunks and facts become searchable."),
}
router = page_router()


@dataclass(frozen=True)
class Shown:
    """A chunk as the page shows it; `heading` if another page begins with it."""

    chunk: ChunkView
    pieces: list[Piece]
    new_page: bool


@router.get("/documents/{document_id}")
def document(
    request: Request,
    caller: Viewer,
    runtime: CurrentRuntime,
    document_id: uuid.UUID,
    chunk: Annotated[int, Query(ge=0, le=2**31 - 1 - CHUNKS)] = 0,
) -> Response:
    """The whole page; `chunk` is one that must be on it."""
    with runtime.database.transaction() as session:
        found = service.document_detail(session, document_id)
        items = service.standing_on(session, document_id, most=ITEMS)
    return page(
        request,
        caller,
        "document.html",
        section="documents",
        items=items,
        **_live(found, caller),
        **_chunks(runtime, document_id, first=chunk - chunk % CHUNKS),
    )


@router.get("/documents/{document_id}/live")
def live(request: Request, caller: Viewer, runtime: CurrentRuntime, document_id: uuid.UUID) -> Response:
    """What changes while the document is processed; at the end it tells the rest of the page."""
    with runtime.database.transaction() as session:
        shown = _live(service.document_detail(session, document_id), caller)
    headers = {} if shown["moving"] else {"HX-Trigger": "document-settled"}
    return fragment(request, "document_live.html", headers=headers, **shown)


@router.get("/documents/{document_id}/chunks")
def chunks(
    request: Request,
    runtime: CurrentRuntime,
    document_id: uuid.UUID,
    first: Annotated[int, Query(ge=0, le=2**31 - 1 - CHUNKS)] = 0,
) -> Response:
    """Chunks in their order, with their facts."""
    with runtime.database.transaction() as session:
        found = service.document_detail(session, document_id)
    return fragment(request, "document_chunks.html", document=found, **_chunks(runtime, document_id, first=first))


@router.get("/documents/{document_id}/standing")
def standing(request: Request, runtime: CurrentRuntime, document_id: uuid.UUID) -> Response:
    """The notes and questions that stand on the document."""
    with runtime.database.transaction() as session:
        found = service.document_detail(session, document_id)
        items = service.standing_on(session, document_id, most=ITEMS)
    return fragment(request, "document_standing.html", document=found, items=items)


@router.get("/documents/{document_id}/outputs/{output_id}")
def output(
    request: Request,
    runtime: CurrentRuntime,
    storage: CurrentStorage,
    document_id: uuid.UUID,
    output_id: uuid.UUID,
    source: bool = False,
) -> Response:
    """What a stage made, to be looked at: text as it reads or as it is written, JSON on lines of its own."""
    with runtime.database.transaction() as session:
        found = service.document_detail(session, document_id)
        view, content = service.read_output(session, storage, document_id, output_id)
    text, whole = _readable(view, content)
    markdown = view.mime_type.startswith("text/markdown")
    return fragment(
        request,
        "document_output.html",
        document=found,
        output=view,
        stage_name=STAGES[view.stage][0],
        figures=_figures(view.details),
        noted=_noted(view.details),
        warnings=view.details.get("warnings") or [],
        text=text,
        pieces=rendered(text) if markdown and not source else None,
        markdown=markdown,
        source=source,
        left_out=whole - len(text),
    )


@router.get("/documents/{document_id}/confirm/{action}")
def confirm(request: Request, runtime: CurrentRuntime, document_id: uuid.UUID, action: Action) -> Response:
    """What an action will do, with the button that does it."""
    with runtime.database.transaction() as session:
        found = service.document_detail(session, document_id)
    return fragment(
        request,
        "document_confirm.html",
        action=action,
        document=found,
        possible=found.state in WHEN[action],
        stages=STAGES,
        most_bytes=runtime.settings.document_most_bytes,
        endings=ENDINGS,
    )


@router.post("/documents/{document_id}/pause")
def pause(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    document_id: uuid.UUID,
    reason: Annotated[str, Form(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = "",
) -> Response:
    """Pause the document, and show it."""
    routes.pause(caller, runtime, document_id, PauseDocument(reason=reason))
    return live(request, caller, runtime, document_id)


@router.post("/documents/{document_id}/resume")
def resume(request: Request, caller: Writer, runtime: CurrentRuntime, document_id: uuid.UUID) -> Response:
    """Let the document go on, and show it."""
    routes.resume(request, caller, runtime, document_id)
    return live(request, caller, runtime, document_id)


@router.post("/documents/{document_id}/run")
def run(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    document_id: uuid.UUID,
    stages: Annotated[list[StageName] | None, Form()] = None,
    force: Annotated[bool, Form()] = False,
) -> Response:
    """Have the stages run again, and show the document."""
    wanted = None if not stages or len(set(stages)) == len(StageName) else stages
    routes.order(request, caller, runtime, [document_id], stages=wanted, force=force)
    return live(request, caller, runtime, document_id)


def _live(found: DocumentDetail, caller: Caller) -> dict[str, Any]:
    """What the live part of the page is made of."""
    outputs: dict[StageName, list[OutputView]] = {}
    for each in found.outputs:
        outputs.setdefault(each.stage, []).append(each)
    operator = caller.may(UserRole.OPERATOR)
    return {
        "document": found,
        "stages": [
            (stage, *STAGES[stage.name], _state(stage), _current(outputs.get(stage.name, []))) for stage in found.stages
        ],
        "older": [each for each in found.outputs if not each.current],
        "stage_names": {name: words[0] for name, words in STAGES.items()},
        "actions": [name for name, states in WHEN.items() if operator and found.state in states],
        "moving": found.state in MOVING and (found.dag_run_id is not None or found.workflow_type == "automatic"),
        "failed": [stage for stage in found.stages if stage.status == "failed"],
        "dag": DAG,
    }


def _chunks(runtime: Runtime, document_id: uuid.UUID, *, first: int) -> dict[str, Any]:
    """The chunks from one on, their evidence marked."""
    with runtime.database.transaction() as session:
        found = service.chunk_views(session, document_id, first=first, most=CHUNKS)
    before = [None, *(chunk.page_to for chunk in found)]
    return {
        "chunks": [
            Shown(
                chunk,
                rendered(chunk.text, sentences([fact["evidence"] for fact in chunk.facts])),
                chunk.page_from is not None and chunk.page_from != page_before,
            )
            for chunk, page_before in zip(found, before, strict=False)
        ],
        "earlier": max(0, first - CHUNKS) if first else None,
        "later": found[-1].ordinal + 1 if len(found) == CHUNKS else None,
    }


def _current(outputs: list[OutputView]) -> OutputView | None:
    return next((each for each in outputs if each.current), None)


def _state(stage: StageView) -> str:
    """The state of a stage as badges know it."""
    if stage.stale:
        return "stale"
    return {"in_progress": "running"}.get(stage.status.value, stage.status.value)


def _readable(view: OutputView, content: bytes) -> tuple[str, int]:
    """The text of an output as far as the page shows it, and how long all of it is."""
    text = content.decode("utf-8", "replace")
    if view.mime_type.startswith("application/json"):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return text[:SHOWN_SIGNS], len(text)


def _figures(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures that a stage noted of its output, those that are one word."""
    return [(name, str(value)) for name, value in details.items() if isinstance(value, (int, float, str))]


def _noted(details: dict[str, Any]) -> str:
    """The rest of what a stage noted, as JSON."""
    rest = {name: value for name, value in details.items() if isinstance(value, (dict, list)) and value}
    rest.pop("warnings", None)
    return json.dumps(rest, ensure_ascii=False, indent=2) if rest else ""
