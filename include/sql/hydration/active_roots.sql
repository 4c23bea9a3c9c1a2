-- Rows: every root that is open or has an open batch, with its newest outbox entry and its open descendants. `leased`
-- are those that a worker holds; a batch at the provider needs somebody who looks at it.
SELECT root.id, root.status, root.dag_run_id, root.trace_id, root.created_at,
       entry.dag_run_id AS delivered_as, entry.sent_at,
       children.jobs, children.open, children.leased
FROM hydration_jobs root
LEFT JOIN LATERAL (
    SELECT dag_run_id, sent_at FROM outbox WHERE job_id = root.id ORDER BY created_at DESC, id DESC LIMIT 1
) entry ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs,
           count(*) FILTER (WHERE status IN ('pending', 'running')) AS open,
           count(*) FILTER (WHERE status = 'running' AND lease_expires_at > :now
                                  AND locked_by NOT LIKE 'batch:%') AS leased
    FROM hydration_jobs WHERE root_job_id = root.id
) children
WHERE root.root_job_id IS NULL
  AND (root.status IN ('pending', 'running')
       OR EXISTS (SELECT FROM llm_batches batch
                  WHERE batch.root_job_id = root.id AND batch.status IN ('prepared', 'submitted')))
ORDER BY root.created_at
