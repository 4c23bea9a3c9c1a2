-- Rows: the roots that the switch concerns: those that run (to pause), or those that it has paused (to go on).
SELECT id
FROM hydration_jobs
WHERE root_job_id IS NULL
  AND CASE WHEN CAST(:paused AS boolean) THEN status = 'running' ELSE status = 'paused' AND paused_by_all END
ORDER BY id
FOR NO KEY UPDATE
