-- Rows: every open entry of the review queue: its reasons and score, its place, the first words of its item.
SELECT review.id, review.item_id, review.content_type, review.reasons, review.quality_score, review.created_at,
       coalesce(review.quality_score, 0) AS rank,
       board.code AS board_code, subject.grade, subject.code AS subject_code, CAST(subject.language AS text) AS language,
       chapter.chapter_number, chapter.title AS chapter_title, topic.topic_number, topic.title AS topic_title,
       CAST(question.question_type AS text) AS question_type, CAST(question.difficulty_level AS text) AS difficulty,
       question.position, left(coalesce(question.question_text, note.content), 400) AS text
FROM content_reviews review
JOIN topics topic ON topic.id = review.topic_id
JOIN chapters chapter ON chapter.id = review.chapter_id
JOIN subjects subject ON subject.id = review.subject_id
JOIN boards board ON board.id = subject.board_id
LEFT JOIN topic_questions question ON question.id = review.item_id
LEFT JOIN topic_notes note ON note.id = review.item_id
WHERE review.status = 'open'
