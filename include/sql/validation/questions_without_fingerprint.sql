-- Rows: question_id, language, question_text, scenario, options of current questions that this algorithm has not seen.
SELECT question.id AS question_id, subject.language, question.question_text, question.scenario, question.options
FROM topic_questions question
JOIN topics topic ON topic.id = question.topic_id
JOIN chapters chapter ON chapter.id = topic.chapter_id
JOIN subjects subject ON subject.id = chapter.subject_id
WHERE NOT EXISTS (
    SELECT FROM question_fingerprints kept WHERE kept.question_id = question.id AND kept.algorithm = :algorithm
)
  AND NOT EXISTS (SELECT FROM topic_questions newer WHERE newer.supersedes = question.id)
ORDER BY question.id
LIMIT :most
