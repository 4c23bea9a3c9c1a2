"""What Prometheus reads: GET /metrics, for its scrape token or a signed-in viewer."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from hydrateall.core.models import UserRole
from hydrateall.monitoring.metrics import CONTENT_TYPE_LATEST, exposition
from hydrateall.web.access import CurrentRuntime, bearer_scheme, caller_of, runtime_of
from hydrateall.web.description import problems

router = APIRouter(tags=["monitoring"])


async def may_scrape(request: Request, _bearer: Annotated[object, Depends(bearer_scheme)]) -> None:
    """Let the scrape token pass; of all others raise NotSignedIn or NotAllowed unless they may read."""
    expected = runtime_of(request).settings.metrics_token.get_secret_value()
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if expected and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), expected.encode()):
        return
    caller = await caller_of(request)
    caller.needs(UserRole.VIEWER, "This")


may_scrape.needs = UserRole.VIEWER  # type: ignore[attr-defined]  # the matrix test reads it


@router.get(
    "/metrics",
    operation_id="readMetrics",
    response_class=Response,
    responses={
        200: {"description": "The metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(),
    },
    dependencies=[Depends(may_scrape)],
)
def metrics(runtime: CurrentRuntime) -> Response:
    """Every metric, in Prometheus' text format."""
    return Response(exposition(runtime), media_type=CONTENT_TYPE_LATEST)
