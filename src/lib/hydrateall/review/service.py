"""The slice's door: what other slices and the edges may use of review."""

from hydrateall.review.csv_exchange import CsvRefused, ImportReport, RowProblem, export_csv, import_csv
from hydrateall.review.csv_files import CsvUnreadable
from hydrateall.review.decisions import (
    Draft,
    approve,
    approve_above,
    approve_all,
    edit_then_approve,
    judged,
    reject,
)
from hydrateall.review.errors import EditRefused, UnknownEntry
from hydrateall.review.queue import enqueue, entry, is_open, neighbours, queue, reason_counts, withdraw

__all__ = [
    "CsvRefused",
    "CsvUnreadable",
    "Draft",
    "EditRefused",
    "ImportReport",
    "RowProblem",
    "UnknownEntry",
    "approve",
    "approve_above",
    "approve_all",
    "edit_then_approve",
    "enqueue",
    "entry",
    "export_csv",
    "import_csv",
    "is_open",
    "judged",
    "neighbours",
    "queue",
    "reason_counts",
    "reject",
    "withdraw",
]
