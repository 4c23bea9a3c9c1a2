-- Rows: one a kind of content, with what a root's calls for it used; `uncertain` may have been billed on top.
SELECT log.content_type,
       count(*)                                          AS calls,
       count(*) FILTER (WHERE log.status = 'accepted')   AS accepted,
       count(*) FILTER (WHERE log.status = 'rejected')   AS rejected,
       count(*) FILTER (WHERE log.status = 'error')      AS errors,
       count(*) FILTER (WHERE log.status = 'discarded')  AS discarded,
       count(*) FILTER (WHERE log.cached)                AS cached,
       coalesce(sum(log.prompt_tokens), 0)               AS prompt_tokens,
       coalesce(sum(log.completion_tokens), 0)           AS completion_tokens,
       coalesce(sum(log.cost_usd), 0)                    AS cost_usd,
       coalesce(sum(log.uncertain_usd), 0)               AS uncertain_usd
FROM ai_content_logs log
WHERE log.root_job_id = :root_id
GROUP BY log.content_type
ORDER BY log.content_type
