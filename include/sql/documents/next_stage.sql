-- Rows: the stage of a document that can run now, if there is one: stage_name. What a stage requires must be done and
-- fresh; what it does not require must not be about to run. `wanted` is null where all stages are wanted.
WITH stage AS (
    SELECT stage_name, status, stale,
           CAST(:wanted AS text[]) IS NULL OR stage_name::text = ANY (CAST(:wanted AS text[])) AS wanted,
           status = 'pending' OR stale
               OR status = 'in_progress' AND (lease_expires_at <= :now OR locked_by = :owner) AS open
    FROM document_processing_stages
    WHERE document_id = :document_id
)
SELECT stage.stage_name::text AS stage_name
FROM stage
WHERE stage.open AND stage.wanted
  AND EXISTS (SELECT FROM processing_workflows WHERE document_id = :document_id AND paused_at IS NULL)
  AND NOT EXISTS (
      SELECT FROM stage_dependencies need
      JOIN stage base ON base.stage_name = need.depends_on_stage
      WHERE need.stage_name = stage.stage_name
        AND CASE WHEN need.is_required THEN base.status <> 'completed' OR base.stale
                 ELSE base.status = 'in_progress' OR base.wanted AND (base.status = 'pending' OR base.stale) END
  )
ORDER BY (SELECT min(execution_order) FROM stage_dependencies need WHERE need.stage_name = stage.stage_name)
LIMIT 1
