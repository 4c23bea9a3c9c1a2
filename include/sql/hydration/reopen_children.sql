-- Rows: the descendants that had failed or been cancelled and are pending again, with all their attempts.
UPDATE hydration_jobs
SET status          = 'pending',
    attempts        = 0,
    lost_leases     = 0,
    max_retries     = :max_retries,
    next_attempt_at = NULL,
    finished_at     = NULL,
    cancel_reason   = NULL,
    updated_at      = :now
WHERE root_job_id = :root_id AND status IN ('failed', 'cancelled')
RETURNING id
