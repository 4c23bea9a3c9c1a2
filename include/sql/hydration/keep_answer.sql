-- Rows: none; the answer that a repetition of this key gets, and no key that is past its time.
WITH past AS (DELETE FROM idempotency_keys WHERE expires_at <= :now)
UPDATE idempotency_keys
SET status = :status, body = CAST(:body AS json)
WHERE user_id = :user_id AND route = :route AND key = :key
