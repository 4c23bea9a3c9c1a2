"""`make bench-control`: the admin API and its pages over a large database, and the reconciler with 1,000 active roots.

The server is Airflow's own API server with our plugin, one process as in `make run`, over the database of `bank.py` in
an embedded PostgreSQL with the stack's settings. The client shares the machine with both. Each request is signed in
as a viewer with a token. The exit code is 1 if a limit is missed or a request fails.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles

import httpx
import psutil
import sqlalchemy as sa
from bank import build_bank, let_run
from load import Load, send

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from api_server import PASSWORD, USERS, ApiServer, serving
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.delivery.service import RestAirflow
from hydrateall.hydration.reconciliation import reconcile
from hydrateall.stack.postgres import EmbeddedPostgres, temporary_postgres

USER = "vera"  # a viewer
LIST_MS, JOB_ALONE_MS = 150.0, 30.0
RECONCILE_SECONDS, RECONCILE_AIM = 30.0, 3.0
DONE, SILENT, DEAD = 10, 20, 10
PACKAGES = ("apache-airflow", "fastapi", "uvicorn", "sqlalchemy", "psycopg")
PAGE = 100
BIGGEST = """
SELECT root_job_id FROM hydration_jobs WHERE root_job_id IS NOT NULL
GROUP BY root_job_id ORDER BY count(*) DESC, root_job_id LIMIT 1
"""
SIZES = """
SELECT (SELECT count(*) FROM hydration_jobs WHERE root_job_id IS NULL) AS roots,
       (SELECT count(*) FROM hydration_jobs) AS jobs,
       (SELECT count(*) FROM topic_notes) + (SELECT count(*) FROM topic_questions) AS items,
       (SELECT count(*) FROM ai_content_logs) AS calls,
       pg_size_pretty(pg_database_size(current_database())) AS size
"""


@dataclass(frozen=True)
class Case:
    """A kind of request: its addresses, asked in turn, how many at once, and the limit of its 95th percentile."""

    name: str
    paths: list[str]
    in_flight: int
    limit_ms: float | None = None


@dataclass(frozen=True)
class Cpu:
    """CPU seconds of the server and of PostgreSQL, so far."""

    server: float
    database: float


def main() -> int:
    """Build, measure, print; exit 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=500, help="of each kind")
    parser.add_argument("--in-flight", type=int, default=20)
    options = parser.parse_args()
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"versions  Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in PACKAGES)}")
    with temporary_postgres(durable=True) as postgres, tempfile.TemporaryDirectory(prefix="hydrateall-bench-") as home:
        for name in ("content", "airflow"):
            postgres.ensure_database(name)
        database = Database(postgres.url("content"))
        _build(database)
        (Path(home) / "passwords.json").write_text(json.dumps(dict.fromkeys(USERS, PASSWORD)))
        with serving(Path(home), metadata=postgres.url("airflow"), content=database) as api:
            missed = _measure_requests(api, postgres, options.requests, options.in_flight)
            missed += _measure_reconciler(api, postgres)
        database.dispose()
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall limits kept")
    return int(bool(missed))


def _build(database: Database) -> None:
    started = time.perf_counter()
    build_bank(database)
    with database.transaction() as session:
        found = session.execute(sa.text(SIZES)).one()
    print(f"database  {found.roots:,} root jobs, {found.jobs:,} jobs, {found.items:,} notes and questions, ", end="")
    print(f"{found.calls:,} model calls; {found.size}, built in {time.perf_counter() - started:.0f} s\n", flush=True)


def cases(api: ApiServer, in_flight: int) -> list[Case]:
    """What is asked: the routes, then the pages that this version has."""
    with api.database.transaction() as session:
        job = session.scalar(sa.text(BIGGEST))
    with api.client(USER) as client:
        deep = _deep_cursor(client)
        filters = [
            "status=failed",
            "board=BOARD07",
            "grade=8&subject=MATH",
            "creator=chitra",
            "from=2020-01-01T00:00:00Z",
        ]
        hydrations, ui = "/api/admin/hydrateAll", "/api/admin/ui"
        many = [
            Case("one row, the floor", ["/api/admin/hydration/paused"], in_flight),
            Case("list, first page", [hydrations], in_flight, LIST_MS),
            Case("list, filtered", [f"{hydrations}?{each}" for each in filters], in_flight, LIST_MS),
            Case("list, page 19 of 20", [f"{hydrations}?limit={PAGE}&cursor={deep}"], in_flight),
            Case("list, near the end", [f"{hydrations}?cursor={deep}"], in_flight, LIST_MS),
            Case("job of 253", [f"{hydrations}/{job}"], in_flight, LIST_MS),
            Case("job of 253, alone", [f"{hydrations}/{job}"], 1, JOB_ALONE_MS),
            Case("tree of 253", [f"{hydrations}/{job}/tree"], in_flight),
            Case("log lines", [f"{hydrations}/{job}/logs"], in_flight),
            Case("reviews", ["/api/admin/reviews"], in_flight),
            Case("metrics", ["/api/admin/metrics"], 1),
            Case("page: jobs", [f"{ui}/jobs"], in_flight, LIST_MS),
            Case("page: job", [f"{ui}/jobs/{job}"], in_flight, LIST_MS),
            Case("page: job, live part", [f"{ui}/jobs/{job}/live"], in_flight, LIST_MS),
            Case("page: start", [f"{ui}/start"], in_flight),
            Case("page: review", [f"{ui}/review"], in_flight),
            Case("page: health", [f"{ui}/health"], in_flight),
        ]
        return [case for case in many if _is_there(client, case)]


