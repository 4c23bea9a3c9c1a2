"""The vocabularies of the job engine; values are those of the database's enum types."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class JobStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN = (JobStatus.PENDING, JobStatus.RUNNING)
ACTIVE = (*OPEN, JobStatus.PAUSED)  # a subject has one active root at most


class TargetType(StrEnum):
    SUBJECT = "SUBJECT"
    CHAPTER = "CHAPTER"
    TOPIC = "TOPIC"
    NOTE = "NOTE"
    QUESTION_SET = "QUESTION_SET"


class Level(IntEnum):
    """Where a job stands in the cascade; each level's completion creates the next one's jobs."""

    ROOT = 0
    CHAPTERS = 1
    TOPICS = 2
    NOTES = 3
    QUESTIONS = 4


class Mode(StrEnum):
    """How a root job asks the model: call by call, or level by level over the provider's batch endpoint."""

    FAST = "fast"
    BATCH = "batch"


DAGS = {Mode.FAST: "hydrate_subject", Mode.BATCH: "hydrate_subject_in_batches"}


class BatchStatus(StrEnum):
    PREPARED = "prepared"  # its jobs are claimed; the provider may not know it yet
    SUBMITTED = "submitted"
    COLLECTED = "collected"
    FAILED = "failed"


class ExecutionPhase(StrEnum):
    START = "START"
    CLAIM = "CLAIM"
    RUNNING = "RUNNING"
    STEP = "STEP"
    VALIDATION = "VALIDATION"
    RECONCILIATION = "RECONCILIATION"
    SUMMARY = "SUMMARY"
    ERROR = "ERROR"


class LogSeverity(StrEnum):
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"


class JobEvent(StrEnum):
    """What people can ask to be told of a root job."""

    COMPLETED = "job.completed"
    FAILED = "job.failed"
    PAUSED = "job.paused"
    CANCELLED = "job.cancelled"
    BUDGET = "job.budget"  # nearly overspent
