-- Rows: the job, once, if this token still holds it and its root has not ended; none if the lease was lost or the
-- job was cancelled. The root is locked in share mode, so that a cancellation either sees the children or prevents them.
WITH root AS (
    SELECT id FROM hydration_jobs WHERE id = :root_id AND status IN ('pending', 'running', 'paused') FOR SHARE
)
UPDATE hydration_jobs job
SET status           = 'completed',
    items_expected   = :items,
    items_completed  = :items,
    result_metadata  = CAST(:result AS jsonb),
    error_message    = NULL,
    lease_expires_at = NULL,
    finished_at      = :now,
    updated_at       = :now
FROM root
WHERE job.id = :job_id
  AND job.root_job_id = root.id
  AND job.fencing_token = :token
  AND job.status = 'running'
RETURNING job.id
