-- Rows: one if the lock is now ours, none if somebody else holds it.
INSERT INTO job_locks (job_name, locked_by, locked_until)
VALUES (:name, :holder, :until)
ON CONFLICT (job_name) DO UPDATE
SET locked_by = excluded.locked_by, locked_until = excluded.locked_until
WHERE job_locks.locked_until IS NULL OR job_locks.locked_until <= :now
RETURNING job_name
