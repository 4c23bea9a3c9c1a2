-- Rows: every active root, the oldest first, with what it may wait for: its newest outbox entry, its open batch, and its
-- descendants: `leased` are held by a worker, `due` could be claimed now, `retry_at` is when the next attempt is allowed.
SELECT root.id, root.status, root.created_at, root.started_at, root.paused_until, root.paused_by_all, root.error_message,
       root.updated_at,
       board.code AS board_code, subject.grade, subject.name AS subject_name, CAST(subject.language AS text) AS language,
       entry.created_at AS asked_at, entry.sent_at, entry.attempts AS deliveries, entry.last_error AS delivery_error,
       entry.dag_run_id,
       batch.id AS batch_id, coalesce(batch.submitted_at, batch.created_at) AS batch_since,
       children.open, children.leased, children.due, children.retry_at, children.retry_error, children.last_change
FROM hydration_jobs root
JOIN subjects subject ON subject.id = root.subject_id
JOIN boards board ON board.id = subject.board_id
LEFT JOIN LATERAL (
    SELECT created_at, sent_at, attempts, last_error, dag_run_id
    FROM outbox WHERE job_id = root.id ORDER BY created_at DESC, id DESC LIMIT 1
) entry ON true
LEFT JOIN LATERAL (
    SELECT id, submitted_at, created_at FROM llm_batches
    WHERE root_job_id = root.id AND status IN ('prepared', 'submitted') ORDER BY created_at LIMIT 1
) batch ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE status IN ('pending', 'running')) AS open,
           count(*) FILTER (WHERE status = 'running' AND lease_expires_at > :now) AS leased,
           count(*) FILTER (WHERE status = 'pending' AND coalesce(next_attempt_at, :now) <= :now) AS due,
           min(next_attempt_at) FILTER (WHERE status = 'pending' AND next_attempt_at > :now) AS retry_at,
           max(error_message) FILTER (WHERE status = 'pending' AND next_attempt_at > :now) AS retry_error,
           max(updated_at) AS last_change
    FROM hydration_jobs WHERE root_job_id = root.id
) children
WHERE root.root_job_id IS NULL AND root.status IN ('pending', 'running', 'paused')
ORDER BY root.created_at, root.id
LIMIT :most
