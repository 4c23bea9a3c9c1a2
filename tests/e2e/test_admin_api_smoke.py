"""Seed 001's smoke tests 4.1 to 4.4 as they are printed, by curl, against the stack of `make run`."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hydrateall.cli.stack import prepare
from hydrateall.core.settings import Settings
from hydrateall.stack.credentials import airflow_login
from hydrateall.stack.trial import trial_stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
SCRIPT = Path(__file__).with_name("seed_001_smoke.sh")
ENDED = ("completed", "failed", "cancelled", "paused")
PATIENCE_SECONDS = 240.0


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with trial_stack(prepare) as found:
        yield found


@pytest.fixture(scope="module")
def token(settings: Settings) -> str:
    username, password = airflow_login(settings)
    account = {"username": username, "password": password}
    answer = httpx.post(f"{settings.airflow_url}/auth/token", json=account, timeout=30, trust_env=False)
    return str(answer.json()["access_token"])


@pytest.fixture(scope="module")
def printed(settings: Settings, token: str) -> dict[str, str]:
    """What each step printed."""
    environment = os.environ | {"HOST": settings.airflow_url, "TOKEN": token, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(["bash", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    steps = (step.split("\n", 1) for step in done.stdout.split("== ")[1:])
    return {name: text.strip() for name, text in steps}


def answer(text: str) -> tuple[dict[str, Any], int]:
    """The body and the status that curl printed."""
    body, status = text.rsplit("\n", 1)
    return json.loads(body), int(status)


class TestSeed001:
    def test_4_1_estimates_and_changes_nothing(self, printed: dict[str, str]) -> None:
        body, status = answer(printed["4.1"])

        assert (status, body["rootJobId"], body["status"]) == (200, "dry-run", "dry-run")
        assert body["estimates"]["totalChapters"] == 12
        assert body["estimates"]["estimatedQuestions"] == 0

    def test_4_2_accepts_a_job_and_airflow_has_it(self, printed: dict[str, str]) -> None:
        body, status = answer(printed["4.2"])

        assert (status, body["status"], body["delivered"]) == (202, "pending", True)
        assert {"rootJobId", "estimates", "traceId", "createdAt"} <= set(body)

    def test_4_3_shows_the_progress_of_each_level(self, printed: dict[str, str]) -> None:
        body, status = answer(printed["4.3"])

        assert status == 200
        assert body["status"] in ("pending", "running")
        assert set(body["progress"]["levels"]) == {"chapters", "topics", "notes", "questions"}

    def test_4_4_counts_the_job(self, printed: dict[str, str]) -> None:
        lines = printed["4.4"].splitlines()

        assert any(line.startswith('hydrate_jobs_created_total{target="subject"} 1') for line in lines)
        assert any(line.startswith('hydrate_jobs_completed_total{target="subject"} 0') for line in lines)
        assert any(line.startswith("hydrate_job_duration_seconds_sum") for line in lines)

    def test_the_job_that_was_started_completes(self, settings: Settings, token: str, printed: dict[str, str]) -> None:
        job_id = answer(printed["4.2"])[0]["rootJobId"]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=settings.airflow_url, headers=headers, trust_env=False, timeout=30) as client:
            deadline = time.monotonic() + PATIENCE_SECONDS
            job = client.get(f"/api/admin/hydrateAll/{job_id}").json()
            while job["status"] not in ENDED and time.monotonic() < deadline:
                time.sleep(1)
                job = client.get(f"/api/admin/hydrateAll/{job_id}").json()

        assert (job["status"], job["progress"]["overall"]) == ("completed", 100.0)
        assert job["airflowRun"]["dagRunId"].startswith(f"hydrate__{job_id}")