def _deep_cursor(client: httpx.Client) -> str:
    """The cursor after 1,800 of the 2,000 jobs."""
    cursor: str | None = None
    for _ in range(18):
        page = {"limit": PAGE, **({"cursor": cursor} if cursor else {})}
        answer = client.get("/api/admin/hydrateAll", params=page)
        cursor = answer.raise_for_status().json()["nextCursor"]
    return str(cursor)


def _is_there(client: httpx.Client, case: Case) -> bool:
    answer = client.get(case.paths[0])
    if answer.status_code == httpx.codes.OK:
        return True
    print(f"{case.name:<22} is left out: {case.paths[0]} answers {answer.status_code}")
    return False


def _measure_requests(api: ApiServer, postgres: EmbeddedPostgres, requests: int, in_flight: int) -> list[str]:
    chosen = cases(api, in_flight)
    print(f"{'request':<22} {'at once':>7} {'p50':>8} {'p95':>8} {'p99':>8} {'limit':>8} {'p95 ÷ limit':>12} ", end="")
    print(f"{'errors':>7} {'a second':>9} {'server CPU':>11} {'database':>9} {'bytes':>8}", flush=True)
    missed = []
    for case in chosen:
        asked = requests if case.in_flight > 1 else requests // 5
        asyncio.run(_load(api, case, min(asked, 2 * case.in_flight)))
        before = _cpu(postgres)
        load = asyncio.run(_load(api, case, asked))
        after = _cpu(postgres)
        if _print_case(case, load, before, after):
            missed.append(case.name)
    return missed


async def _load(api: ApiServer, case: Case, requests: int) -> Load:
    paths = list(itertools.islice(itertools.cycle(case.paths), requests))
    return await send(api.url, paths, in_flight=case.in_flight, token=api.token(USER))


def _print_case(case: Case, load: Load, before: Cpu, after: Cpu) -> bool:
    """Print one line; say whether the limit is missed or a request failed."""
    cuts = quantiles(load.milliseconds, n=100, method="inclusive")
    p50, p95, p99 = cuts[49], cuts[94], cuts[98]
    limit = f"{case.limit_ms:.0f} ms" if case.limit_ms else "–"
    ratio = f"{p95 / case.limit_ms:.2f}" if case.limit_ms else "–"
    count = len(load.milliseconds)
    server, database = (
        1000 * spent / count for spent in (after.server - before.server, after.database - before.database)
    )
    print(
        f"{case.name:<22} {case.in_flight:>7} {p50:>5.0f} ms {p95:>5.0f} ms {p99:>5.0f} ms {limit:>8} {ratio:>12} "
        f"{load.errors:>7} {count / load.seconds:>9.0f} {server:>8.1f} ms {database:>6.1f} ms {load.bytes // count:>8}",
        flush=True,
    )
    return bool(load.errors) or bool(case.limit_ms and p95 > case.limit_ms)


def _cpu(postgres: EmbeddedPostgres) -> Cpu:
    """CPU so far of the API server, a child of ours, and of the database server's processes, ended ones too."""
    server = [child for child in psutil.Process().children(recursive=True) if "serve.py" in " ".join(child.cmdline())]
    first = psutil.Process(int((postgres.data_directory / "postmaster.pid").read_text().split()[0]))
    ended = first.cpu_times()
    database = _seconds(first.children()) + ended.children_user + ended.children_system
    return Cpu(_seconds(server), database)


def _seconds(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:2])
    return total


def _measure_reconciler(api: ApiServer, postgres: EmbeddedPostgres) -> list[str]:
    """Run it twice against the real API server: once with things to put right, once with nothing to do."""
    alive = let_run(api.database, done=DONE, silent=SILENT, dead=DEAD)
    account = Settings(airflow_url=api.url, airflow_username="anna", airflow_password=PASSWORD)
    airflow = RestAirflow(account)
    airflow.trigger(alive[0], {}, dag="hydrate_subject")
    _clone_runs(postgres.url("airflow"), alive)
    runtime = Runtime(account, api.database)
    print(f"\nreconciler with 1,000 active roots: limit {RECONCILE_SECONDS:.0f} s, aim {RECONCILE_AIM:.0f} s")
    missed = []
    for name in ("something to do", "nothing to do"):
        started = time.perf_counter()
        report = reconcile(runtime, airflow, holder="benchmark")
        seconds = time.perf_counter() - started
        assert report is not None
        print(
            f"  {name:<16} {seconds:>6.2f} s, {seconds / RECONCILE_SECONDS:.3f} of the limit; {report.roots} roots: "
            f"{report.leases_returned} leases returned, {report.closed} closed, {report.reopened} delivered again",
            flush=True,
        )
        if seconds > RECONCILE_SECONDS or not report.airflow_answers:
            missed.append(f"reconciler, {name}")
    return missed


def _clone_runs(url: str, names: list[str]) -> None:
    """Give Airflow's database a run of each name, like the one that is there."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        runs = sa.Table("dag_run", sa.MetaData(), autoload_with=connection)
        copied = [column for column in runs.columns if column.name not in ("id", "run_id")]
        given = sa.func.unnest(sa.literal(names[1:], sa.ARRAY(sa.String))).table_valued("name")
        each = runs.join(given, sa.true())
        chosen = sa.select(given.c.name, *copied).select_from(each).where(runs.c.run_id == names[0])
        connection.execute(sa.insert(runs).from_select(["run_id", *(column.name for column in copied)], chosen))
    engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
