"""Search as the control plane may do it: by words, and by vectors where this process makes them itself.

A page or a route asks no provider: with an embedder at a server, a search from there goes by words alone.
"""

from __future__ import annotations

import asyncio

from hydrateall.core.runtime import Runtime
from hydrateall.documents.retrieval import Mode, search
from hydrateall.documents.schemas import Passage, Shown
from hydrateall.documents.search_errors import OtherEmbeddings
from hydrateall.llm.service import open_embedder

OURS = "offline"  # the embedder that asks nobody


class Found(Shown):
    """What a search found, best first. `mode` is how it was searched, which may be less than was asked."""

    mode: Mode
    passages: list[Passage]


def search_locally(
    runtime: Runtime, query: str, *, realm: str, language: str | None, mode: Mode = "hybrid", most: int = 10
) -> Found:
    """Search a realm without asking a provider; raise what `search` raises.

    A hybrid search of a realm whose vectors another embedder made goes by words alone too.
    """
    if mode == "text" or runtime.settings.embedding_provider != OURS:
        return _search(runtime, query, realm=realm, language=language, mode="text", most=most)
    try:
        return _search(runtime, query, realm=realm, language=language, mode=mode, most=most)
    except OtherEmbeddings:
        if mode == "vector":
            raise
        return _search(runtime, query, realm=realm, language=language, mode="text", most=most)


def _search(runtime: Runtime, query: str, *, realm: str, language: str | None, mode: Mode, most: int) -> Found:
    vector, model = (None, "") if mode == "text" else asyncio.run(_vector(runtime, query))
    with runtime.database.transaction() as session:
        passages = search(
            session,
            query,
            realm=realm,
            language=language,
            vector=vector,
            embedding_model=model,
            most=most,
            mode=mode,
        )
    return Found(mode=mode, passages=passages)


async def _vector(runtime: Runtime, query: str) -> tuple[list[float], str]:
    async with open_embedder(runtime.settings, runtime.database) as embedder:
        [vector] = await embedder.embed([query], content_ref="search", caps={})
        return vector, embedder.name
