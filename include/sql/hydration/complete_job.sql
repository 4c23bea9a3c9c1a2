-- Rows: the job, once, if this token still holds it; none if the lease was lost or the job was cancelled.
UPDATE hydration_jobs
SET status           = 'completed',
    items_expected   = :items,
    items_completed  = :items,
    actual_cost_usd  = actual_cost_usd + :cost_usd,
    result_metadata  = CAST(:result AS jsonb),
    error_message    = NULL,
    lease_expires_at = NULL,
    finished_at      = :now,
    updated_at       = :now
WHERE id = :job_id
  AND fencing_token = :token
  AND status = 'running'
RETURNING id
