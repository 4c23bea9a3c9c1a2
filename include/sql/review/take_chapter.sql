-- Rows: one, if the caller is the first that judges this chapter in this run. Who comes second waits until the first
-- has committed, and gets none.
INSERT INTO validation_run_chapters (run_id, chapter_id, finished_at)
VALUES (:run_id, :chapter_id, :now)
ON CONFLICT DO NOTHING
RETURNING chapter_id
