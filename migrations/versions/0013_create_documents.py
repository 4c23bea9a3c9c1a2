"""Add documents: files, stages, outputs, workflows, dependencies, chunks with vectors, facts, anchors of content."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.execute("ALTER TYPE content_type ADD VALUE 'DOCUMENT'")
    op.execute("ALTER TYPE outbox_kind ADD VALUE 'DOCUMENT_JOB'")
    op.execute((SQL / "0013_documents.sql").read_text(encoding="utf-8"))
