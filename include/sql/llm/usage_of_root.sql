-- Rows: one a purpose of a root's calls, with what they used.
SELECT log.content_type,
       count(*)                                        AS calls,
       count(*) FILTER (WHERE log.status = 'accepted') AS accepted,
       count(*) FILTER (WHERE log.status = 'rejected')  AS rejected,
       count(*) FILTER (WHERE log.status = 'error')     AS errors,
       count(*) FILTER (WHERE log.status = 'discarded') AS discarded,
       coalesce(sum(log.prompt_tokens), 0)             AS prompt_tokens,
       coalesce(sum(log.completion_tokens), 0)         AS completion_tokens,
       coalesce(sum(log.cost_usd), 0)                  AS cost_usd
FROM ai_content_logs log
JOIN hydration_jobs job ON job.id = log.job_id
WHERE job.root_job_id = :root_id
GROUP BY log.content_type
ORDER BY log.content_type
