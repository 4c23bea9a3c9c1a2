"""Make ai_content_logs the ledger of calls; add budgets, deployments and the state `paused`."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
USD = sa.Numeric(12, 6)
INSTANT = sa.DateTime(timezone=True)
STATES = ("pending", "running", "paused", "failed", "completed", "cancelled")


def upgrade() -> None:
    """Apply."""
    _add_paused()
    op.add_column("hydration_jobs", sa.Column("paused_until", INSTANT, nullable=True))
    op.add_column("hydration_jobs", sa.Column("tenant", sa.String(), server_default="default", nullable=False))
    _extend_the_log()
    op.create_table(
        "llm_budgets",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("spent_usd", USD, server_default="0", nullable=False),
        sa.Column("reserved_usd", USD, server_default="0", nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_llm_budgets")),
    )
    op.create_table(
        "llm_deployments",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("concurrency", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("most_in_flight", sa.Integer(), nullable=True),
        sa.Column("tokens_per_minute", sa.Integer(), nullable=True),
        sa.Column("decreased_at", INSTANT, nullable=True),
        sa.Column("blocked_until", INSTANT, nullable=True),
        sa.Column("requests_booked_until", INSTANT, nullable=True),
        sa.Column("tokens_booked_until", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("openings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_until", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("updated_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_llm_deployments")),
    )
    for name in ("admit_calls", "tell_deployment", "settle_calls"):
        op.get_bind().exec_driver_sql((SQL / f"0003_{name}.sql").read_text(encoding="utf-8"))


def _add_paused() -> None:
    """Replace the enum type: a value that is added to one cannot be used in the same transaction."""
    bind = op.get_bind()
    progress = bind.exec_driver_sql("SELECT pg_get_viewdef('hydration_progress')").scalar_one()
    op.execute("DROP VIEW hydration_progress")
    op.drop_index("uq_hydration_jobs_active_root", "hydration_jobs")
    op.drop_index("ix_hydration_jobs_claimable", "hydration_jobs")
    op.execute("ALTER TABLE hydration_jobs ALTER COLUMN status DROP DEFAULT")
    op.execute("ALTER TYPE job_status RENAME TO job_status_0001")
    op.execute(f"CREATE TYPE job_status AS ENUM ({', '.join(repr(state) for state in STATES)})")
    op.execute("ALTER TABLE hydration_jobs ALTER COLUMN status TYPE job_status USING status::text::job_status")
    op.execute("ALTER TABLE hydration_jobs ALTER COLUMN status SET DEFAULT 'pending'")
    op.execute("DROP TYPE job_status_0001")
    op.create_index(
        "uq_hydration_jobs_active_root",
        "hydration_jobs",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("root_job_id IS NULL AND status IN ('pending', 'running', 'paused')"),
    )
    op.create_index(
        "ix_hydration_jobs_claimable",
        "hydration_jobs",
        ["root_job_id", "hierarchy_level", "chapter_id"],
        postgresql_where=sa.text("status IN ('pending', 'running')"),
    )
    bind.exec_driver_sql(f"CREATE VIEW hydration_progress AS {progress}")


def _extend_the_log() -> None:
    op.drop_constraint("uq_ai_content_logs_job_id_fencing_token", "ai_content_logs")
    op.alter_column("ai_content_logs", "job_id", nullable=True)
    op.alter_column("ai_content_logs", "fencing_token", nullable=True, comment=None)
    op.alter_column(
        "ai_content_logs",
        "status",
        comment="reserved, answered, accepted, rejected, discarded, error or expired",
    )
    for column in (
        sa.Column("root_job_id", sa.Uuid(), nullable=True),
        sa.Column("request_no", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deployment", sa.String(), server_default="", nullable=False),
        sa.Column("purpose", sa.String(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cached", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=True),
        sa.Column("reserved_usd", USD, server_default="0", nullable=False),
        sa.Column("uncertain_usd", USD, server_default="0", nullable=False),
        sa.Column("reserved_tokens", sa.Integer(), server_default="0", nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String()), server_default="{}", nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
    ):
        op.add_column("ai_content_logs", column)
    op.execute(
        "UPDATE ai_content_logs log SET root_job_id = job.root_job_id, settled_at = log.created_at "
        "FROM hydration_jobs job WHERE job.id = log.job_id"
    )
    op.create_foreign_key(
        op.f("fk_ai_content_logs_root_job_id"), "ai_content_logs", "hydration_jobs", ["root_job_id"], ["id"]
    )
    op.create_unique_constraint(
        op.f("uq_ai_content_logs_job_id_fencing_token_request_no"),
        "ai_content_logs",
        ["job_id", "fencing_token", "request_no"],
    )
    op.create_index(op.f("ix_ai_content_logs_root_job_id"), "ai_content_logs", ["root_job_id"])
    op.create_index(
        "ix_ai_content_logs_reserved",
        "ai_content_logs",
        ["deployment"],
        postgresql_where=sa.text("status = 'reserved'"),
    )
