-- Rows: how many items stand on a document, and on how many of them its text has changed: items, stale.
SELECT count(DISTINCT anchor.content_id) AS items,
       count(DISTINCT anchor.content_id) FILTER (WHERE NOT EXISTS (
           SELECT FROM document_chunks chunk
           WHERE chunk.document_id = anchor.document_id AND chunk.checksum = anchor.chunk_checksum)) AS stale
FROM content_anchors anchor
WHERE anchor.document_id = :document_id
