-- Rows: one; the seconds that this user has to wait before the next write, 0 if this one is admitted (and counted).
-- GCRA: each write moves the user's virtual clock on by its share of a minute; it may run ahead by a minute at most.
WITH admitted AS (
    INSERT INTO write_rates AS rate (user_name, next_at)
    VALUES (:user_name, CAST(:now AS timestamptz) + make_interval(secs => 60.0 / :per_minute))
    ON CONFLICT (user_name) DO UPDATE
        SET next_at = greatest(rate.next_at, :now) + make_interval(secs => 60.0 / :per_minute)
        WHERE greatest(rate.next_at, :now) + make_interval(secs => 60.0 / :per_minute)
              <= CAST(:now AS timestamptz) + interval '60.001 seconds'
    RETURNING next_at
)
SELECT CASE WHEN EXISTS (SELECT FROM admitted) THEN 0
            ELSE greatest(0.1, extract(epoch FROM rate.next_at - CAST(:now AS timestamptz)) - 60
                               + 60.0 / :per_minute)::float8
       END AS wait_seconds
FROM (SELECT 1) one
LEFT JOIN write_rates rate ON rate.user_name = :user_name
