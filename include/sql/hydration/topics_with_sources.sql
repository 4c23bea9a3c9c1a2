-- Rows: the topics for which passages were looked for: topic_id.
SELECT topic_id FROM topic_sources WHERE root_job_id = :root_id AND topic_id = ANY (:topic_ids)
