-- Rows: one; how many jobs of this scope are open, how many of them wait, and the root's status.
SELECT root.status AS root_status,
       (SELECT count(*) FROM hydration_jobs job
        WHERE job.root_job_id = root.id AND job.hierarchy_level = :level
          AND job.chapter_id IS NOT DISTINCT FROM :chapter_id AND job.status IN ('pending', 'running')) AS open,
       (SELECT count(*) FROM hydration_jobs job
        WHERE job.root_job_id = root.id AND job.hierarchy_level = :level
          AND job.chapter_id IS NOT DISTINCT FROM :chapter_id AND job.status = 'failed') AS failed
FROM hydration_jobs root
WHERE root.id = :root_id
