-- Rows: at most one; what was answered to the request that used this key.
SELECT request_digest, status, body
FROM idempotency_keys
WHERE user_id = :user_id AND route = :route AND key = :key
