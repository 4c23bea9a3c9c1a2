"""
### Validate content again

**What it does.** Judges the notes and questions of a subject by the rules as they are now, chapter by chapter. What is
clean becomes VALIDATED, what is doubted becomes PENDING and goes on the review queue. What a person decided is not
touched. Nothing is deleted, no version is added, no model is asked.

**What starts it.** The outbox, with the id of a run (`hydrateall validation rerun`), or you: *Trigger* shows a form.

**What a second run does.** Nothing: a chapter that a run has judged is not judged again in it, and over a bank that
is in order another run changes no row.

**Triage.** A second a chapter is normal. `hydrateall validation report RUN` shows what changed. A red `close_run`
names the chapters that were not judged: correct what their logs say, then clear them. A run whose DAG run vanished is
delivered again by `dispatch_outbox` within two minutes.
"""

from airflow.sdk import Param, dag, task

from hydrateall.orchestration import (
    CONTROL_POOL,
    DEFAULT_ARGS,
    internal_param,
    name_instance,
    run_identity,
    runtime,
    subject_params,
)
from hydrateall.review import tasks

PARAMS = {
    **subject_params(),
    "chapter": Param(None, type=["null", "integer"], minimum=1, title="This chapter only"),
    "run_id": internal_param("Run"),
}


@dag(schedule=None, params=PARAMS, default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["hydrateall", "content"])
def validate_content():
    @task(pool=CONTROL_POOL)
    def open_run(params=None):
        return tasks.open_run(runtime(), params=dict(params), **run_identity())

    @task(pool=CONTROL_POOL, map_index_template="{{ label }}")
    def validate_chapter(chapter):
        name_instance(chapter["label"])
        tasks.validate_chapter(runtime(), run_id=chapter["run"], chapter_id=chapter["id"])

    @task(pool=CONTROL_POOL, trigger_rule="all_done")
    def close_run(chapters):
        return tasks.close_run(runtime(), chapters=chapters)

    chapters = open_run()
    validate_chapter.expand(chapter=chapters) >> close_run(chapters)


validate_content()
