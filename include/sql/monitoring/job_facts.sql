-- Rows: one; a root job with its subject, its cost and its progress, as a message tells them.
SELECT root.id, root.status::text, root.trace_id, root.max_cost_usd, root.created_at, root.finished_at,
       root.actual_duration_mins, person.name AS created_by,
       board.code AS board, subject.grade, subject.code AS subject, subject.language::text,
       (SELECT coalesce(sum(actual_cost_usd), 0) FROM hydration_jobs WHERE root_job_id = root.id) AS cost_usd,
       (SELECT overall_progress FROM hydration_progress WHERE job_id = root.id) AS progress
FROM hydration_jobs root
JOIN users person ON person.id = root.created_by
JOIN subjects subject ON subject.id = root.subject_id
JOIN boards board ON board.id = subject.board_id
WHERE root.id = :root_id
