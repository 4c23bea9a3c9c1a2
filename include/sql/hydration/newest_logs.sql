-- Rows: log lines of a root and its descendants, newest first, before a place in that order.
SELECT log.id, log.phase, log.severity, log.message, log.created_at
FROM job_execution_logs log
WHERE log.job_id IN (SELECT id FROM hydration_jobs WHERE id = :root_id OR root_job_id = :root_id)
  AND (CAST(:least AS text) IS NULL OR log.severity >= CAST(CAST(:least AS text) AS log_severity))
  AND (CAST(:before_at AS timestamptz) IS NULL
       OR (log.created_at, log.id) < (CAST(:before_at AS timestamptz), CAST(:before_id AS uuid)))
ORDER BY log.created_at DESC, log.id DESC
LIMIT :most
