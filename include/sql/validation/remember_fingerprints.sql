-- Rows: none. Adds fingerprints, or replaces those of another wording or algorithm; what is equal is not written again.
INSERT INTO question_fingerprints AS kept (question_id, algorithm, bands, shape)
SELECT question_id, :algorithm, bands, shape
FROM jsonb_to_recordset(CAST(:fingerprints AS jsonb)) AS given (question_id uuid, bands int[], shape bigint)
ORDER BY question_id
ON CONFLICT (question_id) DO UPDATE
SET algorithm = excluded.algorithm, bands = excluded.bands, shape = excluded.shape
WHERE (kept.algorithm, kept.bands, kept.shape)
      IS DISTINCT FROM (excluded.algorithm, excluded.bands, excluded.shape)
