-- Rows: the jobs that the worker now holds. The caller holds the root's claim lock, so that the count of calls
-- in flight is exact and all workers of a root together never exceed the limit.
WITH capacity AS (
    SELECT greatest(0, CAST(:max_in_flight AS int) - count(*)) AS free
    FROM hydration_jobs
    WHERE root_job_id = :root_id AND status = 'running' AND lease_expires_at > :now
), chosen AS (
    SELECT job.id
    FROM hydration_jobs job
    WHERE job.root_job_id = :root_id
      AND job.hierarchy_level = :level
      AND job.chapter_id IS NOT DISTINCT FROM :chapter_id
      AND job.status = 'pending'
      AND job.attempts < job.max_retries
      AND (job.next_attempt_at IS NULL OR job.next_attempt_at <= :now)
      AND EXISTS (SELECT FROM hydration_jobs root WHERE root.id = :root_id AND root.status = 'running')
    ORDER BY job.id
    LIMIT least(CAST(:wanted AS int), (SELECT free FROM capacity))
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
RETURNING job.id, job.root_job_id, job.parent_job_id, job.hierarchy_level, job.target_id, job.variant, job.subject_id,
          job.chapter_id, job.attempts, job.fencing_token, job.items_expected, job.result_metadata
