"""Refuse TRUNCATE of what is kept for good: the triggers of a row do not see it."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEPT = ("topic_notes", "topic_questions", "content_reviews", "hydration_jobs", "audit_logs")


def upgrade() -> None:
    """Apply."""
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER refuse_truncation BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
