"""The page that searches documents: a question, a realm, and the passages that speak of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hydrateall.core.errors import HydrateAllError
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents import service
from hydrateall.documents.local_search import Found, search_locally
from hydrateall.documents.schemas import REALM
from hydrateall.web.access import CurrentRuntime, Viewer
from hydrateall.web.pages.document_text import Piece, rendered, words_of
from hydrateall.web.pages.layout import page, page_router
from hydrateall.web.pages.start import LANGUAGES

MOST = 8
router = page_router()


def _none_if_empty(value: object) -> object:
    """A control that is left empty chooses nothing."""
    return None if value == "" else value


Empty = BeforeValidator(_none_if_empty)


class Asked(BaseModel):
    """The controls, as the address has them."""

    model_config = ConfigDict(extra="ignore")

    q: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    realm: Annotated[Annotated[str, Field(pattern=REALM)] | None, Empty] = None
    language: Annotated[LanguageCode | None, Empty] = None


@router.get("/documents/search")
def search(request: Request, caller: Viewer, runtime: CurrentRuntime, asked: Annotated[Asked, Query()]) -> Response:
    """The passages, best first, with the words of the question marked; without a question, the form."""
    with runtime.database.transaction() as session:
        realms = service.realms(session)
    realm = asked.realm or (realms[0].realm if realms else None)
    found, problem = None, None
    if asked.q.strip() and realm:
        try:
            found = search_locally(runtime, asked.q, realm=realm, language=asked.language, most=MOST)
        except HydrateAllError as error:
            problem = error
    return page(
        request,
        caller,
        "document_search.html",
        section="documents",
        asked=asked,
        realm=realm,
        realms=realms,
        languages={code.value: name for code, name in LANGUAGES.items()},
        found=found,
        bodies=_bodies(found, asked.q),
        problem=problem,
    )


def _bodies(found: Found | None, query: str) -> list[list[Piece]]:
    """The text of each passage, rendered."""
    spans = words_of(query)
    return [rendered(passage.text, spans) for passage in found.passages] if found else []
