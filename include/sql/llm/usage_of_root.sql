-- Rows: one a purpose, with what a root's calls for it used. `uncertain` answers got lost on their way; they may have
-- been billed on top, for up to `uncertain_usd`.
SELECT log.purpose,
       count(*)                                          AS calls,
       count(*) FILTER (WHERE log.status = 'accepted')   AS accepted,
       count(*) FILTER (WHERE log.status = 'rejected')   AS rejected,
       count(*) FILTER (WHERE log.status = 'error')      AS errors,
       count(*) FILTER (WHERE log.status IN ('discarded', 'expired')) AS discarded,
       count(*) FILTER (WHERE log.cached)                AS cached,
       coalesce(sum(log.prompt_tokens), 0)               AS prompt_tokens,
       coalesce(sum(log.completion_tokens), 0)           AS completion_tokens,
       coalesce(sum(log.cost_usd), 0)                    AS cost_usd,
       count(*) FILTER (WHERE log.uncertain_usd > 0)     AS uncertain,
       coalesce(sum(log.uncertain_usd), 0)               AS uncertain_usd
FROM ai_content_logs log
LEFT JOIN hydration_jobs job ON job.id = log.job_id
WHERE log.root_job_id = :root_id
GROUP BY log.purpose
ORDER BY min(job.hierarchy_level), log.purpose
