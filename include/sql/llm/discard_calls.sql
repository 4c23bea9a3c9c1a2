-- Rows: none. Answers of a root for a purpose at a deployment that nobody has taken or rejected count as discarded.
UPDATE ai_content_logs
SET status   = 'discarded',
    metadata = coalesce(metadata, '{}') || '{"reason": "Its job was no longer held by the batch."}'
WHERE root_job_id = :root_id AND purpose = :purpose AND deployment = :deployment AND status = 'answered'
