-- Rows: series, its labels and its value, for everything that goes up and down, at the given moment. The descendants of
-- a paused root wait for a person, so they are no backlog. `unlimited` budgets have no cap here: caps are settings.
SELECT 'jobs' AS series, ARRAY['subject', status::text] AS labels, count(*) AS value
FROM hydration_jobs WHERE root_job_id IS NULL AND status IN ('pending', 'running', 'paused')
GROUP BY status
UNION ALL
SELECT 'jobs', ARRAY[(ARRAY['chapter', 'topic', 'note', 'question_set'])[job.hierarchy_level], job.status::text], count(*)
FROM hydration_jobs job
JOIN hydration_jobs root ON root.id = job.root_job_id AND root.status IN ('pending', 'running')
WHERE job.status IN ('pending', 'running')
GROUP BY job.hierarchy_level, job.status
UNION ALL
SELECT 'oldest_pending', '{}', coalesce(extract(epoch FROM :now - min(created_at)), 0)
FROM hydration_jobs WHERE root_job_id IS NULL AND status = 'pending'
UNION ALL
SELECT 'leases_expired', '{}', count(*)
FROM hydration_jobs
WHERE status = 'running' AND root_job_id IS NOT NULL AND lease_expires_at <= :now AND locked_by NOT LIKE 'batch:%'
UNION ALL
SELECT 'outbox', ARRAY[kind::text], count(*) FROM outbox WHERE sent_at IS NULL GROUP BY kind
UNION ALL
SELECT 'outbox_oldest', '{}', coalesce(extract(epoch FROM :now - min(created_at)), 0) FROM outbox WHERE sent_at IS NULL
UNION ALL
SELECT 'notifications', '{}', count(*) FROM notifications WHERE status = 'waiting'
UNION ALL
SELECT 'reviews', '{}', count(*) FROM content_reviews WHERE status = 'open'
UNION ALL
SELECT 'reviews_oldest', '{}', coalesce(extract(epoch FROM :now - min(created_at)), 0)
FROM content_reviews WHERE status = 'open'
UNION ALL
SELECT 'batches', '{}', count(*) FROM llm_batches WHERE status IN ('prepared', 'submitted')
UNION ALL
SELECT 'breaker_open', ARRAY[name], CASE WHEN open_until > :now THEN 1 ELSE 0 END FROM llm_deployments
UNION ALL
SELECT 'rate_limited', ARRAY[name], CASE WHEN blocked_until > :now THEN 1 ELSE 0 END FROM llm_deployments
UNION ALL
SELECT 'budget_spent', ARRAY[split_part(scope, ':', 1)], spent_usd FROM llm_budgets WHERE scope IN (:day, :month)
UNION ALL
SELECT 'budget_reserved', ARRAY[split_part(scope, ':', 1)], reserved_usd FROM llm_budgets WHERE scope IN (:day, :month)
UNION ALL
SELECT 'job_budget_used', '{}', coalesce(max((budget.spent_usd + budget.reserved_usd) / root.max_cost_usd), 0)
FROM hydration_jobs root
JOIN llm_budgets budget ON budget.scope = 'job:' || root.id
WHERE root.root_job_id IS NULL AND root.status IN ('pending', 'running', 'paused') AND root.max_cost_usd > 0
UNION ALL
SELECT 'reconciler_last_run', '{}', extract(epoch FROM last_run_at)
FROM job_locks WHERE job_name = 'hydration_reconciler' AND last_run_at IS NOT NULL
UNION ALL
SELECT 'reconciler_duration', '{}', CAST(last_result ->> 'seconds' AS numeric)
FROM job_locks WHERE job_name = 'hydration_reconciler' AND last_result ? 'seconds'
