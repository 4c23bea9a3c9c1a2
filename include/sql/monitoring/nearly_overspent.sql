-- Rows: the active roots that have spent at least this share of their budget; what is reserved is not spent yet.
SELECT root.id, root.trace_id, root.max_cost_usd, budget.spent_usd
FROM hydration_jobs root
JOIN llm_budgets budget ON budget.scope = 'job:' || root.id
WHERE root.root_job_id IS NULL
  AND root.status IN ('pending', 'running', 'paused')
  AND root.max_cost_usd > 0
  AND budget.spent_usd >= root.max_cost_usd * :share
ORDER BY root.id
