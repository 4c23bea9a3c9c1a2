"""Add the switch that pauses all hydrations, the answers kept by idempotency key, and the rate of writes per user."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hydration_control",
        sa.Column("id", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=True),
        sa.CheckConstraint("id", name=op.f("ck_hydration_control_one_row")),
        sa.CheckConstraint("NOT paused OR reason IS NOT NULL", name=op.f("ck_hydration_control_pause_has_a_reason")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_hydration_control_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hydration_control")),
    )
    op.execute("INSERT INTO hydration_control DEFAULT VALUES")
    op.add_column("hydration_jobs", sa.Column("paused_by_all", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_digest", sa.String(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id")),
        sa.PrimaryKeyConstraint("user_id", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"])
    op.create_table(
        "write_rates",
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_write_rates")),
    )
    # Progress and cost of a root are sums over its descendants: from the index alone, they read a fifth of the pages.
    op.drop_index("ix_hydration_jobs_root_job_id", "hydration_jobs")
    op.create_index(
        "ix_hydration_jobs_root_job_id",
        "hydration_jobs",
        ["root_job_id"],
        postgresql_include=["hierarchy_level", "status", "items_expected", "items_completed", "actual_cost_usd"],
    )
    # The list of jobs walks the roots from the newest on: a page reads as many rows as it shows.
    op.create_index(
        "ix_hydration_jobs_roots",
        "hydration_jobs",
        ["created_at", "id"],
        postgresql_where=sa.text("root_job_id IS NULL"),
    )
