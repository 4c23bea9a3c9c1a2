-- Rows: id and new status of the jobs whose worker is gone: expired leases, and those of an earlier try of `owner`.
-- The lost attempt is given back, for it was not the job's fault; a job that lost too many workers fails.
UPDATE hydration_jobs
SET status           = CASE WHEN lost_leases + 1 > CAST(:max_lost AS int) THEN 'failed'::job_status ELSE 'pending'::job_status END,
    error_message    = CASE WHEN lost_leases + 1 > CAST(:max_lost AS int)
                            THEN 'Its worker vanished ' || (lost_leases + 1) || ' times; look for tasks that were killed (memory?).'
                            ELSE error_message END,
    finished_at      = CASE WHEN lost_leases + 1 > CAST(:max_lost AS int) THEN CAST(:now AS timestamptz) END,
    attempts         = attempts - 1,
    lost_leases      = lost_leases + 1,
    lease_expires_at = NULL,
    updated_at       = :now
WHERE hierarchy_level > 0
  AND status = 'running'
  AND (CAST(:root_id AS uuid) IS NULL OR root_job_id = :root_id)
  AND (lease_expires_at <= :now
       OR (split_part(locked_by, '#', 1) = CAST(:owner AS text) AND locked_by <> CAST(:worker AS text)))
RETURNING id, root_job_id, status, locked_by
