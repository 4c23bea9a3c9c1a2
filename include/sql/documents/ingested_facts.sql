-- Rows: id, checksum of each fact that is ingested of the document.
SELECT id, checksum FROM document_facts WHERE document_id = :document_id
