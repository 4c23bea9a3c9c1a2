-- Rows: documents as the list shows them, newest first, after a place; or those with an id.
WITH stage AS (
    SELECT document_id,
           bool_or(status = 'failed') AS failed,
           bool_or(status = 'in_progress') AS running,
           bool_or(stale) AS stale,
           array_agg(stage_name::text) FILTER (WHERE status IN ('pending', 'in_progress') OR stale) AS open_stages,
           string_agg(error_message, ' ' ORDER BY updated_at DESC) FILTER (WHERE status = 'failed') AS error_message
    FROM document_processing_stages
    GROUP BY document_id
), shown AS (
    SELECT document.*, flow.workflow_type::text AS workflow_type, flow.completed_stages, flow.total_stages,
           flow.current_stage::text AS current_stage,
           coalesce(stage.error_message, flow.pause_reason) AS error_message, flow.configuration, stage.open_stages,
           CASE WHEN stage.running THEN 'running'
                WHEN flow.paused_at IS NOT NULL THEN 'paused'
                WHEN stage.failed AND flow.current_stage <> 'completed' THEN 'failed'
                WHEN flow.current_stage = 'completed' THEN 'completed'
                WHEN stage.stale THEN 'stale'
                ELSE 'waiting' END AS state
    FROM documents document
    JOIN processing_workflows flow ON flow.document_id = document.id
    JOIN stage ON stage.document_id = document.id
    WHERE (CAST(:document_ids AS uuid[]) IS NULL OR document.id = ANY (CAST(:document_ids AS uuid[])))
      AND (CAST(:realm AS text) IS NULL OR document.realm = :realm)
      AND (CAST(:before_at AS timestamptz) IS NULL OR (document.created_at, document.id) < (:before_at, :before_id))
)
SELECT id, title, realm, source_name, mime_type, language::text AS language, licence, pages, size_bytes AS size, checksum,
       version, state,
       state IN ('waiting', 'running', 'stale')
           AND (coalesce(jsonb_typeof(configuration -> 'stages'), 'null') = 'null'
                OR configuration -> 'stages' ?| open_stages) AS open, workflow_type, completed_stages, total_stages, current_stage, error_message, created_at,
       (SELECT count(*) FROM document_chunks chunk WHERE chunk.document_id = shown.id) AS chunks,
       (SELECT count(*) FROM document_facts fact WHERE fact.document_id = shown.id) AS facts
FROM shown
WHERE CAST(:state AS text) IS NULL OR state = :state
ORDER BY created_at DESC, id DESC
LIMIT :most
