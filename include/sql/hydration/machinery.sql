-- Rows: one; the switch that pauses all, what the outbox still holds, and the reconciler's last run.
SELECT control.paused, control.reason AS pause_reason, person.name AS paused_by, control.changed_at AS paused_at,
       waiting.entries AS undelivered, waiting.oldest AS undelivered_since, waiting.error AS delivery_error,
       reconciler.last_run_at AS reconciled_at, reconciler.last_result AS reconciled, reconciler.locked_by AS reconciling
FROM hydration_control control
LEFT JOIN users person ON person.id = control.changed_by
CROSS JOIN (
    SELECT count(*) AS entries, min(created_at) AS oldest, max(last_error) AS error FROM outbox WHERE sent_at IS NULL
) waiting
LEFT JOIN job_locks reconciler ON reconciler.job_name = :reconciler
