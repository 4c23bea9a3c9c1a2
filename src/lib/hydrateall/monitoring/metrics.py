"""The metrics: what each means, and their text in Prometheus' exposition format, computed from the database.

Nothing is counted in memory, so a restart loses nothing, and every API server tells the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.monitoring import repository
from hydrateall.monitoring.repository import Series

__all__ = ["CONTENT_TYPE_LATEST", "bring_totals_forward", "exposition"]

TARGETS = ("subject", "chapter", "topic", "note", "question_set")
BOUNDS = (30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 5400.0, 7200.0, 10800.0, 14400.0, 28800.0, 86400.0)
SETTLED_AFTER = timedelta(hours=1)  # a transaction that commits later than this after its own clock is not counted
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
BY_TARGET = " Target: the root is `subject`; the others are named after what their job writes."


@dataclass(frozen=True)
class Family:
    """One metric: its name, what it means, its labels, and the label values that are told even while they are zero."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    always: tuple[tuple[str, ...], ...] = ((),)


EACH_TARGET = tuple((target,) for target in TARGETS)
STATUSES = [("subject", status) for status in ("pending", "running", "paused")]
STATUSES += [(target, status) for target in TARGETS[1:] for status in ("pending", "running")]

COUNTERS = {
    "created": Family("hydrate_jobs_created", "Jobs created." + BY_TARGET, ("target",), EACH_TARGET),
    "claimed": Family(
        "hydrate_jobs_claimed",
        "Jobs taken into work; each claim counts, and for a subject each start." + BY_TARGET,
        ("target",),
        EACH_TARGET,
    ),
    "completed": Family(
        "hydrate_jobs_completed", "Jobs completed; that is final." + BY_TARGET, ("target",), EACH_TARGET
    ),
    "failed": Family(
        "hydrate_jobs_failed",
        "Times that a job failed for good; one that fails again after a resume counts again." + BY_TARGET,
        ("target",),
        EACH_TARGET,
    ),
    "cancelled": Family(
        "hydrate_jobs_cancelled", "Times that a person cancelled a root job.", ("target",), (("subject",),)
    ),
    "leases_lost": Family("hydrate_leases_lost", "Jobs taken back from a worker that had vanished."),
    "redelivered": Family("hydrate_redeliveries", "Times that the reconciler gave a root job a new DAG run."),
    "calls": Family("hydrate_model_calls", "Model calls that have ended, well or not.", ("purpose", "model"), ()),
    "tokens": Family(
        "hydrate_tokens",
        "Tokens used: prompt (full price), cached (of the prompt, at the cached price), completion.",
        ("kind", "model"),
        (),
    ),
    "cost": Family("hydrate_cost_usd", "What model calls have cost, in USD.", ("purpose", "model"), ()),
}

