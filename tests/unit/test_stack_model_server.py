"""The mock model server as a component of the stack: started when it is to write, watched, told of by `status`."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hydrateall.core.errors import UsageError
from hydrateall.core.settings import Settings
from hydrateall.stack.airflow import airflow_environment
from hydrateall.stack.credentials import load_credentials
from hydrateall.stack.databases import Databases
from hydrateall.stack.errors import PortTaken
from hydrateall.stack.model_server import MOCK_NAME, answers, mock_url, require_mock_port
from hydrateall.stack.ports import mock_address
from hydrateall.stack.state import ComponentState, ProcessId, StackState
from hydrateall.stack.status import mock_status
from hydrateall.stack.supervisor import Component, components_of
from hydrateall.stack.trial import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, model_provider="mock", mock_url=f"http://127.0.0.1:{free_port()}/v1")


@pytest.fixture
def component(settings: Settings, tmp_path: Path) -> Iterator[Component]:
    """The server as the supervisor starts it."""
    found = next(each for each in components_of(settings, tmp_path / "logs") if each.state.name == MOCK_NAME)
    yield found
    found.signal(signal.SIGKILL)
    wait_for(found.has_ended)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stack_with(component: ComponentState) -> StackState:
    return StackState(
        supervisor=ProcessId.of(os.getpid()), fingerprint="f", since=datetime(2026, 1, 1, tzinfo=UTC),
        components=[component],
    )  # fmt: skip


class TestComponent:
    def test_answers_and_is_started_again_after_its_death(self, component: Component, settings: Settings) -> None:
        component.watch()
        wait_for(lambda: mock_status(component.state).up)
        assert component.state.process is not None
        os.kill(component.state.process.pid, signal.SIGKILL)

        wait_for(component.watch)
        told = mock_status(component.state)
        assert not told.up
        assert told.detail == "stopped, ended last with signal 9"
        wait_for(component.watch)
        wait_for(lambda: mock_status(component.state).up)

        assert mock_status(component.state).detail == settings.mock_url
        assert component.state.restarts == 1

    @pytest.mark.parametrize("provider", ["offline", "openai"])
    def test_is_wanted_only_when_the_mock_writes(self, provider: str, tmp_path: Path) -> None:
        settings = Settings(state_dir=tmp_path, model_provider=provider)

        names = [each.state.name for each in components_of(settings, tmp_path)]

        assert names == ["api-server", "scheduler", "dag-processor"]

    def test_is_silent_where_nobody_listens(self, settings: Settings) -> None:
        assert not answers(mock_url(settings))


class TestPort:
    def test_that_is_taken_is_told_with_the_setting_to_change(self, settings: Settings) -> None:
        host, port = mock_address(settings)
        with socket.create_server((host, port)), pytest.raises(PortTaken) as raised:
            require_mock_port(settings)

        assert "the mock model server cannot start there" in raised.value.message
        assert f"HYDRATEALL_MOCK_URL=http://{host}:{port + 1}/v1" in raised.value.remedy

    def test_may_be_held_by_the_running_stack(self, settings: Settings) -> None:
        ours = ComponentState(name=MOCK_NAME, log="/nowhere", url=mock_url(settings))
        with socket.create_server(mock_address(settings)):
            require_mock_port(settings, stack_with(ours))

    def test_does_not_matter_to_other_providers(self, settings: Settings) -> None:
        with socket.create_server(mock_address(settings)):
            require_mock_port(settings.model_copy(update={"model_provider": "offline"}))

    @pytest.mark.parametrize("url", ["https://host/v1", "http://127.0.0.1:8181", "http://:1/v1", "8181"])
    def test_wants_an_address_that_a_server_can_be_started_at(self, url: str) -> None:
        with pytest.raises(UsageError, match="is not an address to start the mock model server at"):
            mock_address(Settings(mock_url=url))


class TestEnvironment:
    def test_carries_the_provider_to_tasks_whether_it_was_set_or_not(self, settings: Settings) -> None:
        databases = Databases("postgresql+psycopg:///content", "postgresql+psycopg:///airflow")

        found = airflow_environment(settings, load_credentials(settings), databases, 8123)

        assert found["HYDRATEALL_MODEL_PROVIDER"] == "mock"
        assert found["HYDRATEALL_MOCK_URL"] == settings.mock_url
