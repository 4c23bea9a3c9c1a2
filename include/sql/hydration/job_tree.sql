-- Rows: every descendant of a root with its place in the curriculum, in the order of the curriculum.
SELECT job.id, job.hierarchy_level, job.variant, job.status, job.attempts, job.max_retries, job.lost_leases,
       job.items_expected, job.items_completed, job.error_message, job.started_at, job.finished_at,
       job.actual_cost_usd AS cost_usd,
       chapter.chapter_number, chapter.title AS chapter_title, topic.topic_number, topic.title AS topic_title
FROM hydration_jobs job
LEFT JOIN chapters chapter ON chapter.id = job.chapter_id
LEFT JOIN topics topic ON topic.id = job.target_id
WHERE job.root_job_id = :root_id
ORDER BY chapter.chapter_number NULLS FIRST, topic.topic_number NULLS FIRST, job.hierarchy_level, job.variant
