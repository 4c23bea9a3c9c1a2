-- Rows: the current items that stand on a document, stale ones first: content_type, content_id, place, chunk, page_from,
-- stale. An item that stands on several passages comes once: with a stale one, else with the one that supports it best.
WITH standing AS (
    SELECT DISTINCT ON (anchor.content_id) anchor.content_type, anchor.content_id, anchor.chunk, anchor.page_from,
           held.stale
    FROM content_anchors anchor
    CROSS JOIN LATERAL (
        SELECT NOT EXISTS (SELECT FROM document_chunks chunk
                           WHERE chunk.document_id = anchor.document_id AND chunk.checksum = anchor.chunk_checksum) AS stale
    ) held
    WHERE anchor.document_id = :document_id
      AND NOT EXISTS (SELECT FROM topic_notes newer WHERE newer.supersedes = anchor.content_id)
      AND NOT EXISTS (SELECT FROM topic_questions newer WHERE newer.supersedes = anchor.content_id)
    ORDER BY anchor.content_id, held.stale DESC, anchor.support DESC, anchor.id
)
SELECT standing.content_type::text AS content_type, standing.content_id,
       concat_ws(' · ', board.code, subject.name, 'grade ' || subject.grade, chapter.chapter_number || '.' || topic.topic_number,
                 topic.title) AS place,
       standing.chunk, standing.page_from, standing.stale
FROM standing
LEFT JOIN topic_notes note ON note.id = standing.content_id
LEFT JOIN topic_questions question ON question.id = standing.content_id
JOIN topics topic ON topic.id = coalesce(note.topic_id, question.topic_id)
JOIN chapters chapter ON chapter.id = topic.chapter_id
JOIN subjects subject ON subject.id = chapter.subject_id
JOIN boards board ON board.id = subject.board_id
ORDER BY standing.stale DESC, chapter.chapter_number, topic.topic_number, standing.content_type, standing.content_id
LIMIT :most
