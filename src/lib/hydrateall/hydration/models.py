"""The job engine's rows: jobs, batches, the execution log, locks, and what the admin API keeps."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column, updated_at
from hydrateall.hydration.enums import BatchStatus, ExecutionPhase, JobStatus, LogSeverity, TargetType

USD = sa.Numeric(12, 6)
INSTANT = sa.DateTime(timezone=True)
COUNTED = ["hierarchy_level", "status", "items_expected", "items_completed", "actual_cost_usd"]
"""What progress and cost are summed up from: with it in the index, a sum reads a fifth of the pages."""


class HydrationJob(Base):
    """One unit of work. The root stands for the subject; its descendants each stand for one model call.

    `fencing_token` grows with every claim: a write that names an older token is refused.
    `items_expected` and `items_completed` count what the job delivers: chapters, topics, a note, questions.
    """

    __tablename__ = "hydration_jobs"
    __table_args__ = (
        sa.Index(None, "root_job_id", postgresql_include=COUNTED),
        sa.Index(None, "parent_job_id"),
        sa.Index(None, "status"),
        sa.Index(None, "target_type", "target_id"),
        sa.Index(None, "created_by"),
        sa.Index(None, "trace_id"),
        sa.Index(None, "locked_at"),
        sa.Index(None, "hierarchy_level"),
        sa.Index(
            "uq_hydration_jobs_active_root",
            "subject_id",
            unique=True,
            postgresql_where=sa.text("root_job_id IS NULL AND status IN ('pending', 'running', 'paused')"),
        ),
        sa.Index(
            "ix_hydration_jobs_claimable",
            "root_job_id",
            "hierarchy_level",
            "chapter_id",
            postgresql_where=sa.text("status IN ('pending', 'running')"),
        ),
        sa.Index(
            "uq_hydration_jobs_dag_run_id",
            "dag_run_id",
            unique=True,
            postgresql_where=sa.text("root_job_id IS NULL"),
        ),
        sa.Index(
            "uq_hydration_jobs_child",
            "root_job_id",
            "hierarchy_level",
            "target_id",
            "variant",
            unique=True,
            postgresql_where=sa.text("root_job_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("ix_hydration_jobs_roots", "created_at", "id", postgresql_where=sa.text("root_job_id IS NULL")),
        sa.Index("ix_hydration_jobs_completed_at", "finished_at", postgresql_where=sa.text("status = 'completed'")),
        sa.CheckConstraint("attempts <= max_retries", name="attempts_within_limit"),
        sa.CheckConstraint("hierarchy_level BETWEEN 0 AND 4", name="level_known"),
        sa.CheckConstraint("(hierarchy_level = 0) = (root_job_id IS NULL)", name="only_roots_lack_a_root"),
        sa.CheckConstraint("items_completed BETWEEN 0 AND items_expected", name="items_within_expectation"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    root_job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    parent_job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    target_type: Mapped[TargetType] = mapped_column(enum_column(TargetType, "hydration_target_type"))
    target_id: Mapped[uuid.UUID | None]
    variant: Mapped[str | None]
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("subjects.id"))
    chapter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("chapters.id"))
    hierarchy_level: Mapped[int] = mapped_column(sa.SmallInteger)

    status: Mapped[JobStatus] = mapped_column(enum_column(JobStatus, "job_status"), server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    max_retries: Mapped[int] = mapped_column(server_default="3")
    lost_leases: Mapped[int] = mapped_column(server_default="0")
    fencing_token: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    locked_by: Mapped[str | None]
    locked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lease_expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    next_attempt_at: Mapped[datetime | None] = mapped_column(INSTANT)
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    finished_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()

    items_expected: Mapped[int] = mapped_column(server_default="0")
    items_completed: Mapped[int] = mapped_column(server_default="0")
    input_params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    result_metadata: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error_message: Mapped[str | None] = mapped_column(sa.Text)
    paused_until: Mapped[datetime | None] = mapped_column(INSTANT)
    paused_by_all: Mapped[bool] = mapped_column(server_default=sa.false())
    cancel_reason: Mapped[str | None] = mapped_column(sa.Text)

    max_cost_usd: Mapped[Decimal | None] = mapped_column(USD)
    estimated_cost_usd: Mapped[Decimal | None] = mapped_column(USD)
    actual_cost_usd: Mapped[Decimal] = mapped_column(USD, server_default="0")
    estimated_duration_mins: Mapped[float | None]
    actual_duration_mins: Mapped[float | None]

    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"))
    tenant: Mapped[str] = mapped_column(server_default="default")
    trace_id: Mapped[str | None]
    dag_run_id: Mapped[str | None]


class TopicSources(Base):
    """The passages that the writers of a topic are given: found once a root, so that every attempt gets the same."""

    __tablename__ = "topic_sources"

    root_job_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("hydration_jobs.id"), primary_key=True)
    topic_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("topics.id"), primary_key=True)
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = created_at()


class LLMBatch(Base):
    """One batch at the provider: the jobs of one level that are asked for together. Its id is in their leases.

    `submitted_at` is set before the provider is asked to create it, `provider_batch_id` after: between the two, only
    the provider can tell whether it exists.
    """

    __tablename__ = "llm_batches"
    __table_args__ = (
        sa.Index(
            "uq_llm_batches_open",
            "root_job_id",
            "level",
            unique=True,
            postgresql_where=sa.text("status IN ('prepared', 'submitted')"),
        ),
        sa.CheckConstraint("status IN ('prepared', 'submitted', 'collected', 'failed')", name="status_known"),
        sa.CheckConstraint("status <> 'submitted' OR provider_batch_id IS NOT NULL", name="submitted_has_its_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    root_job_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    deployment: Mapped[str]
    provider_batch_id: Mapped[str | None] = mapped_column(unique=True)
    input_file_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=BatchStatus.PREPARED.value)
    requests: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = created_at()
    submitted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    collected_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_error: Mapped[str | None] = mapped_column(sa.Text)


class JobExecutionLog(Base):
    """What happened to a job, in words."""

    __tablename__ = "job_execution_logs"
    __table_args__ = (
        sa.Index(None, "job_id", "created_at"),
        sa.Index(None, "phase"),
        sa.Index(None, "severity"),
        sa.Index(
            "ix_job_execution_logs_counted",
            "created_at",
            postgresql_where=sa.text("phase IN ('RUNNING', 'RECONCILIATION') OR severity = 'ERROR'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    job_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    phase: Mapped[ExecutionPhase] = mapped_column(enum_column(ExecutionPhase, "execution_phase"))
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    message: Mapped[str | None] = mapped_column(sa.Text)
    severity: Mapped[LogSeverity] = mapped_column(enum_column(LogSeverity, "log_severity"), server_default="INFO")
    created_at: Mapped[datetime] = created_at()


class JobLock(Base):
    """A named lock with an expiry, and what its last holder reported."""

    __tablename__ = "job_locks"

    job_name: Mapped[str] = mapped_column(primary_key=True)
    locked_by: Mapped[str | None]
    locked_until: Mapped[datetime | None] = mapped_column(INSTANT)
    last_run_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class HydrationControl(Base):
    """The switch that pauses all hydrations: one row."""

    __tablename__ = "hydration_control"
    __table_args__ = (
        sa.CheckConstraint("id", name="one_row"),
        sa.CheckConstraint("NOT paused OR reason IS NOT NULL", name="pause_has_a_reason"),
    )

    id: Mapped[bool] = mapped_column(primary_key=True, server_default=sa.true())
    paused: Mapped[bool] = mapped_column(server_default=sa.false())
    reason: Mapped[str | None] = mapped_column(sa.Text)
    changed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    changed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class IdempotencyKey(Base):
    """The answer to a write that named a key: a repetition gets it again. Without a status it is under way."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (sa.Index(None, "expires_at"),)

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    status: Mapped[int | None] = mapped_column(sa.SmallInteger)
    body: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)


class WriteRate(Base):
    """How far a user's writes reach into the future, at the allowed rate (the virtual clock of GCRA)."""

    __tablename__ = "write_rates"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(INSTANT)
