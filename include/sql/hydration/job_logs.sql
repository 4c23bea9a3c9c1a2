-- Rows: log lines of a root and its descendants, oldest first, after a place in that order.
SELECT log.id, log.job_id, log.phase, log.severity, log.message, log.payload, log.created_at
FROM job_execution_logs log
WHERE log.job_id IN (SELECT id FROM hydration_jobs WHERE id = :root_id OR root_job_id = :root_id)
  AND (CAST(:least AS text) IS NULL OR log.severity >= CAST(CAST(:least AS text) AS log_severity))
  AND (CAST(:after AS timestamptz) IS NULL OR log.created_at > :after)
  AND (CAST(:after_at AS timestamptz) IS NULL
       OR (log.created_at, log.id) > (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
ORDER BY log.created_at, log.id
LIMIT :most
