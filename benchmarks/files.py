"""`python benchmarks/files.py PATH…`: files of yours through all five stages, with time and memory by format.

Without a path: the sample documents. The stages run in this process, as in a task, over an embedded PostgreSQL of its
own; the conversion runs in its own process, whose largest memory is shown.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import structlog

from hydrateall.core.audit import ensure_user
from hydrateall.core.database import Database, migrate
from hydrateall.core.errors import HydrateAllError
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents.enums import StageName
from hydrateall.documents.runner import Runner
from hydrateall.documents.samples import samples
from hydrateall.documents.service import Storage, add_document, document_detail
from hydrateall.stack.postgres import EmbeddedPostgres


@dataclass(frozen=True)
class Outcome:
    """One file: its seconds by stage, pages, chunks, facts, the converter's memory, or why it was refused."""

    name: str
    kind: str
    bytes: int
    stages: dict[StageName, float]
    pages: int
    chunks: int
    facts: int
    memory_mb: float
    problem: str = ""

    @property
    def conversion(self) -> float:
        return self.stages.get(StageName.MARKDOWN_CONVERSION, 0.0)


def main() -> int:
    """Process every file and print the tables; exit 1 if one did not pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="*", help="files or folders; else the samples")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB")
    print(f"versions  Python {platform.python_version()}\n")
    print("file                               bytes  pages  convert  optimize   chunk   facts  ingest  chunks  facts")
    languages = {sample.path: sample.language for sample in samples()}
    with _runtime() as (runtime, storage):
        outcomes = [
            _told(_process(runtime, storage, path, languages)) for path in _files(options.paths or [*languages])
        ]
    _by_format(outcomes)
    return int(any(outcome.problem for outcome in outcomes))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.iterdir()) if path.is_dir() else [path]


@contextmanager
def _runtime() -> Iterator[tuple[Runtime, Storage]]:
    with tempfile.TemporaryDirectory(prefix="hydrateall-files-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder, "postgres"))
        try:
            server.ensure_running()
            server.ensure_database("files")
            migrate(server.url("files"))
            database = Database(server.url("files"))
            yield Runtime(Settings(), database), Storage.open(str(Path(folder, "storage")))
            database.dispose()
        finally:
            server.destroy()


def _process(runtime: Runtime, storage: Storage, path: Path, languages: dict[Path, LanguageCode]) -> Outcome:
    with runtime.database.transaction() as session:
        by = ensure_user(session, provider="shell", external_id="benchmark", role=UserRole.OPERATOR)
    name, size = path.name, path.stat().st_size
    kind, language = path.suffix.lstrip("."), languages.get(path, LanguageCode.EN)
    try:
        taken = add_document(runtime, storage, path, realm="files", by=by, language=language)
    except HydrateAllError as error:
        return Outcome(name, kind, size, {}, 0, 0, 0, 0.0, str(error))
    times: dict[StageName, float] = {}
    with Runner(runtime, storage, owner="benchmark") as runner:
        for stage in StageName:
            started = time.perf_counter()
            ended = runner.process(taken.id, wanted=[stage])
            times[stage] = time.perf_counter() - started
            if ended.failures:
                return Outcome(name, kind, size, times, 0, 0, 0, _memory(), ended.failures[0])
        memory = _memory()
    with runtime.database.transaction() as session:
        detail = document_detail(session, taken.id)
    return Outcome(name, kind, size, times, detail.pages or 0, detail.chunks, detail.facts, memory)


def _memory() -> float:
    """The largest resident memory of the converting process so far, in MB."""
    children = psutil.Process().children()
    lines = [line for child in children for line in Path(f"/proc/{child.pid}/status").read_text().splitlines()]
    peaks = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks, default=0.0)


def _told(outcome: Outcome) -> Outcome:
    if outcome.problem:
        print(f"{outcome.name[:32]:<32} {outcome.bytes:>8,}  {outcome.problem}", flush=True)
        return outcome
    seconds = [f"{outcome.stages[stage]:.2f} s" for stage in StageName]
    print(
        f"{outcome.name[:32]:<32} {outcome.bytes:>8,} {outcome.pages:>5} {seconds[0]:>9} {seconds[1]:>9} "
        f"{seconds[2]:>7} {seconds[3]:>7} {seconds[4]:>7} {outcome.chunks:>7} {outcome.facts:>6}",
        flush=True,
    )
    return outcome


def _by_format(outcomes: list[Outcome]) -> None:
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.problem:
            kinds[outcome.kind].append(outcome)
    print("\nformat  files    pages   conversion   pages/s   MB/s   memory (most)   all stages, median")
    for kind, found in sorted(kinds.items()):
        seconds = sum(each.conversion for each in found)
        pages, megabytes = sum(each.pages for each in found), sum(each.bytes for each in found) / 1e6
        rate = f"{pages / seconds:.0f}" if pages else "-"
        whole = statistics.median(sum(each.stages.values()) for each in found)
        print(
            f"{kind:<6} {len(found):>6} {pages or '-':>8} {seconds:>10.2f} s {rate:>9} {megabytes / seconds:>6.1f} "
            f"{max(each.memory_mb for each in found):>10.0f} MB {whole:>18.2f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
