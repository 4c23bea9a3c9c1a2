-- Rows: none. Removes facts, then chunks with whatever still hangs on them.
WITH facts AS (DELETE FROM document_facts WHERE id = ANY(CAST(:facts AS uuid[])))
DELETE FROM document_chunks WHERE id = ANY(CAST(:chunks AS uuid[]))
