"""Puts the pages into the admin app."""

from __future__ import annotations

from fastapi import FastAPI

from hydrateall.web.pages import (
    document,
    document_list,
    document_search,
    health,
    job,
    jobs,
    picture,
    review,
    review_editing,
    start,
)
from hydrateall.web.pages.layout import STATIC, UI, Assets

PAGES = (start, jobs, job, picture, document_search, document_list, document, review, review_editing, health)


def add_pages(app: FastAPI) -> None:
    """Serve the pages below /ui, and their files below /ui/static."""
    app.mount(f"{UI}/static", Assets(directory=STATIC), name="static")
    for each in PAGES:
        app.include_router(each.router)
