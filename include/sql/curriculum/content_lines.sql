-- Rows: one a chapter, topic, note and question of a subject: its place and all of its content, without ids and times.
SELECT format('%s', chapter.chapter_number) AS place,
       jsonb_build_array(chapter.title, chapter.brief_description, chapter.learning_objectives) AS content
FROM chapters chapter
WHERE chapter.subject_id = :subject_id
UNION ALL
SELECT format('%s.%s', chapter.chapter_number, topic.topic_number),
       jsonb_build_array(topic.title, topic.learning_objectives, topic.prerequisite_topics)
FROM topics topic
JOIN chapters chapter ON chapter.id = topic.chapter_id
WHERE chapter.subject_id = :subject_id
UNION ALL
SELECT format('%s.%s note %s', chapter.chapter_number, topic.topic_number, note.version), to_jsonb(note.content)
FROM topic_notes note
JOIN topics topic ON topic.id = note.topic_id
JOIN chapters chapter ON chapter.id = topic.chapter_id
WHERE chapter.subject_id = :subject_id
UNION ALL
SELECT format('%s.%s %s %s', chapter.chapter_number, topic.topic_number, question.difficulty_level, question.position)
           || CASE WHEN question.version > 1 THEN format(' version %s', question.version) ELSE '' END,
       jsonb_build_array(question.question_type, question.scenario, question.question_text, question.options,
                         question.correct_answer, question.marks)
FROM topic_questions question
JOIN topics topic ON topic.id = question.topic_id
JOIN chapters chapter ON chapter.id = topic.chapter_id
WHERE chapter.subject_id = :subject_id
ORDER BY place
