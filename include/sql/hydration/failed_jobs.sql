-- Rows: the failed descendants of a root, each with where it stands in the curriculum and its last error.
SELECT job.id, job.hierarchy_level, job.variant, job.error_message, job.items_expected, job.items_completed,
       chapter.chapter_number, chapter.title AS chapter_title, topic.topic_number, topic.title AS topic_title
FROM hydration_jobs job
LEFT JOIN chapters chapter ON chapter.id = job.chapter_id
LEFT JOIN topics topic ON topic.id = job.target_id
WHERE job.root_job_id = :root_id AND job.status = 'failed'
ORDER BY job.hierarchy_level, chapter.chapter_number, topic.topic_number, job.variant
LIMIT :most
