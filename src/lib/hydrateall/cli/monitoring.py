"""`metrics` and `reconcile`: what Prometheus reads, and the reconciler by hand."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from hydrateall.cli.context import actor, airflow_of, open_runtime
from hydrateall.cli.output import console, print_json
from hydrateall.core.errors import Conflict
from hydrateall.hydration.reconciliation import reconcile as reconcile_now
from hydrateall.monitoring.metrics import exposition


def metrics() -> None:
    """Print the metrics as Prometheus reads them at /api/admin/metrics."""
    with open_runtime() as runtime:
        sys.stdout.write(exposition(runtime).decode())


def reconcile(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """Put right now what crashes left behind; Airflow does it every five minutes. A second run finds nothing to do."""
    with open_runtime() as runtime:
        holder = f"shell/{actor().external_id}/{os.getpid()}"
        found = reconcile_now(runtime, airflow_of(runtime), holder=holder)
    if found is None:
        raise Conflict("Another reconciler is at work.", "Its result is in `hydrateall status` when it is done.")
    if as_json:
        print_json(found)
        return
    console.print(
        f"Looked at {found.roots} open jobs in {found.seconds:.1f} s: {found.leases_returned} leases returned, "
        f"{found.reopened} given a new DAG run, {found.closed} closed, {found.delivered} entries delivered.",
        soft_wrap=True,
    )
    if not found.airflow_answers:
        console.print("[warn]Airflow does not answer[/], so dead DAG runs were not looked for: `hydrateall status`.")
