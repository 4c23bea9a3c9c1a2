"""airflow_settings.yaml: what it may say, how it is filled in, what Airflow's API gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hydrateall.stack.airflow_settings import (
    HASH_VARIABLE,
    PATH,
    load_airflow_settings,
    read_airflow_settings,
    uri_parts,
)
from hydrateall.stack.errors import BadAirflowSettings

ENVIRONMENT = {
    "HYDRATEALL_DATABASE_URL": "postgresql+psycopg://postgres:@/hydrateall?host=/run/my%20state/s",
    "HYDRATEALL_AIRFLOW_URL": "http://127.0.0.1:8080",
    "HYDRATEALL_AIRFLOW_USERNAME": "admin",
    "HYDRATEALL_AIRFLOW_PASSWORD": "p@ss: #word",
}


class FakeAirflow:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {"connections": {}, "pools": {}, "variables": {}}
        self.requests = 0

    def variable(self, key: str) -> str | None:
        found = self.kept["variables"].get(key)
        return found and found["value"]

    def put(self, kind: str, entities: list[dict[str, Any]]) -> None:
        names = {"connections": "connection_id", "pools": "name", "variables": "key"}
        self.requests += 1
        self.kept[kind] |= {entity[names[kind]]: entity for entity in entities}


def written(folder: Path, text: str) -> Path:
    path = folder / "airflow_settings.yaml"
    path.write_text(text)
    return path


class TestOurFile:
    def test_names_what_the_dags_use(self) -> None:
        section = read_airflow_settings(PATH, ENVIRONMENT).airflow

        assert {entry.conn_id for entry in section.connections} == {"hydrateall", "hydrateall_api"}
        assert {entry.pool_name for entry in section.pools} == {"llm", "control"}

    def test_holds_no_secret(self) -> None:
        text = PATH.read_text()

        assert "conn_password: ${HYDRATEALL_AIRFLOW_PASSWORD}" in text
        assert "conn_uri: ${HYDRATEALL_DATABASE_URL}" in text


class TestReading:
    def test_fills_in_variables_after_parsing_so_that_no_value_can_change_the_document(self) -> None:
        section = read_airflow_settings(PATH, ENVIRONMENT).airflow

        assert section.connections[1].conn_password == "p@ss: #word"

    def test_takes_astros_blank_template(self, tmp_path: Path) -> None:
        path = written(
            tmp_path,
            "airflow:\n  connections:\n    - conn_id: a\n      conn_type:\n      conn_port:\n      conn_extra:\n"
            "        k: v\n  pools:\n  variables:\n    - variable_name: x\n      variable_value: '1'\n",
        )

        section = read_airflow_settings(path, {}).airflow

        assert section.connections[0].as_request()["conn_type"] == "generic"
        assert section.pools == []

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("airflow: {pool: []}", "airflow.pool: unknown key"),
            ("airflow: {pools: [{pool_name: a, pool_slots: 3}]}", "pool_slot: field required"),
            ("airflow: {pools: [{pool_name: a, pool_slot: -3}]}", "pool_slot: input should be greater than"),
            ("airflow: {variables: [{variable_name: a, variable_value: '${NOT_SET}'}]}", "NOT_SET}, which is not set"),
            ("airflow: [", "it is not YAML"),
            ("", "input should be a valid dictionary"),
        ],
    )
    def test_says_where_a_file_is_wrong(self, tmp_path: Path, text: str, reason: str) -> None:
        with pytest.raises(BadAirflowSettings) as caught:
            read_airflow_settings(written(tmp_path, text), {})

        assert reason in caught.value.message

    def test_says_that_the_file_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(BadAirflowSettings, match="the file is missing"):
            read_airflow_settings(tmp_path / "airflow_settings.yaml", {})


class TestLoading:
    def test_puts_everything_there_once(self) -> None:
        airflow = FakeAirflow()
        wanted = read_airflow_settings(PATH, ENVIRONMENT)

        first, requests = load_airflow_settings(airflow, wanted), airflow.requests
        second = load_airflow_settings(airflow, wanted)

        assert (first, second, airflow.requests) == (True, False, requests)
        assert airflow.kept["pools"]["llm"]["slots"] == 16
        assert airflow.variable(HASH_VARIABLE) == wanted.fingerprint()

    def test_loads_again_after_a_secret_changed(self) -> None:
        airflow = FakeAirflow()
        load_airflow_settings(airflow, read_airflow_settings(PATH, ENVIRONMENT))
        changed = ENVIRONMENT | {"HYDRATEALL_AIRFLOW_PASSWORD": "other"}

        load_airflow_settings(airflow, read_airflow_settings(PATH, changed))

        assert airflow.kept["connections"]["hydrateall_api"]["password"] == "other"


class TestUri:
    def test_keeps_a_sockets_path_where_airflow_keeps_the_query(self) -> None:
        parts = uri_parts(ENVIRONMENT["HYDRATEALL_DATABASE_URL"])

        assert parts["conn_type"] == "postgres"
        assert (parts["host"], parts["schema"], parts["login"]) == (None, "hydrateall", "postgres")
        assert parts["extra"] == {"host": "/run/my state/s"}

    def test_decodes_a_server_address(self) -> None:
        parts = uri_parts("postgresql+psycopg://me:a%40b@db.example:5433/content")

        assert parts["host"] == "db.example"
        assert (parts["port"], parts["password"]) == (5433, "a@b")

    def test_is_overridden_by_the_fields_beside_it(self) -> None:
        api = read_airflow_settings(PATH, ENVIRONMENT).airflow.connections[1].as_request()

        assert (api["conn_type"], api["host"], api["port"], api["login"]) == ("http", "127.0.0.1", 8080, "admin")
        assert json.loads(api["extra"]) == {}
