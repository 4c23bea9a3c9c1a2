"""PostgreSQL's data folder: its creation, its configuration, and the processes that work in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import psutil

from hydrateall.stack.account import Account
from hydrateall.stack.errors import DiskFull
from hydrateall.stack.placement import Placement, give_folder

NEEDED_BYTES = 200 * 2**20  # an empty cluster, the two databases' schemas, and two segments of write-ahead log

CONFIGURATION = """\
# Written by HydrateAll at every start; what is not here has PostgreSQL's default.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{tag}'
max_connections = 200
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
jit = off
# Two cores: no parallel plans that fight the model writers, few background processes.
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
autovacuum_max_workers = 2
io_method = 'sync'
# Nothing replicates from this server.
wal_level = 'minimal'
max_wal_senders = 0
max_wal_size = '1GB'
min_wal_size = '64MB'
checkpoint_timeout = '15min'
fsync = {durable}
synchronous_commit = on
full_page_writes = {durable}
# A killed client's statement ends within seconds instead of holding its locks.
client_connection_check_interval = '5s'
log_line_prefix = '%m [%p] %d '
log_timezone = 'UTC'
timezone = 'UTC'
datestyle = 'iso, mdy'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'
"""

Run = Callable[..., None]


def create(placement: Placement, account: Account | None, run: Run) -> None:
    """Create the data folder if it is missing; an interrupted creation leaves nothing that a later one trips over."""
    if (placement.data / "PG_VERSION").exists():
        return
    require_space(placement.home)
    for leftover in placement.home.glob("data.*"):
        shutil.rmtree(leftover)
    unfinished = placement.home / f"data.{os.getpid()}"
    give_folder(unfinished, account)
    run(
        "initdb", "--pgdata", str(unfinished), "--username=postgres", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
    )  # fmt: skip
    if placement.data.exists():
        shutil.rmtree(placement.data)
    unfinished.rename(placement.data)


def configure(placement: Placement, account: Account | None, *, durable: bool) -> None:
    """Write postgresql.conf, and the socket's folder that it names."""
    give_folder(placement.sockets, account)
    sockets = str(placement.sockets).replace("'", "''")
    text = CONFIGURATION.format(sockets=sockets, tag=placement.tag, durable="on" if durable else "off")
    path = placement.data / "postgresql.conf"
    if path.read_text() != text:
        path.write_text(text)


def require_space(directory: Path) -> None:
    """Raise DiskFull unless an empty cluster would fit."""
    free = shutil.disk_usage(directory).free
    if free < NEEDED_BYTES:
        raise DiskFull(directory, free)


def processes(placement: Placement) -> list[psutil.Process]:
    """Return the server processes of this data folder, the orphans of a killed server included.

    They are known by the folder on the first one's command line and by our tag in the titles of the others, which
    can be read without privileges; a pid file can lie, and names alone would hit other servers.
    """
    title = f"postgres: {placement.tag}: "
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["name"] != "postgres" or not words:
            continue
        if str(placement.data) in words or words[0].startswith(title):
            found.append(process)
    return found


def has_postmaster(found: list[psutil.Process]) -> bool:
    """Tell whether the first process of the server is among them; without it the others are orphans."""
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            if "-D" in process.cmdline():
                return True
    return False


def end(found: list[psutil.Process]) -> None:
    """End server processes at once; what was committed is in the write-ahead log."""
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)
    _, alive = psutil.wait_procs(found, timeout=2)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
