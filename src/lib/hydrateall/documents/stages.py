"""The five stages: what each makes of its input, and what besides the input decides its output.

A stage with another version or other parameters makes another output; the order of the stages is in the rows of
`stage_dependencies` alone. What a stage needs is imported when it runs: a DAG that only parses needs none of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop
from sqlalchemy.orm import Session

from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.documents.enums import FileType, StageName
from hydrateall.documents.ingesting import Prepared, prepare
from hydrateall.documents.ingestion import IngestReport, ingest
from hydrateall.documents.patience import time_limit
from hydrateall.documents.schemas import ChunkSet, FactSet, SourceDocument, StageOutput
from hydrateall.llm.service import embedder_name, model_name, open_gateway, prompt_digest

if TYPE_CHECKING:
    from hydrateall.documents.conversion import Limits, Sandbox

FACTS_PROMPT = "documents/extract_facts"
JSON = "application/json"
MARKDOWN = "text/markdown; charset=utf-8"


@dataclass(frozen=True)
class Task:
    """What one run of a stage works with: the document, its original, and the outputs that the stage stands on."""

    runtime: Runtime
    sandbox: Sandbox
    source: SourceDocument
    original: Path
    inputs: Mapping[StageName, bytes]
    caps: Callable[[], dict[str, Any]]

    @property
    def settings(self) -> Settings:
        return self.runtime.settings

    def markdown(self) -> str:
        """The text: the optimised one where there is one."""
        text = self.inputs.get(StageName.MARKDOWN_OPTIMIZER) or self.inputs[StageName.MARKDOWN_CONVERSION]
        return text.decode()

    def chunks(self) -> ChunkSet:
        return ChunkSet.model_validate_json(self.inputs[StageName.CHUNKER])

    def facts(self) -> FactSet:
        return FactSet.model_validate_json(self.inputs[StageName.FACT_GENERATOR])


@dataclass(frozen=True)
class Result:
    """What a stage made: its output, what `store` puts into the database with it, and what the document learns."""

    output: StageOutput
    prepared: Prepared | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


def limits_of(settings: Settings) -> Limits:
    """The limits of what is converted, from the settings."""
    from hydrateall.documents.conversion import Limits

    return Limits(
        most_bytes=settings.document_most_bytes,
        most_pages=settings.document_most_pages,
        most_expansion=settings.document_most_expansion,
        most_unpacked_bytes=settings.document_most_unpacked_bytes,
        most_nesting=settings.document_most_nesting,
        seconds=settings.document_stage_seconds,
        memory_mb=settings.document_memory_mb,
        ocr=settings.ocr,
    )


def convert(task: Task) -> Result:
    """The document as Markdown, with a line before each page."""
    made = task.sandbox.convert(
        task.original,
        mime_type=task.source.mime_type,
        source_name=task.source.source_name,
        limits=limits_of(task.settings),
        language=task.source.language,
    )
    told = {
        "pages": made.pages,
        "words": made.words,
        "images": made.images,
        "ocrPages": made.ocr_pages,
        "warnings": made.warnings,
    }
    output = StageOutput(FileType.MARKDOWN, MARKDOWN, made.markdown.encode(), told)
    return Result(output, about={"pages": made.pages})


def tidy(task: Task) -> Result:
    """The Markdown without what only its pages needed."""
    from hydrateall.documents.optimizing import optimize

    text = task.inputs[StageName.MARKDOWN_CONVERSION].decode()
    with time_limit(StageName.MARKDOWN_OPTIMIZER, task.settings.document_stage_seconds):
        made = optimize(text, language=task.source.language)
    return Result(StageOutput(FileType.OPTIMIZED_MARKDOWN, MARKDOWN, made.markdown.encode(), made.report))


def chunk(task: Task) -> Result:
    """The text in pieces."""
    from hydrateall.documents.chunking import split

    settings = task.settings
    with time_limit(StageName.CHUNKER, settings.document_stage_seconds):
        made = split(task.markdown(), most_tokens=settings.chunk_tokens, overlap_tokens=settings.chunk_overlap_tokens)
    told = {
        "chunks": len(made.chunks),
        "tokens": sum(each.tokens for each in made.chunks),
        "largestTokens": max((each.tokens for each in made.chunks), default=0),
    }
    return Result(_json_output(FileType.CHUNKS_JSON, made, told))


def find_facts(task: Task) -> Result:
    """The facts that stand in the chunks, by the model."""
    from hydrateall.documents.facts import generate_facts

    async def ask() -> FactSet:
        async with open_gateway(task.settings, task.runtime.database) as gateway:
            return await generate_facts(
                gateway,
                task.chunks().chunks,
                source=task.source,
                caps=task.caps(),
                most_in_flight=task.settings.max_in_flight,
                batch_tokens=task.settings.fact_call_tokens,
            )

    made = uvloop.run(ask())
    told = {"facts": len(made.facts), "dropped": made.dropped, "calls": made.calls, "costUsd": made.cost_usd}
    return Result(_json_output(FileType.FACTS_JSON, made, told))


def vectors(task: Task) -> Result:
    """Chunks and facts with their vectors, ready for the database."""
    prepared = prepare(task.runtime, task.source, task.chunks(), task.facts(), caps=task.caps())
    told = {
        "chunks": len(prepared.chunks.chunks),
        "facts": len(prepared.facts.facts),
        "embeddingModel": prepared.model,
    }
    content = json.dumps({"documentChecksum": task.source.checksum, **told}, indent=1).encode()
    return Result(StageOutput(FileType.INGESTION_JSON, JSON, content, told), prepared)


def store_vectors(session: Session, task: Task, result: Result) -> IngestReport | None:
    """Put what was prepared into the tables of the search, in the transaction that ends the stage."""
    if result.prepared is None:
        return None
    given = result.prepared
    return ingest(
        session,
        source=task.source,
        chunks=given.chunks,
        markdown=given.markdown,
        facts=given.facts,
        vectors=given.vectors,
        embedding_model=given.model,
    )


@dataclass(frozen=True)
class Stage:
    """One stage. `parameters` are the settings that decide its output; `store` adds rows when it ends."""

    version: int
    extension: str
    run: Callable[[Task], Result]
    parameters: Callable[[Settings, SourceDocument], Mapping[str, Any]]
    store: Callable[[Session, Task, Result], object] | None = None


STAGES: Mapping[StageName, Stage] = {
    StageName.MARKDOWN_CONVERSION: Stage(
        1, ".md", convert, lambda settings, source: {"ocr": settings.ocr, "language": source.language}
    ),
    StageName.MARKDOWN_OPTIMIZER: Stage(1, ".opt.md", tidy, lambda _, source: {"language": source.language}),
    StageName.CHUNKER: Stage(
        1,
        ".chunks.json",
        chunk,
        lambda settings, _: {"tokens": settings.chunk_tokens, "overlap": settings.chunk_overlap_tokens},
    ),
    StageName.FACT_GENERATOR: Stage(
        1,
        ".facts.json",
        find_facts,
        lambda settings, source: {
            "model": model_name(settings, "facts"),
            "prompt": prompt_digest(FACTS_PROMPT),
            "tokens": settings.fact_call_tokens,
            "title": source.title,
            "language": source.language,
        },
    ),
    StageName.INGESTOR: Stage(
        1,
        ".ingestion.json",
        vectors,
        lambda settings, source: {
            "embedder": embedder_name(settings),
            "overlap": settings.chunk_overlap_tokens,
            "realm": source.realm,
            "language": source.language,
            "document": source.checksum,
        },
        store_vectors,
    ),
}


def input_digest(
    stage: StageName, settings: Settings, source: SourceDocument, checksums: Mapping[StageName, str]
) -> str:
    """What an output is made from: stage, version, parameters and the checksums of its input."""
    made = STAGES[stage]
    parts = {
        "stage": stage.value,
        "version": made.version,
        "parameters": dict(made.parameters(settings, source)),
        "input": {name.value: checksum for name, checksum in checksums.items()} or {"original": source.checksum},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _json_output(kind: FileType, made: ChunkSet | FactSet, told: Mapping[str, Any]) -> StageOutput:
    return StageOutput(kind, JSON, made.model_dump_json(by_alias=True).encode(), told)
