-- Rows: probe (its number), closeness, and each current question that may be near: its id, wording and place.
-- Closeness: 0 same topic, 1 same subject, 2 the same subject in another grade, 3 elsewhere. A probe meets at most
-- `most` questions by its bands, those that share most bands first, and at most `most` by its shape. The LIMITs and
-- the counting keep the planner to one index lookup a candidate: with plain joins it read the whole bank.
WITH probe AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(:probes AS jsonb)) AS probe (number int, bands int[], shape bigint)
), here AS MATERIALIZED (
    SELECT topics.id AS topic_id, subjects.id AS subject_id, board_id, code, language
    FROM topics
    JOIN chapters ON chapters.id = topics.chapter_id
    JOIN subjects ON subjects.id = chapters.subject_id
    WHERE topics.id = :topic_id
), candidate AS MATERIALIZED (
    SELECT probe.number, met.question_id
    FROM probe CROSS JOIN LATERAL (
        SELECT question_id
        FROM question_fingerprints
        WHERE bands && probe.bands AND question_id <> ALL(CAST(:excepted AS uuid[]))
        ORDER BY (SELECT count(*) FROM unnest(bands) band WHERE band = ANY(probe.bands)) DESC
        LIMIT :most
    ) met
    UNION
    SELECT probe.number, met.question_id
    FROM probe CROSS JOIN LATERAL (
        SELECT question_id
        FROM question_fingerprints
        WHERE shape = probe.shape AND question_id <> ALL(CAST(:excepted AS uuid[]))
        LIMIT :most
    ) met
)
SELECT candidate.number AS probe, question.*,
       CASE WHEN question.topic_id = here.topic_id THEN 0
            WHEN question.subject_id = here.subject_id THEN 1
            WHEN (question.board_id, question.code, question.language) = (here.board_id, here.code, here.language)
            THEN 2 ELSE 3 END AS closeness
FROM candidate
LEFT JOIN here ON true
CROSS JOIN LATERAL (
    SELECT question.id AS question_id, question_text, scenario, options, position, question.difficulty_level,
           topic_id, topic_number, topic.title, chapter_number, subject_id, board_id, code, name, grade, language
    FROM topic_questions question
    JOIN topics topic ON topic.id = question.topic_id
    JOIN chapters chapter ON chapter.id = topic.chapter_id
    JOIN subjects subject ON subject.id = chapter.subject_id
    WHERE question.id = candidate.question_id
      AND question.validation_status <> 'REJECTED'
      AND (SELECT count(*) FROM topic_questions newer WHERE newer.supersedes = question.id) = 0
    LIMIT 1
) question
