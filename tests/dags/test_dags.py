"""The DAGs: that they import, explain themselves, can be retried, serialise the same each time, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from database_server import TestServer
from hydrateall.core.database import Database
from hydrateall.hydration.schemas import JobView
from hydrateall.hydration.views import list_jobs, reconciler_state
from mock_server import Mock, running

PROBE = Path(__file__).with_name("probe.py")
DAG_FILES = sorted(path.stem for path in (PROBE.parents[2] / "dags").glob("*.py"))
SUBJECTS = ("What it does", "What starts it", "What a second run does", "Triage")


class AirflowHome:
    """An Airflow of the test's own: home folder, metadata database, no processes."""

    def __init__(self, folder: Path, metadata_url: str) -> None:
        self._variables = {
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROBE.parents[2] / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(folder / "plugins"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata_url,
            "AIRFLOW__DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL": "error",
            "AIRFLOW_CONN_HYDRATEALL_API": "http://nobody:nothing@127.0.0.1:9",
        }

    def python(self, *arguments: str, **variables: str) -> str:
        """Run Python in this home; return what it printed, or fail with what it said."""
        environment = os.environ | self._variables | variables
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
        return done.stdout

    def probe(self, *arguments: str, **variables: str) -> Any:
        """Run the probe; return its JSON."""
        return json.loads(self.python(str(PROBE), *arguments, **variables).rsplit("@@", 1)[1])


@pytest.fixture(scope="module")
def airflow(server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowHome]:
    with server.empty_database() as url:
        home = AirflowHome(tmp_path_factory.mktemp("airflow"), url)
        home.python("-m", "airflow", "db", "migrate")
        yield home


@pytest.fixture(scope="module")
def described(airflow: AirflowHome) -> dict[str, Any]:
    return airflow.probe("describe")


class TestIntegrity:
    def test_every_file_imports_and_holds_the_dag_that_it_is_named_after(self, described: dict[str, Any]) -> None:
        assert described["errors"] == {}
        assert {dag_id: dag["file"] for dag_id, dag in described["dags"].items()} == {name: name for name in DAG_FILES}

    @pytest.mark.parametrize("dag_id", DAG_FILES)
    def test_explains_itself(self, described: dict[str, Any], dag_id: str) -> None:
        dag = described["dags"][dag_id]

        assert [subject for subject in SUBJECTS if subject not in dag["doc"]] == []
        assert "hydrateall" in dag["tags"]

    @pytest.mark.parametrize("dag_id", DAG_FILES)
    def test_tries_every_task_again_by_a_policy_with_reasons(self, described: dict[str, Any], dag_id: str) -> None:
        tasks = described["dags"][dag_id]["tasks"].values()

        assert all(task["retries"] > 0 and task["policy"] == "ExceptionRetryPolicy" for task in tasks)

    @pytest.mark.parametrize("dag_id", DAG_FILES)
    def test_serialises_the_same_each_time(self, described: dict[str, Any], dag_id: str) -> None:
        assert described["dags"][dag_id]["stable"]

    def test_everything_that_calls_a_model_waits_for_a_slot_of_its_pool(self, described: dict[str, Any]) -> None:
        tasks = described["dags"]["hydrate_subject"]["tasks"]

        in_pool = {name.split(".")[-1] for name, task in tasks.items() if task["pool"] == "llm"}
        assert in_pool == {"write_chapters", "draft_topics", "draft_notes", "draft_questions"}

    def test_judging_again_never_waits_behind_the_model(self, described: dict[str, Any]) -> None:
        tasks = described["dags"]["validate_content"]["tasks"]

        assert {task["pool"] for task in tasks.values()} == {"control"}

    def test_waiting_for_a_batch_holds_no_slot(self, described: dict[str, Any]) -> None:
        tasks = described["dags"]["hydrate_subject_in_batches"]["tasks"]

        sensors = {name for name, task in tasks.items() if task["mode"] == "reschedule"}
        assert sensors == {"chapters", "topics", "notes", "questions"}
        assert {tasks[name]["pool"] for name in sensors} == {"llm"}

    def test_the_reconciler_never_runs_twice_at_once(self, described: dict[str, Any]) -> None:
        assert described["dags"]["reconcile_hydration"]["max_active_runs"] == 1


FORM = {
    "grade": "9",
    "subject": "MATH",
    "chapter_limit": 1,
    "easy_questions": 1,
    "medium_questions": 0,
    "hard_questions": 0,
}
SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "form": ("hydrate_subject", FORM),
    "dry run": ("hydrate_subject", {"dry_run": True}),
    "unknown param": ("hydrate_subject", {"colour": "blue"}),
    "dispatch": ("dispatch_outbox", {}),
    "reconcile": ("reconcile_hydration", {}),
}


