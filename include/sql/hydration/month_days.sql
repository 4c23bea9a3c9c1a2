-- Rows: one a day from the first to the last given day (UTC), also where nothing happened: the root jobs that ended that
-- day by how they ended, and what all calls of the day cost.
SELECT CAST(calendar.day AS date) AS day,
       coalesce(ended.completed, 0) AS completed,
       coalesce(ended.failed, 0) AS failed,
       coalesce(ended.cancelled, 0) AS cancelled,
       coalesce(budget.spent_usd, 0) AS cost_usd
FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '1 day') calendar(day)
LEFT JOIN (
    SELECT CAST(finished_at AT TIME ZONE 'UTC' AS date) AS day,
           count(*) FILTER (WHERE status = 'completed') AS completed,
           count(*) FILTER (WHERE status = 'failed') AS failed,
           count(*) FILTER (WHERE status = 'cancelled') AS cancelled
    FROM hydration_jobs
    WHERE root_job_id IS NULL AND finished_at >= CAST(:first AS timestamp) AT TIME ZONE 'UTC'
    GROUP BY 1
) ended ON ended.day = CAST(calendar.day AS date)
LEFT JOIN llm_budgets budget ON budget.scope = 'day:' || to_char(calendar.day, 'YYYY-MM-DD')
ORDER BY 1
