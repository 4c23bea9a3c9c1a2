-- Rows: one; what the root's descendants came to.
SELECT count(*) FILTER (WHERE status IN ('pending', 'running')) AS open,
       count(*) FILTER (WHERE status = 'failed')                AS failed,
       count(*) FILTER (WHERE status = 'completed')             AS completed,
       count(*)                                                 AS jobs,
       coalesce(sum(actual_cost_usd), 0)                        AS cost_usd,
       EXISTS (SELECT FROM ai_content_logs log JOIN hydration_jobs job ON job.id = log.job_id
               WHERE job.root_job_id = :root_id AND log.model_used IN ('offline-writer', 'mock-writer')) AS sample
FROM hydration_jobs
WHERE root_job_id = :root_id
