-- Rows: what a root's workers hold now: level, chapter and number of calls in flight.
SELECT job.hierarchy_level, chapter.chapter_number, count(*) AS calls
FROM hydration_jobs job
LEFT JOIN chapters chapter ON chapter.id = job.chapter_id
WHERE job.root_job_id = :root_id AND job.status = 'running'
GROUP BY job.hierarchy_level, chapter.chapter_number
ORDER BY job.hierarchy_level, chapter.chapter_number NULLS FIRST
