-- Rows: the budgets touched last, newest first. `cap_usd` is a job's own; those of tenants and days are settings.
SELECT budget.scope, budget.spent_usd, budget.reserved_usd, job.max_cost_usd AS cap_usd, budget.updated_at
FROM llm_budgets budget
LEFT JOIN hydration_jobs job ON budget.scope = 'job:' || job.id
ORDER BY budget.updated_at DESC, budget.scope
LIMIT :most
