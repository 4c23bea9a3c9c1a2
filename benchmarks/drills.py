"""`make drills`: the promises about money and content, tried with real processes against the mock model server.

storm   every class of failure at 5 %: the job completes, nothing twice, our ledger equals the server's bill
budget  8 processes × 16 calls in flight against half the money: spent + reserved never passes the cap
cancel  no request reaches the server later than 1 s after the cancellation is committed
cache   the same inputs again: everything from the cache, for nothing
rate    60 requests a minute over 8 processes: the server sees none above it
flaws   the offline writer spoils three questions in ten: exact counts, none of the spoilt is stored

Each prints its figures; the exit code is 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from cascade_processes import ME, open_job, run_cascade, start_job
from model_server import ModelServer, model_server

from hydrateall.core.clock import utc_now
from hydrateall.core.database import Database, migrate
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import items_of_chapter, seed
from hydrateall.hydration import service
from hydrateall.llm.models import ContentCache
from hydrateall.stack.postgres import EmbeddedPostgres, temporary_postgres
from hydrateall.validation.service import Context, judge_question, load_rulebook

HALF = Decimal("0.60")
CHAPTERS = sa.text("SELECT id FROM chapters")
FAULTS = (
    "rate_limited", "overloaded", "server_error", "dropped", "truncated", "refusal", "content_filter", "invalid_json",
    "wrong_schema", "text_around", "slow",
)  # fmt: skip


@dataclass(frozen=True)
class Drill:
    """A database of its own, and a model server unless the offline writer writes."""

    runtime: Runtime
    server: ModelServer | None

    def run(self, root: uuid.UUID, *, processes: int) -> float:
        """Run the job's cascade; return the seconds."""
        return run_cascade(self.runtime.settings, self.runtime.database.url, root, processes)

    def row(self, statement: str, **values: Any) -> Any:
        """The first row of a query."""
        with self.runtime.database.transaction() as session:
            return session.execute(sa.text(statement), values).one()

    def rows(self, statement: str) -> list[Any]:
        """All rows of a query."""
        with self.runtime.database.transaction() as session:
            return list(session.execute(sa.text(statement)).all())

    def root(self, root: uuid.UUID) -> Any:
        """The root's status and reason."""
        return self.row("SELECT status::text, error_message FROM hydration_jobs WHERE id = :id", id=root)

    def billed(self) -> Decimal:
        """What the server says it has billed."""
        assert self.server
        return Decimal(self.server.ledger()["totals"]["billed_usd"])

    def spent(self) -> Decimal:
        """What our ledger says."""
        return Decimal(self.row("SELECT coalesce(sum(cost_usd), 0) AS usd FROM ai_content_logs").usd)

    def items(self) -> int:
        """Notes and questions that exist."""
        return int(
            self.row("SELECT (SELECT count(*) FROM topic_notes) + (SELECT count(*) FROM topic_questions) AS n").n
        )

    def twice(self) -> int:
        """Jobs that delivered more than once: more accepted answers than jobs."""
        counted = "SELECT count(*) - count(DISTINCT job_id) AS n FROM ai_content_logs WHERE status = 'accepted'"
        return int(self.row(counted).n)

    def peak(self) -> Decimal:
        """The highest sum of spent and reserved at any moment, from the ledger's own times."""
        events = []
        for reserved, cost, begun, ended in self.rows(
            "SELECT reserved_usd, cost_usd, created_at, settled_at FROM ai_content_logs WHERE NOT cached"
        ):
            events.append((begun, 1, reserved))
            if ended:
                events.append((ended, 0, (cost or 0) - reserved))
        return max(itertools.accumulate((amount for *_, amount in sorted(events)), initial=Decimal(0)))


@contextmanager
def drill(postgres: EmbeddedPostgres, name: str, server: ModelServer | None, **changes: Any) -> Iterator[Drill]:
    """Prepare one drill; `changes` are those of the settings."""
    postgres.ensure_database(name)
    migrate(postgres.url(name))
    if server:
        server.forget()
        changes |= {"model_provider": "mock", "mock_url": server.base_url}
    settings = Settings(poll_seconds=0.05, **changes)
    database = Database(postgres.url(name))
    with database.transaction() as session:
        seed(session)
    yield Drill(Runtime(settings, database, utc_now), server)
    database.dispose()


