-- Rows: one; the root's budget, and what its jobs have cost so far. None if there is no such root.
SELECT root.max_cost_usd,
       (SELECT coalesce(sum(job.actual_cost_usd), 0) FROM hydration_jobs job WHERE job.root_job_id = root.id) AS spent
FROM hydration_jobs root
WHERE root.id = :root_id
