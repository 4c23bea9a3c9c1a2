-- Rows: the jobs that a batch holds.
SELECT job.id, job.root_job_id, job.parent_job_id, job.hierarchy_level, job.target_id, job.variant, job.subject_id,
       job.chapter_id, job.attempts, job.fencing_token, job.items_expected, job.result_metadata
FROM hydration_jobs job
WHERE job.root_job_id = :root_id AND job.status = 'running' AND job.locked_by = :worker
ORDER BY job.id
