-- Rows: the jobs that the batch now holds: all that wait at this level, in every chapter. A pause after a failed
-- attempt is not waited for: it is seconds, and a job that misses this batch waits for the next one.
WITH chosen AS (
    SELECT job.id
    FROM hydration_jobs job
    WHERE job.root_job_id = :root_id
      AND job.hierarchy_level = :level
      AND job.status = 'pending'
      AND job.attempts < job.max_retries
      AND EXISTS (SELECT FROM hydration_jobs root WHERE root.id = :root_id AND root.status = 'running')
    ORDER BY job.id
    LIMIT :most
    FOR UPDATE SKIP LOCKED
)
UPDATE hydration_jobs job
SET status           = 'running',
    attempts         = job.attempts + 1,
    fencing_token    = job.fencing_token + 1,
    locked_by        = :worker,
    locked_at        = :now,
    lease_expires_at = :lease_expires_at,
    started_at       = coalesce(job.started_at, :now),
    updated_at       = :now
FROM chosen
WHERE job.id = chosen.id
RETURNING job.id
