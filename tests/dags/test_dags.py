"""The DAGs: that they import, explain themselves, can be retried, serialise the same each time, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from database_server import TestServer
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.hydration.views import list_jobs, reconciler_state

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

    def probe(self, *arguments: str, **variables: str) -> dict[str, Any]:
        """Run the probe; return its JSON."""
        answer: dict[str, Any] = json.loads(self.python(str(PROBE), *arguments, **variables).rsplit("@@", 1)[1])
        return answer

    def run(self, dag_id: str, database: Database, conf: dict[str, Any]) -> dict[str, Any]:
        """Run a DAG with `dag.test()` over this content database."""
        return self.probe("run", dag_id, json.dumps(conf), AIRFLOW_CONN_HYDRATEALL=database.url)


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

    def test_the_reconciler_never_runs_twice_at_once(self, described: dict[str, Any]) -> None:
        assert described["dags"]["reconcile_hydration"]["max_active_runs"] == 1


class TestHydrateSubject:
    def test_hydrates_what_the_form_asks_for(self, airflow: AirflowHome, database: Database) -> None:
        form = {"grade": "9", "subject": "MATH", "chapter_limit": 1, "easy_questions": 1, "medium_questions": 0}

        ended = airflow.run("hydrate_subject", database, {**form, "hard_questions": 0})

        with database.transaction() as session:
            (job,) = list_jobs(session)
        assert ended["state"] == "success"
        assert (job.status, job.progress.overall) == ("completed", 100.0)
        assert ended["instances"]["hydrate_chapter.draft_notes[0]"]["name"].startswith("1 · ")

    def test_a_dry_run_changes_nothing(self, airflow: AirflowHome, database: Database) -> None:
        ended = airflow.run("hydrate_subject", database, {"dry_run": True})

        with database.transaction() as session:
            assert list_jobs(session) == []
        assert ended["state"] == "success"

    def test_an_unknown_param_fails_before_anything_is_written(self, airflow: AirflowHome, database: Database) -> None:
        ended = airflow.run("hydrate_subject", database, {"colour": "blue"})

        with database.transaction() as session:
            assert list_jobs(session) == []
        assert ended["state"] == "failed"


class TestControlDags:
    def test_dispatch_outbox_succeeds_with_nothing_to_do(self, airflow: AirflowHome, database: Database) -> None:
        ended = airflow.run("dispatch_outbox", database, {})

        assert ended["state"] == "success"

    def test_reconcile_hydration_leaves_its_last_run_visible(
        self, airflow: AirflowHome, database: Database, settings: Settings
    ) -> None:
        ended = airflow.run("reconcile_hydration", database, {})

        with Runtime(settings, database).database.transaction() as session:
            assert "The reconciler last ran" in reconciler_state(session)
        assert ended["state"] == "success"
