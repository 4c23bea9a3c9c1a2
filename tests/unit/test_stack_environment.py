"""Airflow's environment: every name exists, everything that must agree agrees, locally and in the containers."""

from __future__ import annotations

import base64
import importlib.util
from pathlib import Path

import pytest
import yaml

from hydrateall.core.errors import UsageError
from hydrateall.core.paths import HOME
from hydrateall.core.settings import Settings
from hydrateall.stack.airflow import MARKER, airflow_environment, migration_stamp_path, process_environment
from hydrateall.stack.credentials import airflow_login, are_lost, load_credentials, write_password_file
from hydrateall.stack.databases import Databases
from hydrateall.stack.errors import StackUnavailable
from hydrateall.stack.ports import api_address

DATABASES = Databases(
    "postgresql+psycopg://postgres:@/hydrateall?host=/s", "postgresql+psycopg://postgres:@/airflow?host=/s"
)
# Sections of providers, which Airflow's own template does not describe.
PROVIDER_SECTIONS = {"celery"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, airflow_url="http://127.0.0.1:8123/", airflow_parallelism=5)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return airflow_environment(settings, load_credentials(settings), DATABASES, 8123)


def known_options() -> dict[str, set[str]]:
    """Read the sections and options of the installed Airflow, without importing it."""
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.origin is not None
    template = yaml.safe_load((Path(spec.origin).parent / "config_templates" / "config.yml").read_text())
    return {section: set(content["options"] or {}) for section, content in template.items()}


def unknown(names: list[str]) -> list[str]:
    known = known_options()
    parts = [name.removeprefix("AIRFLOW__").lower().split("__") for name in names if name.startswith("AIRFLOW__")]
    return [f"{section}.{option}" for section, option in parts
            if section not in PROVIDER_SECTIONS and option not in known.get(section, set())]  # fmt: skip


def compose_environment() -> dict[str, str]:
    return yaml.safe_load((HOME / "docker-compose.yml").read_text())["x-environment"]


class TestLocalStack:
    def test_uses_only_options_that_airflow_has(self, environment: dict[str, str]) -> None:
        assert unknown(list(environment)) == []

    def test_agrees_on_the_port(self, environment: dict[str, str]) -> None:
        assert environment["AIRFLOW__API__PORT"] == "8123"
        assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
        assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
        assert environment["HYDRATEALL_AIRFLOW_URL"] == "http://127.0.0.1:8123"

    def test_signs_with_a_key_long_enough(self, environment: dict[str, str]) -> None:
        assert len(environment["AIRFLOW__API_AUTH__JWT_SECRET"].encode()) >= 64
        assert len(base64.urlsafe_b64decode(environment["AIRFLOW__CORE__FERNET_KEY"])) == 32

    def test_gives_our_code_its_database_and_its_login(self, environment: dict[str, str], settings: Settings) -> None:
        assert environment["HYDRATEALL_DATABASE_URL"] == DATABASES.content
        assert environment["HYDRATEALL_AIRFLOW_PASSWORD"] == airflow_login(settings)[1]

    def test_drops_what_would_slow_or_redirect_the_processes(
        self, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setenv("PGHOST", "elsewhere")
        monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
        monkeypatch.setenv("NO_PROXY", "example.org")

        found = process_environment(environment)

        assert "PYTHONDONTWRITEBYTECODE" not in found
        assert "PGHOST" not in found
        assert found["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
        assert found["NO_PROXY"] == "example.org,127.0.0.1,localhost"

    def test_marks_every_process(self, environment: dict[str, str], settings: Settings) -> None:
        assert environment[MARKER] == str(settings.state_dir)
        assert environment["SPT_NOENV"] == "1"

    @pytest.mark.parametrize("url", ["https://host", "ftp://host:1", "http://host:99999", "http://:8080", "8080"])
    def test_refuses_an_address_it_cannot_start_at(self, url: str) -> None:
        with pytest.raises(UsageError, match="is not an address to start Airflow at"):
            api_address(Settings(airflow_url=url))


class TestContainers:
    def test_use_only_options_that_airflow_has(self) -> None:
        assert unknown(list(compose_environment())) == []

    def test_take_every_secret_from_the_env_file(self) -> None:
        example = {line.partition("=")[0] for line in (HOME / ".env.example").read_text().splitlines() if "=" in line}
        secrets = [name for name in example if name.endswith(("PASSWORD", "SECRET", "SECRET_KEY", "FERNET_KEY"))]
        text = (HOME / "docker-compose.yml").read_text()

        assert secrets
        assert all(f"${{{name}:?" in text for name in secrets)

    def test_have_what_airflow_settings_ask_for(self) -> None:
        text = (HOME / "airflow_settings.yaml").read_text()

        assert all(name in compose_environment() for name in _references(text))


class TestCredentials:
    def test_are_made_once_and_kept(self, settings: Settings) -> None:
        first = load_credentials(settings)

        assert load_credentials(settings) == first
        assert (settings.state_dir / "secrets.json").stat().st_mode & 0o077 == 0

    def test_let_a_chosen_password_win(self, settings: Settings) -> None:
        chosen = settings.model_copy(update={"airflow_password": Settings(airflow_password="mine").airflow_password})

        assert load_credentials(chosen).airflow_password == "mine"

    def test_say_that_their_file_is_damaged(self, settings: Settings) -> None:
        (settings.state_dir / "secrets.json").write_text("{")

        with pytest.raises(StackUnavailable, match="are damaged"):
            load_credentials(settings)

    def test_are_lost_only_when_a_stack_ran_before(self, settings: Settings) -> None:
        assert not are_lost(settings)
        stamp = migration_stamp_path(settings.state_dir)
        stamp.parent.mkdir()
        stamp.touch()
        assert are_lost(settings)

        load_credentials(settings)

        assert not are_lost(settings)

    def test_follow_a_changed_password(self, tmp_path: Path) -> None:
        path = tmp_path / "airflow" / "passwords.json"
        write_password_file(path, "admin", "old")

        write_password_file(path, "admin", "new")

        assert path.read_text() == '{"admin": "new"}\n'


def _references(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [part.partition("}")[0] for line in lines for part in line.split("${")[1:]]
