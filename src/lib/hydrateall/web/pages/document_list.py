"""The page Documents: every document with its state, chosen by realm and state, and where new ones are added."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.documents import service
from hydrateall.documents.routes import State
from hydrateall.documents.schemas import REALM
from hydrateall.documents.service import DocumentPage
from hydrateall.web.access import CurrentRuntime, Viewer
from hydrateall.web.pages.layout import page, page_router, url
from hydrateall.web.pages.start import LANGUAGES

MOST = 25
MOST_OF_RUN = 200  # documents that the tab of a run shows
MOVING = ("waiting", "running")
STATES = ("waiting", "running", "paused", "failed", "stale", "completed")
ENDINGS = ".pdf,.docx,.pptx,.xlsx,.html,.htm,.epub,.md,.markdown,.txt"  # what the file chooser offers first
router = page_router()


def _none_if_empty(value: object) -> object:
    """A control that is left empty chooses nothing."""
    return None if value == "" else value


Empty = BeforeValidator(_none_if_empty)


class Filters(BaseModel):
    """The controls above the list, as the address has them."""

    model_config = ConfigDict(extra="ignore")

    realm: Annotated[Annotated[str, Field(pattern=REALM)] | None, Empty] = None
    state: Annotated[State | None, Empty] = None
    run: Annotated[Annotated[str, Field(max_length=250, pattern=r"^[^\x00]*$")] | None, Empty] = None
    tab: Annotated[Annotated[str, Field(pattern="^run$")] | None, Empty] = None
    cursor: Annotated[Annotated[str, Field(max_length=200)] | None, Empty] = None

    def query(self) -> dict[str, Any]:
        """The filters as an address names them, without the place in the list."""
        return self.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)


@router.get("/documents")
def documents(
    request: Request, caller: Viewer, runtime: CurrentRuntime, filters: Annotated[Filters, Query()]
) -> Response:
    """One page of the list; htmx takes its results only. With `run`, the documents of a DAG run."""
    with runtime.database.transaction() as session:
        known = service.realms(session)
        if filters.run:
            ids = [each for portion in service.portions_of(session, filters.run, most=1) for each in portion.documents]
            found = DocumentPage(documents=service.document_rows(session, ids[:MOST_OF_RUN]), next_cursor=None)
        else:
            found = service.document_page(
                session, realm=filters.realm, state=filters.state, cursor=filters.cursor, most=MOST
            )
    following = found.next_cursor and url(request, "documents", **filters.query(), cursor=found.next_cursor)
    return page(
        request,
        caller,
        "documents.html",
        section="documents",
        tab=filters.tab or "",
        documents=found.documents,
        realms=known,
        filters=filters,
        filtered=bool(filters.query()),
        states=STATES,
        live=any(each.state in MOVING for each in found.documents),
        here=url(request, "documents", **filters.query(), cursor=filters.cursor),
        next=following,
        first=url(request, "documents", **filters.query()) if filters.cursor else None,
        operator=caller.may(UserRole.OPERATOR),
        **_limits(runtime),
    )


def _limits(runtime: Runtime) -> dict[str, Any]:
    """What the form for new documents needs to know."""
    settings = runtime.settings
    return {
        "languages": {code.value: name for code, name in LANGUAGES.items()},
        "endings": ENDINGS,
        "realm_pattern": REALM.strip("^$").replace("_-", r"_\-"),  # browsers read it with their flag v
        "most_bytes": settings.document_most_bytes,
        "most_documents": settings.documents_a_run,
    }
