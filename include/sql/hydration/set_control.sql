-- Rows: one if the switch stood otherwise; it waits for those who look at it (control_lock).
UPDATE hydration_control
SET paused = :paused, reason = :reason, changed_by = :changed_by, changed_at = :now
WHERE (paused, reason) IS DISTINCT FROM (CAST(:paused AS boolean), CAST(:reason AS text))
RETURNING paused
