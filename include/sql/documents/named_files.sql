-- Rows: every file that a row names: file_path.
SELECT file_path FROM stage_output_files
UNION ALL
SELECT original_path FROM documents
