"""The vocabularies of review."""

from __future__ import annotations

from enum import StrEnum


class ReviewStatus(StrEnum):
    """Where an entry of the queue stands; `withdrawn` is what the gates no longer doubt."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


class RejectionReason(StrEnum):
    """Why a person rejects an item; OTHER says it in a note."""

    WRONG_KEY = "WRONG_KEY"
    WRONG_FACT = "WRONG_FACT"
    AMBIGUOUS = "AMBIGUOUS"
    OFF_TOPIC = "OFF_TOPIC"
    TOO_EASY = "TOO_EASY"
    TOO_HARD = "TOO_HARD"
    LANGUAGE = "LANGUAGE"
    DUPLICATE = "DUPLICATE"
    INAPPROPRIATE = "INAPPROPRIATE"
    FORMAT = "FORMAT"
    OTHER = "OTHER"


class RunStatus(StrEnum):
    """Where a validation run stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


RUNS_ACTIVE = (RunStatus.PENDING, RunStatus.RUNNING)  # a subject has one such run at most
