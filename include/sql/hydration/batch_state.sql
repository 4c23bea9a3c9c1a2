-- Rows: one; the root's status, and how many jobs of the level are open, over all chapters.
SELECT root.status AS root_status,
       (SELECT count(*) FROM hydration_jobs job
        WHERE job.root_job_id = root.id AND job.hierarchy_level = :level
          AND job.status IN ('pending', 'running')) AS open
FROM hydration_jobs root
WHERE root.id = :root_id
