"""The door of documents: take in, order, process, show, search, and what content stands on."""

from __future__ import annotations

from decimal import Decimal

from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.documents.cleaning import CleaningReport, clean
from hydrateall.documents.grounding import (
    Source,
    StaleItem,
    StandingItem,
    anchor,
    passages_for,
    require_realm,
    sources_of,
    stale_content,
    standing_on,
)
from hydrateall.documents.intake import Taken, add_document, check_realm, replace_document
from hydrateall.documents.retrieval import KnownFact, Mode, facts_about, search
from hydrateall.documents.runs import Order, ask_again, order, pause, portions_of, resume
from hydrateall.documents.samples import add_samples
from hydrateall.documents.storage import Storage
from hydrateall.documents.views import (
    ChunkView,
    DocumentDetail,
    DocumentPage,
    DocumentRow,
    OutputView,
    RealmView,
    StageView,
    chunk_views,
    current_output,
    document_detail,
    document_page,
    document_rows,
    original_of,
    read_output,
    realms,
)
from hydrateall.documents.workflow import next_available_stage, read_stages, stages_in_order
from hydrateall.llm.service import budget_scopes_of, open_embedder

__all__ = [
    "ChunkView",
    "CleaningReport",
    "DocumentDetail",
    "DocumentPage",
    "DocumentRow",
    "KnownFact",
    "Mode",
    "Order",
    "OutputView",
    "RealmView",
    "Source",
    "StageView",
    "StaleItem",
    "StandingItem",
    "Storage",
    "Taken",
    "add_document",
    "add_samples",
    "anchor",
    "ask_again",
    "check_realm",
    "chunk_views",
    "clean",
    "current_output",
    "document_detail",
    "document_page",
    "document_rows",
    "facts_about",
    "next_available_stage",
    "open_storage",
    "order",
    "original_of",
    "passages_for",
    "pause",
    "portions_of",
    "query_vector",
    "read_output",
    "read_stages",
    "realms",
    "replace_document",
    "require_realm",
    "resume",
    "search",
    "sources_of",
    "stages_in_order",
    "stale_content",
    "standing_on",
]


async def query_vector(
    runtime: Runtime, query: str, caps: dict[str, Decimal | None] | None = None
) -> tuple[list[float], str]:
    """The vector of a question and the model that made it; it counts against `caps`, or the tenant's and the day's."""
    async with open_embedder(runtime.settings, runtime.database) as embedder:
        budgets = caps or budget_scopes_of(runtime.settings, scope="search", cap=None, now=runtime.now())
        [vector] = await embedder.embed([query], content_ref="search", caps=budgets)
        return vector, embedder.name


def open_storage(settings: Settings) -> Storage:
    """The storage of the settings: by its URL, or a folder beside the state of the local stack."""
    return Storage.open(settings.storage_url or str(settings.state_dir / "storage"))
