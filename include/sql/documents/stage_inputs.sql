-- Rows: the fresh outputs that a stage stands on: stage_name, checksum, file_path, encoding, metadata.
SELECT file.stage_name::text AS stage_name, file.checksum, file.file_path, file.encoding, file.metadata
FROM stage_dependencies need
JOIN document_processing_stages base
    ON base.stage_name = need.depends_on_stage AND base.document_id = :document_id
   AND base.status = 'completed' AND NOT base.stale
JOIN stage_output_files file
    ON file.document_id = base.document_id AND file.stage_name = base.stage_name AND file.is_current
WHERE need.stage_name = CAST(:stage AS document_stage)
ORDER BY need.execution_order, file.stage_name
