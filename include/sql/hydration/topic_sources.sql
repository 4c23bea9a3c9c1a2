-- Rows: the passages that were found for a topic, if it was looked for: passages.
SELECT passages FROM topic_sources WHERE root_job_id = :root_id AND topic_id = :topic_id
