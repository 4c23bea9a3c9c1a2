-- Rows: none. A document lacks no stage that the dependencies know, those that were added after it came too.
INSERT INTO document_processing_stages (id, document_id, stage_name)
SELECT gen_random_uuid(), :document_id, stage_name
FROM (SELECT DISTINCT stage_name FROM stage_dependencies) known
ON CONFLICT (document_id, stage_name) DO NOTHING
