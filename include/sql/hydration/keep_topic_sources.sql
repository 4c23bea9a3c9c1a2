-- Rows: one if the passages were kept; none if somebody else was first, whose passages stay.
INSERT INTO topic_sources (root_job_id, topic_id, passages)
VALUES (:root_id, :topic_id, CAST(:passages AS jsonb))
ON CONFLICT DO NOTHING
RETURNING topic_id
