"""The whole path on real processes: the command line starts the stack, REST starts the job, a worker is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from hydrateall.cli.stack import prepare
from hydrateall.core.settings import Settings
from hydrateall.stack.credentials import airflow_login
from hydrateall.stack.processes import marked
from hydrateall.stack.trial import task_processes, trial_stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
PATIENCE_SECONDS = 240.0
FORM = {
    "board": "CBSE",
    "grade": "10",
    "subject": "MATH",
    "language": "hi",
    "chapter_limit": 2,
    "easy_questions": 2,
    "medium_questions": 1,
    "hard_questions": 1,
}


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with trial_stack(prepare, OFFLINE_LATENCY_SECONDS="1.0") as found:
        yield found


@contextmanager
def airflow(settings: Settings) -> Iterator[httpx.Client]:
    """A signed-in client of Airflow's REST API."""
    username, password = airflow_login(settings)
    with httpx.Client(base_url=settings.airflow_url, timeout=30, trust_env=False) as client:
        token = client.post("/auth/token", json={"username": username, "password": password}).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def hydrateall(settings: Settings, *arguments: str) -> Any:
    """Run the command as a user of this stack does; return its JSON."""
    command = [sys.executable, "-m", "hydrateall.cli", *arguments, "--json"]
    ours = {"HYDRATEALL_STATE_DIR": str(settings.state_dir), "HYDRATEALL_AIRFLOW_URL": settings.airflow_url}
    done = subprocess.run(command, env=os.environ | ours, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def wait_until(condition: Any, what: str) -> Any:
    """Poll until the condition holds; return what it returned."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.3)
    raise AssertionError(f"not in time: {what}")


def newest_job(settings: Settings) -> dict[str, Any]:
    """The newest job as the command shows it; before there is one, a job that has done nothing."""
    jobs = hydrateall(settings, "jobs", "list")
    return jobs[0] if jobs else {"progress": {"topics": {"completed": 0}}, "status": "pending"}


def ended_job(settings: Settings) -> dict[str, Any] | None:
    job = newest_job(settings)
    return job if job["status"] not in ("pending", "running") else None


def ended_run(client: httpx.Client) -> dict[str, Any] | None:
    run: dict[str, Any] = client.get("/api/v2/dags/hydrate_subject/dagRuns/by-hand").json()
    return run if run["state"] in ("success", "failed") else None


@pytest.fixture(scope="module")
def job(settings: Settings) -> dict[str, Any]:
    """Trigger by REST with the form's params; kill -9 the first task that drafts; wait for the end."""
    with airflow(settings) as client:
        body = {"dag_run_id": "by-hand", "logical_date": None, "conf": FORM}
        triggered = client.post("/api/v2/dags/hydrate_subject/dagRuns", json=body)
        assert triggered.status_code == 200, triggered.text
    wait_until(lambda: newest_job(settings)["progress"]["topics"]["completed"], "a chapter has its topics")
    task_processes(settings)[0].kill()
    ended: dict[str, Any] = wait_until(lambda: ended_job(settings), "the job has ended")
    return ended


@pytest.mark.usefixtures("job")
class TestAPersonTriggersTheDagAndATaskIsKilled:
    def test_the_job_ends_completed(self, job: dict[str, Any]) -> None:
        assert (job["status"], job["progress"]["overall"]) == ("completed", 100.0)

    def test_the_run_in_airflow_succeeds_and_its_instances_are_named_after_their_chapters(
        self, settings: Settings
    ) -> None:
        with airflow(settings) as client:
            run = wait_until(lambda: ended_run(client), "the run has ended")
            instances = client.get("/api/v2/dags/hydrate_subject/dagRuns/by-hand/taskInstances").json()

        names = {each["rendered_map_index"] for each in instances["task_instances"] if each["map_index"] >= 0}
        assert run["state"] == "success"
        assert len(names) == 2
        assert all(name.startswith(("1 · ", "2 · ")) for name in names)

    def test_every_topic_has_one_note_and_exactly_the_questions_asked_for(self, settings: Settings) -> None:
        tree = hydrateall(settings, "curriculum", "tree", "--subject", "MATH", "--language", "hi")

        topics = [topic for chapter in tree["chapters"] for topic in chapter["topics"]]
        assert len(tree["chapters"]) == 2
        assert topics
        assert all(topic["notes"] == 1 for topic in topics)
        assert all(topic["questions"] == {"easy": 2, "medium": 1, "hard": 1} for topic in topics)


class TestTheCommandLine:
    def test_a_second_job_drafts_nothing_that_is_there(self, settings: Settings) -> None:
        where = ["--board", "CBSE", "--grade", "10", "--subject", "MATH", "--language", "hi", "--chapters", "2"]
        counts = ["--easy", "2", "--medium", "1", "--hard", "1"]

        again = hydrateall(settings, "hydrate", *where, *counts)

        assert again["status"] == "complete"
        assert again["estimates"]["estimatedCalls"] == 0

    def test_a_submission_is_delivered_at_once_and_completes(self, settings: Settings) -> None:
        where = ["--board", "CBSE", "--grade", "9", "--subject", "MATH", "--chapters", "1", "--no-questions"]

        job = hydrateall(settings, "hydrate", *where, "--wait")

        assert job["status"] == "completed"
        assert job["progress"]["questions"] == {"completed": 0, "expected": 0}
        assert job["progress"]["notes"]["completed"] > 0

    def test_status_and_doctor_find_everything_well(self, settings: Settings) -> None:
        status = hydrateall(settings, "status")
        findings = hydrateall(settings, "doctor")

        assert all(component["up"] for component in status["components"])
        assert [finding["message"] for finding in findings if not finding["ok"]] == []


class TestDown:
    def test_leaves_no_process_behind(self) -> None:
        with trial_stack(prepare) as settings:
            folder = Path(settings.state_dir)
            running = marked(folder)

        assert running
        assert marked(folder) == []


class TestDocumentsAreTakenInAndAWorkerIsKilled:
    def test_the_samples_go_through_every_stage_and_ground_a_chapter(self, settings: Settings) -> None:
        added = hydrateall(settings, "documents", "samples")["documents"]
        wait_until(lambda: task_processes(settings), "a task works on them")
        task_processes(settings)[0].kill()

        done = wait_until(lambda: ended_documents(settings), "the documents are processed")

        assert len(added) == len(done) == 6
        assert {each["state"] for each in done} == {"completed"}
        assert all(each["chunks"] and each["facts"] for each in done)
        found = hydrateall(
            settings, "documents", "search", "दर्पण द्वारा प्रतिबिंब", "--realm", "samples", "--language", "hi"
        )
        assert "प्रतिबिंब" in found[0]["text"]
        subject = ["--board", "CBSE", "--grade", "10", "--subject", "SCIENCE", "--chapters", "2"]
        job = hydrateall(settings, "hydrate", *subject, "--easy", "1", "--ground", "samples", "--wait")
        assert job["status"] == "completed"
        anchored = [hydrateall(settings, "documents", "show", each["id"])["anchoredItems"] for each in done]
        assert sum(anchored) >= 5 * (1 + 1)  # the five topics of chapter 2: a note and a question at the least


def ended_documents(settings: Settings) -> list[dict[str, Any]] | None:
    found: list[dict[str, Any]] = hydrateall(settings, "documents", "list", "--realm", "samples")["documents"]
    return found if all(each["state"] in ("completed", "failed") for each in found) else None
