-- Rows: the messages that the caller may send until the given moment, each with its subscriber's address and secret.
UPDATE notifications
SET claimed_until = :claimed_until,
    attempts      = notifications.attempts + 1
FROM (
    SELECT id
    FROM notifications
    WHERE status = 'waiting' AND due_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
    ORDER BY due_at
    LIMIT :most
    FOR UPDATE SKIP LOCKED
) due, notification_subscriptions subscription
WHERE notifications.id = due.id AND subscription.id = notifications.subscription_id
RETURNING notifications.id, notifications.event, notifications.body, notifications.attempts,
          subscription.channel, subscription.target, subscription.secret
