-- Rows: one a given item: its version, what was decided by whom, and the newest version of it.
WITH items AS (
    SELECT question.id, topic.chapter_id, question.version, question.validation_status, question.decided_by,
           question.decided_at, newest.id AS newest_id, newest.version AS newest_version,
           newest.created_by AS newest_by, newest.created_at AS newest_at
    FROM topic_questions question
    JOIN topics topic ON topic.id = question.topic_id
    JOIN LATERAL (
        SELECT other.id, other.version, other.created_by, other.created_at FROM topic_questions other
        WHERE other.topic_id = question.topic_id AND other.difficulty_level = question.difficulty_level
          AND other.position = question.position
        ORDER BY other.version DESC LIMIT 1
    ) newest ON true
    WHERE question.id = ANY(CAST(:items AS uuid[]))
    UNION ALL
    SELECT note.id, topic.chapter_id, note.version, note.validation_status, note.decided_by, note.decided_at,
           newest.id, newest.version, newest.created_by, newest.created_at
    FROM topic_notes note
    JOIN topics topic ON topic.id = note.topic_id
    JOIN LATERAL (
        SELECT other.id, other.version, other.created_by, other.created_at FROM topic_notes other
        WHERE other.topic_id = note.topic_id
        ORDER BY other.version DESC LIMIT 1
    ) newest ON true
    WHERE note.id = ANY(CAST(:items AS uuid[]))
)
SELECT items.id, items.chapter_id, items.version, CAST(items.validation_status AS text) AS status, items.decided_at,
       items.newest_id, items.newest_version, items.newest_at,
       decider.name AS decided_by, coalesce(author.name, 'the model') AS newest_by
FROM items
LEFT JOIN users decider ON decider.id = items.decided_by
LEFT JOIN users author ON author.id = items.newest_by
