"""Airflow's REST API, as far as the launcher needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from hydrateall.core.settings import Settings
from hydrateall.stack.credentials import airflow_login
from hydrateall.stack.errors import StackUnavailable

PAGE = 100


class AirflowApi:
    """A signed-in client. It logs in with its first request that needs it."""

    def __init__(self, url: str, username: str, password: str, *, timeout: float = 10.0) -> None:
        self._url = url.rstrip("/")
        self._login = {"username": username, "password": password}
        # A proxy from the environment cannot reach our loopback address.
        # After an error of its own the server drops the connection, so none is used twice.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(base_url=self._url, timeout=timeout, trust_env=False, limits=fresh)

    def close(self) -> None:
        self._client.close()

    def health(self) -> dict[str, str | None]:
        """Return the status of `metadatabase`, `scheduler` and `dag_processor`; empty when the API does not answer."""
        try:
            answer = self._client.get("/api/v2/monitor/health", timeout=5)
            answer.raise_for_status()
            return {name: part.get("status") for name, part in answer.json().items()}
        except (httpx.HTTPError, ValueError, AttributeError):
            return {}

    def dags(self) -> dict[str, bool]:
        """Return the id of every parsed DAG, and whether it is paused."""
        return {dag["dag_id"]: dag["is_paused"] for dag in self._all("dags", "dags")}

    def import_errors(self) -> dict[str, str]:
        """Return the DAG files that cannot be imported, and the last line of the reason."""
        return {
            error["filename"]: error["stack_trace"].strip().splitlines()[-1]
            for error in self._all("importErrors", "import_errors")
        }

    def connections(self) -> set[str]:
        return {found["connection_id"] for found in self._all("connections", "connections")}

    def pools(self) -> dict[str, int]:
        """Return the slots of every pool."""
        return {found["name"]: found["slots"] for found in self._all("pools", "pools")}

    def variable(self, key: str) -> str | None:
        """Return a variable's value; None when there is none."""
        answer = self._send("GET", f"variables/{key}", missing_is_fine=True)
        return None if answer is None else str(answer["value"])

    def put(self, kind: str, entities: list[dict[str, Any]]) -> None:
        """Create or overwrite connections, pools or variables, all in one request."""
        if not entities:
            return
        action = {"action": "create", "entities": entities, "action_on_existence": "overwrite"}
        answer = self._send("PATCH", kind, json={"actions": [action]}) or {}
        errors = (answer.get("create") or {}).get("errors") or []
        if errors:
            raise StackUnavailable(f"Airflow did not take the {kind} of airflow_settings.yaml: {errors[0]['error']}.")

    def _all(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            page = self._send("GET", path, params={"limit": PAGE, "offset": offset}) or {}
            yield from page[key]
            offset += PAGE
            if offset >= page["total_entries"]:
                return

    def _send(self, method: str, path: str, *, missing_is_fine: bool = False, **options: Any) -> dict[str, Any] | None:
        with self._http_errors():
            if "authorization" not in self._client.headers:
                token = self._client.post("/auth/token", json=self._login).raise_for_status().json()["access_token"]
                self._client.headers["authorization"] = f"Bearer {token}"
            answer = self._client.request(method, f"/api/v2/{path}", **options)
            if answer.status_code == httpx.codes.NOT_FOUND and missing_is_fine:
                return None
            result: dict[str, Any] = answer.raise_for_status().json()
            return result

    @contextmanager
    def _http_errors(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.UNAUTHORIZED:
                raise StackUnavailable(
                    f"Airflow at {self._url} does not accept the user {self._login['username']}.",
                    "Correct HYDRATEALL_AIRFLOW_USERNAME and HYDRATEALL_AIRFLOW_PASSWORD.",
                ) from None
            raise StackUnavailable(
                f"Airflow at {self._url} refused {error.request.url.path}: {error.response.text[:300]}."
            ) from None
        except httpx.HTTPError as error:
            raise StackUnavailable(
                f"Airflow does not answer at {self._url}: {error}.", "Start it with `hydrateall up`."
            ) from None


def stack_api(settings: Settings) -> AirflowApi:
    """Return a client for the Airflow of these settings."""
    return AirflowApi(settings.airflow_url, *airflow_login(settings), timeout=settings.airflow_timeout_seconds)
