"""Create question_fingerprints, the index that finds near duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "question_fingerprints",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.SmallInteger(), nullable=False),
        sa.Column("bands", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("shape", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["topic_questions.id"],
            name=op.f("fk_question_fingerprints_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_fingerprints")),
    )
    # Without a pending list: every lookup would read it from end to end, and a lookup comes before each insert.
    op.create_index(
        op.f("ix_question_fingerprints_bands"),
        "question_fingerprints",
        ["bands"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(
        op.f("ix_question_fingerprints_shape"),
        "question_fingerprints",
        ["shape"],
        postgresql_where=sa.text("shape IS NOT NULL"),
    )
