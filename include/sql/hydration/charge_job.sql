-- Rows: none. Adds what a call cost whose answer came too late to be kept.
UPDATE hydration_jobs SET actual_cost_usd = actual_cost_usd + :cost_usd WHERE id = :job_id
