-- Rows: one a purpose and model, with what a root's calls used; dearest first.
SELECT purpose,
       coalesce(model_used, '') AS model,
       count(*)                              AS calls,
       count(*) FILTER (WHERE cached)        AS cached,
       coalesce(sum(prompt_tokens), 0)       AS prompt_tokens,
       coalesce(sum(completion_tokens), 0)   AS completion_tokens,
       coalesce(sum(cost_usd), 0)            AS cost_usd
FROM ai_content_logs
WHERE root_job_id = :root_id
GROUP BY purpose, model_used
ORDER BY cost_usd DESC, calls DESC, purpose
