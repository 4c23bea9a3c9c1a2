-- Rows: the units of work of one level of one chapter (null: of the whole subject), those that need a look first.
SELECT job.id, job.variant, job.status, job.attempts, job.max_retries, job.lost_leases, job.items_expected,
       job.items_completed, job.error_message, job.next_attempt_at, job.started_at, job.finished_at,
       job.actual_cost_usd AS cost_usd, topic.topic_number, topic.title AS topic_title
FROM hydration_jobs job
LEFT JOIN chapters chapter ON chapter.id = job.chapter_id
LEFT JOIN topics topic ON topic.id = job.target_id
WHERE job.root_job_id = :root_id AND job.hierarchy_level = :level
  AND chapter.chapter_number IS NOT DISTINCT FROM CAST(:chapter AS integer)
ORDER BY array_position(ARRAY['failed', 'running', 'pending', 'paused', 'cancelled', 'completed']::job_status[], job.status),
         topic.topic_number NULLS FIRST, job.variant
