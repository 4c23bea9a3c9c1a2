"""
### Hydrate a subject: chapters → topics → notes → questions

**What it does.** Fills the curriculum of one board, grade, subject and language. The chapters come from the official
outline where there is one; every chapter then flows on by itself, without waiting for the others.

**What starts it.** The outbox, with the id of a job (`hydrateall hydrate`, `hydrateall backfill subjects`), or you:
*Trigger* shows a form. Tick *dry run* to see the estimate in the log of `open_job` and nothing else.

**What a second run does.** Nothing that is done already: tasks hold leases on rows, so clearing, killing or running
them twice costs time only. A failed job is taken up again with `hydrateall jobs resume JOB`.

**Triage.** 20 s a chapter is normal. A red chapter's log ends with what is missing; see `hydrateall jobs show JOB`.
"""

from airflow.sdk import Param, dag, task, task_group

from hydrateall.hydration import tasks
from hydrateall.orchestration import (
    DEFAULT_ARGS,
    MODEL_POOL,
    hydration_params,
    lease_owner,
    name_instance,
    run_identity,
    runtime,
    skip_when_ended,
)

COUNT = {"type": "integer", "minimum": 0, "maximum": 50, "section": "Questions a topic"}
PARAMS = hydration_params(
    easy_questions=Param(5, title="Easy", **COUNT),
    medium_questions=Param(3, title="Medium", **COUNT),
    hard_questions=Param(2, title="Hard", **COUNT),
    second_opinion=Param(False, type="boolean", title="Solve each question again, blind", section="Second opinion"),
)


@dag(schedule=None, params=PARAMS, default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["hydrateall", "content"])
def hydrate_subject():
    @task
    def open_job(params=None):
        return tasks.open_job(runtime(), params=dict(params), **run_identity())

    @task(pool=MODEL_POOL)
    @skip_when_ended
    def write_chapters(job):
        return tasks.write_chapters(runtime(), root_id=job, owner=lease_owner())

    def draft(level, chapter, **options):
        @task(task_id=f"draft_{level}", pool=MODEL_POOL, map_index_template="{{ label }}", **options)
        @skip_when_ended
        def draft_level(chapter):
            name_instance(chapter["label"])
            tasks.draft_level(
                runtime(), level=level, root_id=chapter["job"], chapter_id=chapter["id"], owner=lease_owner()
            )

        return draft_level(chapter)

    @task_group
    def hydrate_chapter(chapter):
        draft("topics", chapter) >> draft("notes", chapter) >> draft("questions", chapter, trigger_rule="all_done")

    @task(trigger_rule="all_done")
    @skip_when_ended
    def close_job(job):
        return tasks.close_job(runtime(), root_id=job)

    job = open_job()
    hydrate_chapter.expand(chapter=write_chapters(job)) >> close_job(job)


hydrate_subject()
