-- Rows: the stages that are stale now: stage_name. They stand, directly or not, on a stage whose output has changed.
WITH RECURSIVE above AS (
    SELECT stage_name FROM stage_dependencies WHERE depends_on_stage = CAST(:stage AS document_stage)
    UNION
    SELECT need.stage_name FROM stage_dependencies need JOIN above ON need.depends_on_stage = above.stage_name
)
UPDATE document_processing_stages stage
SET stale = true, updated_at = :now
FROM above
WHERE stage.document_id = :document_id AND stage.stage_name = above.stage_name
  AND stage.status = 'completed' AND NOT stage.stale
RETURNING stage.stage_name::text AS stage_name
