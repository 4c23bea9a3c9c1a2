-- Rows: one a chapter and level of a root (chapter null: the whole subject), with what its units of work came to.
SELECT chapter.chapter_number, chapter.title, job.hierarchy_level,
       count(*)                                                              AS units,
       count(*) FILTER (WHERE job.status = 'failed')                         AS failed,
       count(*) FILTER (WHERE job.status = 'running')                        AS running,
       count(*) FILTER (WHERE job.status = 'pending')                        AS pending,
       count(*) FILTER (WHERE job.status = 'cancelled')                      AS cancelled,
       count(*) FILTER (WHERE job.status = 'pending' AND job.attempts > 0)   AS retrying,
       coalesce(sum(job.items_expected), 0)                                  AS expected,
       coalesce(sum(job.items_completed), 0)                                 AS completed,
       min(job.started_at)                                                   AS started_at,
       CASE WHEN bool_or(job.status = 'running') THEN NULL ELSE max(job.finished_at) END AS finished_at
FROM hydration_jobs job
LEFT JOIN chapters chapter ON chapter.id = job.chapter_id
WHERE job.root_job_id = :root_id
GROUP BY chapter.chapter_number, chapter.title, job.hierarchy_level
ORDER BY chapter.chapter_number NULLS FIRST, job.hierarchy_level
