-- Rows: where items stand, best first: content_id, document_id, document_title, chunk, heading_path, page_from, page_to,
-- support, stale.
SELECT anchor.content_id, anchor.document_id, document.title AS document_title, anchor.chunk, anchor.heading_path,
       anchor.page_from, anchor.page_to, anchor.support,
       NOT EXISTS (SELECT FROM document_chunks chunk
                   WHERE chunk.document_id = anchor.document_id AND chunk.checksum = anchor.chunk_checksum) AS stale
FROM content_anchors anchor
JOIN documents document ON document.id = anchor.document_id
WHERE anchor.content_id = ANY (:content_ids)
ORDER BY anchor.content_id, anchor.support DESC, anchor.id
