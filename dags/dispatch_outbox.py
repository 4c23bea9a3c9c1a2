"""
### Dispatch the outbox

**What it does.** Delivers the jobs that direct delivery missed: triggers a run of `hydrate_subject` for each entry of
the outbox that waits, under a run id made from the job's id, and marks it as sent.

**What starts it.** Every minute.

**What a second run does.** Nothing: Airflow answers that the run exists already, which counts as delivered.

**Triage.** An entry that waits keeps its last error: `hydrateall jobs show JOB`. If nothing is delivered at all, the
account of the connection `hydrateall_api` is the first suspect.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

from hydrateall.hydration import tasks
from hydrateall.orchestration import CONTROL_POOL, DEFAULT_ARGS, airflow_api, runtime


@dag(
    schedule="* * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=5),
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["hydrateall", "control"],
)
def dispatch_outbox():
    @task(pool=CONTROL_POOL)
    def deliver_outbox():
        return tasks.deliver_outbox(runtime(), airflow_api())

    deliver_outbox()


dispatch_outbox()
