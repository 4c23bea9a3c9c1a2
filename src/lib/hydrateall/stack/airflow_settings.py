"""Loads airflow_settings.yaml (Astro's schema) into Airflow: `python -m hydrateall.stack.airflow_settings`.

The hash of what was loaded is kept as an Airflow variable, so a second run sends nothing, a changed file or secret
is sent again, and what people change in Airflow's UI stays until then.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hydrateall.core.errors import HydrateAllError
from hydrateall.core.paths import HOME
from hydrateall.core.settings import load_settings
from hydrateall.stack.api import AirflowApi, stack_api
from hydrateall.stack.errors import BadAirflowSettings

PATH = HOME / "airflow_settings.yaml"
HASH_VARIABLE = "hydrateall_airflow_settings_sha256"
REFERENCE = re.compile(r"\$\{(\w+)\}")


class Entry(BaseModel):
    """The base of all entries: nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class ConnectionEntry(Entry):
    """A connection. What `conn_uri` says is overridden by the fields beside it."""

    conn_id: str = Field(pattern=r"^[\w.-]+$")
    conn_type: str | None = None
    conn_host: str | None = None
    conn_schema: str | None = None
    conn_login: str | None = None
    conn_password: str | None = None
    conn_port: int | None = None
    conn_uri: str | None = None
    conn_extra: dict[str, Any] | None = None
    conn_description: str | None = None

    @field_validator("conn_port", "conn_extra", mode="before")
    @classmethod
    def _blank_is_nothing(cls, value: Any) -> Any:
        """Astro's template leaves these keys blank, and gives the extra as an object or as its JSON text."""
        if value == "":
            return None
        return json.loads(value) if isinstance(value, str) and value.startswith("{") else value

    def as_request(self) -> dict[str, Any]:
        """Return the body that Airflow's API takes."""
        parts = uri_parts(self.conn_uri) if self.conn_uri else {}
        given = {
            "conn_type": self.conn_type, "host": self.conn_host, "schema": self.conn_schema,
            "login": self.conn_login, "password": self.conn_password, "port": self.conn_port,
        }  # fmt: skip
        extra = parts.pop("extra", {}) | (self.conn_extra or {})
        merged = parts | {key: value for key, value in given.items() if value is not None}
        return {
            "connection_id": self.conn_id, "conn_type": "generic", "host": None, "schema": None, "login": None,
            "password": None, "port": None, **merged, "extra": json.dumps(extra), "description": self.conn_description,
        }  # fmt: skip


class PoolEntry(Entry):
    """A pool and its slots."""

    pool_name: str = Field(min_length=1, max_length=256)
    pool_slot: int = Field(ge=0)
    pool_description: str = ""

    def as_request(self) -> dict[str, Any]:
        """Return the body that Airflow's API takes."""
        return {"name": self.pool_name, "slots": self.pool_slot, "description": self.pool_description}


class VariableEntry(Entry):
    """A variable."""

    variable_name: str = Field(min_length=1, max_length=250)
    variable_value: str

    def as_request(self) -> dict[str, Any]:
        """Return the body that Airflow's API takes."""
        return {"key": self.variable_name, "value": self.variable_value}


class AirflowSection(Entry):
    """The file's one section."""

    connections: list[ConnectionEntry] = []
    pools: list[PoolEntry] = []
    variables: list[VariableEntry] = []

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_empty(cls, value: Any) -> Any:
        return [] if value is None else value


class AirflowSettings(Entry):
    """The whole file."""

    airflow: AirflowSection

    def fingerprint(self) -> str:
        """Return a hash of everything that would be loaded, secrets included."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def read_airflow_settings(path: Path, environment: Mapping[str, str]) -> AirflowSettings:
    """Read the file with its `${NAME}`s filled in; raise BadAirflowSettings that says where it is wrong."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return AirflowSettings.model_validate(_expand(document, environment, path))
    except FileNotFoundError:
        raise BadAirflowSettings(path, "the file is missing") from None
    except yaml.YAMLError as error:
        raise BadAirflowSettings(path, f"it is not YAML ({' '.join(str(error).split())})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise BadAirflowSettings(path, f"{where}: {reason}") from None


def load_airflow_settings(api: AirflowApi, wanted: AirflowSettings) -> bool:
    """Bring Airflow to what the file says; a second run with the same content sends nothing and returns False."""
    fingerprint = wanted.fingerprint()
    if api.variable(HASH_VARIABLE) == fingerprint:
        return False
    section = wanted.airflow
    api.put("connections", [entry.as_request() for entry in section.connections])
    api.put("pools", [entry.as_request() for entry in section.pools])
    stamp = {"key": HASH_VARIABLE, "value": fingerprint, "description": "What was loaded of airflow_settings.yaml"}
    api.put("variables", [*(entry.as_request() for entry in section.variables), stamp])
    return True


def uri_parts(uri: str) -> dict[str, Any]:
    """Split a connection URI as Airflow does: the query goes to `extra`, so a socket's path does too.

    A SQLAlchemy URL names its driver (`postgresql+psycopg`), a connection only its kind (`postgres`).
    """
    parts = urlsplit(uri)
    kind = parts.scheme.partition("+")[0]
    found = {
        "conn_type": "postgres" if kind == "postgresql" else kind,
        "host": unquote(parts.hostname or "") or None,
        "schema": unquote(parts.path.lstrip("/")) or None,
        "login": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "port": parts.port,
    }
    return found | {"extra": dict(parse_qsl(parts.query))}


def main() -> int:
    """Load the file into the Airflow of the environment; for the container stack's init service."""
    try:
        changed = load_airflow_settings(stack_api(load_settings()), read_airflow_settings(PATH, os.environ))
    except HydrateAllError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"{PATH.name}: {'loaded' if changed else 'nothing new'}\n")
    return 0


def _expand(value: Any, environment: Mapping[str, str], path: Path) -> Any:
    if isinstance(value, dict):
        return {key: _expand(item, environment, path) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(item, environment, path) for item in value]
    return REFERENCE.sub(lambda name: _lookup(name[1], environment, path), value) if isinstance(value, str) else value


def _lookup(name: str, environment: Mapping[str, str], path: Path) -> str:
    if name not in environment:
        raise BadAirflowSettings(path, f"it uses ${{{name}}}, which is not set")
    return environment[name]


if __name__ == "__main__":
    sys.exit(main())
