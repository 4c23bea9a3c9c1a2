"""The hydration routes over real HTTP: Airflow's API server with our plugin, PostgreSQL, delivery to itself."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api_server import ApiServer
from hydrateall.hydration.enums import JobStatus

pytestmark = pytest.mark.timeout(400)
BASE = "/api/admin"
SUBJECT = {"language": "en", "boardCode": "CBSE", "grade": "1", "subjectCode": "MATH"}
DRY_RUN = {**SUBJECT, "options": {"generateNotes": True, "generateQuestions": False, "dryRun": True}}
LEVELS = ("chapters", "topics", "notes", "questions")


@pytest.fixture
def client(admin_api: ApiServer) -> Iterator[httpx.Client]:
    """Signed in as an admin."""
    with admin_api.client("anna") as client:
        yield client


def start(client: httpx.Client, **changes: Any) -> str:
    """Start a job; return its id."""
    headers = changes.pop("headers", {})
    answer = client.post(f"{BASE}/hydrateAll", json={**SUBJECT, **changes}, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["rootJobId"])


def jobs_of(api: ApiServer, *, trace_id: str) -> int:
    with api.database.transaction() as session:
        count = "SELECT count(*) FROM hydration_jobs WHERE root_job_id IS NULL AND trace_id = :trace_id"
        return int(session.scalar(sa.text(count), {"trace_id": trace_id}) or 0)


def set_status(api: ApiServer, job_id: str, status: JobStatus) -> None:
    with api.database.transaction() as session:
        change = sa.text("UPDATE hydration_jobs SET status = CAST(:status AS job_status) WHERE id = :id")
        session.execute(change, {"status": status, "id": job_id})


class TestDryRun:
    def test_answers_as_seed_001_prints_it(self, client: httpx.Client) -> None:
        answer = client.post(f"{BASE}/hydrateAll", json=DRY_RUN)

        assert answer.status_code == 200
        assert (answer.json()["rootJobId"], answer.json()["status"]) == ("dry-run", "dry-run")
        estimates = answer.json()["estimates"]
        assert (estimates["totalChapters"], estimates["estimatedTopics"]) == (12, 60)
        assert (estimates["estimatedNotes"], estimates["estimatedQuestions"]) == (60, 0)
        assert {"estimatedCostUsd", "estimatedDurationMins"} <= set(estimates)

    def test_changes_nothing(self, client: httpx.Client, admin_api: ApiServer) -> None:
        client.post(f"{BASE}/hydrateAll", json=DRY_RUN, headers={"X-Trace-Id": "dry"})

        assert jobs_of(admin_api, trace_id="dry") == 0

    def test_is_there_for_viewers_as_an_estimate(self, admin_api: ApiServer) -> None:
        with admin_api.client("vera") as client:
            answer = client.get(f"{BASE}/hydrateAll/estimate", params={**SUBJECT, "generateQuestions": "false"})

        assert answer.status_code == 200
        assert answer.json()["estimates"]["estimatedQuestions"] == 0


class TestStart:
    def test_makes_a_job_and_delivers_it_with_the_callers_own_token(self, admin_api: ApiServer) -> None:
        with admin_api.client("udo") as client:  # Airflow's User: may start runs, and no more
            answer = client.post(f"{BASE}/hydrateAll", json=SUBJECT).json()
            runs = client.get("/api/v2/dags/hydrate_subject/dagRuns", params={"limit": 100}).json()["dag_runs"]

        [run] = [run for run in runs if answer["rootJobId"] in run["dag_run_id"]]
        assert answer["delivered"] is True
        assert answer["status"] == "pending"
        assert set(answer) >= {"rootJobId", "status", "estimates", "traceId", "createdAt"}
        assert run["triggering_user_name"] == "udo"

    def test_refuses_a_second_job_of_the_subject_and_names_the_first(self, client: httpx.Client) -> None:
        first = start(client)

        again = client.post(f"{BASE}/hydrateAll", json=SUBJECT)

        assert (again.status_code, again.json()["code"], again.json()["jobId"]) == (409, "job_active", first)

    def test_keeps_the_trace_id_and_gives_it_back(self, client: httpx.Client) -> None:
        job_id = start(client, headers={"X-Trace-Id": "from-outside.1"})

        shown = client.get(f"{BASE}/hydrateAll/{job_id}", headers={"X-Trace-Id": "another"})

        assert shown.json()["traceId"] == "from-outside.1"
        assert shown.headers["X-Trace-Id"] == "another"

    def test_leaves_a_budget_above_the_default_to_admins(self, admin_api: ApiServer) -> None:
        costly = {**SUBJECT, "options": {"maxCostUsd": 50.01}}

        with admin_api.client("otto") as operator:
            refused = operator.post(f"{BASE}/hydrateAll", json=costly)
        with admin_api.client("anna") as admin:
            taken = admin.post(f"{BASE}/hydrateAll", json=costly)

        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        assert taken.status_code == 202

    def test_takes_the_cookie_from_a_page_of_this_server_only(self, admin_api: ApiServer) -> None:
        cookie = {"Cookie": f"_token={admin_api.token('anna')}"}
        with admin_api.client(None, **cookie) as client:
            statuses = [
                client.post(f"{BASE}/hydrateAll", json=DRY_RUN, headers=headers).status_code
                for headers in (
                    {"Sec-Fetch-Site": "same-origin"},
                    {"Origin": admin_api.url},
                    {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"},
                    {"Origin": "https://elsewhere.example"},
                    {"Origin": "null"},
                    {},
                )
            ]
            read = client.get(f"{BASE}/hydrateAll", headers={"Sec-Fetch-Site": "cross-site"}).status_code

        assert statuses == [200, 200, 403, 403, 403, 403, 403]
        assert read == 200

    def test_answers_many_at_once_without_waiting_for_itself(self, client: httpx.Client) -> None:
        grades = [{"grade": str(grade), "subjectCode": "MATH", "language": "hi"} for grade in range(1, 13)]

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda where: client.post(f"{BASE}/hydrateAll", json={**SUBJECT, **where}), grades))

        assert [answer.status_code for answer in answers] == [202] * 12
        assert max(answer.elapsed.total_seconds() for answer in answers) < 9.5  # a deadlock ends after 10


class TestAnIdempotencyKey:
    def test_gets_the_first_answer_again(self, client: httpx.Client, admin_api: ApiServer) -> None:
        headers = {"Idempotency-Key": "k-1", "X-Trace-Id": "once"}
        first = client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers)
        set_status(admin_api, first.json()["rootJobId"], JobStatus.COMPLETED)

        again = client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers)

        assert (again.status_code, again.text) == (first.status_code, first.text)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert jobs_of(admin_api, trace_id="once") == 1

    def test_belongs_to_one_request(self, client: httpx.Client) -> None:
        headers = {"Idempotency-Key": "k-2"}
        client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers)

        other = client.post(f"{BASE}/hydrateAll", json={**SUBJECT, "grade": "2"}, headers=headers)

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    def test_of_another_user_is_another_key(self, admin_api: ApiServer) -> None:
        headers = {"Idempotency-Key": "k-3"}
        with admin_api.client("anna", **headers) as anna, admin_api.client("otto", **headers) as otto:
            first = anna.post(f"{BASE}/hydrateAll", json=SUBJECT)
            second = otto.post(f"{BASE}/hydrateAll", json={**SUBJECT, "grade": "2"})

        assert (first.status_code, second.status_code) == (202, 202)

    def test_makes_one_job_of_two_requests_at_the_same_moment(self, client: httpx.Client, admin_api: ApiServer) -> None:
        headers = {"Idempotency-Key": "k-4", "X-Trace-Id": "at-once"}

        with ThreadPoolExecutor(6) as pool:
            answers = list(
                pool.map(lambda _: client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers), range(6))
            )

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["rootJobId"] for answer in answers}) == 1
        assert jobs_of(admin_api, trace_id="at-once") == 1

    def test_may_try_again_after_an_error(self, client: httpx.Client, admin_api: ApiServer) -> None:
        active = start(client)
        headers = {"Idempotency-Key": "k-5"}
        refused = client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers)
        set_status(admin_api, active, JobStatus.COMPLETED)

        again = client.post(f"{BASE}/hydrateAll", json=SUBJECT, headers=headers)

        assert (refused.status_code, again.status_code) == (409, 202)


class TestAJob:
    def test_shows_its_progress_as_both_seeds_print_it(self, client: httpx.Client) -> None:
        shown = client.get(f"{BASE}/hydrateAll/{start(client)}").json()

        progress = shown["progress"]
        assert progress["overall"] == 0
        assert progress["levels"]["chapters"] == {"completed": 0, "expected": 12}
        assert {level: progress[level] for level in LEVELS} == progress["levels"]
        assert set(shown["timing"]) == {
            "createdAt",
            "startedAt",
            "finishedAt",
            "estimatedDurationMins",
            "actualDurationMins",
        }
        assert {"estimated", "actual"} <= set(shown["cost"])
        assert shown["recentLogs"][0]["phase"] == "START"

    def test_shows_its_tree(self, client: httpx.Client) -> None:
        tree = client.get(f"{BASE}/hydrateAll/{start(client)}/tree").json()

        [job] = tree["jobs"]
        assert (job["level"], job["status"], job["attempts"]) == ("chapters", "pending", 0)
        assert tree["chapters"] == []

    def test_shows_its_log_page_by_page(self, client: httpx.Client) -> None:
        job_id = start(client)
        client.delete(f"{BASE}/hydrateAll/{job_id}", params={"reason": "first"})
        client.post(f"{BASE}/hydrateAll/{job_id}/resume")

        pages, cursor = [], None
        while not pages or pages[-1]["more"]:
            asked = {"limit": 1, **({"cursor": cursor} if cursor else {})}
            pages.append(client.get(f"{BASE}/hydrateAll/{job_id}/logs", params=asked).json())
            cursor = pages[-1]["nextCursor"]
        later = client.get(f"{BASE}/hydrateAll/{job_id}/logs", params={"cursor": cursor}).json()

        assert [page["lines"][0]["phase"] for page in pages] == ["START", "SUMMARY", "START"]
        assert (later["lines"], later["nextCursor"], later["more"]) == ([], cursor, False)

    def test_filters_its_log_by_severity_and_time(self, client: httpx.Client) -> None:
        job_id = start(client)

        grave = client.get(f"{BASE}/hydrateAll/{job_id}/logs", params={"level": "WARNING"}).json()
        late = client.get(f"{BASE}/hydrateAll/{job_id}/logs", params={"after": "2100-01-01T00:00:00Z"}).json()

        assert grave["lines"] == late["lines"] == []

    def test_is_cancelled_with_a_reason_and_resumed(self, client: httpx.Client) -> None:
        job_id = start(client)

        cancelled = client.request("DELETE", f"{BASE}/hydrateAll/{job_id}", json={"reason": "wrong grade"})
        again = client.delete(f"{BASE}/hydrateAll/{job_id}")
        resumed = client.post(f"{BASE}/hydrateAll/{job_id}/resume")

        assert (cancelled.json()["status"], cancelled.json()["cancelReason"]) == ("cancelled", "wrong grade")
        assert (again.status_code, again.json()["code"]) == (409, "job_ended")
        assert (resumed.json()["job"]["status"], resumed.json()["delivered"]) == ("pending", True)

    def test_is_paused_only_while_it_runs(self, client: httpx.Client, admin_api: ApiServer) -> None:
        job_id = start(client)
        early = client.post(f"{BASE}/hydrateAll/{job_id}/pause")
        set_status(admin_api, job_id, JobStatus.RUNNING)

        paused = client.post(f"{BASE}/hydrateAll/{job_id}/pause")

        assert (early.status_code, early.json()["code"]) == (409, "not_running")
        assert (paused.json()["status"], paused.json()["errorMessage"]) == ("paused", "Paused by anna.")

    def test_gets_a_greater_budget_from_admins_only(self, admin_api: ApiServer) -> None:
        with admin_api.client("otto") as operator:
            job_id = start(operator, options={"maxCostUsd": 5})
            operator.delete(f"{BASE}/hydrateAll/{job_id}")
            refused = operator.post(f"{BASE}/hydrateAll/{job_id}/resume", json={"maxCostUsd": 6})
        with admin_api.client("anna") as admin:
            taken = admin.post(f"{BASE}/hydrateAll/{job_id}/resume", json={"maxCostUsd": 6})

        assert refused.status_code == 403
        assert taken.json()["job"]["cost"]["budget"] == 6


class TestTheList:
    def test_filters_and_turns_pages(self, client: httpx.Client, admin_api: ApiServer) -> None:
        started = [start(client, grade=str(grade), subjectCode="EVS") for grade in (3, 4, 5)]
        set_status(admin_api, started[0], JobStatus.COMPLETED)

        def listed(**asked: Any) -> list[str]:
            found, cursor = [], None
            while True:
                params = {"subject": "evs", "limit": 2, **asked, **({"cursor": cursor} if cursor else {})}
                page = client.get(f"{BASE}/hydrateAll", params=params).json()
                found += [job["jobId"] for job in page["jobs"]]
                if not (cursor := page["nextCursor"]):
                    return found

        assert listed() == started[::-1]
        assert listed(status="completed") == started[:1]
        assert listed(grade="4") == started[1:2]
        assert listed(creator="anna", board="cbse", language="en") == started[::-1]
        assert listed(creator="nobody") == listed(language="hi") == listed(**{"to": "2020-01-01"}) == []
        assert listed(**{"from": "2020-01-01"}) == started[::-1]


class TestThePauseOfAll:
    def test_withholds_what_is_started_until_it_is_lifted(self, client: httpx.Client) -> None:
        paused = client.put(f"{BASE}/hydration/paused", json={"paused": True, "reason": "new prices"}).json()
        answer = client.post(f"{BASE}/hydrateAll", json=SUBJECT).json()
        state = client.get(f"{BASE}/hydration/paused").json()
        client.put(f"{BASE}/hydration/paused", json={"paused": False})

        assert (paused["paused"], paused["changedBy"]) == (True, "anna")
        assert state["reason"] == "All hydrations are paused by anna: new prices"
        assert answer["delivered"] is False
        assert "All hydrations are paused by anna: new prices" in answer["message"]

    def test_needs_a_reason(self, client: httpx.Client) -> None:
        answer = client.put(f"{BASE}/hydration/paused", json={"paused": True})

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field")


class TestTheCatalogue:
    def test_leads_from_boards_to_languages(self, client: httpx.Client) -> None:
        boards = client.get(f"{BASE}/curriculum").json()["boards"]

        grades = {grade["grade"]: grade["subjects"] for grade in boards[0]["grades"]}
        assert [board["code"] for board in boards] == ["CBSE", "CISCE"]
        assert grades["1"] == [{"code": "MATH", "names": {"en": "Mathematics", "hi": "गणित"}}]


NOBODY = str(uuid.UUID(int=7))
JSON = {"Content-Type": "application/json"}
WORDY = {**SUBJECT, "options": {"chapterLimit": "2"}}
COLOURED = {**SUBJECT, "options": {"colour": "blue"}}
PROBLEMS: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "malformed JSON": ("POST", "/hydrateAll", {"content": "{", "headers": JSON}, 400, "malformed_json"),
    "bad trace id": ("GET", "/hydrateAll", {"headers": {"X-Trace-Id": "a b"}}, 400, "bad_request"),
    "unknown job": ("GET", f"/hydrateAll/{NOBODY}", {}, 404, "unknown_job"),
    "no id": ("GET", "/hydrateAll/not-an-id", {}, 404, "not_found"),
    "unknown address": ("GET", "/nothing", {}, 404, "not_found"),
    "unknown method": ("PATCH", "/hydrateAll", {}, 405, "method_not_allowed"),
    "unknown board": ("POST", "/hydrateAll", {"json": {**SUBJECT, "boardCode": "NONE"}}, 404, "unknown_curriculum"),
    "too large": ("POST", "/hydrateAll", {"json": {**SUBJECT, "x": "y" * 1_100_000}}, 413, "too_large"),
    "no JSON": ("POST", "/hydrateAll", {"data": SUBJECT}, 415, "wrong_media_type"),
    "missing field": ("POST", "/hydrateAll", {"json": {"grade": "1"}}, 422, "invalid_field"),
    "text for a number": ("POST", "/hydrateAll", {"json": WORDY}, 422, "invalid_field"),
    "unknown option": ("POST", "/hydrateAll", {"json": COLOURED}, 422, "invalid_field"),
    "bad cursor": ("GET", "/hydrateAll?cursor=zzz", {}, 422, "unusable_cursor"),
    "zero byte": ("GET", "/hydrateAll?creator=%00", {}, 422, "invalid_field"),
}  # fmt: skip


class TestProblems:
    @pytest.mark.parametrize("case", PROBLEMS)
    def test_are_told_in_one_shape(self, client: httpx.Client, case: str) -> None:
        method, path, sent, status, code = PROBLEMS[case]

        answer = client.request(method, BASE + path, **sent)

        told = answer.json()
        assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert told["type"] == f"docs/api.md#{code}"
        assert told["instance"] == (BASE + path).split("?")[0]
        assert told["traceId"] == answer.headers["X-Trace-Id"]
        assert told["detail"].endswith((".", "`"))

    def test_of_a_token_that_is_none_are_401(self, admin_api: ApiServer) -> None:
        forged = base64.b64encode(b"nothing").decode()

        with admin_api.client(None, Authorization=f"Bearer {forged}") as client:
            answer = client.get(f"{BASE}/hydrateAll")

        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")

    def test_stop_a_body_without_a_length_at_the_limit(self, client: httpx.Client) -> None:
        parts = (b" " * 100_000 for _ in range(12))

        answer = client.post(f"{BASE}/hydrateAll", content=parts, headers=JSON)

        assert answer.status_code == 413
