"""Add versions and human decisions to notes and questions, the review queue, and the version of a rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
VERSIONED = ("topic_notes", "topic_questions")

# What learners' use writes to an item (how often it was asked, how well it went) is no change of what a person decided.
KEEP_DECISIONS = """
CREATE FUNCTION keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    use_figures text[] := ARRAY['usage_count', 'average_performance'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - use_figures = to_jsonb(OLD) - use_figures THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A person decided about this row of %: % is refused. Add a new version instead.',
        TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("validation_rules", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.drop_constraint(op.f("uq_topic_questions_topic_id_difficulty_level_position"), "topic_questions")
    op.add_column("topic_questions", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_unique_constraint(
        op.f("uq_topic_questions_topic_id_difficulty_level_position_version"),
        "topic_questions",
        ["topic_id", "difficulty_level", "position", "version"],
    )
    op.execute(KEEP_DECISIONS)
    for table in VERSIONED:
        _add_decisions(table)
    op.create_table(
        "content_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_type", postgresql.ENUM(name="content_type", create_type=False), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("chapter_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("quality_score", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), server_default="open", nullable=False),
        sa.Column("reason_code", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("new_item_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'rejected', 'edited', 'withdrawn')",
            name=op.f("ck_content_reviews_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'withdrawn') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_content_reviews_decision_has_its_person"),
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_content_reviews_subject_id")),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapters.id"], name=op.f("fk_content_reviews_chapter_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_content_reviews_topic_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_content_reviews_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_reviews")),
    )
    op.create_index(
        "uq_content_reviews_open",
        "content_reviews",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(op.f("ix_content_reviews_item_id"), "content_reviews", ["item_id"])
    op.create_index(op.f("ix_content_reviews_status_created_at"), "content_reviews", ["status", "created_at"])
    op.create_index(op.f("ix_content_reviews_subject_id_status"), "content_reviews", ["subject_id", "status"])


def _add_decisions(table: str) -> None:
    op.add_column(table, sa.Column("supersedes", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("decided_by", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("decided_at", INSTANT, nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_supersedes"), table, table, ["supersedes"], ["id"])
    op.create_foreign_key(op.f(f"fk_{table}_decided_by"), table, "users", ["decided_by"], ["id"])
    op.create_unique_constraint(op.f(f"uq_{table}_supersedes"), table, ["supersedes"])
    op.create_check_constraint(
        op.f(f"ck_{table}_decision_has_its_person"), table, "(decided_by IS NULL) = (decided_at IS NULL)"
    )
    op.execute(
        f"CREATE TRIGGER keep_decision BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION keep_decision()"
    )
