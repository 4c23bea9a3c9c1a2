-- Rows: the descendants that were open and now end with their root.
UPDATE hydration_jobs
SET status           = CAST(:status AS job_status),
    error_message    = coalesce(:reason, error_message),
    cancel_reason    = :cancel_reason,
    lease_expires_at = NULL,
    finished_at      = :now,
    updated_at       = :now
WHERE root_job_id = :root_id AND status IN ('pending', 'running')
RETURNING id
