-- Rows: the outbox entries of the given kinds that the caller may deliver until the given moment; those that were tried
-- least come first, so that a batch of entries that nobody takes holds up no other.
UPDATE outbox
SET claimed_until = :claimed_until,
    attempts      = outbox.attempts + 1
FROM (
    SELECT id
    FROM outbox
    WHERE sent_at IS NULL
      AND kind = ANY (CAST(:kinds AS outbox_kind[]))
      AND (claimed_until IS NULL OR claimed_until <= :now)
      AND (CAST(:job_id AS uuid) IS NULL OR job_id = :job_id)
      AND (CAST(:entry_ids AS uuid[]) IS NULL OR id = ANY (CAST(:entry_ids AS uuid[])))
    ORDER BY attempts, created_at
    LIMIT :most
    FOR UPDATE SKIP LOCKED
) due
WHERE outbox.id = due.id
RETURNING outbox.id, outbox.job_id, outbox.dag_run_id, outbox.payload
