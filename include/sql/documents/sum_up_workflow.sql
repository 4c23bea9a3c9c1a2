-- Rows: the workflow: completed_stages, total_stages, current_stage. Counted anew from the stages; it ends when no stage
-- is open, and begins again when one is.
WITH stage AS (
    SELECT stage.stage_name, stage.status, stage.stale, min(need.execution_order) AS place
    FROM document_processing_stages stage
    JOIN stage_dependencies need ON need.stage_name = stage.stage_name
    WHERE stage.document_id = :document_id
    GROUP BY 1, 2, 3
), total AS (
    SELECT count(*) AS stages,
           count(*) FILTER (WHERE status IN ('completed', 'skipped') AND NOT stale) AS settled,
           (array_agg(stage_name ORDER BY place) FILTER (WHERE status NOT IN ('completed', 'skipped') OR stale))[1] AS next
    FROM stage
)
UPDATE processing_workflows
SET total_stages     = total.stages,
    completed_stages = total.settled,
    current_stage    = coalesce(total.next::text, 'completed')::workflow_step,
    started_at       = coalesce(started_at, (SELECT min(started_at) FROM document_processing_stages
                                             WHERE document_id = :document_id)),
    completed_at     = CASE WHEN total.next IS NULL THEN coalesce(completed_at, :now) END,
    updated_at       = :now
FROM total
WHERE document_id = :document_id
RETURNING completed_stages, total_stages, current_stage::text AS current_stage
