-- Rows: id and token of each lease that the worker still holds, now extended.
UPDATE hydration_jobs
SET lease_expires_at = :lease_expires_at
WHERE status = 'running'
  AND locked_by = :worker
RETURNING id, fencing_token
