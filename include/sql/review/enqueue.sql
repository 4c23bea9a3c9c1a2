-- Rows: one for each item that is on the queue now (an item that a person decided about never is): item_id, added.
-- An open entry gets the reasons and the score of now. The locks make a decision that is being made at this moment wait, or win.
WITH doubts AS (
    SELECT * FROM jsonb_to_recordset(CAST(:doubts AS jsonb)) AS doubt(
        id uuid, content_type content_type, item_id uuid, subject_id uuid, chapter_id uuid, topic_id uuid,
        reasons text[], quality_score float)
), questions AS (
    SELECT id FROM topic_questions
    WHERE id IN (SELECT item_id FROM doubts) AND decided_at IS NULL
    ORDER BY id FOR SHARE
), notes AS (
    SELECT id FROM topic_notes
    WHERE id IN (SELECT item_id FROM doubts) AND decided_at IS NULL
    ORDER BY id FOR SHARE
)
INSERT INTO content_reviews AS review
    (id, content_type, item_id, subject_id, chapter_id, topic_id, reasons, quality_score)
SELECT id, content_type, item_id, subject_id, chapter_id, topic_id, reasons, quality_score
FROM doubts
WHERE item_id IN (SELECT id FROM questions UNION ALL SELECT id FROM notes)
  AND NOT EXISTS (SELECT FROM topic_questions newer WHERE newer.supersedes = doubts.item_id)
  AND NOT EXISTS (SELECT FROM topic_notes newer WHERE newer.supersedes = doubts.item_id)
ORDER BY item_id
ON CONFLICT (item_id) WHERE status = 'open' DO UPDATE
SET reasons = excluded.reasons, quality_score = coalesce(excluded.quality_score, review.quality_score)
RETURNING item_id, xmax = 0 AS added