def storm(postgres: EmbeddedPostgres) -> bool:
    """Over a third of all calls fail; nothing may show it but the log."""
    options = [part for name in FAULTS for part in ("--fault", f"{name}=0.05")]
    with (
        model_server("--latency", "0.1", "--seed", "7", *options) as server,
        drill(postgres, "storm", server, max_retries=8) as it,
    ):
        root = start_job(it.runtime, chapters=12)
        seconds = it.run(root, processes=4)
        counted = it.row(
            "SELECT count(*) AS calls, count(*) FILTER (WHERE status IN ('error', 'rejected')) AS wrong,"
            " sum(uncertain_usd) AS uncertain FROM ai_content_logs"
        )
        ended, ours, bill = it.root(root), it.spent(), it.billed()
        print(f"storm   {ended.status}, {it.items()} items, {it.twice()} twice, {seconds:.0f} s;", end=" ")
        print(f"{counted.wrong} of {counted.calls} calls went wrong {ended.error_message or ''}")
        print(f"        our ledger ${ours:.6f}, the server's bill ${bill:.6f}, uncertain ${counted.uncertain:.4f}")
        faults = Counter(entry["fault"] for entry in server.ledger(entries=True)["entries"] if entry["fault"])
        print(f"        {', '.join(f'{name} {number}' for name, number in sorted(faults.items()))}", flush=True)
        return ended.status == "completed" and not it.twice() and ours == bill


def budget(postgres: EmbeddedPostgres) -> bool:
    """The cap admits about half of the work."""
    with (
        model_server("--latency", "0.3") as server,
        drill(postgres, "budget", server, max_in_flight=128, deployment_in_flight=128) as it,
    ):
        root = start_job(it.runtime, chapters=8, maxCostUsd=float(HALF))
        it.run(root, processes=8)
        paused, spent, peak = it.root(root), it.spent(), it.peak()
        print(f"budget  {paused.status} at ${spent:.4f} of ${HALF}; spent + reserved never above ${peak:.4f}")
        print(f"        {paused.error_message}")
        with it.runtime.database.transaction() as session:
            service.resume(
                session, root, actor=ME, settings=it.runtime.settings, now=utc_now(), max_cost_usd=Decimal(50)
            )
        open_job(it.runtime, root)
        it.run(root, processes=8)
        calls = it.row("SELECT count(*) AS n, count(DISTINCT job_id) AS jobs FROM ai_content_logs WHERE NOT cached")
        ended, ours, bill = it.root(root), it.spent(), it.billed()
        print(f"        then {ended.status}: our ledger ${ours:.6f}, the server's bill ${bill:.6f},", end=" ")
        print(f"{calls.n} calls for {calls.jobs} jobs, {it.twice()} twice", flush=True)
        kept = (paused.status, ended.status) == ("paused", "completed") and peak <= HALF
        return kept and ours == bill and calls.n == calls.jobs


def cancel(postgres: EmbeddedPostgres) -> bool:
    """Cancel in the middle of the run."""
    with model_server("--latency", "0.5") as server, drill(postgres, "cancel", server, max_in_flight=8) as it:
        root = start_job(it.runtime, chapters=8)
        working = threading.Thread(target=it.run, args=(root,), kwargs={"processes": 4})
        working.start()
        while server.ledger()["totals"]["requests"] < 60:
            time.sleep(0.05)
        with it.runtime.database.transaction() as session:
            service.cancel(session, root, actor=ME, reason="drill", now=utc_now())
        committed = time.time()
        working.join()
        last = max(entry["at"] for entry in server.ledger(entries=True)["entries"]) - committed
        print(f"cancel  {it.root(root).status}; the last request reached the server {last:+.2f} s after the commit")
        return last <= 1.0


