-- Rows: the id of the level's open batch, if there is one.
SELECT id FROM llm_batches WHERE root_job_id = :root_id AND level = :level AND status IN ('prepared', 'submitted')
