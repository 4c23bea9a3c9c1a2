-- Rows: the stages that are to run: stage_name. Those named, or all; what is at work, and what is skipped unless it is
-- named, stays.
UPDATE document_processing_stages
SET status = 'pending', stale = false, error_message = NULL, retry_count = 0, updated_at = :now
WHERE document_id = :document_id AND status <> 'in_progress'
  AND CASE WHEN CAST(:stages AS text[]) IS NULL THEN status <> 'skipped'
           ELSE stage_name::text = ANY (CAST(:stages AS text[])) END
RETURNING stage_name::text AS stage_name
