"""Runs as a process of its own: Airflow's real API server with our plugin, over databases of the test.

Migrates the metadata database, writes the DAGs to it, and serves on the socket whose descriptor it is given.
"""

from __future__ import annotations

import sys
from pathlib import Path

DAGS = Path(__file__).parents[2] / "dags"


def main(descriptor: int) -> None:
    import uvicorn
    from airflow.api_fastapi.app import create_app
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.db import initdb

    initdb()
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(DagBag(dag_folder=str(DAGS)), "dags-folder", None)
    uvicorn.run(create_app(), fd=descriptor, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
