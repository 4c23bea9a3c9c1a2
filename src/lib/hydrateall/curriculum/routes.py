"""The routes of the curriculum: what the form that starts a hydration offers."""

from __future__ import annotations

from fastapi import APIRouter

from hydrateall.curriculum.service import Catalogue, catalogue
from hydrateall.web.access import FOR_VIEWERS, CurrentRuntime, JsonRoute
from hydrateall.web.description import problems

router = APIRouter(route_class=JsonRoute, tags=["curriculum"])


@router.get("/curriculum", operation_id="showCurriculum", dependencies=FOR_VIEWERS, responses=problems())
def curriculum(runtime: CurrentRuntime) -> Catalogue:
    """Boards → grades → subjects → languages."""
    with runtime.database.transaction() as session:
        return catalogue(session)