def cache(postgres: EmbeddedPostgres) -> bool:
    """The same inputs again, in a second database that has the first one's cache."""
    with model_server("--latency", "0.5") as server:
        with drill(postgres, "first", server) as it:
            seconds = it.run(start_job(it.runtime, chapters=12), processes=4)
            requests, usd = server.ledger()["totals"]["requests"], it.billed()
            kept = it.rows("SELECT id, cache_key, content_type, cached_content, created_at FROM content_cache")
        with drill(postgres, "second", server) as it:
            with it.runtime.database.transaction() as session:
                session.add_all(
                    ContentCache(id=a, cache_key=b, content_type=c, cached_content=d, created_at=e)
                    for a, b, c, d, e in kept
                )
            again = it.run(start_job(it.runtime, chapters=12), processes=4)
            hits = it.row("SELECT count(*) AS calls, count(*) FILTER (WHERE cached) AS hits FROM ai_content_logs")
            sent = server.ledger()["totals"]["requests"]
            print(
                f"cache   first {requests} requests, ${usd:.4f}, {seconds:.1f} s; again {hits.hits} of {hits.calls}",
                end=" ",
            )
            print(f"from the cache, {sent} requests, ${it.spent():.4f}, {again:.1f} s", flush=True)
            return hits.hits == hits.calls == requests and not sent and not it.spent()


def rate(postgres: EmbeddedPostgres) -> bool:
    """A limit that all processes share."""
    with (
        model_server("--latency", "0.3", "--requests-per-minute", "60") as server,
        drill(postgres, "rate", server, requests_per_minute=60) as it,
    ):
        root = start_job(
            it.runtime, chapters=8, generateNotes=False, questionCounts={"easy": 1, "medium": 1, "hard": 0}
        )
        seconds = it.run(root, processes=8)
        totals = server.ledger()["totals"]
        refused = sum(entry["status"] == 429 for entry in server.ledger(entries=True)["entries"])
        print(f"rate    {it.root(root).status} after {totals['requests']} requests in {seconds:.0f} s:", end=" ")
        print(f"at most {totals['peak_requests_a_minute']} in a minute, {refused} refused", flush=True)
        return totals["peak_requests_a_minute"] <= 60 and not refused


def flaws(postgres: EmbeddedPostgres) -> bool:
    """Seven kinds of flaw, each of which a gate must see; only the spoilt questions are asked for again."""
    with drill(postgres, "flaws", None, model_provider="offline", offline_flaw_rate=0.3, max_retries=12) as it:
        root = start_job(it.runtime, chapters=12)
        seconds = it.run(root, processes=4)
        counted = it.row(
            "SELECT count(*) AS calls, count(DISTINCT job_id) AS jobs,"
            " coalesce(sum((metadata ->> 'kept')::int) FILTER (WHERE status = 'rejected'), 0) AS kept"
            " FROM ai_content_logs"
        )
        sets = it.row(
            "SELECT count(*) AS n, sum(items_expected) AS asked FROM hydration_jobs WHERE hierarchy_level = 4"
        )
        stored = it.row(
            "SELECT count(*) AS n, count(*) FILTER (WHERE validation_status = 'PENDING') AS doubted"
            " FROM topic_questions"
        )
        found = spoilt(it)
        print(f"flaws   {it.root(root).status}: {stored.n} of {sets.asked} questions in {seconds:.0f} s,", end=" ")
        print(f"{found} of them flawed, {stored.doubted} doubted;")
        print(f"        {counted.calls - counted.jobs} calls more than the {counted.jobs} of a calm run,", end=" ")
        print(f"{counted.kept} good questions of rejected sets were kept", flush=True)
        return it.root(root).status == "completed" and stored.n == sets.asked and not found


def spoilt(it: Drill) -> int:
    """Stored questions in which the gates find an error now."""
    with it.runtime.database.transaction() as session:
        rules = load_rulebook(session)
        items = [item for (chapter,) in session.execute(CHAPTERS) for item in items_of_chapter(session, chapter)]
    judged = (
        judge_question(item.draft, rules=rules, context=Context(item.language.value, item.grade, item.subject_code))
        for item in items
        if isinstance(item.draft, QuestionDraft)
    )
    return sum(bool(judgement.errors) for judgement in judged)


DRILLS = {"storm": storm, "budget": budget, "cancel": cancel, "cache": cache, "rate": rate, "flaws": flaws}


def main() -> int:
    """Run the drills; exit 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *DRILLS], metavar="NAME", help=", ".join(DRILLS))
    chosen = parser.parse_args().names or list(DRILLS)
    with temporary_postgres(durable=True) as postgres:
        broken = [name for name in chosen if not DRILLS[name](postgres)]
    print(f"\nbroken: {', '.join(broken)}" if broken else "\nall kept")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
