-- Rows: none. The job waits again, and its attempt does not count, if this token still holds it.
UPDATE hydration_jobs
SET status = 'pending', attempts = attempts - 1, lease_expires_at = NULL, updated_at = :now
WHERE id = :job_id AND fencing_token = :token AND status = 'running'
