-- Rows: the documents that are to be processed, that nobody works on, and whose DAG run was asked for before a moment:
-- document_id, dag_run_id. An order that still waits in the outbox is not among them, nor a document of which a stage
-- failed that others require.
SELECT flow.document_id, flow.dag_run_id
FROM processing_workflows flow
LEFT JOIN outbox entry ON entry.dag_run_id = flow.dag_run_id
WHERE flow.paused_at IS NULL AND flow.current_stage IS DISTINCT FROM 'completed'
  AND (flow.dag_run_id IS NOT NULL OR flow.workflow_type = 'automatic')
  AND CASE WHEN entry.id IS NULL THEN coalesce(flow.requested_at, flow.created_at) ELSE entry.sent_at END < :before
  AND EXISTS (
      SELECT FROM document_processing_stages stage
      WHERE stage.document_id = flow.document_id AND (stage.status IN ('pending', 'in_progress') OR stage.stale)
        AND (flow.configuration -> 'stages' IS NULL OR jsonb_typeof(flow.configuration -> 'stages') = 'null'
             OR flow.configuration -> 'stages' ? stage.stage_name::text)
  )
  AND NOT EXISTS (
      SELECT FROM document_processing_stages stage
      WHERE stage.document_id = flow.document_id
        AND (stage.status = 'in_progress' AND stage.lease_expires_at > :now
             OR stage.status = 'failed' AND EXISTS (
                 SELECT FROM stage_dependencies need WHERE need.depends_on_stage = stage.stage_name AND need.is_required))
  )
ORDER BY flow.created_at
