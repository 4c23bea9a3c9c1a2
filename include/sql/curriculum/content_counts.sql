-- Rows: one a topic (one with nulls for a chapter without topics), with the content it has: what a newer version
-- supersedes, and what a person rejected, is not there.
SELECT chapter.id             AS chapter_id,
       chapter.chapter_number AS chapter_number,
       chapter.title          AS chapter_title,
       topic.id               AS topic_id,
       topic.topic_number     AS topic_number,
       topic.title            AS topic_title,
       (SELECT count(*) FROM topic_notes note
        WHERE note.topic_id = topic.id AND note.validation_status <> 'REJECTED'
          AND NOT EXISTS (SELECT FROM topic_notes newer WHERE newer.supersedes = note.id)) AS notes,
       questions.easy,
       questions.medium,
       questions.hard,
       questions.incomplete
FROM chapters chapter
LEFT JOIN topics topic ON topic.chapter_id = chapter.id
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE difficulty_level = 'easy')   AS easy,
           count(*) FILTER (WHERE difficulty_level = 'medium') AS medium,
           count(*) FILTER (WHERE difficulty_level = 'hard')   AS hard,
           count(*) FILTER (WHERE correct_answer ->> 'final_answer' IS NULL
                               OR lower(trim(correct_answer ->> 'final_answer')) IN ('', 'null')) AS incomplete
    FROM topic_questions question
    WHERE question.topic_id = topic.id AND question.validation_status <> 'REJECTED'
      AND NOT EXISTS (SELECT FROM topic_questions newer WHERE newer.supersedes = question.id)
) questions ON true
WHERE chapter.subject_id = :subject_id
ORDER BY chapter.chapter_number, topic.topic_number
