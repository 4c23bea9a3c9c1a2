-- Rows: one; whether all hydrations are paused, why, by whom and since when.
SELECT control.paused, control.reason, person.name AS changed_by, control.changed_at
FROM hydration_control control
LEFT JOIN users person ON person.id = control.changed_by
