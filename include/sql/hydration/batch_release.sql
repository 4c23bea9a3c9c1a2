-- Rows: the jobs that the batch still held and that wait again. The attempt does not count: they were not answered.
WITH held AS (
    SELECT id
    FROM hydration_jobs
    WHERE root_job_id = :root_id AND status = 'running' AND locked_by = :worker
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE hydration_jobs job
SET status = 'pending', attempts = job.attempts - 1, lease_expires_at = NULL, updated_at = :now
FROM held
WHERE job.id = held.id
RETURNING job.id
