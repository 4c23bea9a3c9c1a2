-- Rows: one with 1 if there is such a note or question; its row stays locked, so that one person decides at a time.
WITH question AS (
    SELECT 1 AS found FROM topic_questions WHERE id = :item_id FOR UPDATE
), note AS (
    SELECT 1 AS found FROM topic_notes WHERE id = :item_id FOR UPDATE
)
SELECT found FROM question UNION ALL SELECT found FROM note
