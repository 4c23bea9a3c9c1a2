"""`documents search`, `realms`, `stale`, `output`: what was found in documents, and what stands on it."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from hydrateall.cli.context import open_runtime, read_id
from hydrateall.cli.output import console, print_json, table
from hydrateall.core.errors import UsageError
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents import service
from hydrateall.documents.enums import StageName
from hydrateall.documents.schemas import Passage, without_markers
from hydrateall.documents.service import Mode, open_storage, query_vector


class Ranking(StrEnum):
    """How passages are ranked."""

    HYBRID = "hybrid"
    TEXT = "text"
    VECTOR = "vector"


SHOWN = 400  # characters of a passage
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def search(
    query: Annotated[str, typer.Argument(help="What is asked, in words.")],
    realm: Annotated[str, typer.Option(help="The realm that is searched.")],
    language: Annotated[LanguageCode | None, typer.Option(help="Only passages in this language.")] = None,
    most: Annotated[int, typer.Option(min=1, max=50, help="How many passages.")] = 5,
    mode: Annotated[Ranking, typer.Option(help="By words and vectors together, or by one of them.")] = Ranking.HYBRID,
    facts: Annotated[bool, typer.Option("--facts", help="Find single facts instead of passages.")] = False,
    as_json: Json = False,
) -> None:
    """Find the passages that speak of something, with their page and the facts that stand there."""
    if facts:
        _show_facts(query, realm, language, most, as_json)
        return
    way: Mode = mode.value
    with open_runtime() as runtime:
        vector, model = (None, "") if mode is Ranking.TEXT else asyncio.run(query_vector(runtime, query))
        with runtime.database.transaction() as session:
            found = service.search(
                session,
                query,
                realm=realm,
                language=language,
                vector=vector,
                embedding_model=model,
                most=most,
                mode=way,
            )
    if as_json:
        print_json(found)
    elif not found:
        console.print("Nothing speaks of that. Try fewer or other words, or another realm.")
    for place, passage in enumerate([] if as_json else found, 1):
        _show(place, passage)


def _show_facts(query: str, realm: str, language: LanguageCode | None, most: int, as_json: bool) -> None:
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = service.facts_about(session, query, realm=realm, language=language, most=most)
    if as_json:
        print_json(found)
        return
    if not found:
        console.print("No fact speaks of that. Try fewer or other words, or another realm.")
    for place, fact in enumerate(found, 1):
        page = f", page {fact.page}" if fact.page else ""
        console.print(f"[key]{place}[/] {escape(fact.statement)}", soft_wrap=True)
        console.print(f"  {escape(fact.document_title)}{page} · chunk {fact.chunk}", style="dim", soft_wrap=True)


def _show(place: int, passage: Passage) -> None:
    pages = ""
    if passage.page_from:
        last = f"–{passage.page_to}" if passage.page_to != passage.page_from else ""
        pages = f", page {passage.page_from}{last}"
    console.print(
        f"[key]{place}[/] [bold]{escape(passage.document_title)}[/][dim]{pages} · chunk {passage.chunk} · "
        f"score {passage.score:.3f}[/]",
        soft_wrap=True,
    )
    if passage.heading_path:
        console.print("  " + escape(" › ".join(passage.heading_path)), style="dim", soft_wrap=True)
    text = " ".join(without_markers(passage.text).split())
    console.print("  " + escape(text[:SHOWN] + ("…" if len(text) > SHOWN else "")), soft_wrap=True)
    for fact in passage.facts[:3]:
        console.print(f"  • {escape(fact)}", style="dim", soft_wrap=True)
    console.print()


def realms(as_json: Json = False) -> None:
    """List the realms and what is in them."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = service.realms(session)
    if as_json:
        print_json(found)
        return
    if not found:
        console.print("No realm yet. A first document makes one: hydrateall documents add FILE --realm NAME --wait")
        return
    numbers = ("documents", "completed", "chunks", "facts")
    shown = table("realm", *numbers, "languages", numbers=numbers)
    for each in found:
        shown.add_row(
            each.realm,
            str(each.documents),
            str(each.completed),
            str(each.chunks),
            str(each.facts),
            ", ".join(each.languages),
        )
    console.print(shown)


def stale(
    realm: Annotated[str | None, typer.Option(help="Only sources of this realm.")] = None, as_json: Json = False
) -> None:
    """List the notes and questions whose source has changed since they were written."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        if realm and realm not in {each.realm for each in service.realms(session)}:
            raise UsageError(f"There is no realm {realm!r}.", "`hydrateall documents realms` lists those there are.")
        found = service.stale_content(session, realm=realm)
    if as_json:
        print_json(found)
        return
    if not found:
        console.print("[good]Nothing is stale:[/] every grounded item stands on what its source says today.")
        return
    shown = table("item", "", "where", "source that changed", "page", whole=("item",))
    for each in found:
        page = str(each.page_from or "")
        shown.add_row(
            str(each.content_id), each.content_type.lower(), escape(each.place), escape(each.document_title), page
        )
    console.print(shown)
    console.print("→ Reject what no longer holds (`hydrateall review`), then hydrate again with `--ground`.")


def output(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of the document.")],
    stage: Annotated[StageName, typer.Argument(help="The stage whose newest output is meant.")],
) -> None:
    """Write the newest output of a stage to standard output."""
    document_id = read_id(document)
    with open_runtime() as runtime, runtime.database.transaction() as session:
        view = service.current_output(session, document_id, stage)
        _, content = service.read_output(session, open_storage(runtime.settings), document_id, view.id)
    sys.stdout.buffer.write(content)
