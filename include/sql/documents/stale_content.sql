-- Rows: the current items that stand on a passage which is gone, one row each, newest change first: content_type,
-- content_id, place, document_id, document_title, chunk, page_from, anchored_at, changed_at. None that was rejected.
WITH stale AS (
    SELECT DISTINCT ON (anchor.content_id) anchor.content_type, anchor.content_id, anchor.document_id,
           document.title AS document_title, anchor.chunk, anchor.page_from, anchor.created_at AS anchored_at,
           document.updated_at AS changed_at
    FROM content_anchors anchor
    JOIN documents document ON document.id = anchor.document_id
    WHERE (CAST(:realm AS text) IS NULL OR document.realm = :realm)
      AND (CAST(:document_id AS uuid) IS NULL OR document.id = :document_id)
      AND NOT EXISTS (SELECT FROM document_chunks chunk
                      WHERE chunk.document_id = anchor.document_id AND chunk.checksum = anchor.chunk_checksum)
      AND NOT EXISTS (SELECT FROM topic_notes newer WHERE newer.supersedes = anchor.content_id)
      AND NOT EXISTS (SELECT FROM topic_questions newer WHERE newer.supersedes = anchor.content_id)
    ORDER BY anchor.content_id, anchor.support DESC, anchor.id
)
SELECT stale.content_type::text AS content_type, stale.content_id,
       concat_ws(' · ', board.code, subject.name, 'grade ' || subject.grade,
                 chapter.chapter_number || '.' || topic.topic_number, topic.title) AS place,
       stale.document_id, stale.document_title, stale.chunk, stale.page_from, stale.anchored_at, stale.changed_at
FROM stale
LEFT JOIN topic_notes note ON note.id = stale.content_id
LEFT JOIN topic_questions question ON question.id = stale.content_id
JOIN topics topic ON topic.id = coalesce(note.topic_id, question.topic_id)
JOIN chapters chapter ON chapter.id = topic.chapter_id
JOIN subjects subject ON subject.id = chapter.subject_id
JOIN boards board ON board.id = subject.board_id
WHERE coalesce(note.validation_status, question.validation_status) <> 'REJECTED'
ORDER BY stale.changed_at DESC, stale.content_id
LIMIT :most
