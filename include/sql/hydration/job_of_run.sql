-- Rows: the root that a DAG run works on, or has worked on: a run that was delivered has the job's id in its name.
SELECT id FROM hydration_jobs
WHERE root_job_id IS NULL AND (dag_run_id = :dag_run_id OR id = CAST(:job_id AS uuid))
LIMIT 1
