"""Who may what: every route of the app × anonymous, viewer, user, op, admin."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api_server import ApiServer
from hydrateall.core.models import UserRole
from hydrateall.web.access import Access
from hydrateall.web.admin import create_admin_app

pytestmark = pytest.mark.timeout(400)
VIEWER, OPERATOR, ADMIN = UserRole.VIEWER, UserRole.OPERATOR, UserRole.ADMIN
PAGES = "/ui/"  # its routes are held to their own rows in tests of the pages
SUBJECT = {"boardCode": "CBSE", "grade": "1", "subjectCode": "MATH"}

MATRIX: dict[tuple[str, str], UserRole] = {
    ("GET", "/openapi.json"): VIEWER,
    ("GET", "/metrics"): VIEWER,
    ("GET", "/curriculum"): VIEWER,
    ("GET", "/hydrateAll"): VIEWER,
    ("GET", "/hydrateAll/estimate"): VIEWER,
    ("GET", "/hydrateAll/{jobId}"): VIEWER,
    ("GET", "/hydrateAll/{jobId}/tree"): VIEWER,
    ("GET", "/hydrateAll/{jobId}/logs"): VIEWER,
    ("POST", "/hydrateAll"): OPERATOR,
    ("DELETE", "/hydrateAll/{jobId}"): OPERATOR,
    ("POST", "/hydrateAll/{jobId}/pause"): OPERATOR,
    ("POST", "/hydrateAll/{jobId}/resume"): OPERATOR,
    ("GET", "/hydration/paused"): VIEWER,
    ("PUT", "/hydration/paused"): ADMIN,
    ("GET", "/realms"): VIEWER,
    ("GET", "/documents"): VIEWER,
    ("GET", "/documents/search"): VIEWER,
    ("GET", "/documents/stale"): VIEWER,
    ("GET", "/documents/{documentId}"): VIEWER,
    ("GET", "/documents/{documentId}/chunks"): VIEWER,
    ("GET", "/documents/{documentId}/outputs/{outputId}"): VIEWER,
    ("GET", "/documents/{documentId}/original"): VIEWER,
    ("POST", "/documents"): OPERATOR,
    ("PUT", "/documents/{documentId}/file"): OPERATOR,
    ("POST", "/documents/process"): OPERATOR,
    ("POST", "/documents/{documentId}/pause"): OPERATOR,
    ("POST", "/documents/{documentId}/resume"): OPERATOR,
    ("GET", "/reviews"): VIEWER,
    ("GET", "/reviews/{id}"): VIEWER,
    ("POST", "/reviews/{id}/approve"): OPERATOR,
    ("POST", "/reviews/{id}/reject"): OPERATOR,
    ("POST", "/reviews/{id}/edit"): OPERATOR,
}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/hydrateAll"): {**SUBJECT, "options": {"dryRun": True}},
    ("PUT", "/hydration/paused"): {"paused": False},
    ("POST", "/reviews/{id}/reject"): {"reason": "OTHER"},
}
USERS = {None: -1, "vera": 0, "udo": 1, "otto": 1, "anna": 2}
RANK = {VIEWER: 0, OPERATOR: 1, ADMIN: 2}


def routes() -> Iterator[APIRoute]:
    """Every route of the app; a kind that this test does not know fails it."""
    unused: Any = None
    access = Access(unused, unused, unused)
    app = create_admin_app(unused, access, unused, unused, max_body_bytes=1024, max_upload_bytes=2048)
    found: list[BaseRoute] = list(app.routes)
    for route in found:
        path = getattr(route, "path", "")
        if not path.startswith(PAGES):
            assert isinstance(route, APIRoute), f"{path} is served without any check"
            yield route


def needed(dependant: Dependant) -> set[UserRole]:
    """The roles that the dependencies of a route ask for."""
    own = {getattr(dependant.call, "needs", None)} - {None}
    return own.union(*(needed(each) for each in dependant.dependencies))


class TestEveryRoute:
    def test_has_its_row_and_declares_the_role_of_it(self) -> None:
        declared = {
            (method, route.path_format): max(needed(route.dependant), key=RANK.__getitem__, default=None)
            for route in routes()
            for method in route.methods - {"HEAD"}
        }

        assert declared == MATRIX

    @pytest.mark.parametrize("user", USERS)
    def test_lets_in_whom_its_row_names_and_nobody_else(self, admin_api: ApiServer, user: str | None) -> None:
        answers = {}
        with admin_api.client(user) as client:
            for method, path in MATRIX:
                address = re.sub(r"{\w+}", lambda _: str(uuid.uuid4()), path)
                query = SUBJECT if path.endswith("/estimate") else None
                body = BODIES.get((method, path))
                answers[method, path] = client.request(method, f"/api/admin{address}", json=body, params=query)

        refused = {key: answer.status_code for key, answer in answers.items() if answer.status_code in (401, 403)}
        status = 401 if user is None else 403
        assert refused == {key: status for key, role in MATRIX.items() if RANK[role] > USERS[user]}
        assert [key for key, answer in answers.items() if answer.status_code >= 500] == []
