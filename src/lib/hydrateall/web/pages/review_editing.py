"""Editing an item: the form, how the edit would be read and judged, and the edit as a new, approved version."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from hydrateall.core.models import UserRole
from hydrateall.curriculum.service import ItemView, item_view
from hydrateall.review import service
from hydrateall.review.errors import EditRefused, NothingChanged
from hydrateall.review.routes import reviewer_of
from hydrateall.validation.service import load_rulebook
from hydrateall.web.access import CurrentRuntime, Viewer, Writer
from hydrateall.web.pages.layout import fragment, page, page_router
from hydrateall.web.pages.review import CurrentFilters, go_on, next_item
from hydrateall.web.pages.review_form import Control, Errors, Unfit, controls_of, draft_of, field_name, filled, refused

router = page_router()


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=200)


Typed = Annotated[FormData, Depends(_form)]


@router.get("/review/{item_id}/edit")
def edit_page(
    request: Request, caller: Viewer, runtime: CurrentRuntime, item_id: uuid.UUID, filters: CurrentFilters
) -> Response:
    """The form, beside the item as it would be read."""
    with runtime.database.transaction() as session:
        found = service.entry(session, item_id)
    return page(
        request,
        caller,
        "review_edit.html",
        section="review",
        found=found,
        operator=caller.may(UserRole.OPERATOR),
        draft=found.item.draft,
        findings=found.findings,
        field_name=field_name,
        **_shown(found.item, filters, controls_of(found.item), {}),
    )


@router.post("/review/{item_id}/preview")
def preview(request: Request, runtime: CurrentRuntime, item_id: uuid.UUID, form: Typed) -> Response:
    """The edit as it would be read, and what the gates say about it. Nothing is stored."""
    with runtime.database.transaction() as session:
        item = item_view(session, item_id)
        rules = load_rulebook(session)
    try:
        draft = draft_of(item, form)
    except Unfit:
        return fragment(request, "review_preview.html", item=item, draft=None, findings=[], field_name=field_name)
    findings = service.judged(item, draft, rules).findings
    return fragment(request, "review_preview.html", item=item, draft=draft, findings=findings, field_name=field_name)


@router.post("/review/{item_id}/edit")
def edit(
    request: Request,
    caller: Writer,
    runtime: CurrentRuntime,
    item_id: uuid.UUID,
    filters: CurrentFilters,
    form: Typed,
) -> Response:
    """Store the edit as a new, approved version and go to the next item; or show what is wrong, at its control."""
    with runtime.database.transaction() as session:
        item = item_view(session, item_id)
    controls = controls_of(item)
    try:
        draft = draft_of(item, form)
        with runtime.database.transaction() as session:
            following = next_item(session, filters, service.entry(session, item_id))
            by, revise = reviewer_of(caller), item.decided_at is not None
            done = service.edit_then_approve(session, item_id, draft, by=by, now=runtime.now(), revise=revise)
    except Unfit as unfit:
        errors = unfit.errors
    except EditRefused as error:
        errors = refused(controls, error.findings)
    except NothingChanged as error:
        errors = {"": [f"{error.message} {error.remedy}"]}
    else:
        return go_on(request, filters, following, done="edited", was=done.new_item_id)
    shown = _shown(item, filters, filled(controls, form), errors)
    return fragment(request, "review_form.html", http_status=422, operator=True, **shown)


def _shown(item: ItemView, filters: Any, controls: list[Control], errors: Errors) -> dict[str, Any]:
    return {"item": item, "filters": filters, "controls": controls, "errors": errors}
