-- Rows: id and new status of the jobs whose worker is gone: expired leases, and those of an earlier try of `owner`.
-- A batch at the provider needs no worker: its jobs stay with it while it is open.
-- The lost attempt is given back, for it was not the job's fault; a job that lost too many workers fails.
WITH lost AS (
    SELECT id
    FROM hydration_jobs
    WHERE hierarchy_level > 0
      AND status = 'running'
      AND (CAST(:root_id AS uuid) IS NULL OR root_job_id = :root_id)
      AND (lease_expires_at <= :now
           OR (split_part(locked_by, '#', 1) = CAST(:owner AS text) AND locked_by <> CAST(:worker AS text)))
      AND NOT EXISTS (SELECT FROM llm_batches batch
                      WHERE batch.status IN ('prepared', 'submitted')
                        AND hydration_jobs.locked_by = 'batch:' || batch.id || '#1')
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE hydration_jobs job
SET status           = CASE WHEN job.lost_leases + 1 > CAST(:max_lost AS int) THEN 'failed'::job_status ELSE 'pending'::job_status END,
    error_message    = CASE WHEN job.lost_leases + 1 > CAST(:max_lost AS int)
                            THEN 'Its worker vanished ' || (job.lost_leases + 1) || ' times; look for tasks that were killed (memory?).'
                            ELSE job.error_message END,
    finished_at      = CASE WHEN job.lost_leases + 1 > CAST(:max_lost AS int) THEN CAST(:now AS timestamptz) END,
    attempts         = job.attempts - 1,
    lost_leases      = job.lost_leases + 1,
    lease_expires_at = NULL,
    updated_at       = :now
FROM lost
WHERE job.id = lost.id
RETURNING job.id, job.root_job_id, job.status, job.locked_by
