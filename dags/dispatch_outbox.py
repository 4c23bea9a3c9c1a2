"""
### Dispatch the outbox

**What it does.** Delivers what direct delivery missed: triggers the DAG run that each waiting entry of the outbox asks
for, under a run id made from the id of its job, and marks the entry as sent. Then validation runs and documents whose
DAG run is gone get another entry; hydrations get theirs from `reconcile_hydration`.

**What starts it.** Every minute.

**What a second run does.** Nothing: Airflow answers that the run exists already, which counts as delivered, and a
message that was sent is not due again.

**Triage.** An entry that waits keeps its last error: `hydrateall jobs show JOB`. If nothing is delivered at all, the
account of the connection `hydrateall_api` is the first suspect. A message that waits keeps its last error too:
`hydrateall notify list`. Mail needs the connection `smtp_default`.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

from hydrateall.documents import tasks as document_tasks
from hydrateall.hydration import tasks
from hydrateall.monitoring import tasks as monitoring
from hydrateall.orchestration import CONTROL_POOL, DEFAULT_ARGS, airflow_api, runtime, send_mail
from hydrateall.review import tasks as review_tasks


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
        report = tasks.deliver_outbox(runtime(), airflow_api())
        report["asked_again"] = review_tasks.ask_again(runtime(), airflow_api())
        return report | {"documents_asked_again": document_tasks.ask_again(runtime(), airflow_api())}

    @task(pool=CONTROL_POOL, trigger_rule="all_done")
    def notify():
        return monitoring.notify(runtime(), send_mail)

    deliver_outbox() >> notify()


dispatch_outbox()
