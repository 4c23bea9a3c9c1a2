-- Rows: checksum of the document, which is locked until the transaction ends.
SELECT checksum FROM documents WHERE id = :document_id FOR NO KEY UPDATE
