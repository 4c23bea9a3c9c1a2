"""The nightly clean-up: old outputs, partial files, files that no row names. Never an original or what is current."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath

import structlog

from hydrateall.core.database import rows, sql
from hydrateall.core.runtime import Runtime
from hydrateall.documents.schemas import Shown
from hydrateall.documents.storage import PARTIAL, Storage

SETTLED = timedelta(days=1)  # a file younger than this may belong to work that is not committed yet

logger = structlog.get_logger(__name__)


class CleaningReport(Shown):
    """What a clean-up took away."""

    outputs: int = 0
    stray_files: int = 0
    bytes_freed: int = 0


def clean(runtime: Runtime, storage: Storage) -> CleaningReport:
    """Keep the newest outputs of each stage and delete the rest. A second run finds nothing.

    Rows go first: a file without a row is found by the next clean-up, a row without a file is an error to its reader.
    """
    report = CleaningReport()
    with runtime.database.transaction() as session:
        gone = rows(session, sql("documents/delete_old_outputs"), kept=runtime.settings.document_outputs_kept)
    for row in gone:
        storage.delete(row["file_path"])
        report.outputs += 1
        report.bytes_freed += row["stored_size"]
    _sweep(runtime, storage, report)
    logger.info("documents_cleaned", **report.model_dump())
    return report


def _sweep(runtime: Runtime, storage: Storage, report: CleaningReport) -> None:
    """Delete files below `stages/` and partial files that no row names and nobody can be writing any more."""
    with runtime.database.transaction() as session:
        named = {row["file_path"] for row in rows(session, sql("documents/named_files"))}
    before = runtime.now() - SETTLED
    for file in storage.list("documents"):
        if file.key not in named and file.modified < before and _may_go(file.key):
            storage.delete(file.key)
            report.stray_files += 1
            report.bytes_freed += file.size


def _may_go(key: str) -> bool:
    """Say whether a key is an output, or a file that was never whole.

    An original stays, whoever's it is: the storage may be shared, or older than the database.
    """
    parts = PurePosixPath(key).parts
    return len(parts) > 3 and (parts[2] == "stages" or key.endswith(PARTIAL))
