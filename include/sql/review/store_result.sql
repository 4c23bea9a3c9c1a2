-- Rows: none. Stores what a run found in a chapter.
UPDATE validation_run_chapters
SET result = CAST(:result AS jsonb), finished_at = :now
WHERE run_id = :run_id AND chapter_id = :chapter_id
