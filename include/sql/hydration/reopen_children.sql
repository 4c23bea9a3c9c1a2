-- Rows: the descendants that had failed or been cancelled and are pending again, with all their attempts.
-- They are locked in the order of their ids, as settlements lock them.
WITH ended AS (
    SELECT id FROM hydration_jobs
    WHERE root_job_id = :root_id AND status IN ('failed', 'cancelled')
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE hydration_jobs job
SET status          = 'pending',
    attempts        = 0,
    lost_leases     = 0,
    max_retries     = :max_retries,
    next_attempt_at = NULL,
    finished_at     = NULL,
    cancel_reason   = NULL,
    updated_at      = :now
FROM ended
WHERE job.id = ended.id
RETURNING job.id
