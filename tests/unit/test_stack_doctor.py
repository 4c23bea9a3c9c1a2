"""The doctor's sentences: each complaint says what is wrong and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hydrateall.core.settings import Settings
from hydrateall.stack import doctor
from hydrateall.stack.airflow_settings import AirflowSettings
from hydrateall.stack.errors import StackUnavailable
from hydrateall.stack.schemas import ComponentStatus, Finding, StackStatus
from hydrateall.stack.state import ComponentState, ProcessId, StackState, read_state, write_state
from hydrateall.stack.status import component_status

LOCK = """\
here==1.0 \\
    --hash=sha256:00
elsewhere==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""
WANTED = AirflowSettings.model_validate(
    {"airflow": {"connections": [{"conn_id": "hydrateall"}], "pools": [{"pool_name": "llm", "pool_slot": 1}]}}
)


class FakeAirflow:
    """An Airflow in any state."""

    def __init__(self, *, errors: dict[str, str] | None = None, paused: bool = False, down: bool = False) -> None:
        self._errors, self._paused, self._down = errors or {}, paused, down

    def import_errors(self) -> dict[str, str]:
        if self._down:
            raise StackUnavailable("Airflow does not answer at http://x.", "Start it with `hydrateall up`.")
        return self._errors

    def dags(self) -> dict[str, bool]:
        return {"hydrate_subject": self._paused}

    def pools(self) -> dict[str, int]:
        return {"default_pool": 128, "llm": 16, "control": 4}

    def connections(self) -> set[str]:
        return {"hydrateall", "hydrateall_api"}


def component(**changes: object) -> ComponentState:
    return ComponentState.model_validate({"name": "scheduler", "log": "/nowhere/scheduler.log", **changes})


def complaints(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.ok]


class TestMachine:
    def test_wants_a_python_that_works(self) -> None:
        assert doctor.python_version((3, 11)).ok
        assert "too old" in doctor.python_version((3, 10)).message

    def test_finds_a_package_that_differs_from_the_lock(self) -> None:
        assert doctor.packages(LOCK, {"here": "1.0"}.get).ok
        found = doctor.packages(LOCK, {"here": "1.1"}.get)

        assert found.message == "1 packages differ from requirements/runtime.txt; here is 1.1, not 1.0."
        assert found.remedy

    def test_finds_a_full_disk(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        usage = doctor.shutil.disk_usage(tmp_path)._replace(free=2**28)
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)

        found = doctor.disk_space(tmp_path / "not" / "there" / "yet")

        assert not found.ok
        assert found.message.startswith("0.2 GB are free")

    def test_finds_a_clock_that_is_off(self) -> None:
        assert doctor.clock(100.0, 101.0).ok
        assert "NTP" in doctor.clock(100.0, 160.0).remedy


class TestModel:
    def test_tells_that_the_running_stack_writes_by_another_provider(self) -> None:
        ours = ProcessId.of(doctor.sys.modules["os"].getpid())
        running = StackState(
            supervisor=ours, fingerprint="f", since=datetime(2026, 1, 1, tzinfo=UTC), model_provider="mock"
        )

        (found,) = doctor.other_provider(Settings(), running)

        assert found.ok
        assert "writes by mock" in found.message
        assert list(doctor.other_provider(Settings(model_provider="mock"), running)) == []


class TestComponents:
    def test_complains_of_one_that_is_down(self) -> None:
        found = doctor.component_health(ComponentStatus(name="scheduler", up=False, detail="stopped"))

        assert found.message == "scheduler is down: stopped."
        assert found.remedy == "Start it with `hydrateall up`."

    def test_tells_of_a_past_crash_without_complaining(self) -> None:
        found = doctor.last_crash(component(restarts=1, quick_deaths=1, last_exit="signal 9"))

        assert found.ok
        assert "last after signal 9" in found.message

    def test_complains_of_a_crash_loop_with_the_logs_last_line(self, tmp_path: Path) -> None:
        log = tmp_path / "scheduler.log"
        log.write_text("first\nImportError: no such thing\n\n")

        found = doctor.last_crash(component(restarts=5, quick_deaths=5, last_exit="exit code 1", log=log))

        assert not found.ok
        assert found.message.endswith("ImportError: no such thing")
        assert str(log) in found.remedy

    def test_are_up_only_when_alive_and_healthy(self) -> None:
        ours = ProcessId.of(doctor.sys.modules["os"].getpid())
        alive, gone = component(process=ours), component(process=ProcessId(pid=ours.pid, started=1.0))
        healthy = {"scheduler": "healthy"}

        assert component_status(alive, healthy).up
        assert not component_status(alive, {}).up
        assert not component_status(gone, healthy).up


class TestAirflow:
    def test_is_content_with_a_well_one(self) -> None:
        assert complaints(list(doctor.airflow_contents(FakeAirflow()))) == []

    def test_finds_broken_and_paused_dags(self) -> None:
        airflow = FakeAirflow(errors={"dags/a.py": "NameError: x"}, paused=True)

        messages = [finding.message for finding in complaints(list(doctor.airflow_contents(airflow)))]

        assert messages == [
            "dags/a.py cannot be imported: NameError: x.",
            "The DAG hydrate_subject is paused, so nothing of it runs.",
        ]

    def test_passes_on_why_it_does_not_answer(self) -> None:
        (found,) = doctor.airflow_contents(FakeAirflow(down=True))

        assert found.remedy == "Start it with `hydrateall up`."

    def test_finds_missing_connections_and_pools(self) -> None:
        found = doctor.loaded_settings(WANTED, connections=[], pools=["default_pool"])

        assert found.message == "Airflow lacks hydrateall, llm of airflow_settings.yaml."


class TestState:
    def test_survives_the_file(self, tmp_path: Path) -> None:
        state = StackState(
            supervisor=ProcessId(pid=1, started=2.0), fingerprint="f", since=datetime(2026, 1, 1, tzinfo=UTC)
        )

        write_state(tmp_path, state)

        assert read_state(tmp_path) == state

    def test_of_a_damaged_file_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "stack.json").write_text("{")

        assert read_state(tmp_path) is None

    def test_is_told_in_camel_case(self) -> None:
        status = StackStatus(
            components=[ComponentStatus(name="postgres", up=True)],
            url="http://x", username="admin", password_file="/s/secrets.json", logs="/s/logs",
        )  # fmt: skip

        assert json.loads(status.model_dump_json(by_alias=True))["passwordFile"] == "/s/secrets.json"
        assert status.up
