-- Rows: one; the progress of a root.
SELECT * FROM hydration_progress WHERE job_id = :root_id
