-- Rows: one a prompt, with what an accepted answer of this model cost on average, retries spread over it. Answers
-- from the cache are left out: they do not tell what the next call costs. A batch's answer tells its tokens, but not how
-- long a call takes.
SELECT prompt_id,
       count(*) FILTER (WHERE status = 'accepted') AS accepted,
       sum(prompt_tokens)::float     / nullif(count(*) FILTER (WHERE status = 'accepted'), 0) AS prompt_tokens,
       sum(cached_tokens)::float     / nullif(count(*) FILTER (WHERE status = 'accepted'), 0) AS cached_tokens,
       sum(completion_tokens)::float / nullif(count(*) FILTER (WHERE status = 'accepted'), 0) AS completion_tokens,
       avg(latency_ms) FILTER (WHERE status = 'accepted' AND deployment NOT LIKE '% (batch)')::float AS latency_ms
FROM ai_content_logs
WHERE model_used LIKE :model || '%'
  AND created_at > :since
  AND NOT cached
GROUP BY prompt_id
