-- Rows: the descendants that were open and now end with their root.
WITH ending AS (
    SELECT id
    FROM hydration_jobs
    WHERE root_job_id = :root_id AND status IN ('pending', 'running')
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE hydration_jobs job
SET status           = CAST(:status AS job_status),
    error_message    = coalesce(:reason, job.error_message),
    cancel_reason    = :cancel_reason,
    lease_expires_at = NULL,
    finished_at      = :now,
    updated_at       = :now
FROM ending
WHERE job.id = ending.id
RETURNING job.id
