"""The job engine's rows: jobs, the outbox, the execution log, locks."""

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
from hydrateall.hydration.enums import BatchStatus, ExecutionPhase, JobStatus, LogSeverity, OutboxKind, TargetType

USD = sa.Numeric(12, 6)
INSTANT = sa.DateTime(timezone=True)


class HydrationJob(Base):
    """One unit of work. The root stands for the subject; its descendants each stand for one model call.

    `fencing_token` grows with every claim: a write that names an older token is refused.
    `items_expected` and `items_completed` count what the job delivers: chapters, topics, a note, questions.
    """

    __tablename__ = "hydration_jobs"
    __table_args__ = (
        sa.Index(None, "root_job_id"),
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


class OutboxEntry(Base):
    """An intent to be told to Airflow. Delivered at least once; `dag_run_id` makes a repetition a no-op."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("dag_run_id"),
        sa.Index(None, "sent_at"),
        sa.Index(None, "job_id"),
        sa.Index(None, "kind"),
        sa.Index(None, "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kind: Mapped[OutboxKind] = mapped_column(enum_column(OutboxKind, "outbox_kind"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    dag_run_id: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    claimed_until: Mapped[datetime | None] = mapped_column(INSTANT)
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
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
