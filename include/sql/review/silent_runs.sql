-- Rows: the active runs whose DAG run was started before a moment: id, dag_run_id. Those that still wait in the outbox
-- are not among them.
SELECT run.id, run.dag_run_id
FROM validation_runs run
LEFT JOIN outbox entry ON entry.dag_run_id = run.dag_run_id
WHERE run.status IN ('pending', 'running')
  AND CASE WHEN entry.id IS NULL THEN coalesce(run.started_at, run.created_at) ELSE entry.sent_at END < :before
ORDER BY run.created_at
