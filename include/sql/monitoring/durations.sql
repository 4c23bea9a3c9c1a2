-- Rows: how many of the given bounds (seconds, negated, rising) a completed root's duration does not exceed, how many such
-- roots there are, and the sum of their seconds from submission to completion. A completed job never changes, so the
-- counts only grow.
SELECT width_bucket(-taken.seconds, CAST(:negated_bounds AS double precision[])) AS bounds_kept,
       count(*) AS jobs,
       sum(taken.seconds) AS seconds
FROM (
    SELECT CAST(greatest(0, extract(epoch FROM finished_at - created_at)) AS double precision) AS seconds
    FROM hydration_jobs
    WHERE root_job_id IS NULL AND status = 'completed' AND finished_at IS NOT NULL
) taken
GROUP BY 1
