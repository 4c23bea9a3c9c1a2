"""
### Process documents: conversion → optimizer → chunker → facts → ingestor

**What it does.** Takes files through the stages that their rows name, and makes them searchable. The documents of a
run are divided among at most 32 task instances; each goes through its stages one after the other, by itself: what one
document does stops no other.

**What starts it.** The outbox, when documents were uploaded, resumed or ordered (`hydrateall documents add`,
`hydrateall documents run`), or you: *Trigger* shows a form.

**What a second run does.** Nothing that is done already: a stage whose input, version and settings are the same keeps
its output. Tick *force* to make it anew. Clearing, killing or running a task twice costs time only.

**Triage.** 1 s a document and 10 ms a page are normal; facts take as long as the model does. A red portion's log ends
with the documents that failed and why; see `hydrateall documents show DOCUMENT`. One that was paused says what by.
"""

from airflow.sdk import Param, dag, task

from hydrateall.documents import tasks
from hydrateall.orchestration import (
    DEFAULT_ARGS,
    MODEL_POOL,
    internal_param,
    lease_owner,
    name_instance,
    run_identity,
    runtime,
    storage,
)

STAGES = ["markdown-conversion", "markdown-optimizer", "chunker", "fact-generator", "ingestor"]
PARAMS = {
    "documents": Param([], type="array", items={"type": "string"}, title="Documents", description="Ids, one a line"),
    "stages": Param(
        None,
        type=["null", "array"],
        items={"type": "string", "enum": STAGES},
        title="Stages",
        description="Only these; empty: all",
        examples=STAGES,
    ),
    "force": Param(False, type="boolean", title="Force: run what is done already too"),
    "run_id": internal_param("Run"),
}


@dag(schedule=None, params=PARAMS, default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["hydrateall", "documents"])
def process_documents():
    @task
    def open_batch(params=None):
        return tasks.open_batch(runtime(), params=dict(params), **run_identity())

    @task(pool=MODEL_POOL, map_index_template="{{ label }}")
    def process_portion(portion):
        name_instance(portion["label"])
        return tasks.process_portion(runtime(), storage(), documents=portion["documents"], owner=lease_owner())

    @task(trigger_rule="all_done")
    def close_batch(portions):
        return tasks.close_batch(runtime(), portions=portions)

    portions = open_batch()
    process_portion.expand(portion=portions) >> close_batch(portions)


process_documents()
