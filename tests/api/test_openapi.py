"""The OpenAPI description is exact: whatever schemathesis sends, the answer is one that the description names."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api_server import ApiServer
from hydrateall.web.access import Access
from hydrateall.web.admin import create_admin_app
from hydrateall.web.description import describe

pytestmark = pytest.mark.timeout(400)
SUBJECT = {"language": "en", "boardCode": "CBSE", "grade": "1", "subjectCode": "MATH"}
EXAMPLES = 20
# What these refuse is a matter of content, which no schema holds.
JUDGED = ("editReview", "uploadDocument", "replaceDocumentFile", "searchDocuments")


def description() -> dict[str, Any]:
    """The description as the app makes it, whoever runs it."""
    unused: Any = None
    access = Access(unused, unused, unused)
    return describe(create_admin_app(unused, access, unused, unused, max_body_bytes=1024, max_upload_bytes=2048))


schema = schemathesis.openapi.from_dict(description())


@pytest.fixture
def job_id(admin_api: ApiServer) -> str:
    """A job that is there, so that not every answer is 404."""
    with admin_api.client() as client:
        return str(client.post("/api/admin/hydrateAll", json=SUBJECT).json()["rootJobId"])


def operation_of(case: schemathesis.Case) -> str:
    return str(case.operation.definition.raw["operationId"])


class TestTheDescription:
    def test_is_for_the_signed_in_and_the_one_of_the_app(self, admin_api: ApiServer) -> None:
        with admin_api.client("vera") as client:
            served = client.get("/api/admin/openapi.json").json()

        assert served == description()

    def test_names_each_operation_once_and_its_problems(self) -> None:
        operations = [each for path in description()["paths"].values() for each in path.values()]

        names = [operation["operationId"] for operation in operations]
        assert len(names) == len(set(names))
        assert all({"401", "403"} <= set(operation["responses"]) for operation in operations)

    @schema.parametrize()
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )
    def test_holds_for_whatever_is_sent(self, case: schemathesis.Case, admin_api: ApiServer, job_id: str) -> None:
        if case.meta.generation.mode is GenerationMode.POSITIVE:
            if "jobId" in case.path_parameters:
                case.path_parameters["jobId"] = job_id
            case.query.pop("cursor", None)  # only a page gives one out
            case.headers.pop("Idempotency-Key", None)  # it belongs to one request
            case.query.pop("ground", None)  # only a realm that is there can be stood on
            if isinstance(case.body, dict):
                for name in ("ground", "secondOpinion"):  # the latter is not for every mode
                    case.body.get("options", {}).pop(name, None)
        assume(
            "\n" not in unquote("".join(map(str, case.path_parameters.values())))
        )  # never gets past Airflow's router
        case.call_and_validate(
            base_url=f"{admin_api.url}/api/admin",
            headers={"Authorization": f"Bearer {admin_api.token('anna')}"},
            excluded_checks=[positive_data_acceptance] if operation_of(case) in JUDGED else [],
        )
