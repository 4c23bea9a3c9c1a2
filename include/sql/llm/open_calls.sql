-- Rows: the ids of a root's calls for a purpose at a deployment that are not settled.
SELECT id
FROM ai_content_logs
WHERE root_job_id = :root_id AND purpose = :purpose AND deployment = :deployment AND settled_at IS NULL
ORDER BY id
