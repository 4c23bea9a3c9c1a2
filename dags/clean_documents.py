"""
### Clean up after documents

**What it does.** Keeps the newest outputs of each stage (three, unless `HYDRATEALL_DOCUMENT_OUTPUTS_KEPT` says
otherwise) and deletes older ones, files that were never finished, and files that no row names. It never deletes an
original, nor what is current.

**What starts it.** Every night at 01:30 UTC.

**What a second run does.** Nothing: it finds everything clean.

**Triage.** Its log line counts what it deleted and the bytes that this freed.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag, task

from hydrateall.documents import tasks
from hydrateall.orchestration import CONTROL_POOL, DEFAULT_ARGS, runtime, storage


@dag(
    schedule=CronDataIntervalTimetable("30 1 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["hydrateall", "documents"],
)
def clean_documents():
    @task(pool=CONTROL_POOL)
    def clean():
        return tasks.clean_documents(runtime(), storage())

    clean()


clean_documents()
