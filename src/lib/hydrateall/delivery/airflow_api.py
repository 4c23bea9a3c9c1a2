"""Airflow's REST API, as far as the outbox and the reconciler need it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

import httpx

from hydrateall.core.errors import UsageError
from hydrateall.core.settings import Settings
from hydrateall.delivery.errors import NotDelivered

PAGE = 100
REMEDY = "The outbox keeps it; `hydrateall status` shows what is down."


class AirflowApi(Protocol):
    """What the control plane asks of Airflow. `FakeAirflow` is the same in memory."""

    def trigger(self, dag_run_id: str, conf: dict[str, Any], *, dag: str) -> None:
        """Start a run of a DAG; a run with this id that exists already is as good. Raise NotDelivered."""
        ...

    def active_runs(self, dags: Collection[str]) -> set[str]:
        """The ids of the runs of these DAGs that are queued or running. Raise NotDelivered."""
        ...


class RestAirflow:
    """Airflow over HTTP, with a given token, or one of the configured account."""

    def __init__(self, settings: Settings, *, token: str | None = None) -> None:
        if not re.match(r"https?://[^/\s]", settings.airflow_url):
            raise UsageError(
                f"HYDRATEALL_AIRFLOW_URL={settings.airflow_url} is no address of Airflow.",
                "Write it like http://127.0.0.1:8080.",
            )
        self._settings = settings
        self._token = token

    def trigger(self, dag_run_id: str, conf: dict[str, Any], *, dag: str) -> None:
        body = {"dag_run_id": dag_run_id, "logical_date": None, "conf": conf}
        answer = self._request("POST", f"/api/v2/dags/{dag}/dagRuns", json=body)
        if answer.status_code == httpx.codes.CONFLICT:
            return
        self._expect_success(answer)

    def active_runs(self, dags: Collection[str]) -> set[str]:
        return {run for dag in dags for run in self._active_runs(dag)}

    def _active_runs(self, dag: str) -> Iterator[str]:
        offset, total = 0, 1
        while offset < total:
            page = {"state": ["queued", "running"], "limit": PAGE, "offset": offset, "order_by": "id"}
            answer = self._request("GET", f"/api/v2/dags/{dag}/dagRuns", params=page)
            self._expect_success(answer)
            found = _body(answer, "total_entries", "dag_runs")
            total = found["total_entries"]
            offset += PAGE
            yield from (run["dag_run_id"] for run in found["dag_runs"])

    def _request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        with self._answering():
            self._token = self._token or self._log_in()
            headers = {"Authorization": f"Bearer {self._token}"}
            return self._client.request(method, path, headers=headers, **arguments)

    def _log_in(self) -> str:
        account = {
            "username": self._settings.airflow_username,
            "password": self._settings.airflow_password.get_secret_value(),
        }
        answer = self._client.post("/auth/token", json=account)
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise NotDelivered(
                f"Airflow refused the account {self._settings.airflow_username!r}.",
                "Correct HYDRATEALL_AIRFLOW_USERNAME and HYDRATEALL_AIRFLOW_PASSWORD. The outbox keeps it.",
            )
        self._expect_success(answer)
        return str(_body(answer, "access_token")["access_token"])

    @cached_property
    def _client(self) -> httpx.Client:
        """One connection for all requests: a reconciler makes dozens."""
        timeout = self._settings.airflow_timeout_seconds
        return httpx.Client(base_url=self._settings.airflow_url, timeout=timeout, trust_env=False)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            raise NotDelivered(f"Airflow does not answer at {self._settings.airflow_url}: {error}.", REMEDY) from None

    def _expect_success(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        raise NotDelivered(f"Airflow answered {answer.status_code} to {answer.request.url.path}.", REMEDY)


def _body(answer: httpx.Response, *fields: str) -> dict[str, Any]:
    """Read the JSON object that Airflow answers with; another server at its address answers otherwise."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or not set(fields) <= set(found):
        raise NotDelivered(
            f"What answers at {answer.request.url.host}:{answer.request.url.port} is not Airflow.", REMEDY
        )
    return found


class FakeAirflow:
    """Airflow in memory, for tests: what was triggered, what runs, and whether it answers."""

    def __init__(self) -> None:
        self.up = True
        self.triggered: list[tuple[str, dict[str, Any]]] = []
        self.running: set[str] = set()
        self.dags: dict[str, str] = {}

    def trigger(self, dag_run_id: str, conf: dict[str, Any], *, dag: str) -> None:
        self._answer()
        if dag_run_id not in {run for run, _ in self.triggered}:
            self.triggered.append((dag_run_id, conf))
            self.dags[dag_run_id] = dag
            self.running.add(dag_run_id)

    def active_runs(self, dags: Collection[str]) -> set[str]:
        self._answer()
        return {run for run in self.running if self.dags.get(run) in dags}

    def _answer(self) -> None:
        if not self.up:
            raise NotDelivered("Airflow does not answer.", REMEDY)
