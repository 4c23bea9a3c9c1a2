-- Rows: the ids of the calls that were settled now.
SELECT settle_calls(CAST(:settlements AS jsonb), CAST(:at AS timestamptz))
