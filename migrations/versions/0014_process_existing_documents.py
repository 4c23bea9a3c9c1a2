"""Give every existing document its workflow and its stages."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        """
        INSERT INTO document_processing_stages (id, document_id, stage_name)
        SELECT gen_random_uuid(), document.id, stage.stage_name
        FROM documents document CROSS JOIN (SELECT DISTINCT stage_name FROM stage_dependencies) stage
        ON CONFLICT (document_id, stage_name) DO NOTHING
        """
    )
    op.execute(
        """
        INSERT INTO processing_workflows (id, document_id, workflow_type, total_stages, current_stage)
        SELECT gen_random_uuid(), document.id, 'manual',
               (SELECT count(DISTINCT stage_name) FROM stage_dependencies),
               (SELECT stage_name::text::workflow_step FROM stage_dependencies ORDER BY execution_order LIMIT 1)
        FROM documents document
        ON CONFLICT (document_id) DO NOTHING
        """
    )
