-- Rows: none. The answered request of a claim gets its verdict, once.
UPDATE ai_content_logs
SET status   = :status,
    metadata = coalesce(metadata, '{}') || coalesce(CAST(:details AS jsonb), '{}')
WHERE job_id = :job_id AND fencing_token = :fencing_token AND status = 'answered'
