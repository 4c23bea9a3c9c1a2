"""
### Hydrate a subject in batches: chapters → topics → notes → questions, at the provider's batch price

**What it does.** The same as `hydrate_subject`, for nightly work: each level is one batch at the model provider, which
answers within a day at about half the price. Waiting holds no worker slot.

**What starts it.** The outbox, with the id of a job (`hydrateall hydrate --mode batch`), or you: *Trigger* shows a
form. Tick *dry run* to see the estimate in the log of `open_job` and nothing else.

**What a second run does.** Nothing that is done already: it takes up the batch at the provider and submits none
twice. Lines that failed or expired are asked for again, in a further batch of their level.

**Triage.** A level that waits for hours is normal. Each look at a batch is one try in its sensor's log; the log of
`hydrateall jobs show JOB` names the provider's batch. `hydrateall jobs cancel JOB` cancels the batch there too; what it
had answered by then is paid.
"""

from airflow.sdk import dag, task

from hydrateall.hydration import tasks
from hydrateall.orchestration import (
    DEFAULT_ARGS,
    MODEL_POOL,
    batch_sensor,
    hydration_params,
    run_identity,
    runtime,
    skip_when_ended,
)


@dag(
    schedule=None, params=hydration_params(), default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["hydrateall", "content"]
)
def hydrate_subject_in_batches():
    @task
    def open_job(params=None):
        return tasks.open_job(runtime(), params=dict(params), mode="batch", **run_identity())

    def batch(level, job):
        @task.sensor(task_id=level, pool=MODEL_POOL, **batch_sensor())
        @skip_when_ended
        def advance(job):
            return tasks.advance_batch(runtime(), level=level, root_id=job)

        return advance(job)

    @task(trigger_rule="all_done")
    @skip_when_ended
    def close_job(job):
        return tasks.close_job(runtime(), root_id=job)

    job = open_job()
    chapters, topics = batch("chapters", job), batch("topics", job)
    notes, questions = batch("notes", job), batch("questions", job)
    chapters >> topics >> notes >> questions >> close_job(job)


hydrate_subject_in_batches()
