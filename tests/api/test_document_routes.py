"""The document routes over real HTTP: Airflow's API server with our plugin, PostgreSQL, files in a folder."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api_server import ApiServer
from factories import settings_for_tests
from hydrateall.core.clock import utc_now
from hydrateall.core.runtime import Runtime
from hydrateall.documents.runner import Runner
from hydrateall.documents.storage import Storage

pytestmark = pytest.mark.timeout(400)
BASE = "/api/admin"
SUBJECT = {"boardCode": "CBSE", "grade": "1", "subjectCode": "MATH"}
TEXT = """# Light

## Refraction

Light bends when it passes from air into glass. The refractive index of crown glass is 1.52.

## Mirrors

A concave mirror brings parallel rays together at its focus.
"""
SAFE_KINDS = ("text/plain; charset=utf-8", "application/json", "application/octet-stream")


@pytest.fixture
def client(admin_api: ApiServer) -> Iterator[httpx.Client]:
    """Signed in as an operator."""
    with admin_api.client("otto") as client:
        yield client


@pytest.fixture
def realm() -> str:
    """A realm of this test alone."""
    return f"r{uuid.uuid4().hex[:12]}"


@pytest.fixture
def storage(api_home: Path) -> Storage:
    """The storage of the server."""
    return Storage.open(str(api_home / "storage"))


@pytest.fixture
def processed(client: httpx.Client, admin_api: ApiServer, storage: Storage, realm: str) -> dict[str, Any]:
    """A document that went through its stages."""
    document = upload(client, realm, start="false").json()
    runtime = Runtime(settings_for_tests(), admin_api.database, utc_now)
    with Runner(runtime, storage, owner="test") as runner:
        assert runner.process(uuid.UUID(document["id"])).failures == []
    found: dict[str, Any] = client.get(f"{BASE}/documents/{document['id']}").json()
    return found


def upload(
    client: httpx.Client, realm: str, content: str | bytes = TEXT, name: str = "light.md", **fields: str
) -> httpx.Response:
    form = {"realm": realm, **fields}
    return client.post(f"{BASE}/documents", data=form, files={"file": (name, content)})


def documents_of(client: httpx.Client, realm: str, **filters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{BASE}/documents", params={"realm": realm, **filters})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["documents"]
    return found


class TestUpload:
    def test_takes_a_file_in_and_delivers_its_processing_with_the_callers_token(
        self, client: httpx.Client, realm: str
    ) -> None:
        answer = upload(client, realm, title="  Light and  glass ", licence="CC BY 4.0")
        document = answer.json()
        run = client.get(f"/api/v2/dags/process_documents/dagRuns/{document['dagRunId']}").json()

        assert (answer.status_code, document["title"], document["licence"]) == (201, "Light and glass", "CC BY 4.0")
        assert answer.headers["Location"] == f"{BASE}/documents/{document['id']}"
        assert [stage["status"] for stage in document["stages"]] == ["pending"] * 5
        assert (run["triggering_user_name"], run["conf"]) == ("otto", {"run_id": document["dagRunId"]})

    def test_only_takes_it_in_without_start(self, client: httpx.Client, realm: str) -> None:
        document = upload(client, realm, start="false").json()

        assert (document["state"], document["workflowType"], document["dagRunId"]) == ("waiting", "manual", None)

    def test_names_the_document_that_is_this_file_already(self, client: httpx.Client, realm: str) -> None:
        first = upload(client, realm, start="false").json()

        again = upload(client, realm, name="other-name.md", start="false")

        problem = again.json()
        assert (again.status_code, problem["code"], problem["documentId"]) == (409, "already_there", first["id"])

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("light.pdf", TEXT, "mislabelled_file"),
            ("light.exe", TEXT, "unknown_file_type"),
            ("empty.md", "", "empty_file"),
            ("..\\light.md", TEXT, "unsafe_file_name"),
        ],
    )
    def test_refuses_what_cannot_be_used_with_its_sentence_and_keeps_nothing(
        self, client: httpx.Client, realm: str, storage: Storage, name: str, content: str, code: str
    ) -> None:
        before = storage.list("documents")

        answer = upload(client, realm, content, name)

        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["detail"].endswith(".")
        assert documents_of(client, realm) == []
        assert storage.list("documents") == before

    @pytest.mark.parametrize("size", [2_000_001, 2_200_000])
    def test_refuses_what_is_too_large_before_it_is_looked_at(
        self, client: httpx.Client, realm: str, size: int
    ) -> None:
        answer = upload(client, realm, b"#" * size)

        assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
        assert "2000000 bytes" in answer.json()["detail"]

    def test_counts_the_bytes_of_a_body_that_does_not_say_its_length(self, client: httpx.Client) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
        body = (head if piece == 0 else b"#" * 100_000 for piece in range(40))

        answer = client.post(
            f"{BASE}/documents", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
        )

        assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")

    def test_leaves_the_limit_of_other_bodies_as_it_is(self, client: httpx.Client) -> None:
        answer = client.post(f"{BASE}/documents/process", json={"documents": [], "x": "y" * 1_100_000})

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"json": {"realm": "a"}}, 415),
            ({"data": {"realm": "a"}, "files": {"other": b""}}, 422),
            ({"data": {"realm": "Not a realm"}, "files": {"file": ("a.md", TEXT)}}, 422),
            ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ],
    )
    def test_refuses_other_forms(self, client: httpx.Client, sent: dict[str, Any], status: int) -> None:
        answer = client.post(f"{BASE}/documents", **sent)

        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_looks_at_the_role_before_the_body(self, admin_api: ApiServer) -> None:
        with admin_api.client("vera") as viewer:
            answer = viewer.post(f"{BASE}/documents", content=b"#", headers={"Content-Type": "text/plain"})

        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    def test_takes_a_cookie_from_a_page_of_this_server_only(self, admin_api: ApiServer, realm: str) -> None:
        cookie = {"Cookie": f"_token={admin_api.token('otto')}"}
        with admin_api.client(None, **cookie, **{"Sec-Fetch-Site": "cross-site"}) as client:
            foreign = upload(client, realm, start="false")
        with admin_api.client(None, **cookie, **{"Sec-Fetch-Site": "same-origin"}) as client:
            own = upload(client, realm, start="false")

        assert (foreign.status_code, foreign.json()["code"], own.status_code) == (403, "cross_site", 201)

    def test_is_audited(self, client: httpx.Client, admin_api: ApiServer, realm: str) -> None:
        document = upload(client, realm, start="false").json()

        with admin_api.database.transaction() as session:
            found = session.execute(
                sa.text(
                    "SELECT action, users.external_id FROM audit_logs JOIN users ON users.id = actor_id "
                    "WHERE entity_id = :id"
                ),
                {"id": document["id"]},
            ).all()
        assert found == [("document.add", "otto")]


class TestReplace:
    def test_makes_what_stood_on_the_old_file_stale_and_processes_the_new_one(
        self, client: httpx.Client, processed: dict[str, Any]
    ) -> None:
        answer = client.put(
            f"{BASE}/documents/{processed['id']}/file",
            files={"file": ("light-2.md", TEXT + "\nA lens has a focus.\n")},
        )

        document = answer.json()
        assert (answer.status_code, document["version"], document["sourceName"]) == (200, 2, "light-2.md")
        assert document["dagRunId"] is not None
        assert document["chunks"] == processed["chunks"]

    def test_refuses_the_file_that_it_has(self, client: httpx.Client, processed: dict[str, Any]) -> None:
        answer = client.put(f"{BASE}/documents/{processed['id']}/file", files={"file": ("a.md", TEXT)})

        assert (answer.status_code, answer.json()["documentId"]) == (409, processed["id"])

    def test_knows_no_other_document(self, client: httpx.Client) -> None:
        answer = client.put(f"{BASE}/documents/{uuid.uuid4()}/file", files={"file": ("a.md", TEXT)})

        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_document")


class TestProcessing:
    def test_is_ordered_for_many_in_one_run(self, client: httpx.Client, realm: str) -> None:
        ids = [upload(client, realm, TEXT + name, name, start="false").json()["id"] for name in ("a.md", "b.md")]

        answer = client.post(f"{BASE}/documents/process", json={"documents": ids, "stages": ["markdown-conversion"]})

        made = answer.json()
        assert (answer.status_code, made["documents"], made["delivered"]) == (202, 2, True)
        assert {client.get(f"{BASE}/documents/{document_id}").json()["dagRunId"] for document_id in ids} == {
            made["dagRunId"]
        }

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"documents": []}, 422),
            ({"documents": ["x"]}, 422),
            ({"documents": [str(uuid.uuid4())]}, 404),
            ({"documents": [str(uuid.uuid4())], "stages": ["baking"]}, 422),
            ({"documents": [str(uuid.uuid4())], "force": "yes"}, 422),
        ],
    )
    def test_is_refused_for_what_is_not_there(self, client: httpx.Client, body: dict[str, Any], status: int) -> None:
        assert client.post(f"{BASE}/documents/process", json=body).status_code == status

    def test_is_paused_with_a_reason_and_resumed(self, client: httpx.Client, realm: str) -> None:
        address = f"{BASE}/documents/{upload(client, realm, start='false').json()['id']}"

        paused = client.post(f"{address}/pause", json={"reason": "The licence is unclear."}).json()
        resumed = client.post(f"{address}/resume").json()
        again = client.post(f"{address}/resume")

        assert (paused["state"], paused["pauseReason"]) == ("paused", "The licence is unclear.")
        assert (resumed["state"], resumed["pauseReason"]) == ("waiting", None)
        assert resumed["dagRunId"] is not None
        assert again.status_code == 409


class TestWhatIsShown:
    def test_is_listed_by_realm_and_state_page_by_page(self, client: httpx.Client, realm: str) -> None:
        for name in ("a.md", "b.md", "c.md"):
            upload(client, realm, TEXT + name, name, start="false")

        first = client.get(f"{BASE}/documents", params={"realm": realm, "limit": 2}).json()
        rest = documents_of(client, realm, limit=2, cursor=first["nextCursor"])

        assert [each["sourceName"] for each in [*first["documents"], *rest]] == ["c.md", "b.md", "a.md"]
        assert documents_of(client, realm, state="completed") == []

    def test_holds_chunks_with_their_facts(self, client: httpx.Client, processed: dict[str, Any]) -> None:
        address = f"{BASE}/documents/{processed['id']}/chunks"

        found = client.get(address).json()
        one = client.get(address, params={"first": 1, "limit": 1}).json()

        assert "The refractive index of crown glass is 1.52." in "".join(chunk["text"] for chunk in found["chunks"])
        assert found["next"] is None
        assert sum(len(chunk["facts"]) for chunk in found["chunks"]) == processed["facts"] > 0
        assert (one["chunks"], one["next"]) == (found["chunks"][1:2], 2 if len(found["chunks"]) > 1 else None)

    def test_is_downloaded_as_nothing_that_a_browser_runs(
        self, client: httpx.Client, processed: dict[str, Any]
    ) -> None:
        address = f"{BASE}/documents/{processed['id']}"
        outputs = {each["stage"]: each["id"] for each in processed["outputs"]}

        answers = [client.get(f"{address}/outputs/{output_id}") for output_id in outputs.values()]
        looked_at = client.get(f"{address}/outputs/{outputs['markdown-conversion']}", params={"inline": "true"})
        original = client.get(f"{address}/original")

        assert len(answers) == 5
        for answer in [*answers, looked_at, original]:
            assert answer.headers["Content-Type"] in SAFE_KINDS
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert all(answer.headers["Content-Disposition"].startswith("attachment") for answer in answers)
        assert looked_at.headers["Content-Disposition"] == "inline; filename*=utf-8''light.md"
        assert original.text == TEXT
        assert json.loads(client.get(f"{address}/outputs/{outputs['chunker']}").text)["chunks"]

    def test_keeps_the_name_of_a_file_whatever_signs_it_has(self, client: httpx.Client, realm: str) -> None:
        document = upload(client, realm, name="प्रकाश, 'a' & b; c.md", start="false").json()

        answer = client.get(f"{BASE}/documents/{document['id']}/original")

        name = answer.headers["Content-Disposition"].removeprefix("attachment; filename*=utf-8''")
        assert answer.text == TEXT
        assert httpx.URL(f"http://x/{name}").path == f"/{document['sourceName']}"
        assert set(name) & set(";,' \"") == set()

    def test_does_not_give_an_output_to_another_document(
        self, client: httpx.Client, processed: dict[str, Any], realm: str
    ) -> None:
        other = upload(client, realm, TEXT + "more", "b.md", start="false").json()

        answer = client.get(f"{BASE}/documents/{other['id']}/outputs/{processed['outputs'][0]['id']}")

        assert (answer.status_code, answer.json()["code"]) == (404, "output_missing")

    def test_tells_of_a_file_that_is_gone(
        self, client: httpx.Client, processed: dict[str, Any], storage: Storage
    ) -> None:
        for file in storage.list(f"documents/{processed['id']}"):
            storage.delete(file.key)

        answers = [
            client.get(f"{BASE}/documents/{processed['id']}/{rest}")
            for rest in ("original", f"outputs/{processed['outputs'][0]['id']}")
        ]

        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "file_missing")] * 2

    @pytest.mark.parametrize("rest", ["", "/chunks", "/original"])
    def test_is_nothing_of_a_document_that_is_not_there(self, client: httpx.Client, rest: str) -> None:
        answer = client.get(f"{BASE}/documents/{uuid.uuid4()}{rest}")

        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_document")

    @pytest.mark.usefixtures("processed")
    def test_names_the_realms_and_what_is_stale(self, client: httpx.Client, realm: str) -> None:
        [found] = [each for each in client.get(f"{BASE}/realms").json()["realms"] if each["realm"] == realm]

        assert (found["documents"], found["completed"], found["languages"]) == (1, 1, ["en"])
        assert client.get(f"{BASE}/documents/stale", params={"realm": realm}).json() == {"items": []}


@pytest.mark.usefixtures("processed")
class TestSearch:
    def test_finds_the_passage_by_words_and_vectors(self, client: httpx.Client, realm: str) -> None:
        found = client.get(f"{BASE}/documents/search", params={"q": "why does light bend in glass", "realm": realm})

        assert found.status_code == 200
        assert found.json()["mode"] == "hybrid"
        assert "bends" in found.json()["passages"][0]["text"]

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"realm": "nowhere"}, 404, "unknown_realm"),
            ({"language": "hi"}, 409, "nothing_ingested"),
            ({"q": "the of"}, 422, "nothing_asked"),
            ({"mode": "magic"}, 422, "invalid_field"),
        ],
    )
    def test_says_why_it_cannot(
        self, client: httpx.Client, realm: str, changes: dict[str, str], status: int, code: str
    ) -> None:
        asked = {"q": "light", "realm": realm, "mode": "text", **changes}
        answer = client.get(f"{BASE}/documents/search", params=asked)

        assert (answer.status_code, answer.json()["code"]) == (status, code)


class TestGrounding:
    @pytest.mark.usefixtures("processed")
    def test_is_an_option_of_the_estimate(self, client: httpx.Client, realm: str) -> None:
        answers = [
            client.get(f"{BASE}/hydrateAll/estimate", params={**SUBJECT, **ground})
            for ground in ({}, {"ground": realm})
        ]

        plain, grounded = (answer.json()["estimates"]["estimatedCostUsd"] for answer in answers)
        assert grounded > plain

    def test_needs_a_realm_that_can_be_searched(self, client: httpx.Client) -> None:
        answer = client.get(f"{BASE}/hydrateAll/estimate", params={**SUBJECT, "ground": "nowhere"})

        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            422,
            "nothing_searchable",
            "ground",
        )
