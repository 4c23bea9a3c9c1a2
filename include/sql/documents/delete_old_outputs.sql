-- Rows: the outputs that were deleted: file_path, stored_size. Of each stage and kind the current one stays, and the
-- newest, `kept` together.
WITH ranked AS (
    SELECT id, row_number() OVER (
        PARTITION BY document_id, stage_name, file_type ORDER BY is_current DESC, created_at DESC, id DESC) AS place
    FROM stage_output_files
)
DELETE FROM stage_output_files file
USING ranked
WHERE file.id = ranked.id AND ranked.place > :kept AND NOT file.is_current
RETURNING file.file_path, file.stored_size
