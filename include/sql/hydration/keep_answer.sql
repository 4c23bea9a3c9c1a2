-- Rows: none; the answer that a repetition of this key gets, and no key that is past its time. A key that somebody takes
-- again at this moment is left alone: two who waited for each other's keys would deadlock.
WITH past AS (
    DELETE FROM idempotency_keys
    WHERE (user_id, route, key) IN (
        SELECT user_id, route, key FROM idempotency_keys WHERE expires_at <= :now FOR UPDATE SKIP LOCKED
    )
)
UPDATE idempotency_keys
SET status = :status, body = CAST(:body AS json)
WHERE user_id = :user_id AND route = :route AND key = :key
