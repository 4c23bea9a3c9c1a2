-- Rows: none. Releases the lock and keeps what its holder did.
UPDATE job_locks
SET locked_by = NULL, locked_until = NULL, last_run_at = :now, last_result = CAST(:result AS jsonb)
WHERE job_name = :name AND locked_by = :holder
