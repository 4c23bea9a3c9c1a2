-- Rows: one if the key is the caller's now; none if somebody has used it within its time. A second request of the same
-- moment waits here for the first one's transaction.
INSERT INTO idempotency_keys AS taken (user_id, route, key, request_digest, created_at, expires_at)
VALUES (:user_id, :route, :key, :digest, :now, :expires_at)
ON CONFLICT (user_id, route, key) DO UPDATE
    SET request_digest = excluded.request_digest, status = NULL, body = NULL,
        created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE taken.expires_at <= :now
RETURNING key
