-- Rows: none. The answered requests of a claim, or those of them for one purpose, get their verdict, once.
UPDATE ai_content_logs
SET status   = :status,
    metadata = coalesce(metadata, '{}') || coalesce(CAST(:details AS jsonb), '{}')
WHERE job_id = :job_id AND fencing_token = :fencing_token AND status = 'answered'
  AND (CAST(:purpose AS text) IS NULL OR purpose = :purpose)
