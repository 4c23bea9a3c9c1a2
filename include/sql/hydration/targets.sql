-- Rows: one; what the targets are measured by since a moment. Durations are minutes, the reconciler's are seconds,
-- deviations are shares of the estimate. A claim succeeds unless its worker is lost; roots are not claimed.
WITH roots AS (
    SELECT id, status, actual_duration_mins, estimated_cost_usd, actual_cost_usd
    FROM hydration_jobs
    WHERE root_job_id IS NULL AND finished_at >= :since AND status IN ('completed', 'failed')
), completed AS (
    SELECT actual_duration_mins AS minutes FROM roots WHERE status = 'completed' AND actual_duration_mins IS NOT NULL
), estimated AS (
    SELECT abs(actual_cost_usd / estimated_cost_usd - 1) AS deviation
    FROM roots WHERE status = 'completed' AND estimated_cost_usd > 0
), reconciled AS (
    SELECT CAST(details ->> 'seconds' AS float) AS seconds
    FROM audit_logs
    WHERE created_at >= :since AND action = 'hydration.reconcile' AND details ? 'seconds'
), claimed AS (
    SELECT coalesce(sum(job.fencing_token), 0) AS claims, coalesce(sum(job.lost_leases), 0) AS lost
    FROM hydration_jobs root
    JOIN hydration_jobs job ON job.root_job_id = root.id
    WHERE root.root_job_id IS NULL AND root.created_at >= :since AND job.fencing_token > 0
)
SELECT (SELECT count(*) FROM roots) AS ended,
       (SELECT count(*) FROM roots WHERE status = 'completed') AS completed,
       (SELECT count(*) FROM completed) AS timed,
       (SELECT avg(minutes) FROM completed) AS minutes,
       (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY minutes) FROM completed) AS minutes_p95,
       (SELECT count(*) FROM estimated) AS estimated,
       (SELECT count(*) FROM estimated WHERE deviation <= :tolerance) AS well_estimated,
       (SELECT CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(deviation AS float)) AS float) FROM estimated) AS deviation,
       (SELECT count(*) FROM reconciled) AS reconciliations,
       (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) FROM reconciled) AS reconciler_p95,
       (SELECT max(seconds) FROM reconciled) AS reconciler_longest,
       claimed.claims, claimed.lost
FROM claimed
