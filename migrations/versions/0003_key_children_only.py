"""Apply the unique key (root, level, target, variant) to children only: a subject may have one root after another."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_hydration_jobs_child", "hydration_jobs", type_="unique")
    op.create_index(
        "uq_hydration_jobs_child",
        "hydration_jobs",
        ["root_job_id", "hierarchy_level", "target_id", "variant"],
        unique=True,
        postgresql_where=sa.text("root_job_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
