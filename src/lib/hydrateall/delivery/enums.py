"""The vocabulary of the outbox; values are those of the database's enum type."""

from __future__ import annotations

from enum import StrEnum


class OutboxKind(StrEnum):
    HYDRATION_JOB = "HYDRATION_JOB"
    VALIDATION_JOB = "VALIDATION_JOB"
    RECONCILIATION_JOB = "RECONCILIATION_JOB"
    NOTIFICATION = "NOTIFICATION"
    DOCUMENT_JOB = "DOCUMENT_JOB"


DAG_RUNS = (
    OutboxKind.HYDRATION_JOB,
    OutboxKind.VALIDATION_JOB,
    OutboxKind.RECONCILIATION_JOB,
    OutboxKind.DOCUMENT_JOB,
)
