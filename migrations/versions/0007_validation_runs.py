"""Add the runs that judge a subject's items again, and the chapters that each has judged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "validation_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("chapter_number", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), server_default="pending", nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("trace_id", sa.String(), nullable=False),
        sa.Column("dag_run_id", sa.String(), nullable=True),
        sa.Column("deliveries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'running', 'completed', 'failed')", name=op.f("ck_validation_runs_status_known")
        ),
        sa.CheckConstraint(
            "(status IN ('completed', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_validation_runs_end_has_its_time"),
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_validation_runs_subject_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_validation_runs_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_runs")),
    )
    op.create_index(
        "uq_validation_runs_active",
        "validation_runs",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('pending', 'running')"),
    )
    op.create_index(op.f("ix_validation_runs_subject_id_created_at"), "validation_runs", ["subject_id", "created_at"])
    op.create_index(op.f("ix_validation_runs_dag_run_id"), "validation_runs", ["dag_run_id"])
    op.create_table(
        "validation_run_chapters",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("chapter_id", sa.Uuid(), nullable=False),
        sa.Column("result", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("finished_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["validation_runs.id"],
            name=op.f("fk_validation_run_chapters_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapters.id"], name=op.f("fk_validation_run_chapters_chapter_id")),
        sa.PrimaryKeyConstraint("run_id", "chapter_id", name=op.f("pk_validation_run_chapters")),
    )