GAUGES = {
    "jobs": Family(
        "hydrate_jobs",
        "Jobs that are open now; those below a paused root are left out." + BY_TARGET,
        ("target", "status"),
        tuple(STATUSES),
    ),
    "oldest_pending": Family("hydrate_oldest_pending_seconds", "Age of the oldest root job that has not started."),
    "leases_expired": Family("hydrate_leases_expired", "Jobs whose worker has stopped extending its lease."),
    "batches": Family("hydrate_batches_open", "Batches that are open at the provider."),
    "outbox": Family(
        "hydrate_outbox_undelivered",
        "Entries of the outbox that wait.",
        ("kind",),
        (("HYDRATION_JOB",), ("VALIDATION_JOB",), ("NOTIFICATION",)),
    ),
    "outbox_oldest": Family("hydrate_outbox_oldest_seconds", "Age of the oldest entry that waits in the outbox."),
    "notifications": Family("hydrate_notifications_waiting", "Messages to subscribers that are not sent yet."),
    "reviews": Family("hydrate_reviews_open", "Items that wait for a reviewer."),
    "reviews_oldest": Family("hydrate_reviews_oldest_seconds", "How long the oldest of them has waited."),
    "breaker_open": Family("hydrate_breaker_open", "1 while no call is sent to this deployment.", ("deployment",), ()),
    "rate_limited": Family(
        "hydrate_rate_limited", "1 while this deployment has asked us to wait (429).", ("deployment",), ()
    ),
    "budget_spent": Family(
        "hydrate_budget_spent_usd",
        "Spent of today's budget (day) and of this month's (tenant).",
        ("scope",),
        (("day",), ("tenant",)),
    ),
    "budget_reserved": Family(
        "hydrate_budget_reserved_usd",
        "Held back for calls in flight, of the same budgets.",
        ("scope",),
        (("day",), ("tenant",)),
    ),
    "budget_cap": Family("hydrate_budget_cap_usd", "The same budgets' limits, where they have one.", ("scope",), ()),
    "job_budget_used": Family(
        "hydrate_job_budget_used_ratio", "Share of its budget that the active job nearest its end has used."
    ),
    "reconciler_last_run": Family(
        "hydrate_reconciler_last_run_timestamp", "When the reconciler last ended, in seconds since 1970.", (), ()
    ),
    "reconciler_duration": Family("hydrate_reconciler_duration_seconds", "How long that run took.", (), ()),
}
DURATION = Family(
    "hydrate_job_duration_seconds",
    "Seconds from submission to completion of root jobs that completed, pauses included.",
)


class _Found(Collector):
    """Hands families to the library's writer."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def exposition(runtime: Runtime) -> bytes:
    """Compute every metric now; return the text that Prometheus reads."""
    return generate_latest(_Found(list(_families(runtime))))


def bring_totals_forward(runtime: Runtime) -> datetime:
    """Add what can no longer change to the running totals, so that a scrape counts the last hour only."""
    until = runtime.now() - SETTLED_AFTER
    with runtime.database.transaction() as session:
        since = repository.counted_until(session, exclusive=True)
        if until <= since:
            return since
        counted = repository.counts(session, since=since, until=until, live=False)
        repository.add_to_totals(session, counted, until=until)
    return until


def _families(runtime: Runtime) -> Iterator[Metric]:
    now, settings = runtime.now(), runtime.settings
    day, month = f"day:{now:%Y-%m-%d}", f"tenant:{settings.tenant}:{now:%Y-%m}"
    with runtime.database.transaction() as session:
        since = repository.counted_until(session)
        counted = repository.counts(session, since=since, until=END_OF_TIME, live=True)
        for series, value in repository.totals(session).items():
            counted[series] = counted.get(series, Decimal(0)) + value
        measured = repository.gauges(session, now=now, day=day, month=month) | _caps(settings)
        durations = repository.durations(session, BOUNDS)
    for key, family in COUNTERS.items():
        yield _filled(CounterMetricFamily(family.name, family.meaning, labels=family.labels), key, family, counted)
    for key, family in GAUGES.items():
        yield _filled(GaugeMetricFamily(family.name, family.meaning, labels=family.labels), key, family, measured)
    yield _histogram(*durations)


def _caps(settings: Settings) -> dict[Series, Decimal]:
    caps = {"day": settings.day_max_cost_usd, "tenant": settings.tenant_max_cost_usd}
    return {("budget_cap", (scope,)): cap for scope, cap in caps.items() if cap is not None}


def _filled(
    metric: CounterMetricFamily | GaugeMetricFamily, key: str, family: Family, found: dict[Series, Decimal]
) -> Metric:
    values = dict.fromkeys(family.always, Decimal(0))
    values |= {labels: value for (series, labels), value in found.items() if series == key}
    for labels, value in sorted(values.items()):
        metric.add_metric(labels, float(value))
    return metric


def _histogram(jobs: dict[int, int], seconds: float) -> HistogramMetricFamily:
    metric = HistogramMetricFamily(DURATION.name, DURATION.meaning)
    names = [*(str(bound) for bound in BOUNDS), "+Inf"]
    counts = accumulate(float(jobs.get(number, 0)) for number in range(len(names)))
    metric.add_metric([], [*zip(names, counts, strict=True)], sum_value=seconds)
    return metric
