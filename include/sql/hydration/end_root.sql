-- Rows: the root, once, if it was open; it ends with this status and reason.
UPDATE hydration_jobs
SET status        = CAST(:status AS job_status),
    error_message = :reason,
    cancel_reason = :cancel_reason,
    finished_at   = :now,
    updated_at    = :now
WHERE id = :root_id AND hierarchy_level = 0 AND status IN ('pending', 'running', 'paused')
RETURNING id
