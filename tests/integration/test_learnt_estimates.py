"""Estimates learn: after one job, the dry run of a like job says what it will really cost."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from factories import job
from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration import service, tasks
from hydrateall.hydration.enums import JobStatus
from mock_server import running

LIKE = {"board": "CBSE", "subject": "SOCIAL_SCIENCE", "language": "en", "chapter_limit": 3}


def estimated(runtime: Runtime, grade: str) -> Decimal:
    with runtime.database.transaction() as session:
        request = tasks.request_of({**LIKE, "grade": grade})
        ahead = service.prospect(session, request, settings=runtime.settings, now=runtime.now())
        return ahead.estimates.estimated_cost_usd


def hydrated(runtime: Runtime, **params: Any) -> Decimal:
    """Do what a DAG run does; return what it cost."""
    run = f"manual__{uuid.uuid4()}"
    root_id = tasks.open_job(runtime, params={**LIKE, **params}, dag_run_id=run, triggered_by="mira")
    for chapter in tasks.write_chapters(runtime, root_id=root_id, owner=f"{run}/chapters"):
        for level in ("topics", "notes", "questions"):
            owner = f"{run}/{level}/{chapter['id']}"
            tasks.draft_level(runtime, level=level, root_id=root_id, chapter_id=chapter["id"], owner=owner)
    tasks.close_job(runtime, root_id=root_id)
    root = job(runtime, uuid.UUID(root_id))
    assert root.status is JobStatus.COMPLETED
    return root.actual_cost_usd


class TestHistory:
    def test_brings_the_next_estimate_within_a_tenth_of_the_real_cost(self, database: Database) -> None:
        with running() as mock:
            settings = Settings(model_provider="mock", mock_url=f"{mock.url}/v1", poll_seconds=0.01)
            runtime = Runtime(settings, database, utc_now)
            hydrated(runtime, grade="8")

            expected = estimated(runtime, "7")
            real = hydrated(runtime, grade="7")

            assert float(expected) == pytest.approx(float(real), rel=0.1)
            assert float(real) == pytest.approx(float(mock.billed()) / 2, rel=0.1)
