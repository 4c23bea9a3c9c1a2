"""Runs inside a process of its own, whose environment points Airflow at a database of the test: prints JSON.

`describe` prints what the DAGs look like; `run [[DAG, CONF, CONTENT URL], …]` runs each with `dag.test()` and prints
its states. Importing Airflow takes seconds, so one process runs them all.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

DAGS = Path(__file__).parents[2] / "dags"


def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(DAGS))


def describe() -> dict[str, Any]:
    from airflow.serialization.serialized_objects import DagSerialization

    found, again = bag(), bag()
    return {
        "errors": {Path(path).name: text for path, text in found.import_errors.items()},
        "dags": {
            dag_id: {
                "file": Path(dag.fileloc).stem,
                "doc": dag.doc_md or "",
                "tags": sorted(dag.tags),
                "max_active_runs": dag.max_active_runs,
                "tasks": {
                    task.task_id: {
                        "retries": task.retries,
                        "policy": type(task.retry_policy).__name__,
                        "pool": task.pool,
                        "mode": getattr(task, "mode", None),
                        "map_index_template": task.map_index_template,
                    }
                    for task in dag.tasks
                },
                "stable": DagSerialization.to_dict(dag) == DagSerialization.to_dict(again.dags[dag_id]),
            }
            for dag_id, dag in found.dags.items()
        },
    }


def run(dag: Any, conf: dict[str, Any], content_url: str) -> dict[str, Any]:
    os.environ["AIRFLOW_CONN_HYDRATEALL"] = content_url
    ended = dag.test(run_conf=conf)
    instances = {
        f"{each.task_id}[{each.map_index}]": {"state": str(each.state), "name": each.rendered_map_index}
        for each in ended.get_task_instances()
    }
    return {"state": str(ended.state), "instances": instances}


def main() -> None:
    if sys.argv[1] == "describe":
        answer: Any = describe()
    else:
        dags = bag().dags
        answer = [run(dags[dag_id], conf, url) for dag_id, conf, url in json.loads(sys.argv[2])]
    print("\n@@" + json.dumps(answer))


if __name__ == "__main__":
    main()
