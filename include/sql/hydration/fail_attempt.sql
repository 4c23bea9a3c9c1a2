-- Rows: the job's new status, once, if this token still holds it: pending while it has attempts left, else failed.
UPDATE hydration_jobs
SET status           = CASE WHEN attempts < max_retries AND NOT CAST(:final AS boolean)
                            THEN 'pending'::job_status ELSE 'failed'::job_status END,
    finished_at      = CASE WHEN attempts < max_retries AND NOT CAST(:final AS boolean) THEN NULL ELSE :now END,
    next_attempt_at  = :next_attempt_at,
    error_message    = :reason,
    items_completed  = least(items_expected, greatest(items_completed, CAST(:present AS int))),
    result_metadata  = CAST(:result AS jsonb),
    lease_expires_at = NULL,
    updated_at       = :now
WHERE id = :job_id
  AND fencing_token = :token
  AND status = 'running'
RETURNING status
