-- Rows: every file that a row names, with its document: document_id, file_path. Each document has one at least.
SELECT document_id, file_path FROM stage_output_files
UNION ALL
SELECT id, original_path FROM documents
