"""Read a job's cap from its root; let stragglers prolong no breaker; heed an overloaded server's Retry-After."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Apply."""
    for name in ("0010_admit_calls", "0010_tell_deployment"):
        op.get_bind().exec_driver_sql((SQL / f"{name}.sql").read_text(encoding="utf-8"))
