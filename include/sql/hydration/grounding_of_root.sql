-- Rows: one: topics for which passages were looked for, and how many of them found some: topics, grounded.
SELECT count(*) AS topics, count(*) FILTER (WHERE jsonb_array_length(passages) > 0) AS grounded
FROM topic_sources
WHERE root_job_id = :root_id
