-- Rows: series, its labels and its value, for every counter: what happened from one moment to before another. Jobs that
-- are not completed may still change, so they count only with `live`, whatever their age; a completed job is final.
WITH jobs AS (
    SELECT hierarchy_level, status, fencing_token
    FROM hydration_jobs
    WHERE CAST(:live AS boolean) AND status IN ('pending', 'running', 'paused', 'failed', 'cancelled')
    UNION ALL
    SELECT hierarchy_level, status, fencing_token
    FROM hydration_jobs
    WHERE status = 'completed' AND finished_at >= :since AND finished_at < :until
), lines AS (
    SELECT job.hierarchy_level, log.phase, log.severity
    FROM job_execution_logs log
    JOIN hydration_jobs job ON job.id = log.job_id
    WHERE (log.phase IN ('RUNNING', 'RECONCILIATION') OR log.severity = 'ERROR')
      AND log.created_at >= :since AND log.created_at < :until
), calls AS (
    SELECT coalesce(model_used, deployment) AS model, purpose,
           count(*)                                                     AS calls,
           sum(coalesce(prompt_tokens, 0) - coalesce(cached_tokens, 0)) AS prompt_tokens,
           sum(cached_tokens)                                           AS cached_tokens,
           sum(completion_tokens)                                       AS completion_tokens,
           sum(cost_usd)                                                AS cost_usd
    FROM ai_content_logs
    WHERE settled_at >= :since AND settled_at < :until
    GROUP BY 1, 2
), targets AS (
    SELECT level - 1 AS level, ARRAY[name] AS labels
    FROM unnest(ARRAY['subject', 'chapter', 'topic', 'note', 'question_set']) WITH ORDINALITY AS named(name, level)
), counted AS (
    SELECT series, labels, value
    FROM (
        SELECT hierarchy_level, count(*) AS created, count(*) FILTER (WHERE status = 'completed') AS completed,
               sum(fencing_token) AS claims
        FROM jobs
        GROUP BY hierarchy_level
    ) found
    JOIN targets ON targets.level = found.hierarchy_level
    CROSS JOIN LATERAL (VALUES ('created', created), ('completed', completed), ('claimed', claims)) of(series, value)
    UNION ALL
    SELECT series, labels, count(*)
    FROM lines
    JOIN targets ON targets.level = lines.hierarchy_level
    CROSS JOIN LATERAL (VALUES
        ('claimed', phase = 'RUNNING' AND hierarchy_level = 0),
        ('failed', severity = 'ERROR'),
        ('leases_lost', phase = 'RECONCILIATION' AND hierarchy_level > 0),
        ('redelivered', phase = 'RECONCILIATION' AND hierarchy_level = 0)
    ) of(series, applies)
    WHERE applies
    GROUP BY series, labels
    UNION ALL
    SELECT 'cancelled', ARRAY['subject'], count(*)
    FROM audit_logs
    WHERE action = 'hydration.cancel' AND created_at >= :since AND created_at < :until
    UNION ALL
    SELECT series, labels, value
    FROM calls
    CROSS JOIN LATERAL (VALUES
        ('calls', ARRAY[purpose, model], calls), ('cost', ARRAY[purpose, model], cost_usd),
        ('tokens', ARRAY['prompt', model], prompt_tokens), ('tokens', ARRAY['cached', model], cached_tokens),
        ('tokens', ARRAY['completion', model], completion_tokens)
    ) of(series, labels, value)
)
SELECT series, labels, sum(value) AS value
FROM counted
WHERE value > 0
GROUP BY series, labels
