-- Rows: none. Documents whose pause is over go on; a new DAG run of theirs is not one that died.
UPDATE processing_workflows
SET paused_at = NULL, pause_reason = NULL, paused_until = NULL, deliveries = 0, updated_at = :now
WHERE paused_until <= :now
