-- Rows: none. Answered calls get their verdict by their ids, once; what is to be forgotten leaves the cache.
WITH verdicts AS (
    SELECT * FROM jsonb_to_recordset(CAST(:verdicts AS jsonb))
        AS item(id uuid, status text, details jsonb, forgotten_key text)
), forgotten AS (
    DELETE FROM content_cache USING verdicts WHERE content_cache.cache_key = verdicts.forgotten_key
)
UPDATE ai_content_logs log
SET status   = verdicts.status,
    metadata = coalesce(log.metadata, '{}') || verdicts.details
FROM verdicts
WHERE log.id = verdicts.id AND log.status = 'answered'
