-- Rows: the subscriptions that an event of a job concerns.
SELECT subscription.id
FROM notification_subscriptions subscription
JOIN hydration_jobs root ON root.id = :root_id
JOIN subjects subject ON subject.id = root.subject_id
JOIN boards board ON board.id = subject.board_id
WHERE :event = ANY (subscription.events)
  AND (subscription.job_id IS NULL OR subscription.job_id = root.id)
  AND (subscription.board IS NULL OR subscription.board = board.code)
  AND (subscription.grade IS NULL OR subscription.grade = subject.grade)
  AND (subscription.subject IS NULL OR subscription.subject = subject.code)
ORDER BY subscription.id
