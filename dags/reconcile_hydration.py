"""
### Reconcile hydrations

**What it does.** Puts right what crashes left behind: gives back the leases of vanished workers, delivers open jobs
again whose DAG run died or never began, closes jobs that are done, and delivers what waits in the outbox. It never
writes content and never calls a model.

**What starts it.** Every five minutes, never two at once.

**What a second run does.** Nothing: it finds everything in order.

**Triage.** Each run writes one row to `audit_logs` and one log line with its counts; `hydrateall status` shows when it
last ran. To run it now: *Trigger*.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

from hydrateall.hydration import tasks
from hydrateall.orchestration import CONTROL_POOL, DEFAULT_ARGS, airflow_api, lease_owner, runtime


@dag(
    schedule="*/5 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=10),
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["hydrateall", "control"],
)
def reconcile_hydration():
    @task(pool=CONTROL_POOL)
    def reconcile():
        return tasks.reconcile(runtime(), airflow_api(), holder=lease_owner())

    reconcile()


reconcile_hydration()
