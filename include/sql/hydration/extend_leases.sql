-- Rows: id and token of each lease that the worker still holds, now extended. Only jobs that it works on are named: one
-- whose claim was committed while the answer got lost must expire. Rows are locked in the order of their ids, here as everywhere that many are, so that two statements cannot wait for each other.
WITH held AS (
    SELECT id
    FROM hydration_jobs
    WHERE status = 'running' AND locked_by = :worker AND id = ANY(:job_ids)
    ORDER BY id
    FOR NO KEY UPDATE
)
UPDATE hydration_jobs job
SET lease_expires_at = :lease_expires_at
FROM held
WHERE job.id = held.id
RETURNING job.id, job.fencing_token
