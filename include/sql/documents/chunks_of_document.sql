-- Rows: the chunks of a document in their order, from one on.
SELECT ordinal, heading_path, page_from, page_to, tokens, text, checksum
FROM document_chunks
WHERE document_id = :document_id AND ordinal >= :first
ORDER BY ordinal
LIMIT :most
