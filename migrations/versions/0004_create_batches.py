"""Create llm_batches, the batches at the provider."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "llm_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_job_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("deployment", sa.String(), nullable=False),
        sa.Column("provider_batch_id", sa.String(), nullable=True),
        sa.Column("input_file_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), server_default="prepared", nullable=False),
        sa.Column("requests", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("collected_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'submitted', 'collected', 'failed')", name=op.f("ck_llm_batches_status_known")
        ),
        sa.CheckConstraint(
            "status <> 'submitted' OR provider_batch_id IS NOT NULL", name=op.f("ck_llm_batches_submitted_has_its_id")
        ),
        sa.ForeignKeyConstraint(["root_job_id"], ["hydration_jobs.id"], name=op.f("fk_llm_batches_root_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_batches")),
        sa.UniqueConstraint("provider_batch_id", name=op.f("uq_llm_batches_provider_batch_id")),
    )
    op.create_index(
        "uq_llm_batches_open",
        "llm_batches",
        ["root_job_id", "level"],
        unique=True,
        postgresql_where=sa.text("status IN ('prepared', 'submitted')"),
    )