@dataclass(frozen=True)
class Scene:
    """How a DAG run ended, and the content database that it ran over."""

    state: str
    instances: dict[str, dict[str, Any]]
    database: Database

    def jobs(self) -> list[JobView]:
        with self.database.transaction() as session:
            return list_jobs(session)


@pytest.fixture(scope="module")
def scenes(airflow: AirflowHome, server: TestServer) -> Iterator[dict[str, Scene]]:
    """Every scene, each over a database of its own."""
    with ExitStack() as stack:
        databases = [stack.enter_context(server.fresh_database()) for _ in SCENES]
        wanted = [
            [dag_id, conf, database.url] for (dag_id, conf), database in zip(SCENES.values(), databases, strict=True)
        ]
        ended = airflow.probe("run", json.dumps(wanted))
        yield {
            name: Scene(**answer, database=database)
            for name, answer, database in zip(SCENES, ended, databases, strict=True)
        }


class TestHydrateSubject:
    def test_hydrates_what_the_form_asks_for(self, scenes: dict[str, Scene]) -> None:
        scene = scenes["form"]

        (job,) = scene.jobs()
        assert scene.state == "success"
        assert (job.status, job.progress.overall) == ("completed", 100.0)
        assert scene.instances["hydrate_chapter.draft_notes[0]"]["name"].startswith("1 · ")

    def test_a_dry_run_changes_nothing(self, scenes: dict[str, Scene]) -> None:
        scene = scenes["dry run"]

        assert scene.jobs() == []
        assert scene.state == "success"

    def test_an_unknown_param_fails_before_anything_is_written(self, scenes: dict[str, Scene]) -> None:
        scene = scenes["unknown param"]

        assert scene.jobs() == []
        assert scene.state == "failed"


@pytest.fixture(scope="module")
def validated(airflow: AirflowHome, scenes: dict[str, Scene]) -> Scene:
    """What the form hydrated, judged again."""
    database = scenes["form"].database
    form = {"grade": "9", "subject": "MATH"}
    [ended] = airflow.probe("run", json.dumps([["validate_content", form, database.url]]))
    return Scene(**ended, database=database)


class TestValidateContent:
    def test_judges_every_chapter_under_its_name(self, validated: Scene) -> None:
        names = [each["name"] for task, each in validated.instances.items() if task.startswith("validate_chapter")]

        assert validated.state == "success"
        assert [name.split(" · ")[0] for name in names] == [str(number) for number in range(1, len(names) + 1)]

    def test_finds_a_fresh_bank_in_order(self, validated: Scene) -> None:
        with validated.database.transaction() as session:
            [run] = session.execute(sa.text("SELECT status, counts FROM validation_runs")).all()

        assert run.status == "completed"
        assert run.counts["items"] == run.counts["unchanged"] > 0


@pytest.fixture(scope="module")
def batch_scene(airflow: AirflowHome, server: TestServer) -> Iterator[tuple[Scene, Mock]]:
    """The form, over a mock server whose batches take a moment."""
    form = {"grade": "9", "subject": "MATH", "chapter_limit": 1, "notes": False}
    with server.fresh_database() as database, running(clock=time.time, batch_seconds=0.1) as mock:
        variables = {
            "HYDRATEALL_MODEL_PROVIDER": "mock",
            "HYDRATEALL_MOCK_URL": f"{mock.url}/v1",
            "HYDRATEALL_BATCH_POLL_SECONDS": "0.5",
        }
        wanted = json.dumps([["hydrate_subject_in_batches", form, database.url]])
        [ended] = airflow.probe("run", wanted, **variables)
        yield Scene(**ended, database=database), mock


class TestHydrateSubjectInBatches:
    def test_hydrates_what_the_form_asks_for(self, batch_scene: tuple[Scene, Mock]) -> None:
        ended, mock = batch_scene

        (job,) = ended.jobs()
        assert ended.state == "success"
        assert (job.status, job.progress.overall) == ("completed", 100.0)
        assert job.cost.actual == mock.billed() > 0

    def test_asks_for_each_level_that_is_switched_on_in_one_batch(self, batch_scene: tuple[Scene, Mock]) -> None:
        _, mock = batch_scene

        batches = {entry["batch_id"] for entry in mock.ledger()["entries"]}
        assert len(batches - {None}) == 3
        assert None not in batches


class TestControlDags:
    def test_dispatch_outbox_succeeds_with_nothing_to_do(self, scenes: dict[str, Scene]) -> None:
        assert scenes["dispatch"].state == "success"

    def test_reconcile_hydration_leaves_its_last_run_visible(self, scenes: dict[str, Scene]) -> None:
        scene = scenes["reconcile"]

        with scene.database.transaction() as session:
            assert "The reconciler last ran" in reconciler_state(session)
        assert scene.state == "success"
