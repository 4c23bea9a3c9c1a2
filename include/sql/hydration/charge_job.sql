-- Rows: none. Adds what a call cost whose answer came too late to be kept; a root that has ended has fixed its cost
-- already, so it is added there too.
UPDATE hydration_jobs job
SET actual_cost_usd = job.actual_cost_usd + :cost_usd
WHERE job.id = :job_id
   OR (job.id = (SELECT root_job_id FROM hydration_jobs WHERE id = :job_id) AND job.status NOT IN ('pending', 'running'))
