-- Rows: id, checksum, embedding_model of each chunk that is ingested of the document, in order.
SELECT id, checksum, embedding_model FROM document_chunks WHERE document_id = :document_id ORDER BY ordinal
