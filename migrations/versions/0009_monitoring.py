"""Add the running totals of metrics, who is told what, and the indexes that keep a scrape short."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _metrics()
    _notifications()


def _metrics() -> None:
    op.create_table(
        "metric_totals",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("labels", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("series", "labels", name=op.f("pk_metric_totals")),
    )
    op.create_table(
        "metric_totals_state",
        sa.Column("id", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("counted_until", INSTANT, nullable=False),
        sa.CheckConstraint("id", name=op.f("ck_metric_totals_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_totals_state")),
    )
    op.execute("INSERT INTO metric_totals_state (counted_until) VALUES ('2000-01-01 00:00+00')")
    op.create_index(
        "ix_hydration_jobs_completed_at",
        "hydration_jobs",
        ["finished_at"],
        postgresql_where=sa.text("status = 'completed'"),
    )
    op.create_index("ix_ai_content_logs_settled_at", "ai_content_logs", ["settled_at"])
    op.create_index(
        "ix_job_execution_logs_counted",
        "job_execution_logs",
        ["created_at"],
        postgresql_where=sa.text("phase IN ('RUNNING', 'RECONCILIATION') OR severity = 'ERROR'"),
    )


def _notifications() -> None:
    op.create_table(
        "notification_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("events", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("board", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("channel IN ('webhook', 'email')", name=op.f("ck_notification_subscriptions_channel_known")),
        sa.CheckConstraint(
            "(channel = 'webhook') = (secret IS NOT NULL)",
            name=op.f("ck_notification_subscriptions_webhooks_are_signed"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notification_subscriptions_user_id")),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_notification_subscriptions_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_subscriptions")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'failed')", name=op.f("ck_notifications_status_known")),
        sa.ForeignKeyConstraint(["entry_id"], ["outbox.id"], name=op.f("fk_notifications_entry_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["notification_subscriptions.id"],
            name=op.f("fk_notifications_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("entry_id", "subscription_id", name=op.f("uq_notifications_entry_id_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_waiting", "notifications", ["due_at"], postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_index(op.f("ix_notifications_subscription_id"), "notifications", ["subscription_id"])
